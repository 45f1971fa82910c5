// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/time.h"
#include <gtest/gtest.h>

namespace faultline
{
namespace
{

TimeUs at(const char* iso)
{
    return parseIso8601(iso).value();
}

TEST(Civil, countsDaysFromTheEpoch)
{
    EXPECT_EQ(daysFromCivil(1970, 1, 1), 0);
    EXPECT_EQ(daysFromCivil(2000, 3, 1), 11'017);
    EXPECT_EQ(daysFromCivil(1969, 12, 31), -1);
}

TEST(Civil, goesThereAndBackOverFourCenturies)
{
    for (std::int64_t day = -80'000; day < 80'000; day += 7) {
        const TimeUs time = day * day_us + 12'345'678'901;
        EXPECT_EQ(fromCivil(toCivil(time)), time);
    }
}

TEST(Civil, knowsThatTheEpochWasAThursday)
{
    EXPECT_EQ(weekday(0), 3);
    EXPECT_EQ(weekday(-1), 2);
}

TEST(Iso8601, writesTheFractionOnlyWhenThereIsOne)
{
    EXPECT_EQ(formatIso8601(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(formatIso8601(1'500'000), "1970-01-01T00:00:01.500Z");
    EXPECT_EQ(formatIso8601(1), "1970-01-01T00:00:00.000001Z");
    EXPECT_EQ(formatIso8601(noTime), "");
}

TEST(Iso8601, readsZonesAndFractions)
{
    EXPECT_EQ(at("2026-03-12T14:03:30Z"), at("2026-03-12 15:03:30+01:00"));
    EXPECT_EQ(at("2026-03-12 14:03:30.25") - at("2026-03-12 14:03:30"), 250'000);
}

TEST(Iso8601, readsBackWhatItWrites)
{
    for (const TimeUs time : {TimeUs{0}, TimeUs{-1}, TimeUs{1'773'324'210'123'456}, TimeUs{951'782'400'000'000}})
        EXPECT_EQ(at(formatIso8601(time).c_str()), time);
}

TEST(Iso8601, refusesDatesThatDoNotExist)
{
    for (const char* text :
         {"", "2026-02-29", "2026-13-01", "2026-03-12 25:00:00", "2026-03-12T14:03:30Zjunk", "12.03.2026"})
        EXPECT_FALSE(parseIso8601(text)) << text;
}

TEST(Duration, showsTheTwoLargestUnits)
{
    EXPECT_EQ(formatDuration(930 * second_us), "15 min 30 s");
    EXPECT_EQ(formatDuration(250'000), "250 ms");
    EXPECT_EQ(formatDuration(2 * day_us + 4 * hour_us + 5), "2 d 4 h");
    EXPECT_EQ(formatDuration(0), "0 s");
    EXPECT_EQ(formatDuration(day_us + 1), "1 d");
    EXPECT_EQ(formatDuration(hour_us + 4 * second_us), "1 h 4 s");
}

TEST(Duration, readsUnitsAndBareSeconds)
{
    EXPECT_EQ(parseDuration("500ms").value(), 500'000);
    EXPECT_EQ(parseDuration("5m").value(), 5 * minute_us);
    EXPECT_EQ(parseDuration("1.5 h").value(), 90 * minute_us);
    EXPECT_EQ(parseDuration("60").value(), minute_us);
}

TEST(Duration, refusesNothingAndNonsense)
{
    for (const char* text : {"", "0", "-5s", "5 parsecs", "1e99d", "99999999999999999999d", "s"})
        EXPECT_FALSE(parseDuration(text)) << text;
}

TEST(TimeZone, isUtcUnlessTold)
{
    EXPECT_EQ(TimeZone().name(), "UTC");
    EXPECT_EQ(TimeZone().toUtc(42), 42);
}

TEST(TimeZone, takesFixedOffsets)
{
    const auto zone = TimeZone::named("-0530").value();
    EXPECT_EQ(zone.name(), "-05:30");
    EXPECT_EQ(zone.toUtc(0), 5 * hour_us + 30 * minute_us);
}

TEST(TimeZone, knowsSummerTime)
{
    const auto berlin = TimeZone::named("Europe/Berlin").value();
    EXPECT_EQ(berlin.toUtc(at("2026-07-01 12:00:00")), at("2026-07-01 10:00:00"));
    EXPECT_EQ(berlin.toUtc(at("2026-01-01 12:00:00")), at("2026-01-01 11:00:00"));
    EXPECT_EQ(berlin.offsetAt(at("2026-07-01 12:00:00")), 2 * hour_us);
}

TEST(TimeZone, takesTheEarlierInstantOfARepeatedHour)
{
    const auto berlin = TimeZone::named("Europe/Berlin").value();
    EXPECT_EQ(berlin.toUtc(at("2026-10-25 02:30:00")), at("2026-10-25 00:30:00"));
    EXPECT_EQ(berlin.toUtc(at("2026-10-25 03:00:00")), at("2026-10-25 02:00:00"));
}

TEST(TimeZone, readsASkippedHourAsIfTheClockHadNotMoved)
{
    const auto berlin = TimeZone::named("Europe/Berlin").value();
    EXPECT_EQ(berlin.toUtc(at("2026-03-29 02:30:00")), at("2026-03-29 01:30:00"));
}

TEST(TimeZone, undoesItsOffsetForEveryHourOfAYear)
{
    const auto zone = TimeZone::named("America/New_York").value();
    for (TimeUs utc = at("2025-01-01"); utc < at("2026-01-01"); utc += hour_us) {
        const TimeUs back = zone.toUtc(utc + zone.offsetAt(utc));
        EXPECT_TRUE(back == utc || back == utc - hour_us) << formatIso8601(utc); // the repeated hour has two instants
    }
}

TEST(TimeZone, saysWhatIsDoubtfulAboutALocalTime)
{
    const auto berlin = TimeZone::named("Europe/Berlin").value();
    EXPECT_TRUE(berlin.fromLocal(at("2025-03-30 02:30:00")).skipped);
    EXPECT_FALSE(berlin.fromLocal(at("2025-03-30 01:59:59")).skipped);
    EXPECT_FALSE(berlin.fromLocal(at("2025-03-30 03:00:00")).skipped);
    EXPECT_EQ(berlin.fromLocal(at("2025-10-26 02:00:00")).repeatedAfter_us, hour_us);
    EXPECT_EQ(berlin.fromLocal(at("2025-10-26 02:59:59")).repeatedAfter_us, hour_us);
    EXPECT_EQ(berlin.fromLocal(at("2025-10-26 01:59:59")).repeatedAfter_us, 0);
    EXPECT_EQ(berlin.fromLocal(at("2025-10-26 03:00:00")).repeatedAfter_us, 0);
}

TEST(TimeZone, knowsZonesThatMoveByHalfAnHour)
{
    const auto lordHowe = TimeZone::named("Australia/Lord_Howe").value();
    EXPECT_EQ(lordHowe.fromLocal(at("2025-04-06 01:45:00")).repeatedAfter_us, 30 * minute_us);
    EXPECT_EQ(lordHowe.fromLocal(at("2025-04-06 01:29:59")).repeatedAfter_us, 0);
    EXPECT_TRUE(lordHowe.fromLocal(at("2025-10-05 02:15:00")).skipped);
    EXPECT_FALSE(lordHowe.fromLocal(at("2025-10-05 02:30:00")).skipped);
}

TEST(TimeZone, knowsZonesThatMoveForAMonthOfFasting)
{
    const auto casablanca = TimeZone::named("Africa/Casablanca").value();
    EXPECT_EQ(casablanca.fromLocal(at("2025-02-23 02:30:00")).repeatedAfter_us, hour_us);
    EXPECT_TRUE(casablanca.fromLocal(at("2025-04-06 02:30:00")).skipped);
}

TEST(TimeZone, comesBackFromLocalTimeOutsideOfRepeats)
{
    for (const char* name :
         {"Europe/Berlin",     "Europe/London",    "Europe/Moscow",     "America/New_York",    "America/Los_Angeles",
          "America/Sao_Paulo", "America/St_Johns", "America/Caracas",   "Asia/Kolkata",        "Asia/Shanghai",
          "Asia/Tokyo",        "Asia/Tehran",      "Asia/Kathmandu",    "Australia/Lord_Howe", "Australia/Sydney",
          "Pacific/Apia",      "Pacific/Auckland", "Africa/Casablanca", "Africa/Cairo",        "+05:45"}) {
        const auto zone = TimeZone::named(name).value();
        LocalClock clock(zone);
        std::uint64_t state = 42; // splitmix64
        for (int i = 0; i < 10'000; ++i) {
            auto mixed = state += 0x9e3779b97f4a7c15U;
            mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
            mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
            const auto utc = static_cast<TimeUs>((mixed ^ (mixed >> 31U)) % (80ULL * 366 * day_us));
            const auto back = zone.fromLocal(zone.toLocal(utc));
            ASSERT_FALSE(back.skipped) << name << " " << formatIso8601(utc);
            ASSERT_TRUE(back.utc_us == utc || back.utc_us + back.repeatedAfter_us == utc)
                << name << " " << formatIso8601(utc);
            ASSERT_EQ(clock.read(zone.toLocal(utc)).utc_us, back.utc_us) << name << " " << formatIso8601(utc);
        }
    }
}

TEST(TimeZone, readsAbbreviationsThatMeanOneOffset)
{
    EXPECT_EQ(TimeZone::named("CEST").value().toUtc(0), -2 * hour_us);
    EXPECT_EQ(TimeZone::named("PST").value().toUtc(0), 8 * hour_us);
    EXPECT_TRUE(TimeZone::named("JST").value().isFixed());
}

TEST(TimeZone, refusesAnAbbreviationOfSeveralZones)
{
    const auto zone = TimeZone::named("IST");
    ASSERT_FALSE(zone);
    EXPECT_NE(zone.error().hint.find("Asia/Kolkata"), std::string::npos);
}

TEST(TimeZone, namesTheNearestZoneForATypingError)
{
    const auto zone = TimeZone::named("Europe/Berlln");
    ASSERT_FALSE(zone);
    EXPECT_EQ(zone.error().code, ErrorCode::Config);
    EXPECT_NE(zone.error().hint.find("Europe/Berlin"), std::string::npos);
}

} // namespace
} // namespace faultline
