// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace faultline::records
{

namespace decimal_detail
{
/// The powers of ten that a double holds exactly.
inline constexpr std::array<double, 23> powersOfTen{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

inline bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Reads digits into `mantissa` and returns where they end. Overflow is the caller's to notice by the count.
inline const char* readDigits(const char* at, const char* end, std::uint64_t& mantissa)
{
    static_assert(std::endian::native == std::endian::little);
    // Eight digits at a time: Lemire, "Quickly parsing eight digits" (2018).
    while (end - at >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        if (((word & 0xF0F0F0F0F0F0F0F0ULL) | (((word + 0x0606060606060606ULL) & 0xF0F0F0F0F0F0F0F0ULL) >> 4U)) !=
            0x3333333333333333ULL)
            break;
        word = (word & 0x0F0F0F0F0F0F0F0FULL) * 2561 >> 8U;
        word = (word & 0x00FF00FF00FF00FFULL) * 6553601 >> 16U;
        word = (word & 0x0000FFFF0000FFFFULL) * 42949672960001ULL >> 32U;
        mantissa = mantissa * 100'000'000 + word;
        at += 8;
    }
    while (at != end && isDigit(*at))
        mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at++ - '0');
    return at;
}

inline std::optional<double> readSlowly(const char* begin, const char* end)
{
    double value = 0.0;
    const auto [stop, problem] = std::from_chars(begin, end, value);
    if (stop != end || problem == std::errc::invalid_argument || !std::isfinite(value))
        return std::nullopt;
    // Out of range leaves `value` at 0, which is right for 1e-400 and wrong for 1e400.
    const std::string_view text(begin, static_cast<std::size_t>(end - begin));
    if (problem == std::errc::result_out_of_range && text.find('-', 1) == std::string_view::npos)
        return std::nullopt;
    return value;
}
} // namespace decimal_detail

/// A whole text as a finite decimal number, as std::from_chars reads it: `-1.5`, `.5`, `5.`, `1e5`; no blanks, no plus.
/// Correctly rounded. At most 15 digits or so with a small exponent are exact in one multiplication or division
/// (Clinger 1990, "How to read floating point numbers accurately"); all else goes to std::from_chars.
inline std::optional<double> readDecimal(std::string_view text)
{
    using namespace decimal_detail;
    const char* at = text.data();
    const char* const end = at + text.size();
    const bool negative = at != end && *at == '-';
    at += negative ? 1 : 0;
    std::uint64_t mantissa = 0;
    const char* const first = at;
    at = readDigits(at, end, mantissa);
    auto digits = at - first;
    std::ptrdiff_t exponent = 0;
    if (at != end && *at == '.') {
        const char* const fraction = ++at;
        at = readDigits(at, end, mantissa);
        exponent = fraction - at;
        digits -= exponent;
    }
    if (at == end && digits != 0 && digits <= 19 && mantissa <= (std::uint64_t{1} << 53U) && exponent >= -22) {
        const double value = static_cast<double>(mantissa) / powersOfTen[static_cast<std::size_t>(-exponent)];
        return negative ? -value : value;
    }
    return readSlowly(text.data(), end);
}

} // namespace faultline::records
