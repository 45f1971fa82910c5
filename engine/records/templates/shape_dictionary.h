// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records::templates
{

using ShapeId = std::uint32_t;
inline constexpr ShapeId noShape = std::numeric_limits<ShapeId>::max();

/// What a part of a message is, as the masking scanner sees it.
enum class TokenKind : std::uint8_t {
    Delimiter,    ///< , ; = ( ) [ ] { } " ' | : < >
    Word,
    Variable,     ///< number, id, address, path, time, quoted value with digits, ...
    Soft,         ///< dotted name, quoted text, number with a unit word
    Alphanumeric, ///< word with a few digits: `node12`, hashed with its digits out
    Prefixed,     ///< `core.<*>`
    Capitals,
    Label,        ///< `name:<*>`
};

struct Token {
    TokenKind kind = TokenKind::Word;
    bool spaceBefore = false;
    std::string text; ///< what a constant shows; "<*>" for variables
};

/// Distinct masked messages ("shapes": token kinds, constants and spacing), each with a dense id in order of first appearance.
/// add() scans the message once, hashes its shape as it goes, and does one look-up; tokens are stored for new shapes only.
/// HDFS: 135,496 lines make 32 shapes. Not thread-safe; each parse task has its own and merge() joins them in order.
/// Cost: about 100 bytes plus its tokens for each distinct shape.
class ShapeDictionary
{
public:
    struct Shape {
        std::uint64_t hash = 0;
        std::uint64_t count = 0;
        std::vector<Token> tokens;
        std::vector<bool> varies; ///< Alphanumeric tokens that took more than one value
    };

    /// Scans and counts a message; returns its shape's id.
    ShapeId add(std::string_view message);
    /// Adds the other dictionary's shapes (in its order) and counts; returns other's id -> this one's id.
    std::vector<ShapeId> merge(const ShapeDictionary& other);

    [[nodiscard]] const std::vector<Shape>& shapes() const { return m_shapes; }
    [[nodiscard]] std::size_t size() const { return m_shapes.size(); }

private:
    struct Slot {
        std::uint64_t hash = 0;
        ShapeId id = noShape;
    };
    std::vector<Shape> m_shapes;
    std::vector<Slot> m_slots; ///< open addressing, power of two
};

/// The masking scanner on its own: message -> tokens. The reference for ShapeDictionary::add.
[[nodiscard]] std::vector<Token> scanMessage(std::string_view message);

} // namespace faultline::records::templates
