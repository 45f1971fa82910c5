// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/decimal.h"
#include <bit>
#include <cstdlib>
#include <gtest/gtest.h>
#include <random>

namespace faultline::records
{
namespace
{

void expectAsStrtod(const std::string& text)
{
    const auto value = readDecimal(text);
    ASSERT_TRUE(value) << text;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(*value), std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)))
        << text;
}

TEST(Decimal, isWhatStrtodReadsOfAnyDouble)
{
    std::mt19937_64 random(1);
    char text[64];
    for (int i = 0; i < 500'000; ++i) {
        const auto value = std::bit_cast<double>(random());
        if (!std::isfinite(value) || std::abs(value) < 1e-300)
            continue;
        std::snprintf(text, sizeof text, "%.17g", value);
        expectAsStrtod(text);
    }
}

TEST(Decimal, isWhatStrtodReadsOfAnyDigits)
{
    std::mt19937_64 random(2);
    for (int i = 0; i < 500'000; ++i) {
        std::string text = random() % 4 == 0 ? "-" : "";
        const auto digits = 1 + random() % 24;
        const auto point = random() % (2 * digits);
        for (std::size_t d = 0; d < digits; ++d) {
            if (d == point)
                text += '.';
            text += static_cast<char>('0' + random() % 10);
        }
        if (random() % 8 == 0)
            text += "e" + std::to_string(static_cast<int>(random() % 80) - 40);
        expectAsStrtod(text);
    }
}

TEST(Decimal, isExactAtTheEdgesOfTheFastPath)
{
    for (const char* text : {"0", "-0", "0.0", "9007199254740992", "9007199254740993", "9007199254740993.5", ".5", "5.",
                             "0.0000000000000000000001", "1e22", "1e23", "1e-22", "00000000000000000000000001.5",
                             "123456789012345678901234567890"})
        expectAsStrtod(text);
}

TEST(Decimal, isNothingElse)
{
    for (const char* text : {"", "-", ".", "-.", "1e", "1e400", "-1e400", "inf", "nan", "0x10", "1 ", " 1", "1,5",
                             "--1", "1.2.3", "1_000", "+1"})
        EXPECT_FALSE(readDecimal(text)) << text;
}

TEST(Decimal, isWhatStrtodReadsOfNumbersHalfwayBetweenDoubles)
{
    std::mt19937_64 random(3);
    for (int i = 0; i < 200'000; ++i) {
        // 54 bits and a lowest one: exactly between two doubles, and one beside it; with the point moved.
        const auto middle = (std::uint64_t{1} << 53U) + ((random() >> 11U) | 1U);
        for (const auto mantissa : {middle - 1, middle, middle + 1}) {
            auto text = std::to_string(mantissa);
            text.insert(random() % text.size(), 1, '.');
            expectAsStrtod(text);
        }
    }
}

TEST(Decimal, isWhatStrtodReadsOfShortestDoubles)
{
    std::mt19937_64 random(4);
    char text[64];
    for (int i = 0; i < 300'000; ++i) {
        const double value = std::ldexp(static_cast<double>(random() >> 11U), static_cast<int>(random() % 120) - 100);
        for (const int digits : {6, 15, 16, 17, 19}) {
            std::snprintf(text, sizeof text, "%.*g", digits, value);
            expectAsStrtod(text);
        }
    }
}

TEST(Decimal, isTheSameWhenBytesBehindItMayBeLookedAt)
{
    for (const std::string number : {"0", "7", "-12", "1234567", "12345678", "123456789.12345678", ".5", "5.", "1e5",
                                     "-0.0001220703125", "99999999.99999999", "1.7976931348623157e308"})
        for (const std::string behind : {",99999999", "\n1234567890", ";", ""}) {
            const auto text = number + behind;
            const auto value = readDecimal(std::string_view(text).substr(0, number.size()), text.data() + text.size());
            ASSERT_TRUE(value) << text;
            EXPECT_EQ(*value, std::strtod(number.c_str(), nullptr)) << text;
        }
}

TEST(Decimal, isExactWithZerosInFrontAndManyDigits)
{
    for (const char* text : {"0.0012345678901234567", "000000000000000000000123.456", "0.000000000000000000000000000",
                             "-0.0000000000000000000000000001", "1.0000000000000000000", "9999999999999999999",
                             "18446744073709551615", "18446744073709551616", "0.9999999999999999999", "1e-27",
                             "9999999999999999999e-27", "1.5E+3", "1.5e+22", "9007199254740993e1", "0e-30"})
        expectAsStrtod(text);
}

} // namespace
} // namespace faultline::records
