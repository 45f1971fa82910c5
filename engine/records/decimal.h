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

inline constexpr std::array<std::uint64_t, 9> wholePowersOfTen{1,       10,        100,        1'000,      10'000,
                                                               100'000, 1'000'000, 10'000'000, 100'000'000};

/// The powers of five that fit 63 bits.
inline constexpr auto powersOfFive = [] {
    std::array<std::uint64_t, 28> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i)
        powers[i] = powers[i - 1] * 5;
    return powers;
}();

inline bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// The number that eight digits make, the first one in the lowest byte, as values 0 to 9: Lemire, "Quickly parsing
/// eight digits" (2018).
inline std::uint64_t joinedDigits(std::uint64_t word)
{
    word = word * 2561 >> 8U;
    word = (word & 0x00FF00FF00FF00FFULL) * 6553601 >> 16U;
    return (word & 0x0000FFFF0000FFFFULL) * 42949672960001ULL >> 32U;
}

/// Reads the digits in front of `end` into `mantissa` and returns where they end. Overflow is the caller's to notice by
/// the count. Bytes up to `readable` are looked at.
inline const char* readDigits(const char* at, const char* end, const char* readable, std::uint64_t& mantissa)
{
    static_assert(std::endian::native == std::endian::little);
    while (readable - at >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        word ^= 0x3030303030303030ULL;
        // The lowest of these bits belongs to the first byte that is no digit; those above it may be carries.
        const auto others = ((word + 0x7676767676767676ULL) | word) & 0x8080808080808080ULL;
        if (others == 0) {
            mantissa = mantissa * 100'000'000 + joinedDigits(word);
            at += 8;
            continue;
        }
        const auto digits = static_cast<unsigned>(std::countr_zero(others)) / 8;
        if (digits > 0) // with zeros in front of them they are eight
            mantissa = mantissa * wholePowersOfTen[digits] + joinedDigits(word << (64 - 8 * digits));
        return at + digits;
    }
    while (at != end && isDigit(*at))
        mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at++ - '0');
    return at;
}

/// mantissa / 10^tens, correctly rounded; mantissa > 0, tens <= 27. The quotient of whole numbers has more bits than a
/// double, and a bit for the remainder below them, so that it rounds as the exact value does.
inline double exactQuotient(std::uint64_t mantissa, unsigned tens)
{
    __extension__ using Wide = unsigned __int128;
    const auto divisor = powersOfFive[tens];
    const auto shift = std::countl_zero(mantissa), divisorShift = std::countl_zero(divisor);
    const auto numerator = static_cast<Wide>(mantissa << shift) << 63U;
    const auto denominator = divisor << divisorShift;
    const auto quotient = static_cast<std::uint64_t>(numerator / denominator); // 62 bits at least, as 2^126 / 2^64
    const bool remains = static_cast<std::uint64_t>(numerator) != quotient * denominator;
    const auto rounded = static_cast<double>(
        static_cast<std::int64_t>(quotient >> 1U | (quotient & 1U) | static_cast<std::uint64_t>(remains)));
    const auto exponent = 1 + divisorShift - shift - 63 - static_cast<int>(tens); // of two: -153 at least
    return rounded * std::bit_cast<double>(static_cast<std::uint64_t>(1'023 + exponent) << 52U);
}

/// Reads `e5`, `E-07`; `at` stands on the letter. nullptr when it is no exponent of at most three digits.
inline const char* readExponent(const char* at, const char* end, std::ptrdiff_t& exponent)
{
    const char* digit = at + 1;
    const bool negative = digit != end && *digit == '-';
    digit += digit != end && (*digit == '-' || *digit == '+') ? 1 : 0;
    std::ptrdiff_t value = 0;
    const char* stop = digit;
    for (; stop != end && isDigit(*stop) && stop - digit < 4; ++stop)
        value = value * 10 + (*stop - '0');
    exponent += negative ? -value : value;
    return stop == digit || stop - digit > 3 ? nullptr : stop;
}

/// Digits of [first, end) that are worth something: neither a point nor zeros in front.
inline std::ptrdiff_t significantDigits(const char* first, const char* end)
{
    std::ptrdiff_t digits = 0;
    for (; first != end && (isDigit(*first) || *first == '.'); ++first)
        digits += *first != '.' && (digits > 0 || *first != '0') ? 1 : 0;
    return digits;
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
/// Correctly rounded. Numbers of at most 19 digits and a small exponent are one division: of doubles where both sides
/// are exact (Clinger 1990, "How to read floating point numbers accurately"), else of whole numbers; all others go to
/// std::from_chars. Faster where some bytes behind the text may be looked at: those in front of `readable`.
inline std::optional<double> readDecimal(std::string_view text, const char* readable = nullptr)
{
    using namespace decimal_detail;
    const char* at = text.data();
    const char* const end = at + text.size();
    readable = readable == nullptr ? end : readable;
    const bool negative = at != end && *at == '-';
    at += negative ? 1 : 0;
    std::uint64_t mantissa = 0;
    const char* const first = at;
    at = readDigits(at, end, readable, mantissa);
    auto digits = at - first;
    std::ptrdiff_t exponent = 0;
    if (at != end && *at == '.') {
        const char* const fraction = ++at;
        at = readDigits(at, end, readable, mantissa);
        exponent = fraction - at;
        digits -= exponent;
    }
    if (at != end && digits != 0 && (*at == 'e' || *at == 'E'))
        at = readExponent(at, end, exponent);
    const bool fits = at == end && digits != 0 && (digits <= 19 || significantDigits(first, end) <= 19);
    if (!fits || exponent < -27 || exponent > 22) [[unlikely]]
        return readSlowly(text.data(), end);
    const bool exact = mantissa <= (std::uint64_t{1} << 53U);
    double value = static_cast<double>(mantissa);
    exponent = mantissa == 0 ? 0 : exponent;
    if (exponent < 0)
        value = exact && exponent >= -22 ? value / powersOfTen[static_cast<std::size_t>(-exponent)]
                                         : exactQuotient(mantissa, static_cast<unsigned>(-exponent));
    else if (exponent > 0 && !exact)
        return readSlowly(text.data(), end);
    else
        value *= powersOfTen[static_cast<std::size_t>(exponent)];
    return negative ? -value : value;
}

} // namespace faultline::records
