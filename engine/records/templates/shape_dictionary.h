// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/message_masks.h"
#include "engine/records/templates/parameter_type.h"
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records::templates
{

using ShapeId = std::uint32_t;
inline constexpr ShapeId noShape = std::numeric_limits<ShapeId>::max();

/// What a part of a message is, as the masking scanner sees it.
enum class TokenKind : std::uint8_t {
    Delimiter, ///< , ; = ( ) [ ] { } " ' | : < >
    Word,
    Variable,     ///< number, id, address, path, time, quoted value with digits, ...
    Soft,         ///< dotted name, quoted text, number with a unit word
    Alphanumeric, ///< word with a few digits: `node12`, hashed with its digits out
    Prefixed,     ///< `core.<*>`
    Capitals,
    Label, ///< `name:<*>`
};

struct Token {
    TokenKind kind = TokenKind::Word;
    bool spaceBefore = false;
    std::string text; ///< what a constant shows; "<*>" for variables, "<name>" for those of a person's mask

    friend auto operator<=>(const Token&, const Token&) = default;
    /// All of it, or a part of it as in `core.<*>`.
    [[nodiscard]] bool holdsVariable() const
    {
        return kind == TokenKind::Variable || text.find("<*>") != std::string::npos;
    }
};

/// Distinct masked messages ("shapes": token kinds, constants and spacing), each with a dense id in order of first
/// appearance. add() scans the message once, hashes its shape as it goes, and does one look-up; tokens are stored for
/// new shapes only. HDFS: 135,496 lines make 32 shapes. Not thread-safe; each parse task has its own and merge() joins
/// them in order. Cost: about 100 bytes plus 40 to 168 bytes a token for each distinct shape. add() does not allocate
/// for a known shape.
///
/// Bounded on free text and hostile input: only the first 256 tokens of a message are told apart, a word over 128 bytes
/// is a variable, and when ShapeLimits are reached a new shape keeps only its delimiters, each run of other tokens
/// being one variable; a quarter more of such coarse shapes, then all else is the one shape `<*>`. Which shapes stay
/// fine then depends on the order of the messages, nothing else does.
struct ShapeLimits {
    std::size_t shapes = 200'000;
    std::size_t tokens = 2'000'000; ///< over all stored shapes
};

class ShapeDictionary
{
public:
    /// With the masks of the MaskScope that it is made in, if any.
    ShapeDictionary() = default;
    explicit ShapeDictionary(ShapeLimits limits) : m_limits(limits) {}

    struct Shape {
        std::uint64_t hash = 0;
        std::uint64_t count = 0;
        std::vector<Token> tokens;
        std::vector<bool> varies; ///< Alphanumeric tokens that took more than one value
        std::vector<ParameterTypes> types; ///< by token: of the values it masked, in the messages that were looked at
        std::uint32_t examples = 0;        ///< messages that were looked at for types
    };
    /// Messages of a shape, of each dictionary, whose values are looked at: enough to tell integers from floats,
    /// few enough to cost nothing.
    static constexpr std::uint32_t examplesPerShape = 8;

    /// Scans and counts a message; returns its shape's id.
    ShapeId add(std::string_view message);
    /// Adds the other dictionary's shapes (in its order) and counts; returns other's id -> this one's id.
    std::vector<ShapeId> merge(const ShapeDictionary& other);

    [[nodiscard]] const std::vector<Shape>& shapes() const { return m_shapes; }
    [[nodiscard]] std::size_t size() const { return m_shapes.size(); }
    [[nodiscard]] const MessageMasksPtr& masks() const { return m_masks; } ///< null: none

private:
    struct Slot {
        std::uint64_t hash = 0;
        ShapeId id = noShape;
    };
    [[nodiscard]] ShapeId find(std::uint64_t hash) const;
    [[nodiscard]] bool full(std::size_t tokens) const;
    ShapeId addNew(std::string_view message, std::uint64_t hash);
    ShapeId addCoarse(std::vector<Token> tokens, std::uint64_t count);
    [[nodiscard]] std::span<const MaskedSpan> masked(std::string_view message);
    void learnTypes(Shape& shape, std::string_view message) const;
    ShapeId insert(Shape shape);
    void grow();

    ShapeLimits m_limits;
    MessageMasksPtr m_masks = MaskScope::current();
    std::vector<MaskedSpan> m_spans; ///< of the message that is added
    std::size_t m_tokens = 0; ///< stored, over all shapes
    std::vector<Shape> m_shapes;
    std::vector<Slot> m_slots; ///< open addressing, power of two
};

/// The masking scanner on its own: message -> tokens. The reference for ShapeDictionary::add.
[[nodiscard]] std::vector<Token> scanMessage(std::string_view message, std::span<const MaskedSpan> spans = {});

} // namespace faultline::records::templates
