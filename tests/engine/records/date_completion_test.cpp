// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/date_completion.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

using testing::HasSubstr;

TimeUs at(std::string_view text)
{
    return *parseIso8601(text);
}

struct Completed {
    std::vector<std::string> times;
    std::string reason;
};

Completed completed(const std::vector<std::string>& placeholders, MissingDate missing, const DateHints& hints,
                    const TimeZone& zone = {})
{
    RecordTable table;
    for (const auto& placeholder : placeholders) {
        table.time.push_back(placeholder.empty() ? noTime : at(placeholder));
        table.flags.push_back(0);
    }
    Completed result;
    result.reason = completeDates(table, 0, table.size(), missing, hints, zone);
    for (std::size_t i = 0; i < table.size(); ++i)
        result.times.push_back(formatIso8601(table.time[i]));
    return result;
}

Completed completed(const std::vector<std::string>& placeholders, MissingDate missing, std::string_view modified,
                    const TimeZone& zone = {})
{
    return completed(placeholders, missing, DateHints{.modified_us = at(modified)}, zone);
}

TEST(DateCompletion, TheYearIsTheOneOfTheFile)
{
    const auto result =
        completed({"2000-06-14T15:16:01Z", "", "2000-07-27T14:41:59Z"}, MissingDate::Year, "2005-08-01T00:00:00Z");
    EXPECT_THAT(result.times, testing::ElementsAre("2005-06-14T15:16:01Z", "", "2005-07-27T14:41:59Z"));
    EXPECT_THAT(result.reason, HasSubstr("2005 is assumed"));
}

TEST(DateCompletion, TheLastTimeIsNotAfterTheFile)
{
    EXPECT_EQ(completed({"2000-12-10T06:55:46Z"}, MissingDate::Year, "2026-11-20T00:00:00Z").times[0],
              "2025-12-10T06:55:46Z");
}

TEST(DateCompletion, TheYearGoesUpWhereDecemberTurnsToJanuary)
{
    const auto result =
        completed({"2000-12-31T23:59:58Z", "2000-01-01T00:00:01Z", "2000-12-31T23:59:59Z", "2000-03-01T00:00:00Z"},
                  MissingDate::Year, "2026-06-01T00:00:00Z");
    EXPECT_THAT(result.times, testing::ElementsAre("2025-12-31T23:59:58Z", "2026-01-01T00:00:01Z",
                                                   "2025-12-31T23:59:59Z", "2026-03-01T00:00:00Z"));
    EXPECT_THAT(result.reason, HasSubstr("goes up once"));
}

TEST(DateCompletion, SmallStepsBackAreNotANewYear)
{
    const auto result =
        completed({"2000-06-14T15:16:01Z", "2000-05-14T15:16:01Z"}, MissingDate::Year, "2026-11-20T00:00:00Z");
    EXPECT_EQ(result.times[1], "2026-05-14T15:16:01Z");
}

TEST(DateCompletion, ALeapDayNeedsALeapYear)
{
    EXPECT_EQ(
        completed({"2000-02-29T12:00:00Z", "2000-03-01T12:00:00Z"}, MissingDate::Year, "2026-11-20T00:00:00Z").times,
        (std::vector<std::string>{"2024-02-29T12:00:00Z", "2024-03-01T12:00:00Z"}));
}

TEST(DateCompletion, ClocksAloneTurnAtMidnight)
{
    const auto result = completed({"1970-01-01T23:59:59Z", "1970-01-01T00:00:01Z", "1970-01-01T09:00:00Z"},
                                  MissingDate::Day, "2026-11-20T08:00:00Z");
    EXPECT_THAT(result.times,
                testing::ElementsAre("2026-11-18T23:59:59Z", "2026-11-19T00:00:01Z", "2026-11-19T09:00:00Z"));
    EXPECT_THAT(result.reason, HasSubstr("2026-11-18 is assumed"));
}

TEST(DateCompletion, LocalTimesBecomeUtc)
{
    EXPECT_EQ(completed({"2000-07-01T12:00:00Z"}, MissingDate::Year, "2026-11-20T00:00:00Z",
                        *TimeZone::named("Europe/Berlin"))
                  .times[0],
              "2026-07-01T10:00:00Z");
}

TEST(DateCompletion, ADateInTheFilesNameCountsBeforeItsModification)
{
    const auto result = completed({"2000-03-13T23:00:00Z"}, MissingDate::Year,
                                  {.modified_us = at("2026-11-20T00:00:00Z"), .path = "/var/log/messages-20190314.gz"});
    EXPECT_EQ(result.times[0], "2019-03-13T23:00:00Z");
    EXPECT_THAT(result.reason, HasSubstr("2019 is assumed, because of the date in the file's name"));
}

TEST(DateCompletion, ADateInJanuaryNamesTheYearBeforeForDecember)
{
    EXPECT_EQ(completed({"2000-12-31T12:00:00Z"}, MissingDate::Year, {.path = "syslog-20200101"}).times[0],
              "2019-12-31T12:00:00Z");
}

TEST(DateCompletion, AYearInTheFilesNameIsTheYear)
{
    EXPECT_EQ(completed({"2000-12-31T12:00:00Z"}, MissingDate::Year, {.path = "syslog.2017"}).times[0],
              "2017-12-31T12:00:00Z");
}

TEST(DateCompletion, ADateInTheFilesNameIsTheDayOfClocks)
{
    EXPECT_EQ(completed({"1970-01-01T14:00:00Z", "1970-01-01T01:00:00Z"}, MissingDate::Day,
                        {.modified_us = at("2026-11-20T00:00:00Z"), .path = "app_2024-03-14.log"})
                  .times,
              (std::vector<std::string>{"2024-03-14T14:00:00Z", "2024-03-15T01:00:00Z"}));
}

TEST(DateCompletion, OtherNumbersInANameAreNoDates)
{
    for (const char* name : {"host-8080.log", "build-20261332.log", "part-12345678901.log", "log.2", "a-2200"})
        EXPECT_TRUE(!dateInName(name)) << name;
    EXPECT_FALSE(dateInName("catalina.2024-02-30.log"));
}

TEST(DateCompletion, OtherSourcesTellTheYearOfACopiedFile)
{
    const auto result = completed({"2000-06-14T15:16:01Z"}, MissingDate::Year,
                                  {.modified_us = at("2026-11-20T00:00:00Z"),
                                   .othersStart_us = at("2005-06-01T00:00:00Z"),
                                   .othersEnd_us = at("2005-06-30T00:00:00Z")});
    EXPECT_EQ(result.times[0], "2005-06-14T15:16:01Z");
    EXPECT_THAT(result.reason, HasSubstr("where the times of the other inputs lie"));
}

TEST(DateCompletion, OtherSourcesTellTheYearAcrossNewYear)
{
    EXPECT_EQ(completed({"2000-12-30T00:00:00Z"}, MissingDate::Year,
                        {.modified_us = at("2026-11-20T00:00:00Z"),
                         .othersStart_us = at("2011-01-01T00:00:00Z"),
                         .othersEnd_us = at("2011-01-05T00:00:00Z")})
                  .times[0],
              "2010-12-30T00:00:00Z");
}

TEST(DateCompletion, CompleteTimesAreLeftAlone)
{
    const auto result = completed({"2010-07-01T12:00:00Z"}, MissingDate::None, "2026-11-20T00:00:00Z");
    EXPECT_EQ(result.times[0], "2010-07-01T12:00:00Z");
    EXPECT_EQ(result.reason, "");
}

} // namespace
} // namespace faultline::records
