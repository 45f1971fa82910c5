// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/time_reader.h"
#include "engine/records/time_shapes.h"

/// The shapes that count seconds instead of naming a date.
namespace faultline::records::detail
{

std::optional<ParsedTime> parseEpoch(std::string_view text)
{
    Reader reader(text);
    const auto digits = reader.digitRun();
    std::int64_t value = 0;
    for (std::size_t i = 0; i < digits && i < 19; ++i)
        value = value * 10 + (text[i] - '0');
    reader.skip(digits);
    std::int64_t unit_us = 0;
    if (digits == 9 || digits == 10)
        unit_us = second_us;
    else if (digits == 13)
        unit_us = 1000;
    else if (digits == 16)
        unit_us = 1;
    else if (digits == 19)
        value /= 1000, unit_us = 1;
    // From September 2001 back to July 1998, and on to September 2039: other numbers of this length are hardly times.
    constexpr TimeUs earliest = 900'000'000 * second_us, latest = 2'200'000'000 * second_us;
    const auto time_us = value * unit_us;
    if (unit_us == 0 || time_us < earliest || time_us > latest)
        return std::nullopt;
    Clock fraction;
    if (unit_us == second_us)
        reader.decimals(fraction);
    if (!reader.ok() || !reader.atWordEnd())
        return std::nullopt;
    return ParsedTime{.time_us = time_us + fraction.micros,
                      .length = static_cast<std::uint32_t>(reader.position() - text.data()),
                      .hasZone = true};
}

/// D. J. Bernstein's TAI64N labels as daemontools writes them: `@`, 2^62 + 10 + seconds since 1970 in 16 hexadecimal
/// digits, nanoseconds in eight. daemontools counts no leap seconds, so 10 is the whole difference to POSIX time.
std::optional<ParsedTime> parseTai64(std::string_view text)
{
    constexpr std::size_t secondDigits = 16, allDigits = 24;
    constexpr std::int64_t epoch = (std::int64_t{1} << 62) + 10;
    if (text.empty() || text[0] != '@')
        return std::nullopt;
    std::uint64_t seconds = 0, nanos = 0;
    std::size_t i = 0;
    for (; i < allDigits && i + 1 < text.size(); ++i) {
        const char c = text[i + 1];
        const auto folded = static_cast<char>(c | 0x20);
        const int digit = isDigit(c) ? c - '0' : folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
        if (digit < 0)
            break;
        auto& value = i < secondDigits ? seconds : nanos;
        value = value * 16 + static_cast<std::uint64_t>(digit);
    }
    constexpr std::int64_t latest_s = 9'000'000'000; // year 2255, as far as microseconds since 1970 are dates here
    if ((i != secondDigits && i != allDigits) || seconds < static_cast<std::uint64_t>(epoch) ||
        seconds > static_cast<std::uint64_t>(epoch + latest_s) || nanos >= 1'000'000'000)
        return std::nullopt;
    Reader reader(text);
    reader.skip(i + 1);
    if (!reader.atWordEnd())
        return std::nullopt;
    return ParsedTime{.time_us = (static_cast<std::int64_t>(seconds) - epoch) * second_us +
                                 static_cast<std::int64_t>(nanos / 1000),
                      .length = static_cast<std::uint32_t>(i + 1),
                      .hasZone = true};
}

} // namespace faultline::records::detail
