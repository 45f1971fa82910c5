// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/number_style.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

using Values = std::vector<std::string_view>;
using testing::DoubleEq;
using testing::Optional;

NumberStyle styleOf(const Values& values, DecimalMark mark = DecimalMark::Point)
{
    const auto style = NumberStyle::learn(values, mark);
    EXPECT_TRUE(style) << values.front();
    return style.value_or(NumberStyle());
}

TEST(NumberStyle, takesPointsForGroupsBesideADecimalComma)
{
    const auto style = styleOf({"1.234,5", "17,25", "-3"});
    EXPECT_THAT(style.read("1.234,5"), Optional(DoubleEq(1234.5)));
    EXPECT_THAT(style.read("-1.234.567,5"), Optional(DoubleEq(-1234567.5)));
}

TEST(NumberStyle, takesCommasForGroupsBesideADecimalPoint)
{
    EXPECT_THAT(styleOf({"1,234.5", "12,345,678"}).read("1,234.5"), Optional(DoubleEq(1234.5)));
}

TEST(NumberStyle, takesBlanksAndApostrophesForGroups)
{
    EXPECT_THAT(styleOf({"1 234,5", "2 000,0"}).read("1 234,5"), Optional(DoubleEq(1234.5)));
    EXPECT_THAT(styleOf({"1'234.5", "2'000.0"}).read("12'345.5"), Optional(DoubleEq(12345.5)));
    EXPECT_THAT(styleOf({"1\xC2\xA0"
                         "234,5",
                         "7,5"})
                    .read("1\xC2\xA0"
                          "234,5"),
                Optional(DoubleEq(1234.5)));
}

TEST(NumberStyle, readsAnUndecidedNumberAsTheTableSays)
{
    EXPECT_THAT(styleOf({"1,234", "5,678"}, DecimalMark::Comma).read("1,234"), Optional(DoubleEq(1.234)));
    EXPECT_THAT(styleOf({"1,234", "5,678"}, DecimalMark::Point).read("1,234"), Optional(DoubleEq(1234)));
}

TEST(NumberStyle, refusesGroupsThatAreNotOfThree)
{
    EXPECT_FALSE(NumberStyle::learn(Values{"1,23,456", "12,34"}, DecimalMark::Point));
    EXPECT_FALSE(NumberStyle::learn(Values{"10.0.0.1", "10.0.0.2"}, DecimalMark::Point));
}

TEST(NumberStyle, leavesOneUnitAsItIs)
{
    const auto style = styleOf({"12.5 ms", "7 ms", "0.1ms"});
    EXPECT_EQ(style.unit(), "ms");
    EXPECT_THAT(style.read("12.5 ms"), Optional(DoubleEq(12.5)));
}

TEST(NumberStyle, readsSeveralUnitsInTheBaseOfTheirFamily)
{
    const auto time = styleOf({"850 ms", "1.2 s", "3 min"});
    EXPECT_EQ(time.unit(), "s");
    EXPECT_THAT(time.read("850 ms"), Optional(DoubleEq(0.85)));
    EXPECT_THAT(time.read("2 us"), Optional(DoubleEq(2e-6)));
    const auto size = styleOf({"3 GiB", "512 MiB", "1 kB"});
    EXPECT_EQ(size.unit(), "B");
    EXPECT_THAT(size.read("3 GiB"), Optional(DoubleEq(3.0 * 1024 * 1024 * 1024)));
}

TEST(NumberStyle, refusesUnitsOfDifferentKinds)
{
    EXPECT_FALSE(NumberStyle::learn(Values{"3 GiB", "12 ms"}, DecimalMark::Point));
    EXPECT_FALSE(styleOf({"12 ms", "13 ms"}).read("12 GiB"));
}

TEST(NumberStyle, readsPercentAndCurrency)
{
    EXPECT_EQ(styleOf({"45 %", "7%"}).unit(), "%");
    EXPECT_THAT(styleOf({"$1,200.50", "-$3", "$7"}).read("-$1,200.50"), Optional(DoubleEq(-1200.5)));
    EXPECT_THAT(styleOf({"7,50 \xE2\x82\xAC", "1.200,00 \xE2\x82\xAC"}).read("7,50 \xE2\x82\xAC"),
                Optional(DoubleEq(7.5)));
}

TEST(NumberStyle, isNotForNames)
{
    for (const auto& values :
         {Values{"node-1", "node-2"}, Values{"worker 3", "worker 4"}, Values{"0x1F", "0x2A"}, Values{"12:30", "12:31"},
          Values{"2024-01-05", "2024-01-06"}, Values{"a", "b"}, Values{"3a", "4b"}, Values{"v1.2", "v1.3"}})
        EXPECT_FALSE(NumberStyle::learn(values, DecimalMark::Point)) << values.front();
}

TEST(NumberStyle, readsTruthAsOneAndZero)
{
    EXPECT_THAT(NumberStyle::booleans().read("Yes"), Optional(1.0));
    EXPECT_THAT(NumberStyle::booleans().read("off"), Optional(0.0));
    EXPECT_FALSE(NumberStyle::booleans().read("maybe"));
}

} // namespace
} // namespace faultline::records
