// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/field_roles.h"
#include "engine/records/key_value_syntax.h"
#include "engine/records/timestamp.h"
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace faultline::records
{

namespace
{
constexpr std::size_t longestSyslogHeader = 256;

/// Severities go from 0 to 10, or have names of their own.
std::string_view levelWord(std::string_view severity)
{
    const auto number = readNumber(severity);
    if (number)
        return *number >= 9.0 ? "critical" : *number >= 7.0 ? "error" : *number >= 4.0 ? "warn" : "info";
    if (severity == "Very-High")
        return "critical";
    return severity == "High" ? "error" : severity == "Medium" ? "warn" : "info";
}

/// The field before the next bar that is not escaped; what follows the bar stays in `rest`. nullopt when there is none.
std::optional<std::string_view> takeField(std::string_view& rest)
{
    for (std::size_t at = 0; at < rest.size(); ++at) {
        if (rest[at] == '\\') {
            ++at;
        } else if (rest[at] == '|') {
            const auto field = rest.substr(0, at);
            rest.remove_prefix(at + 1);
            return field;
        }
    }
    return std::nullopt;
}

/// `Mar 12 2026 14:03:30.5`, which both formats allow, as a time that is known elsewhere: `2026-03-12 14:03:30.5`.
std::string_view plainTime(std::string_view value, KeyValueRecord& record)
{
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto isDigit = [&](std::size_t i) { return value[i] >= '0' && value[i] <= '9'; };
    if (value.size() < 20 || value[3] != ' ' || value[6] != ' ' || value[11] != ' ' || !isDigit(5) || !isDigit(7) ||
        !isDigit(10))
        return value;
    const auto month = months.find(value.substr(0, 3));
    if (month == std::string_view::npos || month % 3 != 0)
        return value;
    auto& text = record.text();
    text.append(value.substr(7, 4)).append(month / 3 < 9 ? "-0" : "-").append(std::to_string(month / 3 + 1));
    text.append(1, '-').append(1, value[4] == ' ' ? '0' : value[4]).append(value.substr(5, 1)).append(1, ' ');
    return text.append(value.substr(12, value.find(' ', 12) - 12));
}

/// Time and host of a syslog header before the event.
void takeSyslogHeader(std::string_view header, KeyValueRecord& record)
{
    std::size_t position = 0;
    const auto time = findTime(header, 16, position, {.assumedYear = 2000});
    if (!time)
        return;
    record.add("headerTime", header.substr(position, time->second.length));
    const auto rest = trim(header.substr(position + time->second.length));
    if (const auto host = rest.substr(0, rest.find(' ')); !host.empty())
        record.add("host", host);
}

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-' || c == '[' || c == ']';
}

/// Values of CEF's extension run until the next `key=`.
void takeExtension(std::string_view text, KeyValueRecord& record)
{
    auto equals = text.find('=');
    while (equals != std::string_view::npos) {
        auto start = equals;
        while (start > 0 && isWordByte(text[start - 1]))
            --start;
        const auto key = text.substr(start, equals - start);
        auto next = equals;
        std::size_t end = text.size();
        while ((next = text.find('=', next + 1)) != std::string_view::npos) {
            auto word = next;
            while (word > equals + 1 && isWordByte(text[word - 1]))
                --word;
            if (text[next - 1] == '\\' || word == next || word == equals + 1 || text[word - 1] != ' ')
                continue;
            end = word - 1;
            break;
        }
        if (!key.empty())
            record.add(key, unescaped(trim(text.substr(equals + 1, end - equals - 1)), record));
        equals = next;
    }
}

/// cn1=5 cn1Label=Retries: the label is the name.
void applyLabels(KeyValueRecord& record)
{
    constexpr std::string_view ending = "Label";
    auto& pairs = record.pairs();
    for (const auto& label : std::vector(pairs)) {
        if (!label.key.ends_with(ending) || label.value.empty())
            continue;
        const auto base = label.key.substr(0, label.key.size() - ending.size());
        for (auto& pair : pairs)
            if (pair.key == base)
                pair.key = label.value;
    }
    std::erase_if(pairs, [&](const auto& pair) { return pair.key.ends_with(ending); });
}

void settle(KeyValueRecord& record, std::string_view name)
{
    for (auto& pair : record.pairs()) {
        for (const std::string_view time : {"rt", "start", "end", "devTime"})
            if (pair.key == time)
                pair.value = plainTime(pair.value, record);
        if (pair.key == "dvchost" || pair.key == "devname")
            pair.key = "host";
    }
    const auto message = record["msg"];
    record.message = message.empty() ? name : message;
}

/// `LEEF:2.0|...|^|` and `|x5E|`: the delimiter of the pairs; a tab when none is declared.
char takeDelimiter(std::string_view& rest)
{
    const auto bar = rest.find('|');
    if (bar == std::string_view::npos || bar > 4 || rest.substr(0, bar).find('=') != std::string_view::npos)
        return '\t';
    auto declared = rest.substr(0, bar);
    rest.remove_prefix(bar + 1);
    if (declared.size() == 1)
        return declared.front();
    unsigned value = 0;
    for (const char c : declared.substr(std::min(declared.size(), declared.find_first_of("xX") + 1))) {
        const int digit = c >= '0' && c <= '9'                     ? c - '0'
                          : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                   : -1;
        if (digit < 0)
            return '\t';
        value = value * 16 + static_cast<unsigned>(digit);
    }
    return value == 0 || value > 127 ? '\t' : static_cast<char>(value);
}
} // namespace

