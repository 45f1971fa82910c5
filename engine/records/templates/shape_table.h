// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/shape_dictionary.h"
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
    };
    [[nodiscard]] ValueId intern(const Token& token, bool varies);
    [[nodiscard]] const Value& operator[](ValueId id) const { return m_values[id]; }
    [[nodiscard]] std::size_t size() const { return m_values.size(); }

private:
    [[nodiscard]] ValueId intern(TokenKind kind, const std::string& text);

    std::vector<Value> m_values;
    std::unordered_map<std::string, ValueId> m_ids;
};

/// Shapes of one skeleton as a table: a row for each shape, a column for each token that is no delimiter.
struct ShapeTable {
    std::vector<Token> skeleton;          ///< of any of the shapes: its delimiters and spacing count
    std::vector<std::uint32_t> positions; ///< column -> index in the skeleton
    std::vector<bool> afterEquals;        ///< column holds the value of key=value
    std::vector<bool> afterKey;           ///< and the column before it holds the key
    std::vector<ShapeId> shapes;          ///< row -> shape
    std::vector<ValueId> values;          ///< rows x columns

    [[nodiscard]] std::size_t columns() const { return positions.size(); }
    [[nodiscard]] std::span<const ValueId> row(std::size_t index) const
    {
        return std::span(values).subspan(index * columns(), columns());
    }
};

/// Delimiters with their spacing and the places of all other tokens, as a key.
[[nodiscard]] std::string skeletonKey(const std::vector<Token>& tokens);

/// One table for each skeleton among the chosen shapes.
[[nodiscard]] std::vector<ShapeTable> tablesBySkeleton(const std::vector<ShapeDictionary::Shape>& shapes,
                                                       const std::vector<ShapeId>& chosen, ValuePool& pool);

} // namespace faultline::records::templates
