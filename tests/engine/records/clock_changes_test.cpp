// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/clock_changes.h"
#include "engine/records/loader.h"
#include "tests/engine/records/scratch_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

namespace faultline::records
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;

TimeUs at(std::string_view text)
{
    return *parseIso8601(text);
}

/// Local times (of `day` unless they name one) through the zone and the settling; UTC clocks.
std::vector<std::string> settled(std::string_view zoneName, std::string_view day,
                                 const std::vector<std::string>& clocks)
{
    const auto zone = *TimeZone::named(zoneName);
    RecordTable table;
    LocalClock clock(zone);
    for (const auto& text : clocks) {
        const auto reading = clock.read(at(std::string(day) + " " + text));
        table.time.push_back(reading.utc_us);
        table.flags.push_back(clockFlags(reading));
    }
    (void)settleClockChanges(table, 0, table.size(), zone);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < table.size(); ++i)
        out.push_back(formatIso8601(table.time[i]).substr(11, 5));
    return out;
}

RecordSet loaded(const std::vector<std::string>& inputs, const std::string& zone, const ParseOptions& parse = {})
{
    LoadOptions options;
    options.parse = parse;
    options.parse.zone = *TimeZone::named(zone);
    options.parse.zoneGiven = true;
    QuietJob job;
    auto set = load(inputs, options, job);
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().text());
    return set ? std::move(*set) : RecordSet{};
}

/// A line a minute of the hours around a clock change in Berlin: what a program there writes.
std::string berlinMinutes(TimeUs begin, int minutes, const std::string& before, const std::string& after)
{
    const auto berlin = *TimeZone::named("Europe/Berlin");
    std::string text;
    for (int i = 0; i < minutes; ++i)
        text += before + formatIso8601(berlin.toLocal(begin + i * minute_us)).substr(0, 19) + after + "\n";
    return text;
}

TEST(ClockChanges, TheSecondPassBeginsWhereLocalTimeFallsBack)
{
    EXPECT_THAT(settled("Europe/Berlin", "2025-10-26", {"01:50", "02:10", "02:50", "02:10", "02:50", "03:10"}),
                ElementsAre("23:50", "00:10", "00:50", "01:10", "01:50", "02:10"));
}

TEST(ClockChanges, AFewLinesOfTheRepeatedHourAreEnough)
{
    EXPECT_THAT(settled("Europe/Berlin", "2025-10-26", {"01:50", "02:40", "02:15", "03:10"}),
                ElementsAre("23:50", "00:40", "01:15", "02:10"));
}

TEST(ClockChanges, ALateLineOfTheFirstPassStaysThere)
{
    EXPECT_THAT(settled("America/New_York", "2025-11-02", {"01:30:00", "01:59:59", "01:00:00", "01:59:59", "01:00:01"}),
                ElementsAre("05:30", "05:59", "06:00", "05:59", "06:00"));
}

TEST(ClockChanges, HalfAnHourIsEnoughOnLordHoweIsland)
{
    EXPECT_THAT(settled("Australia/Lord_Howe", "2025-04-06", {"01:20", "01:40", "01:55", "01:35", "01:59", "02:05"}),
                ElementsAre("14:20", "14:40", "14:55", "15:05", "15:29", "15:35"));
}

TEST(ClockChanges, ASourceThatBeginsInTheSecondPassIsKnownByWhatFollows)
{
    EXPECT_THAT(settled("Europe/Berlin", "2025-10-26", {"02:40", "02:59", "03:00"}),
                ElementsAre("01:40", "01:59", "02:00"));
}

TEST(ClockChanges, WithoutAFallTheFirstPassIsMeant)
{
    EXPECT_THAT(settled("Europe/Berlin", "2025-10-26", {"01:59", "02:10", "02:59"}),
                ElementsAre("23:59", "00:10", "00:59"));
}

TEST(ClockChanges, AnHourlyReadingTwiceIsOneOfEachPass)
{
    EXPECT_THAT(settled("Europe/Berlin", "2025-10-26", {"01:00", "02:00", "02:00", "03:00"}),
                ElementsAre("23:00", "00:00", "01:00", "02:00"));
}

TEST(ClockChanges, LinesThatGoBackElsewhereMustFallFurther)
{
    EXPECT_THAT(settled("Europe/Berlin", "2025-10-26", {"01:30", "01:15", "02:30", "02:15", "02:40", "03:10"}),
                ElementsAre("23:30", "23:15", "00:30", "00:15", "00:40", "02:10"));
}

TEST(ClockChanges, AFixedOffsetHasNone)
{
    EXPECT_THAT(settled("+01:00", "2025-10-26", {"02:10", "02:10"}), ElementsAre("01:10", "01:10"));
}

