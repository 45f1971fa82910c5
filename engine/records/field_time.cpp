// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/field_time.h"
#include "engine/core/text.h"
#include "engine/records/clock_changes.h"
#include "engine/records/field_roles.h"
#include "engine/records/zone_text.h"
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace faultline::records
{

namespace
{
constexpr double earliestPlausible_s = 631'152'000.0; // 1990-01-01
constexpr double latestPlausible_s = 4'102'444'800.0; // 2100-01-01
constexpr std::array<std::int64_t, 4> epochUnits{1, 1'000, 1'000'000, 1'000'000'000};
// Narrow shapes first: the first of those that read equally many values wins.
constexpr std::array shapesByTrust{TimeShape::IsoDateTime,     TimeShape::ClfDate,      TimeShape::CtimeDate,
                                   TimeShape::DayMonthYear,    TimeShape::SyslogDate,   TimeShape::GlogDate,
                                   TimeShape::CompactDateTime, TimeShape::MonthDayTime, TimeShape::DateOnly};
constexpr double neededShare = 0.9;
constexpr int placeholderYear = 2000; // see MissingDate

constexpr double anyEpochEnd_s = 253'402'300'800.0; // the year 10000

/// The unit of numbers that are times whatever their size: seconds reach to 5138, so that shorter numbers are seconds.
std::int64_t unitOfSize(std::span<const std::string_view> values)
{
    std::vector<double> numbers;
    for (const auto value : values)
        if (const auto number = readNumber(trim(value)))
            numbers.push_back(*number);
    if (numbers.empty())
        return 0;
    const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
    std::nth_element(numbers.begin(), middle, numbers.end());
    return *middle < 1e11 ? 1 : *middle < 1e14 ? 1'000 : *middle < 1e17 ? 1'000'000 : 1'000'000'000;
}

bool plausibleEpoch(double number, std::int64_t unitsPerSecond)
{
    const auto unit = static_cast<double>(unitsPerSecond);
    return number >= earliestPlausible_s * unit && number < latestPlausible_s * unit;
}

std::string_view withoutBrackets(std::string_view text)
{
    text = trim(text);
    if (text.size() > 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    return text;
}
} // namespace

std::int64_t epochUnitsPerSecond(double number)
{
    for (const auto unit : epochUnits) {
        if (plausibleEpoch(number, unit))
            return unit;
    }
    return 0;
}

std::optional<FieldTime> FieldTime::learn(const Question& question)
{
    FieldTime best;
    const auto consider = [&](FieldTime candidate) {
        candidate.m_tailAllowed = question.tailAllowed;
        candidate.m_reading.assumedYear = question.assumedYear;
        if (question.options != nullptr) {
            candidate.m_zone = question.options->zone;
            candidate.m_zoneGiven = question.options->zoneGiven;
        }
        if (candidate.m_shape == TimeShape::DayMonthYear)
            candidate.chooseDayOrder(question.values);
        candidate.m_fit = candidate.fitOf(question.values);
        if (candidate.m_fit.read > best.m_fit.read)
            best = std::move(candidate);
    };
    for (const auto unit : epochUnits) {
        FieldTime candidate;
        candidate.m_unitsPerSecond = unit;
        consider(std::move(candidate));
    }
    for (const auto shape : shapesByTrust) {
        FieldTime candidate;
        candidate.m_shape = shape;
        consider(std::move(candidate));
    }
    if (best.m_fit.read == 0 && question.asked) {
        FieldTime candidate;
        candidate.m_unitsPerSecond = unitOfSize(question.values);
        candidate.m_anyEpoch = true;
        if (candidate.isEpoch())
            consider(std::move(candidate));
    }
    const auto& fit = best.m_fit;
    if (fit.read == 0 || static_cast<double>(fit.read) < neededShare * static_cast<double>(fit.present))
        return std::nullopt;
    for (const auto value : question.values) {
        if (const auto reading = best.readLocal(value)) {
            best.m_zoneInText = reading->hasZone;
            best.m_example = std::string(value.substr(0, 64));
            if (!reading->hasYear && !reading->hasZone) {
                best.m_missing = MissingDate::Year;
                best.m_reading.assumedYear = placeholderYear;
            }
            break;
        }
    }
    return best;
}

/// Takes the order of day, month and two-digit year that reads most values, the first of equals.
void FieldTime::chooseDayOrder(std::span<const std::string_view> values)
{
    auto best = m_reading;
    std::size_t mostRead = 0;
    for (const bool shortYearFirst : {true, false})
        for (const bool dayFirst : {true, false}) {
            m_reading.shortYearFirst = shortYearFirst;
            m_reading.dayFirst = dayFirst;
            if (const auto read = fitOf(values).read; read > mostRead) {
                best = m_reading;
                mostRead = read;
            }
        }
    m_reading = best;
    auto swapped = *this;
    swapped.m_reading.dayFirst = !best.dayFirst;
    const auto readsOtherwise = [&](std::string_view value) {
        const auto here = readLocal(value);
        const auto there = swapped.readLocal(value);
        return here && there && here->time_us != there->time_us;
    };
    m_ambiguousDayMonth =
        swapped.fitOf(values).read == mostRead && std::any_of(values.begin(), values.end(), readsOtherwise);
}

FieldTime::Fit FieldTime::fitOf(std::span<const std::string_view> values) const
{
    Fit fit;
    std::size_t backwards = 0;
    TimeUs last = noTime;
    for (const auto value : values) {
        if (isMissingText(value))
            continue;
        ++fit.present;
        const auto reading = readLocal(value);
        if (!reading)
            continue;
        ++fit.read;
        backwards += reading->time_us < last ? 1U : 0U;
        last = reading->time_us;
    }
    fit.ordered = fit.read > 1 && backwards * 20 <= fit.read;
    return fit;
}

std::optional<FieldTime::Reading> FieldTime::readLocal(std::string_view text) const
{
    if (isEpoch()) {
        const auto plain = trim(text);
        std::int64_t whole = 0;
        const auto [end, problem] = std::from_chars(plain.data(), plain.data() + plain.size(), whole);
        std::optional<TimeUs> time_us;
        if (problem == std::errc{} && end == plain.data() + plain.size())
            time_us = read(whole);
        else if (const auto number = readNumber(plain))
            time_us = read(*number);
        return time_us ? std::optional(Reading{*time_us, true, true}) : std::nullopt;
    }
    const auto plain = withoutBrackets(text);
    const auto parsed = parseTime(m_shape, plain, m_reading);
    if (!parsed)
        return std::nullopt;
    const auto tail = plain.substr(parsed->length);
    if (!tail.empty() && !(m_tailAllowed && tail.front() == ' '))
        return std::nullopt;
    return Reading{parsed->time_us, parsed->hasZone, parsed->hasYear};
}

std::optional<ZonedTime> FieldTime::readZoned(std::string_view text) const
{
    const auto reading = readLocal(text);
    return reading ? std::optional(zoned(*reading)) : std::nullopt;
}

ZonedTime FieldTime::zoned(const Reading& reading) const
{
    if (m_missing == MissingDate::Year) {
        if (!reading.hasYear)
            return ZonedTime{reading.time_us};
        auto civil = toCivil(reading.time_us);
        civil.year = placeholderYear;
        return ZonedTime{fromCivil(civil)};
    }
    if (reading.hasZone)
        return ZonedTime{reading.time_us};
    const auto local = m_zone.fromLocal(reading.time_us);
    return ZonedTime{local.utc_us, clockFlags(local)};
}

std::optional<TimeUs> FieldTime::read(std::string_view text) const
{
    const auto reading = readZoned(text);
    return reading ? std::optional(reading->time_us) : std::nullopt;
}

bool FieldTime::plausible(double number) const
{
    if (m_anyEpoch)
        return number >= 0 && number < anyEpochEnd_s * static_cast<double>(m_unitsPerSecond) &&
               number < 9.2e18; // an int64 of nanoseconds
    return plausibleEpoch(number, m_unitsPerSecond);
}

std::optional<TimeUs> FieldTime::read(std::int64_t number) const
{
    if (!isEpoch() || !plausible(static_cast<double>(number)))
        return std::nullopt;
    return m_unitsPerSecond <= second_us ? number * (second_us / m_unitsPerSecond) : number / 1'000;
}

std::optional<TimeUs> FieldTime::read(double number) const
{
    if (!isEpoch() || !plausible(number))
        return std::nullopt;
    // The whole part apart: a double holds microseconds since 1970 exactly, but not after a multiplication that rounds.
    const double whole = std::floor(number);
    const double scale = static_cast<double>(second_us) / static_cast<double>(m_unitsPerSecond);
    return static_cast<TimeUs>(std::llround(whole * scale) + std::llround((number - whole) * scale));
}

std::string FieldTime::format() const
{
    switch (m_unitsPerSecond) {
    case 1:
        return "epoch seconds";
    case 1'000:
        return "epoch milliseconds";
    case 1'000'000:
        return "epoch microseconds";
    case 1'000'000'000:
        return "epoch nanoseconds";
    default:
        return timeShapeName(m_shape);
    }
}

std::string FieldTime::zone() const
{
    if (isEpoch())
        return "UTC (counted since 1970)";
    if (m_zoneInText)
        return zoneInText(m_example) + " (in each line)";
    return m_zone.name() + (m_zoneGiven ? " (given)" : " (assumed)");
}

} // namespace faultline::records
