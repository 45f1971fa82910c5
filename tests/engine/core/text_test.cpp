// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include <gtest/gtest.h>
#include <limits>

namespace faultline
{
namespace
{

TEST(EditDistance, countsSingleByteEdits)
{
    EXPECT_EQ(editDistance("kitten", "sitting"), 3U);
    EXPECT_EQ(editDistance("", "abc"), 3U);
    EXPECT_EQ(editDistance("same", "same"), 0U);
}

TEST(NearestWord, findsWhatWasMeantAndNothingFarOff)
{
    const std::vector<std::string> known{"window", "session", "row"};
    EXPECT_EQ(nearestWord("sesion", known), "session");
    EXPECT_EQ(nearestWord("quaternion", known), std::nullopt);
}

TEST(Utf8, countsBytesThatAreNotWellFormed)
{
    EXPECT_EQ(invalidUtf8Bytes("gr\xC3\xBC\xC3\x9F"), 0U);
    EXPECT_EQ(invalidUtf8Bytes("\xFF\xFE"), 2U);
    EXPECT_EQ(invalidUtf8Bytes("\xC0\x80"), 2U);     // overlong NUL
    EXPECT_EQ(invalidUtf8Bytes("\xED\xA0\x80"), 3U); // surrogate
    EXPECT_EQ(invalidUtf8Bytes("ab\xE2\x82"), 2U);   // cut off
}

TEST(DisplayText, makesTerminalEscapesVisible)
{
    EXPECT_EQ(displayText("\x1B[31mred"), "\xE2\x90\x9B[31mred");
    EXPECT_EQ(displayText("a\tb"), "a\tb");
    EXPECT_EQ(displayText(std::string_view("\0", 1)), "\xE2\x90\x80");
}

TEST(DisplayText, showsBidirectionalControlsByName)
{
    EXPECT_EQ(displayText("\xE2\x80\xAE"), "<U+202E>");
}

TEST(DisplayText, isAlwaysWellFormed)
{
    std::string all;
    for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
    EXPECT_EQ(invalidUtf8Bytes(displayText(all)), 0U);
}

TEST(CsvText, quotesAndDefusesFormulas)
{
    EXPECT_EQ(csvText("plain"), "plain");
    EXPECT_EQ(csvText("say \"hi\", then"), "\"say \"\"hi\"\", then\"");
    EXPECT_EQ(csvText("=1+1"), "'=1+1");
}

TEST(FormatNumber, isShortestAndExact)
{
    EXPECT_EQ(formatNumber(0.1), "0.1");
    EXPECT_EQ(formatNumber(std::numeric_limits<double>::quiet_NaN()), "nan");
    EXPECT_EQ(formatNumber(std::numeric_limits<double>::infinity()), "inf");
}

TEST(FormatMeasure, showsThreeDigitsForPeople)
{
    EXPECT_EQ(formatMeasure(1912), "1,912");
    EXPECT_EQ(formatMeasure(0.31), "0.31");
    EXPECT_EQ(formatMeasure(9.4e6), "9.40 M");
    EXPECT_EQ(formatMeasure(1.6e-10), "1.6e-10");
    EXPECT_EQ(formatMeasure(-2.5), "-2.5");
    EXPECT_EQ(formatMeasure(999.7), "1,000");
    EXPECT_EQ(formatMeasure(0), "0");
}

TEST(FormatCount, groupsThousands)
{
    EXPECT_EQ(formatCount(1'234'567), "1,234,567");
    EXPECT_EQ(formatCount(999), "999");
}

TEST(FormatBytes, usesPowersOfAThousand)
{
    EXPECT_EQ(formatBytes(3'100'000), "3.1 MB");
    EXPECT_EQ(formatBytes(12), "12 B");
}

TEST(ParseNumber, readsWholeDecimalsOnly)
{
    EXPECT_EQ(parseNumber(" +1.5e3 "), 1500.0);
    EXPECT_EQ(parseNumber("-7"), -7.0);
    for (const char* text : {"", "nan", "inf", "1.5x", "0x10", "1,5", "+-1", "--1", "1e999"})
        EXPECT_EQ(parseNumber(text), std::nullopt) << text;
}

TEST(ParseNumber, takesWhatIsTooSmallAsZero)
{
    EXPECT_EQ(parseNumber("1e-999"), 0.0);
}

TEST(Split, keepsEmptyParts)
{
    EXPECT_EQ(split("a,,b", ',').size(), 3U);
    EXPECT_EQ(split("", ',').size(), 1U);
}

} // namespace
} // namespace faultline
