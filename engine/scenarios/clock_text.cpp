// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/clock_text.h"

namespace faultline::scenarios
{

namespace
{
char* putTwoDigits(char* at, int value)
{
    *at++ = static_cast<char>('0' + value / 10);
    *at++ = static_cast<char>('0' + value % 10);
    return at;
}

char* putYear(char* at, int year)
{
    return putTwoDigits(putTwoDigits(at, year / 100), year % 100);
}

char* putTimeOfDay(char* at, const CivilTime& civil)
{
    at = putTwoDigits(at, civil.hour);
    *at++ = ':';
    at = putTwoDigits(at, civil.minute);
    *at++ = ':';
    return putTwoDigits(at, civil.second);
}

void fill(ClockText::Second& text, const CivilTime& civil)
{
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char* at = putYear(text.iso.data(), civil.year);
    *at++ = '-';
    at = putTwoDigits(at, civil.month);
    *at++ = '-';
    at = putTwoDigits(at, civil.day);
    *at++ = 'T';
    putTimeOfDay(at, civil);

    at = putTwoDigits(text.accessLog.data(), civil.day);
    *at++ = '/';
    for (const char c : months.substr(static_cast<std::size_t>(civil.month - 1) * 3, 3))
        *at++ = c;
    *at++ = '/';
    at = putYear(at, civil.year);
    *at++ = ':';
    putTimeOfDay(at, civil);
}
} // namespace

const ClockText::Second& ClockText::at(TimeUs time_us)
{
    const auto second = time_us / second_us;
    auto& slot = m_seconds[static_cast<std::size_t>(second) % m_seconds.size()];
    if (slot.second != second) {
        slot.second = second;
        fill(slot, toCivil(second * second_us));
    }
    return slot;
}

} // namespace faultline::scenarios
