// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/core/time.h"
#include <algorithm>
#include <array>
#include <date/tz.h>
#include <stdexcept>
#include <vector>

namespace faultline
{

/// A span with one offset. All spans of 1900..2100 are read from the zone database once, so that looking up a time is a
/// binary search over a constant table: no lock, no allocation. Outside of them the first and last offsets go on.
struct TimeZone::Rules {
    struct Span {
        TimeUs beginUtc_us, endUtc_us;
        DurationUs offset_us;
    };
    std::string name;
    std::vector<Span> spans; ///< without gaps, first begins at minimum, last ends at maximum

    [[nodiscard]] static std::vector<Span> spansOf(const date::time_zone& zone);
};

namespace
{
constexpr TimeUs farPast = std::numeric_limits<TimeUs>::min();
constexpr TimeUs farFuture = std::numeric_limits<TimeUs>::max();

/// Reads `+01:00`, `-0530`, `+1`.
std::optional<DurationUs> fixedOffset(std::string_view text)
{
    if (text.size() < 2 || (text.front() != '+' && text.front() != '-'))
        return std::nullopt;
    std::string digits;
    for (const char c : text.substr(1)) {
        if (c >= '0' && c <= '9')
            digits += c;
        else if (c != ':')
            return std::nullopt;
    }
    if (digits.empty() || digits.size() > 4)
        return std::nullopt;
    if (digits.size() <= 2)
        digits += "00";
    const int value = std::stoi(digits);
    if (value / 100 > 18 || value % 100 > 59)
        return std::nullopt;
    return (value / 100 * hour_us + value % 100 * minute_us) * (text.front() == '-' ? -1 : 1);
}

std::string offsetName(DurationUs offset_us)
{
    const auto minutes = (offset_us < 0 ? -offset_us : offset_us) / minute_us;
    const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return (offset_us < 0 ? "-" : "+") + two(minutes / 60) + ':' + two(minutes % 60);
}

struct Abbreviation {
    std::string_view name;
    int minutes; ///< east of Greenwich
};
/// Those that mean one offset wherever they are written.
constexpr std::array abbreviations{
    Abbreviation{"UTC", 0},    Abbreviation{"GMT", 0},     Abbreviation{"WET", 0},     Abbreviation{"WEST", 60},
    Abbreviation{"CET", 60},   Abbreviation{"CEST", 120},  Abbreviation{"EET", 120},   Abbreviation{"EEST", 180},
    Abbreviation{"MSK", 180},  Abbreviation{"EST", -300},  Abbreviation{"EDT", -240},  Abbreviation{"CDT", -300},
    Abbreviation{"MST", -420}, Abbreviation{"MDT", -360},  Abbreviation{"PST", -480},  Abbreviation{"PDT", -420},
    Abbreviation{"HST", -600}, Abbreviation{"AKST", -540}, Abbreviation{"AKDT", -480}, Abbreviation{"JST", 540},
    Abbreviation{"KST", 540},  Abbreviation{"HKT", 480},   Abbreviation{"SGT", 480},   Abbreviation{"AEST", 600},
    Abbreviation{"AEDT", 660}, Abbreviation{"ACST", 570},  Abbreviation{"ACDT", 630},  Abbreviation{"AWST", 480},
    Abbreviation{"NZST", 720}, Abbreviation{"NZDT", 780},  Abbreviation{"SAST", 120},  Abbreviation{"BRT", -180}};

struct Ambiguous {
    std::string_view name, meanings;
};
constexpr std::array ambiguousAbbreviations{Ambiguous{"CST", "America/Chicago, Asia/Shanghai or America/Havana"},
                                            Ambiguous{"IST", "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem"},
                                            Ambiguous{"BST", "Europe/London, Asia/Dhaka or Pacific/Bougainville"},
                                            Ambiguous{"AST", "America/Halifax or Asia/Riyadh"},
                                            Ambiguous{"ADT", "America/Halifax or Asia/Baghdad"},
                                            Ambiguous{"GST", "Asia/Dubai or Atlantic/South_Georgia"}};

Error unknownZone(std::string_view name, std::vector<std::string> known)
{
    for (const auto& each : ambiguousAbbreviations)
        if (each.name == name)
            return {ErrorCode::Config,
                    "the time zone \"" + std::string(name) + "\" is an abbreviation of more than one zone",
                    {},
                    "name the one that is meant: " + std::string(each.meanings)};
    known.emplace_back("UTC");
    const auto nearest = nearestWord(name, known);
    return {ErrorCode::Config,
            "there is no time zone \"" + displayText(name.substr(0, 60)) + "\"",
            {},
            nearest ? "did you mean " + *nearest + "?"
                    : "give an IANA name such as Europe/Berlin, an offset such as +01:00, or UTC"};
}
} // namespace

std::optional<DurationUs> abbreviatedOffset(std::string_view abbreviation)
{
    for (const auto& each : abbreviations)
        if (each.name == abbreviation)
            return each.minutes * minute_us;
    return std::nullopt;
}

std::vector<TimeZone::Rules::Span> TimeZone::Rules::spansOf(const date::time_zone& zone)
{
    std::vector<Span> spans;
    date::sys_seconds at{std::chrono::seconds(daysFromCivil(1900, 1, 1) * 86'400)};
    const date::sys_seconds last{std::chrono::seconds(daysFromCivil(2100, 1, 1) * 86'400)};
    while (at < last) {
        const auto info = zone.get_info(at);
        const DurationUs offset_us = info.offset.count() * second_us;
        const bool ends = info.end > at && info.end < last;
        const TimeUs end_us = ends ? info.end.time_since_epoch().count() * second_us : farFuture;
        if (!spans.empty() && spans.back().offset_us == offset_us)
            spans.back().endUtc_us = end_us;
        else
            spans.push_back({spans.empty() ? farPast : spans.back().endUtc_us, end_us, offset_us});
        at = ends ? info.end : last;
    }
    return spans;
}

TimeZone::TimeZone()
{
    static const auto utc = std::make_shared<const Rules>(Rules{.name = "UTC", .spans = {{farPast, farFuture, 0}}});
    m_rules = utc;
}

Result<TimeZone> TimeZone::named(std::string_view name)
{
    TimeZone zone;
    if (name == "UTC" || name == "Z")
        return zone;
    if (const auto offset_us = fixedOffset(name)) {
        zone.m_rules = std::make_shared<const Rules>(
            Rules{.name = offsetName(*offset_us), .spans = {{farPast, farFuture, *offset_us}}});
        return zone;
    }
    try {
        const auto& database = date::get_tzdb();
        const auto found = std::find_if(database.zones.begin(), database.zones.end(),
                                        [&](const date::time_zone& candidate) { return candidate.name() == name; });
        if (const auto offset_us = abbreviatedOffset(name); found == database.zones.end() && offset_us) {
            zone.m_rules = std::make_shared<const Rules>(
                Rules{.name = std::string(name), .spans = {{farPast, farFuture, *offset_us}}});
            return zone;
        }
        if (found == database.zones.end()) {
            std::vector<std::string> names;
            for (const auto& candidate : database.zones)
                names.push_back(candidate.name());
            return fail(unknownZone(name, std::move(names)));
        }
        zone.m_rules = std::make_shared<const Rules>(Rules{.name = std::string(name), .spans = Rules::spansOf(*found)});
        return zone;
    } catch (const std::exception& e) {
        return fail({ErrorCode::Config,
                     "the time zone database cannot be read: " + std::string(e.what()),
                     {},
                     "install the package tzdata, or give an offset such as +01:00"});
    }
}

const std::string& TimeZone::name() const
{
    return m_rules->name;
}

TimeUs TimeZone::toUtc(TimeUs local_us) const
{
    return fromLocal(local_us).utc_us;
}

LocalReading TimeZone::fromLocal(TimeUs local_us) const
{
    if (local_us == noTime)
        return {};
    const auto& spans = m_rules->spans;
    if (spans.size() == 1)
        return {.utc_us = local_us - spans.front().offset_us};
    // The first span whose wall clock has not ended yet: in a repeated hour that is the earlier of the two.
    const auto span = std::partition_point(spans.begin(), spans.end() - 1, [&](const Rules::Span& candidate) {
        return candidate.endUtc_us + candidate.offset_us <= local_us;
    });
    const TimeUs utc_us = local_us - span->offset_us;
    if (span != spans.begin() && utc_us < span->beginUtc_us)
        return {.utc_us = local_us - std::prev(span)->offset_us, .skipped = true};
    const auto next = std::next(span);
    const bool repeated = next != spans.end() && local_us - next->offset_us >= next->beginUtc_us;
    return {.utc_us = utc_us, .repeatedAfter_us = repeated ? span->offset_us - next->offset_us : 0};
}

bool TimeZone::isFixed() const
{
    return m_rules->spans.size() == 1;
}

LocalClock::LocalClock(TimeZone zone) : m_zone(std::move(zone)), m_isFixed(m_zone.isFixed())
{
    turnTo(0);
}

void LocalClock::turnTo(std::int64_t minute)
{
    m_minute = minute;
    m_ofMinute = m_zone.fromLocal(minute * minute_us);
    m_shift_us = m_ofMinute.utc_us - minute * minute_us;
}

DurationUs TimeZone::offsetAt(TimeUs utc_us) const
{
    const auto& spans = m_rules->spans;
    return std::partition_point(spans.begin(), spans.end() - 1,
                                [&](const Rules::Span& span) { return span.endUtc_us <= utc_us; })
        ->offset_us;
}

} // namespace faultline
