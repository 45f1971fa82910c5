// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/timestamp.h"
#include "tests/fuzz/check.h"
#include <algorithm>
#include <cstring>
#include <string>

/// Any bytes as a time of every shape. What must hold: no more is read than there is, what is read alone reads the
/// same, times are of the centuries that the shapes allow, and a time that is written out is read back.
namespace
{

using namespace faultline;
using namespace faultline::records;
using fuzz::require;

void readAs(TimeShape shape, std::string_view text, const TimestampOptions& options)
{
    const auto time = parseTime(shape, text, options);
    if (!time)
        return;
    require(time->length > 0 && time->length <= text.size(), "length within text");
    const auto again = parseTime(shape, std::string(text.substr(0, time->length)), options);
    require(again && again->time_us == time->time_us, "the time alone reads the same");
    const auto year = toCivil(time->time_us).year;
    require(year >= 0 && year <= 10'000, "year within range");
}

void writeAndRead(TimeUs time_us)
{
    constexpr TimeUs earliest = -2'208'988'800 * second_us; // 1900
    constexpr TimeUs latest = 7'258'118'399 * second_us;    // end of 2199
    const auto span = static_cast<std::uint64_t>(latest - earliest);
    const auto within = earliest + static_cast<TimeUs>(static_cast<std::uint64_t>(time_us) % span);
    const auto text = formatIso8601(within);
    const auto time = parseTime(TimeShape::IsoDateTime, text);
    require(time && time->time_us == within && time->hasZone && time->length == text.size(), "written and read back");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    for (int shape = 0; shape <= static_cast<int>(TimeShape::Tai64Label); ++shape)
        for (const bool first : {true, false})
            readAs(static_cast<TimeShape>(shape), text,
                   {.assumedYear = 2026, .dayFirst = first, .shortYearFirst = first});
    std::size_t position = 0;
    if (const auto found = findTime(text, 64, position))
        require(position + found->second.length <= text.size(), "found within text");
    TimeUs time_us = 0;
    std::memcpy(&time_us, text.data(), std::min(sizeof(time_us), text.size()));
    writeAndRead(time_us);
    return 0;
}