TEST(ClockChanges, TextTablesAndJsonAreSettledAlike)
{
    const ScratchFolder folder("clock_changes");
    const auto begin = at("2025-10-25T23:30:00Z");
    const std::vector inputs{
        folder.write("a.log", berlinMinutes(begin, 180, "", " INFO server: request done")),
        folder.write("b.csv", "time,value\n" + berlinMinutes(begin, 180, "", ",5")),
        folder.write("c.json", berlinMinutes(begin, 180, R"({"timestamp":")", R"(","message":"request done"})"))};
    const auto set = loaded(inputs, "Europe/Berlin");
    ASSERT_EQ(set.reports.size(), 3U);
    for (const auto& report : set.reports) {
        EXPECT_EQ(report.records, 180U);
        EXPECT_EQ(report.repeatedLocalTimes, 120U) << report.path;
        EXPECT_EQ(report.backwardTimes, 0U) << report.path;
        EXPECT_EQ(report.zone.name(), "Europe/Berlin");
        for (std::size_t i = 0; i < report.records; ++i)
            ASSERT_EQ(set.table.time[report.firstRecord + i], begin + static_cast<TimeUs>(i) * minute_us)
                << report.path;
    }
}

TEST(ClockChanges, TimesThatNoClockShowedAreFlaggedAndCounted)
{
    const ScratchFolder folder("clock_skips");
    const auto set = loaded({folder.write("a.log", "2025-03-30 01:59:00 INFO a: one\n2025-03-30 02:30:00 INFO a: two\n"
                                                   "2025-03-30 03:01:00 INFO a: three\n")},
                            "Europe/Berlin");
    ASSERT_EQ(set.reports.size(), 1U);
    EXPECT_EQ(set.reports[0].skippedLocalTimes, 1U);
    EXPECT_EQ(set.table.flags[1] & ClockSkipped, ClockSkipped);
    EXPECT_EQ(set.table.flags[2] & ClockSkipped, 0);
    EXPECT_THAT(set.reports[0].detection.reasons,
                testing::Contains(HasSubstr("1 local times do not exist in Europe/Berlin")));
}

TEST(ClockChanges, TimesWithoutAYearAreSettledToo)
{
    const ScratchFolder folder("clock_years");
    std::string text;
    for (const char* clock : {"01:50", "02:10", "02:50", "02:10", "02:50", "03:10"})
        text += std::string("Oct 26 ") + clock + ":00 web sshd[1]: session opened\n";
    const auto set = loaded({folder.write("messages-20251027", text)}, "Europe/Berlin");
    ASSERT_EQ(set.reports.size(), 1U);
    EXPECT_EQ(set.reports[0].repeatedLocalTimes, 4U);
    EXPECT_EQ(set.reports[0].backwardTimes, 0U);
    EXPECT_EQ(formatIso8601(set.reports[0].end), "2025-10-26T02:10:00Z");
}

TEST(ClockChanges, EachSourceMayHaveAZoneOfItsOwn)
{
    const ScratchFolder folder("clock_zones");
    ParseOptions options;
    options.zones = {{"ny*.log", *TimeZone::named("America/New_York")}};
    const auto set = loaded({folder.write("ny1.log", "2025-07-01 08:00:00 INFO a: one\n"),
                             folder.write("de1.log", "2025-07-01 14:00:00 INFO a: one\n")},
                            "Europe/Berlin", options);
    ASSERT_EQ(set.reports.size(), 2U);
    EXPECT_EQ(formatIso8601(set.table.time[0]), "2025-07-01T12:00:00Z");
    EXPECT_EQ(set.table.time[1], set.table.time[0]);
    EXPECT_EQ(set.reports[1].detection.zone, "America/New_York (given)");
    EXPECT_EQ(set.reports[1].zone.name(), "America/New_York");
}

TEST(ClockChanges, DoNotDependOnTheNumberOfThreads)
{
    const ScratchFolder folder("clock_threads");
    const auto berlin = *TimeZone::named("Europe/Berlin");
    std::string text; // several blocks, and the repeated hour is longer than one of them
    for (int i = 0; i < 60'000; ++i)
        text += formatIso8601(berlin.toLocal(at("2025-10-25T23:30:00Z") + TimeUs{i} * 150'000)).substr(0, 19) +
                " INFO server: request number one was done for a client\n";
    const std::vector inputs{folder.write("a.log", text)};
    const auto times = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        const auto set = loaded(inputs, "Europe/Berlin");
        std::vector<TimeUs> out;
        for (std::size_t i = 0; i < set.table.size(); ++i)
            out.push_back(set.table.time[i]);
        return out;
    };
    const auto one = times(1);
    EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
    EXPECT_EQ(one, times(4));
}

} // namespace
} // namespace faultline::records
