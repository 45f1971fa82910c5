// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/clock_text.h"
#include "engine/scenarios/line_writer.h"
#include <gtest/gtest.h>

namespace faultline::scenarios
{
namespace
{

template <class... Parts>
std::string written(const Parts&... parts)
{
    std::string text;
    LineWriter out(text);
    (out << ... << parts);
    return text;
}

TEST(LineWriter, roundsDecimalsHalfUp)
{
    EXPECT_EQ(written(Decimal{12.345678, 3}, ' ', Decimal{0.05, 1}, ' ', Decimal{2.5, 0}), "12.346 0.1 3");
}

TEST(LineWriter, keepsZerosBehindThePoint)
{
    EXPECT_EQ(written(Decimal{7.0049, 3}), "7.005");
    EXPECT_EQ(written(Decimal{31.0, 2}), "31.00");
}

TEST(LineWriter, fillsWithZerosAndCutsHexToItsDigits)
{
    EXPECT_EQ(written(Zeros{7, 3}, Zeros{1234, 2}), "0071234");
    EXPECT_EQ(written(Hex{0xabcdef12345ULL, 4}), "2345");
}

TEST(ClockText, showsOneSecondInBothLayouts)
{
    ClockText clock;
    const auto& second =
        clock.at(fromCivil({.year = 2026, .month = 3, .day = 5, .hour = 4, .minute = 3, .second = 9}) + 999'999);
    EXPECT_EQ(std::string_view(second.iso.data(), second.iso.size()), "2026-03-05T04:03:09");
    EXPECT_EQ(second.accessLogTime(), "05/Mar/2026:04:03:09");
}

} // namespace
} // namespace faultline::scenarios
