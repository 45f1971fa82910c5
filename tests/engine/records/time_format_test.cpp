// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/time_format.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

using testing::HasSubstr;

/// The UTC time that `text` is under `format`; "none" when it does not read.
std::string read(std::string_view format, std::string_view text)
{
    const auto compiled = TimeFormat::compile(format);
    EXPECT_TRUE(compiled.has_value()) << format;
    const auto reading = compiled ? compiled->read(text) : std::nullopt;
    return reading ? formatIso8601(reading->time_us) : "none";
}

TEST(TimeFormat, ReadsTheUsualDirectives)
{
    EXPECT_EQ(read("%Y-%m-%d %H:%M:%S.%f", "2026-03-12 14:03:30.250"), "2026-03-12T14:03:30.250Z");
    EXPECT_EQ(read("%d/%b/%Y:%H:%M:%S %z", "12/Mar/2026:14:03:30 +0100"), "2026-03-12T13:03:30Z");
    EXPECT_EQ(read("%a, %e %B %y %I:%M %p", "Thu, 2 April 26 12:05 AM"), "2026-04-02T00:05:00Z");
    EXPECT_EQ(read("%Y%j %T", "2024366 23:59:59"), "2024-12-31T23:59:59Z");
    EXPECT_EQ(read("%F %T %Z", "2026-07-01 12:00:00 CEST"), "2026-07-01T10:00:00Z");
    EXPECT_EQ(read("%Y-%m-%d at 100%% %H", "2026-03-12 at 100% 07"), "2026-03-12T07:00:00Z");
}

TEST(TimeFormat, ReadsCountsSince1970)
{
    EXPECT_EQ(read("epoch s", "1773324210.25"), "2026-03-12T14:03:30.250Z");
    EXPECT_EQ(read("epoch ms", "1773324210250"), "2026-03-12T14:03:30.250Z");
    EXPECT_EQ(read("epoch us", "1773324210250001"), "2026-03-12T14:03:30.250001Z");
    EXPECT_EQ(read("epoch ns", "1773324210250001999"), "2026-03-12T14:03:30.250001Z");
    EXPECT_EQ(read("%s.%f", "12.5"), "1970-01-01T00:00:12.500Z");
    EXPECT_EQ(read("epoch s", "9999999999"), "2286-11-20T17:46:39Z");
    EXPECT_EQ(read("epoch s", "99999999999999999999"), "none");
}

TEST(TimeFormat, RefusesWhatIsWrittenOtherwise)
{
    EXPECT_EQ(read("%Y-%m-%d %H:%M:%S", "2026-03-12 14:03"), "none");
    EXPECT_EQ(read("%Y-%m-%d %H:%M:%S", "2026-03-12 14:03:30 and more"), "none");
    EXPECT_EQ(read("%Y-%m-%d %H:%M:%S", "2026-02-30 14:03:30"), "none");
    EXPECT_EQ(read("%Y-%m-%d %H:%M:%S", "2026-02-28 24:03:30"), "none");
    EXPECT_EQ(read("%Y-%m-%d %I:%M %p", "2026-02-28 13:03 PM"), "none");
    EXPECT_EQ(read("%Y %j %H", "2025 366 01"), "none");
    EXPECT_EQ(read("%Y-%m-%d %H:%M:%S", ""), "none");
}

TEST(TimeFormat, SaysWhatTimesLeaveOpen)
{
    EXPECT_EQ(TimeFormat::compile("%b %e %T")->missingDate(), MissingDate::Year);
    EXPECT_EQ(TimeFormat::compile("%T")->missingDate(), MissingDate::Day);
    EXPECT_EQ(TimeFormat::compile("%F %T")->missingDate(), MissingDate::None);
    EXPECT_EQ(read("%b %e %T", "Feb 29 01:02:03"), "2000-02-29T01:02:03Z");
    EXPECT_EQ(read("%T", "01:02:03"), "1970-01-01T01:02:03Z");
}

TEST(TimeFormat, NamesADirectiveThatItDoesNotKnow)
{
    const auto format = TimeFormat::compile("%Y-%m-%d %Q");
    ASSERT_FALSE(format);
    EXPECT_THAT(format.error().message, HasSubstr("unknown directive `%Q` at column 10"));
    EXPECT_FALSE(TimeFormat::compile("%"));
}

TEST(TimeFormat, RefusesAFormatWithoutTime)
{
    for (const char* text : {"", "%Y", "%M:%S", "hello", "%I:%M"})
        EXPECT_FALSE(TimeFormat::compile(text)) << text;
}

} // namespace
} // namespace faultline::records
