// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/field_time.h"
#include "engine/records/loader.h"
#include "engine/records/zone_text.h"
#include "tests/engine/records/scratch_folder.h"
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

std::vector<std::string> timesOf(const std::string& name, const std::string& content, const ParseOptions& parse = {})
{
    const ScratchFolder folder("field_time");
    LoadOptions options;
    options.parse = parse;
    QuietJob job;
    const auto set = load({folder.write(name, content)}, options, job);
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().text());
    std::vector<std::string> out;
    for (std::size_t i = 0; set && i < set->table.size(); ++i)
        out.push_back(formatIso8601(set->table.time[i]));
    return out;
}

std::string epochOf(std::vector<std::string_view> values)
{
    const auto time = FieldTime::learn({.values = values, .asked = true});
    if (!time)
        return "none";
    return time->format() + " " + formatIso8601(time->read(values.front()).value_or(noTime));
}

TEST(FieldTime, ATimeThatIsAskedForMayCountInAnyUnitAndSize)
{
    EXPECT_EQ(epochOf({"86400", "86401", "86402"}), "epoch seconds 1970-01-02T00:00:00Z");
    EXPECT_EQ(epochOf({"9999999999", "10000000000"}), "epoch seconds 2286-11-20T17:46:39Z");
    EXPECT_EQ(epochOf({"9999999999999", "10000000000000"}), "epoch milliseconds 2286-11-20T17:46:39.999Z");
    EXPECT_EQ(epochOf({"86400.25", "86401.5"}), "epoch seconds 1970-01-02T00:00:00.250Z");
}

TEST(FieldTime, UnaskedSmallNumbersAreNoTimes)
{
    const std::vector<std::string_view> values{"86400", "86401"};
    EXPECT_FALSE(FieldTime::learn({.values = values}));
}

TEST(FieldTime, TimesOfAJsonKeyWithoutAYearTurnAtNewYear)
{
    const auto times = timesOf("messages-20240102.json", R"({"timestamp":"Dec 31 23:59:59","message":"a"})"
                                                         "\n"
                                                         R"({"timestamp":"Jan  1 00:00:01","message":"b"})"
                                                         "\n");
    EXPECT_EQ(times, (std::vector<std::string>{"2023-12-31T23:59:59Z", "2024-01-01T00:00:01Z"}));
}

TEST(ZoneText, NamesOffsetsAndAbbreviations)
{
    EXPECT_EQ(zoneInText("2026-03-12T14:03:30+0200"), "+02:00");
    EXPECT_EQ(zoneInText("[12/Mar/2026:14:03:30 -0730]"), "-07:30");
    EXPECT_EQ(zoneInText("2026-03-12 14:03:30 CEST"), "CEST");
    EXPECT_EQ(zoneInText("Sun Dec  4 04:47:44 PST 2005"), "PST");
    EXPECT_EQ(zoneInText("2026-03-12T14:03:30Z"), "UTC");
    EXPECT_EQ(zoneInText("2026-03-12 14:03:30 UTC"), "UTC");
    EXPECT_EQ(zoneInText(""), "UTC");
}

} // namespace
} // namespace faultline::records
