// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/timestamp.h"
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

/// The time in ISO form, with what was consumed in brackets when that is not all, and `local` when no zone was named.
std::string read(TimeShape shape, std::string_view text, const TimestampOptions& options = {.assumedYear = 2026})
{
    const auto time = parseTime(shape, text, options);
    if (!time)
        return "none";
    auto shown = formatIso8601(time->time_us);
    if (!time->hasZone)
        shown.back() = 'L';
    if (time->length != text.size())
        shown += " [" + std::to_string(time->length) + "]";
    return time->hasYear ? shown : shown + " no year";
}

TEST(Timestamp, IsoWithZoneIsUtc)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12T14:03:30.123456Z"), "2026-03-12T14:03:30.123456Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12T14:03:30+01:00"), "2026-03-12T13:03:30Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30,123 +0100"), "2026-03-12T13:03:30.123Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30 UTC"), "2026-03-12T14:03:30Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12T14:03:30-05"), "2026-03-12T19:03:30Z");
}

TEST(Timestamp, IsoWithoutZoneIsLocal)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026/03/12 14:03:30"), "2026-03-12T14:03:30L");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2005-06-03-15.42.50.675872"), "2005-06-03T15:42:50.675872L");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2014-04-01 00:05"), "2014-04-01T00:05:00L");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2014-4-1 0:05:09"), "2014-04-01T00:05:09L");
}

TEST(Timestamp, ACommaIsAFractionOnlyWithThreeSixOrNineDigits)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2014-04-01 00:00:00,18"), "2014-04-01T00:00:00L [19]");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2014-04-01 00:00:00,180"), "2014-04-01T00:00:00.180L");
}

TEST(Timestamp, NanosecondsAreCutToMicroseconds)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2024-04-25T05:32:35.584725130Z"), "2024-04-25T05:32:35.584725Z");
}

TEST(Timestamp, WhatIsOutOfRangeIsNoTime)
{
    for (const auto* text : {"2026-13-12 14:03:30", "2026-02-29 14:03:30", "2026-03-12 24:03:30", "2026-03-12 14:60:30",
                             "2026-03-12 14:03:61", "2026-00-12 14:03:30", "2026-03-00 14:03:30", "0000-03-12 14:03:30",
                             "2026-03-12", "", "2", "2026-03-12 ", "2026-03-12T14:03:30X"})
        EXPECT_EQ(read(TimeShape::IsoDateTime, text), "none") << text;
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2024-02-29 14:03:30"), "2024-02-29T14:03:30L");
}

TEST(Timestamp, ALeapSecondIsTheLastMicrosecondOfItsMinute)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2016-12-31T23:59:60Z"), "2016-12-31T23:59:59.999999Z");
}

TEST(Timestamp, SyslogDatesHaveNoYear)
{
    EXPECT_EQ(read(TimeShape::SyslogDate, "Jun 14 15:16:01"), "2026-06-14T15:16:01L no year");
    EXPECT_EQ(read(TimeShape::SyslogDate, "Jun  4 15:16:01 combo"), "2026-06-04T15:16:01L [15] no year");
    EXPECT_EQ(read(TimeShape::SyslogDate, "Jul 29 2015 17:41:44"), "2015-07-29T17:41:44L");
    EXPECT_EQ(read(TimeShape::SyslogDate, "Jun 31 15:16:01"), "none");
    EXPECT_EQ(read(TimeShape::SyslogDate, "Feb 29 15:16:01"), "2026-03-01T15:16:01L no year");
}

TEST(Timestamp, AccessLogDates)
{
    EXPECT_EQ(read(TimeShape::ClfDate, "17/May/2015:10:05:03 +0000"), "2015-05-17T10:05:03Z");
    EXPECT_EQ(read(TimeShape::ClfDate, "22/Jan/2019:03:56:14 +0330"), "2019-01-22T00:26:14Z");
    EXPECT_EQ(read(TimeShape::ClfDate, "32/Jan/2019:03:56:14 +0330"), "none");
}

TEST(Timestamp, CtimeDates)
{
    EXPECT_EQ(read(TimeShape::CtimeDate, "Sun Dec 04 04:47:44 2005"), "2005-12-04T04:47:44L");
    EXPECT_EQ(read(TimeShape::CtimeDate, "Fri Sep 09 10:42:29.902022 2011"), "2011-09-09T10:42:29.902022L");
    EXPECT_EQ(read(TimeShape::CtimeDate, "Wed May 19 12:00:02 UTC 2021"), "2021-05-19T12:00:02Z");
    EXPECT_EQ(read(TimeShape::CtimeDate, "Sun, 04 Dec 2005 04:47:44 +0100"), "2005-12-04T03:47:44Z");
}

