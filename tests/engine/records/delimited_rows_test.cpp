// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_rows.h"
#include <gtest/gtest.h>
#include <random>

namespace faultline::records
{
namespace
{

using Row = std::vector<std::string>;

std::vector<Row> rowsOf(std::string_view text, char delimiter = ',')
{
    std::vector<Row> all;
    std::string scratch;
    for (DelimitedRows rows(text, {.delimiter = delimiter}); rows.next();) {
        auto& row = all.emplace_back();
        if (rows.problem() != DelimitedRows::Problem::None)
            row.emplace_back("<problem>");
        else
            for (const auto& field : rows.fields())
                row.emplace_back(field.text(scratch));
    }
    return all;
}

TEST(DelimitedRows, keepsEmptyFieldsAtBothEnds)
{
    EXPECT_EQ(rowsOf(",a,\n"), (std::vector<Row>{{"", "a", ""}}));
}

TEST(DelimitedRows, takesBothLineEnds)
{
    EXPECT_EQ(rowsOf("a,b\r\n\"c\",d\r\n1,2\n3,4"), (std::vector<Row>{{"a", "b"}, {"c", "d"}, {"1", "2"}, {"3", "4"}}));
}

TEST(DelimitedRows, undoublesQuotes)
{
    EXPECT_EQ(rowsOf("\"say \"\"hi\"\"\",x\n"), (std::vector<Row>{{"say \"hi\"", "x"}}));
}

TEST(DelimitedRows, keepsDelimitersAndLineEndsInsideQuotes)
{
    DelimitedRows rows("\"a,\nb\",2\nc,3\n", {});
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.fields()[0].raw, "a,\nb");
    EXPECT_EQ(rows.lineCount(), 2U);
    EXPECT_EQ(rows.row(), "\"a,\nb\",2");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.fields()[0].raw, "c");
    EXPECT_FALSE(rows.next());
}

TEST(DelimitedRows, allowsBlanksAroundQuotes)
{
    EXPECT_EQ(rowsOf("1, \"b,c\" ,3\n"), (std::vector<Row>{{"1", "b,c", "3"}}));
}

TEST(DelimitedRows, takesQuotesInsideAPlainFieldAsTheyAre)
{
    EXPECT_EQ(rowsOf("5\" disk,2\n"), (std::vector<Row>{{"5\" disk", "2"}}));
}

TEST(DelimitedRows, losesNoMoreThanOneLineToAStrayQuote)
{
    EXPECT_EQ(rowsOf("a,\"b\nc,d\ne,f\n"), (std::vector<Row>{{"<problem>"}, {"c", "d"}, {"e", "f"}}));
    EXPECT_EQ(rowsOf("a,\"b\"x\nc,d\n"), (std::vector<Row>{{"<problem>"}, {"c", "d"}}));
}

TEST(DelimitedRows, countsFieldsThatAreTooManyToKeep)
{
    const std::string wide(50'000, ',');
    DelimitedRows rows(wide, {});
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.fieldCount(), 50'001U);
    EXPECT_EQ(rows.fields().size(), DelimitedRows::maxFields);
}

TEST(DelimitedRows, readsBackWhateverWasQuoted)
{
    std::mt19937 random(7);
    const std::string_view alphabet = "ab,\"\n ;\r\xFF";
    for (int round = 0; round < 2'000; ++round) {
        Row row(1 + random() % 4);
        std::string text;
        for (auto& field : row) {
            for (auto length = random() % 6; length > 0; --length)
                field += alphabet[random() % alphabet.size()];
            text += text.empty() ? "\"" : ",\"";
            for (const char c : field)
                text.append(c == '"' ? 2 : 1, c);
            text += '"';
        }
        EXPECT_EQ(rowsOf(text + "\nend\n"), (std::vector<Row>{row, {"end"}})) << text;
    }
}

TEST(DelimitedRows, coversEveryLineOfRandomText)
{
    std::mt19937 random(8);
    const std::string_view alphabet = "a,\"\"\n\n\r ";
    for (int round = 0; round < 5'000; ++round) {
        std::string text;
        for (auto length = random() % 40; length > 0; --length)
            text += alphabet[random() % alphabet.size()];
        const auto lineEnds = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
        const std::size_t lines = lineEnds + (text.empty() || text.back() == '\n' ? 0 : 1);
        std::size_t seen = 0;
        for (DelimitedRows rows(text, {}); rows.next();)
            seen += rows.lineCount();
        EXPECT_EQ(seen, lines) << text;
    }
}

TEST(DelimiterMarks, standWhereDelimitersAndLineFeedsAre)
{
    for (const std::size_t bytes : {0U, 1U, 63U, 64U, 65U, 4'095U, 4'096U, 4'097U, 20'000U}) {
        std::string text(bytes, 'x');
        for (std::size_t i = 0; i < bytes; ++i)
            text[i] = i % 7 == 3 || i % 64 < 12 ? ',' : i % 31 == 5 ? '\n' : 'x';
        const DelimiterMarks marks(text, ',');
        std::size_t mark = 0, line = 0;
        for (std::size_t i = 0; i < bytes; ++i) {
            if (text[i] == '\n') {
                ASSERT_EQ(marks.lines()[line++], mark);
            }
            if (text[i] != 'x') {
                ASSERT_EQ(marks[mark++], i);
            }
        }
        EXPECT_EQ(marks.lines().size(), line);
    }
}

} // namespace
} // namespace faultline::records
