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

} // namespace
} // namespace faultline::records