TEST(Timestamp, CompactDates)
{
    EXPECT_EQ(read(TimeShape::CompactDateTime, "081109 203615"), "2008-11-09T20:36:15L");
    EXPECT_EQ(read(TimeShape::CompactDateTime, "20081109T203615Z"), "2008-11-09T20:36:15Z");
    EXPECT_EQ(read(TimeShape::CompactDateTime, "20171224-0:7:20:444"), "2017-12-24T00:07:20.444L");
    EXPECT_EQ(read(TimeShape::CompactDateTime, "20171224-0:7:20:44"), "2017-12-24T00:07:20.044L"); // milliseconds
    EXPECT_EQ(read(TimeShape::CompactDateTime, "20171223-22:15:29:606"), "2017-12-23T22:15:29.606L");
    EXPECT_EQ(read(TimeShape::CompactDateTime, "20081109203615"), "2008-11-09T20:36:15L");
    EXPECT_EQ(read(TimeShape::CompactDateTime, "20120702.102240,672"), "2012-07-02T10:22:40.672L");
    EXPECT_EQ(read(TimeShape::CompactDateTime, "123456 789012"), "none");
}

TEST(Timestamp, YearsHaveFourDigitsWhereNothingElseCanStand)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2263-01-01T00:00:00Z"), "2263-01-01T00:00:00Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "9999-12-31 23:59:59"), "9999-12-31T23:59:59L");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "0001-01-01T00:00:01Z"), "0001-01-01T00:00:01Z");
    EXPECT_EQ(read(TimeShape::ClfDate, "17/May/0050:10:05:03 +0000"), "0050-05-17T10:05:03Z");
    EXPECT_EQ(read(TimeShape::SyslogDate, "Jun 14 2415 15:16:01"), "2415-06-14T15:16:01L");
    EXPECT_EQ(read(TimeShape::CtimeDate, "Sun Dec 04 04:47:44 2405"), "2405-12-04T04:47:44L");
    EXPECT_EQ(read(TimeShape::CompactDateTime, "15001109T203615Z"), "1500-11-09T20:36:15Z");
    EXPECT_EQ(read(TimeShape::DateOnly, "1066-10-14"), "1066-10-14T00:00:00L");
}

TEST(Timestamp, WhatMayBeANumberIsAYearFrom1900To2199Only)
{
    EXPECT_EQ(read(TimeShape::SyslogDate, "Jun 14 15:16:01 2415 bytes"), "2026-06-14T15:16:01L [15] no year");
    EXPECT_EQ(read(TimeShape::CompactDateTime, "15001109 203615"), "none");
    EXPECT_EQ(read(TimeShape::CompactDateTime, "15001109203615"), "none");
}

TEST(Timestamp, ATimeThatWasNeverSetIsNone)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "0001-01-01T00:00:00Z"), "none");
}

TEST(Timestamp, DayMonthYearFollowsTheOptions)
{
    EXPECT_EQ(read(TimeShape::DayMonthYear, "03/12/2026 14:03:30", {.dayFirst = true}), "2026-12-03T14:03:30L");
    EXPECT_EQ(read(TimeShape::DayMonthYear, "03/12/2026 02:03:30 PM", {.dayFirst = false}), "2026-03-12T14:03:30L");
    EXPECT_EQ(read(TimeShape::DayMonthYear, "01/25/2026-10:00:01", {.dayFirst = false}), "2026-01-25T10:00:01L");
    EXPECT_EQ(read(TimeShape::DayMonthYear, "12.03.2026 14:03:30", {.dayFirst = true}), "2026-03-12T14:03:30L");
    EXPECT_EQ(read(TimeShape::DayMonthYear, "17/06/09 20:10:40"), "2017-06-09T20:10:40L");
    EXPECT_EQ(read(TimeShape::DayMonthYear, "17/06/09 20:10:40", {.shortYearFirst = false}), "2009-06-17T20:10:40L");
}

TEST(Timestamp, LogcatAndGlogDatesHaveNoYear)
{
    EXPECT_EQ(read(TimeShape::MonthDayTime, "03-17 16:13:38.811"), "2026-03-17T16:13:38.811L no year");
    EXPECT_EQ(read(TimeShape::MonthDayTime, "10.30 16:49:06"), "2026-10-30T16:49:06L no year");
    EXPECT_EQ(read(TimeShape::MonthDayTime, "01/25-10:00:01.250"), "2026-01-25T10:00:01.250L no year");
    EXPECT_EQ(read(TimeShape::GlogDate, "I0312 14:03:30.123456"), "2026-03-12T14:03:30.123456L no year");
}

