// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/shape_dictionary.h"
#include "engine/records/templates/stop_check.h"
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace faultline::records::templates
{

using ValueId = std::uint32_t;

/// The distinct values that tokens take, interned. An alphanumeric word that varies within its shape is a variable.
class ValuePool
{
public:
    struct Value {
        TokenKind kind = TokenKind::Variable;
        std::string text;
        ValueId digitless = 0; ///< equal for words that differ in their digits alone
        float vocabulary = 0;  ///< how far it is a word of the language of programs, see vocabulary.h
    };
    [[nodiscard]] ValueId intern(const Token& token, bool varies);
    [[nodiscard]] const Value& operator[](ValueId id) const { return m_values[id]; }
    [[nodiscard]] std::size_t size() const { return m_values.size(); }

private:
    [[nodiscard]] ValueId intern(TokenKind kind, const std::string& text);

    std::vector<Value> m_values;
    std::unordered_map<std::string, ValueId> m_ids;
};

/// Tokens [begin, end) of a message that take one place: one token, or a list with its commas.
struct TokenSpan {
    std::uint32_t begin = 0, end = 0;
};
/// The tokens in spans. `a, b, c` is one, whatever its length, if its items are variables or names that are no words of
/// the language of programs, and none is a key (`a, b=c`).
[[nodiscard]] std::vector<TokenSpan> foldLists(const std::vector<Token>& tokens);

/// Shapes of one skeleton as a table: a row for each shape, a column for each token or list that is no delimiter.
struct ShapeTable {
    std::vector<Token> skeleton; ///< of the first shape, lists as one variable: its delimiters and spacing count
    std::vector<std::uint32_t> positions; ///< column -> index in the skeleton
    std::vector<bool> afterEquals;        ///< column holds the value of key=value
    std::vector<bool> afterKey;           ///< and the column before it holds the key
    std::vector<ShapeId> shapes;          ///< row -> shape
    std::vector<ValueId> values;          ///< rows x columns
    std::vector<TokenSpan> spans;         ///< rows x columns: where in the shape it stands

    [[nodiscard]] std::size_t columns() const { return positions.size(); }
    [[nodiscard]] std::span<const ValueId> row(std::size_t index) const
    {
        return std::span(values).subspan(index * columns(), columns());
    }
    [[nodiscard]] TokenSpan span(std::size_t row, std::size_t column) const { return spans[row * columns() + column]; }
};

/// Delimiters with their spacing and the places of all other tokens and lists, as a key.
[[nodiscard]] std::string skeletonKey(const std::vector<Token>& tokens);

/// One table for each skeleton among the chosen shapes; not all of them when the job is told to stop.
[[nodiscard]] std::vector<ShapeTable> tablesBySkeleton(const std::vector<ShapeDictionary::Shape>& shapes,
                                                       const std::vector<ShapeId>& chosen, ValuePool& pool,
                                                       StopCheck& check);

} // namespace faultline::records::templates
