// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// Which character a table writes in front of the decimals.
enum class DecimalMark : std::uint8_t { Point, Comma };

/// How the numbers of one column are written: `1.234,5`, `1 234.5`, `12.5 ms`, `$1,200`, `45 %`, `yes`. Learned from a
/// sample of its values. Immutable; thread-safe.
class NumberStyle
{
public:
    /// Plain numbers, as readNumber() takes them.
    NumberStyle() = default;

    /// The style that reads at least 95 % of the values that are not missing; nullopt when none does. `mark`: what the
    /// rest of the table says of a number that reads both ways (`1.234`).
    [[nodiscard]] static std::optional<NumberStyle> learn(std::span<const std::string_view> values, DecimalMark mark);
    /// true, yes and on are 1; false, no and off are 0; in any case.
    [[nodiscard]] static NumberStyle booleans();
    /// The mark that the values of a column prove: `1,5` and `1.234,5` the comma, `1,234.5` the point; nullopt when
    /// they prove none, or no number.
    [[nodiscard]] static std::optional<DecimalMark> provenMark(std::span<const std::string_view> values);

    /// The value, in unit(); nullopt when the text is no number of this style.
    [[nodiscard]] std::optional<double> read(std::string_view text) const;

    [[nodiscard]] bool plain() const { return m_kind == Kind::Plain; }
    [[nodiscard]] bool isBoolean() const { return m_kind == Kind::Boolean; }
    [[nodiscard]] const std::string& unit() const { return m_unit; } ///< "" when the cells carry none
    [[nodiscard]] std::string description() const; ///< "decimal comma, values in ms"; "" for plain numbers

private:
    enum class Kind : std::uint8_t { Plain, Styled, Boolean };
    struct Factor {
        std::string affix; ///< as the cells have it
        double factor = 1.0;
    };
    [[nodiscard]] bool chooseUnits(std::span<const std::string> affixes);
    [[nodiscard]] std::optional<double> factorOf(std::string_view affix) const;

    Kind m_kind = Kind::Plain;
    DecimalMark m_mark = DecimalMark::Point;
    bool m_grouped = false;
    std::string m_unit;
    std::vector<Factor> m_factors; ///< empty: cells carry no unit
};

} // namespace faultline::records
