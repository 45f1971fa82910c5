// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::records::templates
{

/// What the values of a template's variable are.
enum class ParameterType : std::uint8_t {
    Word, ///< no blank in it: a name, an id with letters
    Text, ///< with blanks, or of several kinds
    Boolean,
    Integer,
    Float, ///< also percentages
    Hex,
    Address, ///< IP or MAC, with or without port
    Uuid,
    Path,
    Url,
    Time,
    Duration, ///< a number with a unit of time
    Size,     ///< a number with a unit of bytes or bits
    List,
};
inline constexpr std::uint8_t lastParameterType = static_cast<std::uint8_t>(ParameterType::List);

/// Lower case, as shown to users: "integer", "ip", ...
[[nodiscard]] std::string_view nameOf(ParameterType type);
/// Of one value; nothing for an empty one and for `null`.
[[nodiscard]] std::optional<ParameterType> typeOfValue(std::string_view value);

/// Sets of types, as bits.
using ParameterTypes = std::uint16_t;
[[nodiscard]] constexpr ParameterTypes bitOf(ParameterType type)
{
    return static_cast<ParameterTypes>(1U << static_cast<unsigned>(type));
}
/// The one type that covers a set: integers and floats are floats, numbers and hexadecimals hexadecimals, any with
/// text are text. An empty set is text.
[[nodiscard]] ParameterType coveringType(ParameterTypes types);

/// The number in an integer, float, duration or size, in the type's base unit: "ms" for durations, "bytes" for sizes,
/// "%" for percentages, else "".
struct ParameterNumber {
    double value = 0.0;
    std::string_view unit{};
};
[[nodiscard]] std::optional<ParameterNumber> numberOfValue(std::string_view value);

/// One variable of a template: the n-th `<*>` or `<name>` of its text.
struct Parameter {
    ParameterTypes types = 0;   ///< of the values that were looked at
    std::string name;           ///< `took` in `took=<*>` and `took: <*>`, or a mask's; else empty
    std::uint32_t examples = 0; ///< values that were looked at; a few of each shape in each MiB
    bool named = false;         ///< shown as `<name>`, by a person's mask

    [[nodiscard]] ParameterType type() const { return coveringType(types); }
};

} // namespace faultline::records::templates