TEST(Timestamp, EpochUnitsAreToldApartBySize)
{
    EXPECT_EQ(read(TimeShape::Epoch, "1117838570"), "2005-06-03T22:42:50Z");
    EXPECT_EQ(read(TimeShape::Epoch, "1117838570.25"), "2005-06-03T22:42:50.250Z");
    EXPECT_EQ(read(TimeShape::Epoch, "1117838570250"), "2005-06-03T22:42:50.250Z");
    EXPECT_EQ(read(TimeShape::Epoch, "1117838570250123"), "2005-06-03T22:42:50.250123Z");
    EXPECT_EQ(read(TimeShape::Epoch, "1117838570250123456"), "2005-06-03T22:42:50.250123Z");
    EXPECT_EQ(read(TimeShape::Epoch, "12345"), "none");
    EXPECT_EQ(read(TimeShape::Epoch, "5117838570"), "none");
    EXPECT_EQ(read(TimeShape::Epoch, "99999999999999999999999999"), "none");
}

TEST(Timestamp, AbbreviationsWithTextBehindThemAreZones)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30.123 CET [17] LOG"), "2026-03-12T13:03:30.123Z [27]");
    EXPECT_EQ(read(TimeShape::CtimeDate, "Sun Dec  4 04:47:44 PST 2005"), "2005-12-04T12:47:44Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30 CST x"), "2026-03-12T20:03:30Z [23]");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30 INFO x"), "2026-03-12T14:03:30L [19]");
}

TEST(Timestamp, DatesAndClocksAlone)
{
    EXPECT_EQ(read(TimeShape::DateOnly, "2026-03-12"), "2026-03-12T00:00:00L");
    EXPECT_EQ(read(TimeShape::ClockOnly, "14:03:30.123"), "1970-01-01T14:03:30.123L no year");
    EXPECT_EQ(read(TimeShape::ClockOnly, "25:03:30"), "none");
}

TEST(Timestamp, MidnightAtADaysEndIsTheNextDay)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12T24:00:00Z"), "2026-03-13T00:00:00Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12T24:00:01Z"), "none");
}

TEST(Timestamp, AbbreviationsOfZonesCount)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30.095 CEST"), "2026-03-12T12:03:30.095Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30 PDT"), "2026-03-12T21:03:30Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30 IST"), "2026-03-12T08:33:30Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30 INFO"), "2026-03-12T14:03:30L [19]");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30 ESTATE"), "2026-03-12T14:03:30L [19]");
    EXPECT_EQ(read(TimeShape::CtimeDate, "Wed May 19 12:00:02 EDT 2021"), "2021-05-19T16:00:02Z");
    EXPECT_EQ(read(TimeShape::CtimeDate, "Wed May 19 12:00:02 XYZ 2021"), "2021-05-19T12:00:02L");
    EXPECT_EQ(read(TimeShape::DayMonthYear, "12/03/2026 14:03:30 GMT+2"), "2026-03-12T12:03:30Z");
}

TEST(Timestamp, OffsetsHaveManySpellings)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30 UTC+05:30"), "2026-03-12T08:33:30Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12T14:03:30+02:00[Europe/Berlin]"), "2026-03-12T12:03:30Z");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30 -05 retries"), "2026-03-12T14:03:30L [19]");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 14:03:30 +03 [77]"), "2026-03-12T11:03:30Z [23]");
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12T14:03:30FOO"), "2026-03-12T14:03:30L"); // unknown: passed over
}

TEST(Timestamp, HalfDaysAreReadInEveryShape)
{
    EXPECT_EQ(read(TimeShape::IsoDateTime, "2026-03-12 02:03:30 PM"), "2026-03-12T14:03:30L");
    EXPECT_EQ(read(TimeShape::SyslogDate, "March 12, 2026, 12:03:30 AM"), "2026-03-12T00:03:30L");
    EXPECT_EQ(read(TimeShape::CtimeDate, "Thursday, March 12, 2026 2:03:30 PM"), "2026-03-12T14:03:30L");
}