bool readCef(std::string_view line, KeyValueRecord& record)
{
    record.clear();
    const auto start = line.substr(0, longestSyslogHeader).find("CEF:");
    if (start == std::string_view::npos || (start > 0 && isWordByte(line[start - 1])))
        return false;
    auto rest = line.substr(start + 4);
    std::array<std::string_view, 7> header; // version, vendor, product, version, signature, name, severity
    for (auto& field : header) {
        const auto taken = takeField(rest);
        if (!taken && &field != &header.back())
            return false;
        field = taken ? *taken : std::exchange(rest, {});
    }
    takeSyslogHeader(line.substr(0, start), record);
    constexpr std::array<std::string_view, 4> names{"deviceVendor", "deviceProduct", "deviceVersion", "signatureId"};
    for (std::size_t i = 0; i < names.size(); ++i)
        record.add(names[i], unescaped(header[i + 1], record));
    const auto name = unescaped(header[5], record);
    record.add("name", name);
    record.add("severity", levelWord(trim(header[6])));
    takeExtension(rest, record);
    applyLabels(record);
    settle(record, name);
    return true;
}

bool readLeef(std::string_view line, KeyValueRecord& record)
{
    record.clear();
    const auto start = line.substr(0, longestSyslogHeader).find("LEEF:");
    if (start == std::string_view::npos || (start > 0 && isWordByte(line[start - 1])))
        return false;
    auto rest = line.substr(start + 5);
    const bool second = rest.starts_with("2.");
    std::array<std::string_view, 5> header; // version, vendor, product, version, event
    for (auto& field : header) {
        const auto taken = takeField(rest);
        if (!taken)
            return false;
        field = *taken;
    }
    takeSyslogHeader(line.substr(0, start), record);
    constexpr std::array<std::string_view, 4> names{"deviceVendor", "deviceProduct", "deviceVersion", "eventId"};
    for (std::size_t i = 0; i < names.size(); ++i)
        record.add(names[i], unescaped(header[i + 1], record));
    const char delimiter = second ? takeDelimiter(rest) : '\t';
    for (const auto pair : split(rest, delimiter)) {
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0)
            continue;
        const auto key = trim(pair.substr(0, equals));
        const auto value = trim(pair.substr(equals + 1));
        record.add(key == "sev" ? "severity" : key, key == "sev" ? levelWord(value) : value);
    }
    settle(record, header[4]);
    return true;
}

} // namespace faultline::records
