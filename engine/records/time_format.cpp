// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/time_format.h"
#include "engine/core/text.h"
#include "engine/records/time_reader.h"
#include <array>
#include <cctype>

namespace faultline::records
{

namespace
{

constexpr std::string_view knownDirectives = "YymbBhdejaAHkIlpMSfNLzZsFTRD%nt";
constexpr int placeholderLeapYear = 2000; // see MissingDate

struct Composite {
    char directive;
    std::string_view meaning;
};
constexpr std::array composites{Composite{'F', "%Y-%m-%d"}, Composite{'T', "%H:%M:%S"}, Composite{'R', "%H:%M"},
                                Composite{'D', "%m/%d/%y"}, Composite{'n', " "},        Composite{'t', " "}};

struct EpochWord {
    std::string_view word;
    std::int64_t unitsPerSecond;
};
constexpr std::array epochWords{EpochWord{"epoch s", 1}, EpochWord{"epoch ms", 1'000}, EpochWord{"epoch us", 1'000'000},
                                EpochWord{"epoch ns", 1'000'000'000}};

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

bool number(std::string_view& rest, std::size_t least, std::size_t most, int& value)
{
    std::size_t count = 0;
    value = 0;
    for (; count < most && count < rest.size() && detail::isDigit(rest[count]); ++count)
        value = value * 10 + (rest[count] - '0');
    rest.remove_prefix(count);
    return count >= least;
}

/// The index of the name that stands here, in full or by its first three letters, any case; -1 when none.
template <std::size_t N>
int name(std::string_view& rest, const std::array<std::string_view, N>& names)
{
    const auto starts = [&](std::string_view word) {
        if (rest.size() < word.size())
            return false;
        for (std::size_t i = 0; i < word.size(); ++i)
            if (std::tolower(static_cast<unsigned char>(rest[i])) != word[i])
                return false;
        return true;
    };
    for (std::size_t i = 0; i < N; ++i)
        for (const auto word : {names[i], names[i].substr(0, 3)})
            if (starts(word)) {
                rest.remove_prefix(word.size());
                return static_cast<int>(i);
            }
    return -1;
}

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> weekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};

bool fraction(std::string_view& rest, std::int64_t& micros)
{
    std::size_t count = 0;
    micros = 0;
    for (std::int64_t unit = 100'000; count < 9 && count < rest.size() && detail::isDigit(rest[count]);
         ++count, unit /= 10)
        micros += (rest[count] - '0') * unit;
    rest.remove_prefix(count);
    return count > 0;
}

bool zoneOffset(std::string_view& rest, DurationUs& offset_us)
{
    if (rest.starts_with('Z') || rest.starts_with('z')) {
        rest.remove_prefix(1);
        offset_us = 0;
        return true;
    }
    if (rest.empty() || (rest.front() != '+' && rest.front() != '-'))
        return false;
    const DurationUs sign = rest.front() == '-' ? -1 : 1;
    rest.remove_prefix(1);
    int hours = 0, minutes = 0;
    if (!number(rest, 2, 2, hours) || hours > 18)
        return false;
    const bool colon = rest.starts_with(':');
    rest.remove_prefix(colon ? 1 : 0);
    if ((colon || (!rest.empty() && detail::isDigit(rest.front()))) && (!number(rest, 2, 2, minutes) || minutes > 59))
        return false;
    offset_us = sign * (hours * hour_us + minutes * minute_us);
    return true;
}

} // namespace

/// What the directives have read so far.
struct TimeFormat::Parts {
    detail::Date date{.year = placeholderLeapYear};
    detail::Clock clock;
    int dayOfYear = 0;
    int half = -1; ///< 0 AM, 1 PM
    std::optional<DurationUs> offset_us;
    std::optional<TimeUs> sinceEpoch_us;
};

namespace
{

bool zoneName(std::string_view& rest, std::optional<DurationUs>& offset_us)
{
    std::size_t length = 0;
    while (length < rest.size() && std::isalpha(static_cast<unsigned char>(rest[length])) != 0)
        ++length;
    if (length == 0)
        return false;
    const auto word = rest.substr(0, length);
    offset_us = word == "Z" ? std::optional<DurationUs>(0) : abbreviatedOffset(word);
    rest.remove_prefix(length);
    return true;
}

/// A count since 1970, to microseconds.
bool count(std::string_view& rest, std::int64_t unitsPerSecond, std::optional<TimeUs>& time_us)
{
    std::size_t digits = 0;
    std::int64_t whole = 0;
    for (; digits < rest.size() && detail::isDigit(rest[digits]); ++digits) {
        if (digits >= 18 && (digits > 18 || whole > 900'000'000'000'000'000))
            return false;
        whole = whole * 10 + (rest[digits] - '0');
    }
    if (digits == 0)
        return false;
    rest.remove_prefix(digits);
    std::int64_t micros = 0;
    if (rest.size() > 1 && rest.front() == '.' && detail::isDigit(rest[1])) {
        rest.remove_prefix(1);
        (void)fraction(rest, micros);
    }
    constexpr std::int64_t latest_s = 253'402'300'800; // the year 10000
    if (whole / unitsPerSecond >= latest_s)
        return false;
    time_us =
        unitsPerSecond <= second_us ? whole * (second_us / unitsPerSecond) + micros / unitsPerSecond : whole / 1'000;
    return true;
}

} // namespace

Result<std::vector<TimeFormat::Item>> TimeFormat::itemsOf(std::string_view text)
{
    std::vector<Item> items;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c != '%') {
            if (!isBlank(c))
                items.push_back({'\0', c});
            else if (items.empty() || items.back().directive != ' ')
                items.push_back({' ', '\0'});
            continue;
        }
        const char directive = ++i < text.size() ? text[i] : '\0';
        if (directive == '\0' || knownDirectives.find(directive) == std::string_view::npos)
            return fail({ErrorCode::Config,
                         "the time format `" + displayText(text) + "` has the unknown directive `%" +
                             (directive == '\0' ? std::string() : displayText({&text[i], 1})) + "` at column " +
                             std::to_string(i),
                         {},
                         "known are %Y %y %m %b %d %j %a %H %I %p %M %S %f %z %Z %s %F %T %R %D %%"});
        if (directive == '%') {
            items.push_back({'\0', '%'});
            continue;
        }
        bool composite = false;
        for (const auto& each : composites)
            if (each.directive == directive) {
                const auto inner = itemsOf(each.meaning);
                items.insert(items.end(), inner->begin(), inner->end());
                composite = true;
            }
        if (!composite)
            items.push_back({directive, '\0'});
    }
    return items;
}

Result<TimeFormat> TimeFormat::compile(std::string_view text)
{
    TimeFormat format;
    format.m_text = std::string(text);
    const auto plain = trim(text);
    for (const auto& each : epochWords)
        if (plain == each.word) {
            format.m_epochUnitsPerSecond = each.unitsPerSecond;
            return format;
        }
    if (text.size() > 200)
        return fail(
            {ErrorCode::Config, "the time format is longer than 200 characters", {}, "is this the right text?"});
    auto items = itemsOf(text);
    if (!items)
        return fail(items.error());
    format.m_items = std::move(*items);
    if (format.has("s")) { // which reads a fraction by itself
        auto& all = format.m_items;
        for (std::size_t i = 0; i + 2 < all.size(); ++i)
            if (all[i].directive == 's' && all[i + 1].literal == '.' && all[i + 2].directive == 'f')
                all.erase(all.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                          all.begin() + static_cast<std::ptrdiff_t>(i) + 3);
        return format;
    }
    const bool clock = format.has("Hk") || (format.has("Il") && format.has("p"));
    const bool date = (format.has("mbBh") && format.has("de")) || format.has("j");
    if (!clock && !date)
        return fail({ErrorCode::Config,
                     "the time format `" + displayText(text) + "` has neither an hour nor a month with a day",
                     {},
                     "write it like %Y-%m-%d %H:%M:%S, or `auto`"});
    const bool year = format.has("Yy");
    format.m_missing = !date ? MissingDate::Day : year ? MissingDate::None : MissingDate::Year;
    return format;
}

bool TimeFormat::has(std::string_view directives) const
{
    for (const auto& item : m_items)
        if (item.directive != '\0' && directives.find(item.directive) != std::string_view::npos)
            return true;
    return false;
}

bool TimeFormat::take(const Item& item, std::string_view& rest, Parts& parts)
{
    const auto padded = [&](int& value) {
        while (!rest.empty() && isBlank(rest.front()))
            rest.remove_prefix(1);
        return number(rest, 1, 2, value);
    };
    DurationUs offset_us = 0;
    switch (item.directive) {
    case '\0':
        if (rest.empty() || rest.front() != item.literal)
            return false;
        rest.remove_prefix(1);
        return true;
    case ' ':
        while (!rest.empty() && isBlank(rest.front()))
            rest.remove_prefix(1);
        return true;
    case 'Y':
        return number(rest, 4, 4, parts.date.year);
    case 'y':
        if (!number(rest, 2, 2, parts.date.year))
            return false;
        parts.date.year += parts.date.year < 70 ? 2000 : 1900;
        return true;
    case 'm':
        return number(rest, 1, 2, parts.date.month);
    case 'b':
    case 'B':
    case 'h':
        parts.date.month = name(rest, months) + 1;
        return parts.date.month > 0;
    case 'd':
    case 'e':
        return padded(parts.date.day);
    case 'j':
        return number(rest, 1, 3, parts.dayOfYear) && parts.dayOfYear >= 1;
    case 'a':
    case 'A':
        return name(rest, weekdays) >= 0;
    case 'H':
    case 'k':
    case 'I':
    case 'l':
        return padded(parts.clock.hour);
    case 'p':
        if (rest.size() < 2 || (rest[1] | 0x20) != 'm' || ((rest[0] | 0x20) != 'a' && (rest[0] | 0x20) != 'p'))
            return false;
        parts.half = (rest[0] | 0x20) == 'p' ? 1 : 0;
        rest.remove_prefix(2);
        return true;
    case 'M':
        return number(rest, 1, 2, parts.clock.minute);
    case 'S':
        return number(rest, 1, 2, parts.clock.second);
    case 'f':
    case 'N':
    case 'L':
        return fraction(rest, parts.clock.micros);
    case 'z':
        if (!zoneOffset(rest, offset_us))
            return false;
        parts.offset_us = offset_us;
        return true;
    case 'Z':
        return zoneName(rest, parts.offset_us);
    case 's':
        return count(rest, 1, parts.sinceEpoch_us);
    default:
        return false;
    }
}

std::optional<TimeFormat::Reading> TimeFormat::read(std::string_view text) const
{
    auto rest = trim(text);
    Parts parts;
    if (m_epochUnitsPerSecond != 0)
        return count(rest, m_epochUnitsPerSecond, parts.sinceEpoch_us) && rest.empty()
                   ? std::optional(Reading{*parts.sinceEpoch_us, true})
                   : std::nullopt;
    for (const auto& item : m_items)
        if (!take(item, rest, parts))
            return std::nullopt;
    if (!rest.empty())
        return std::nullopt;
    if (parts.sinceEpoch_us)
        return Reading{*parts.sinceEpoch_us + parts.clock.micros, true};
    if (parts.half >= 0) {
        if (parts.clock.hour < 1 || parts.clock.hour > 12)
            return std::nullopt;
        parts.clock.hour = parts.clock.hour % 12 + 12 * parts.half;
    }
    if (m_missing == MissingDate::Day)
        parts.date = {};
    if (!detail::inRange(parts.date) || !detail::inRange(parts.clock) || parts.dayOfYear > 366)
        return std::nullopt;
    if (parts.dayOfYear == 366 && !detail::inRange({.year = parts.date.year, .month = 2, .day = 29}))
        return std::nullopt;
    auto time_us = detail::timeOf(parts.date, parts.clock);
    if (parts.dayOfYear > 0)
        time_us += (parts.dayOfYear - 1) * day_us;
    const bool zoned = parts.offset_us.has_value() && m_missing == MissingDate::None;
    return Reading{zoned ? time_us - *parts.offset_us : time_us, zoned};
}

} // namespace faultline::records