TEST(Timestamp, MonthsHaveNamesInManyLanguages)
{
    EXPECT_EQ(read(TimeShape::SyslogDate, "ao\u00fbt 19 11:08:37"), "2026-08-19T11:08:37L no year");
    EXPECT_EQ(read(TimeShape::SyslogDate, "f\u00e9vr. 19 11:08:37"), "2026-02-19T11:08:37L no year");
    EXPECT_EQ(read(TimeShape::SyslogDate, "Dez 19 11:08:37"), "2026-12-19T11:08:37L no year");
    EXPECT_EQ(read(TimeShape::ClfDate, "12 September 2026 11:08:37"), "2026-09-12T11:08:37L");
    EXPECT_EQ(read(TimeShape::SyslogDate, "Foo 19 11:08:37"), "none");
    EXPECT_EQ(read(TimeShape::SyslogDate, "Marching 19 11:08:37"), "none");
}

TEST(Timestamp, DaysMayStandBeforeNamedMonths)
{
    EXPECT_EQ(read(TimeShape::ClfDate, "05-Jan-2026 10:00:01.250"), "2026-01-05T10:00:01.250L");
    EXPECT_EQ(read(TimeShape::ClfDate, "05 Jan 2026 10:00:01.250"), "2026-01-05T10:00:01.250L");
    EXPECT_EQ(read(TimeShape::ClfDate, "05-JAN-26 10:00:01"), "2026-01-05T10:00:01L");
    EXPECT_EQ(read(TimeShape::ClfDate, "05 Jan 10:00:01"), "2026-01-05T10:00:01L no year");
    EXPECT_EQ(read(TimeShape::ClfDate, "05 Jan"), "none");
    EXPECT_EQ(read(TimeShape::CtimeDate, "Mon 2026-01-05 10:00:01 UTC"), "2026-01-05T10:00:01Z");
}

TEST(Timestamp, DaysOfTheYear)
{
    EXPECT_EQ(read(TimeShape::YearDayTime, "2012-025T10:22:40,672"), "2012-01-25T10:22:40.672L");
    EXPECT_EQ(read(TimeShape::YearDayTime, "2012-366 10:22:40Z"), "2012-12-31T10:22:40Z");
    EXPECT_EQ(read(TimeShape::YearDayTime, "2014-366 10:22:40Z"), "none");
    EXPECT_EQ(read(TimeShape::YearDayTime, "2014-000 10:22:40Z"), "none");
}

TEST(Timestamp, TaiLabelsAreTenSecondsAheadOfPosixTime)
{
    EXPECT_EQ(read(TimeShape::Tai64Label, "@400000000000000a00000000"), "1970-01-01T00:00:00Z");
    EXPECT_EQ(read(TimeShape::Tai64Label, "@40000000433225833b6e1a8c"), "2005-09-22T03:31:05.997071Z");
    EXPECT_EQ(read(TimeShape::Tai64Label, "@400000004332258"), "none");
    EXPECT_EQ(read(TimeShape::Tai64Label, "@40000000433225833b9aca00"), "none"); // a whole second of nanoseconds
    EXPECT_EQ(read(TimeShape::Tai64Label, "@ffffffffffffffff00000000"), "none");
}

TEST(Timestamp, WhatIsWrittenIsReadBack)
{
    for (const TimeUs time_us : {TimeUs{0}, TimeUs{1'767'607'201'250'123}, TimeUs{4'102'444'799'999'999}}) {
        const auto text = formatIso8601(time_us);
        const auto time = parseTime(TimeShape::IsoDateTime, text);
        ASSERT_TRUE(time.has_value()) << text;
        EXPECT_EQ(time->time_us, time_us);
        EXPECT_EQ(time->length, text.size());
    }
}

TEST(Timestamp, FindTimeLooksAtWordStartsOnly)
{
    std::size_t position = 0;
    const auto found = findTime("time=\"2021-09-15T21:17:10Z\" level=error", 64, position);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(position, 6U);
    EXPECT_EQ(found->first, TimeShape::IsoDateTime);
    EXPECT_FALSE(findTime("blk_1117838570 and x-1117838570", 64, position).has_value());
    EXPECT_FALSE(findTime(std::string(70, ' ') + "2021-09-15T21:17:10Z", 64, position).has_value());
}

TEST(Timestamp, NoTextMakesAnyShapeReadBeyondItsEnd)
{
    const std::string text = "2026-03-12T14:03:30.123456+01:00";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const std::string cut = text.substr(0, length); // a copy, so that a sanitizer sees a read behind it
        for (int shape = 0; shape <= static_cast<int>(TimeShape::Tai64Label); ++shape) {
            const auto time = parseTime(static_cast<TimeShape>(shape), cut);
            EXPECT_LE(time ? time->length : 0U, length);
        }
    }
}

} // namespace
} // namespace faultline::records
