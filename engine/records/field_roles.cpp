// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/field_roles.h"
#include "engine/records/decimal.h"
#include <algorithm>
#include <array>
#include <span>

namespace faultline::records
{

namespace
{
// Best guess first.
constexpr std::array<std::string_view, 22> timeNames{
    "timestamp",   "time",        "datetime",  "ts",        "eventtime", "logtime",
    "date",        "createdat",   "startedat", "starttime", "eventdate", "realtimetimestamp",
    "timelocal",   "timeiso8601", "asctime",   "when",      "t",         "unixtime",
    "epochsecond", "timemillis",  "rt",        "devtime"};
// What a thing's time is named after: when something came about lately says more of a record than when the thing that
// it speaks of began.
constexpr std::array<std::string_view, 5> happeningWords{"last", "event", "occurred", "observed", "logged"};
constexpr std::array<std::string_view, 6> beginningWords{"created", "creation", "start", "first", "begin", "birth"};
constexpr std::array<std::string_view, 30> entityNames{
    "entity",           "service",       "servicename", "microservice", "pod",        "podname",
    "container",        "containername", "app",         "application",  "appname",    "systemdunit",
    "syslogidentifier", "instance",      "instanceid",  "host",         "hostname",   "machine",
    "machineid",        "node",          "nodename",    "server",       "servername", "device",
    "deviceid",         "sensorid",      "kpiid",       "vm",           "component",  "logger"};
constexpr std::array<std::string_view, 10> levelNames{"level",       "severity", "loglevel",     "lvl",
                                                      "levelname",   "priority", "severitytext", "syslogpriority",
                                                      "logseverity", "l"};
constexpr std::array<std::string_view, 13> messageNames{"message",      "msg",         "log",  "content", "logmessage",
                                                        "event",        "description", "text", "body",    "line",
                                                        "shortmessage", "m",           "mt"};
constexpr std::array<std::string_view, 24> truthNames{
    "label",       "labels",        "islabel",  "anomaly",   "anomalies",   "isanomaly", "anomalous",   "anomalylabel",
    "changepoint", "ischangepoint", "outlier",  "isoutlier", "groundtruth", "truth",     "target",      "class",
    "isfault",     "faultlabel",    "isattack", "attack",    "attacklabel", "verdict",   "anomalytype", "gtlabel"};
constexpr std::array<std::string_view, 13> counterNames{"",   "index", "idx", "id",     "row",      "rowid",   "rownum",
                                                        "no", "nr",    "seq", "lineid", "unnamed0", "recordid"};

constexpr std::array<std::string_view, 10> statusNames{
    "status",         "statuscode",   "scstatus",           "httpstatus",         "httpstatuscode",
    "responsestatus", "responsecode", "statuscoderesponse", "edgeresponsestatus", "respstatus"};
constexpr std::array<std::string_view, 8> zoneNames{"timezone",   "tz",       "timezonename",   "tzname",
                                                    "timezoneid", "tzoffset", "timezoneoffset", "utcoffset"};
constexpr std::array<std::string_view, 6> fractionNames{"nanoofsecond", "nanos", "nanoseconds",
                                                        "nanosecond",   "nsec",  "nano"};
constexpr std::array<std::string_view, 14> eventNames{"event", "eventname", "eventtype", "action", "type",
                                                      "kind",  "operation", "method",    "reason", "op",
                                                      "verb",  "csmethod",  "path",      "uri"};
constexpr std::array<std::string_view, 18> identifierNames{"ses",    "port", "inode", "dev", "syscall", "arch",
                                                           "serial", "exit", "a0",    "a1",  "a2",      "a3",
                                                           "mode",   "rdev", "proto", "spt", "dpt",     "item"};
constexpr std::array<std::string_view, 22> seriesNames{
    "metric",     "metricname", "series",    "seriesname", "variable", "measurement", "field",     "kpi",
    "kpiname",    "parameter",  "indicator", "counter",    "signal",   "channel",     "counterid", "countername",
    "sensorname", "tag",        "tagname",   "attribute",  "item",     "quantity"};
constexpr std::array<std::string_view, 8> seriesValueNames{"value",       "val",   "reading",      "metricvalue",
                                                           "measurement", "datum", "countervalue", "samplevalue"};
constexpr std::array<std::string_view, 17> missingWords{"-",       "?",   "nan",  "na",   "n/a", "null",
                                                        "none",    "nil", "-nan", "#n/a", "--",  "(null)",
                                                        "missing", "\\n", "nat",  "<na>", "#na"};

/// Lower case letters and digits only, at most 63 of them; longer names suggest nothing.
class PlainName
{
public:
    explicit PlainName(std::string_view name)
    {
        for (const char c : name) {
            const bool upper = c >= 'A' && c <= 'Z';
            if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
                continue;
            if (m_size == m_text.size()) {
                m_size = 0;
                m_tooLong = true;
                return;
            }
            m_text[m_size++] = upper ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    [[nodiscard]] bool tooLong() const { return m_tooLong; }
    [[nodiscard]] std::string_view text() const { return {m_text.data(), m_size}; }

private:
    std::array<char, 63> m_text{};
    std::size_t m_size = 0;
    bool m_tooLong = false;
};

std::optional<int> rankAmong(std::string_view name, std::span<const std::string_view> known)
{
    const PlainName plain(name);
    if (plain.tooLong())
        return std::nullopt;
    const auto found = std::find(known.begin(), known.end(), plain.text());
    return found == known.end() ? std::nullopt : std::optional(static_cast<int>(found - known.begin()));
}

/// The rank of the whole name, or of the last part of a dotted one behind all whole names.
std::optional<int> dottedRank(std::string_view name, std::span<const std::string_view> known)
{
    if (const auto rank = rankAmong(name, known))
        return rank;
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos)
        return std::nullopt;
    const auto rank = rankAmong(name.substr(dot + 1), known);
    return rank ? std::optional(*rank + static_cast<int>(known.size())) : std::nullopt;
}

std::string_view withoutBlanks(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}
} // namespace

std::optional<int> timeNameRank(std::string_view name)
{
    constexpr int known = 2 * static_cast<int>(timeNames.size());
    constexpr int beginning = known + 10;
    const PlainName plain(name);
    const PlainName lastPart(name.substr(name.rfind('.') + 1)); // npos + 1 is 0
    const auto holds = [&](std::string_view word) { return lastPart.text().find(word) != std::string_view::npos; };
    const bool begins = std::any_of(beginningWords.begin(), beginningWords.end(), holds);
    if (const auto rank = dottedRank(name, timeNames))
        return begins ? *rank + beginning : *rank;
    // `TimeUnixNano`, `lastTimestamp`, `update date`: named after time, though not in a way we know.
    for (const std::string_view part : {"timestamp", "datetime", "time", "date"})
        if (plain.text().starts_with(part) || plain.text().ends_with(part)) {
            const bool happens = std::any_of(happeningWords.begin(), happeningWords.end(), holds);
            return begins ? known + beginning : happens ? known : known + 1;
        }
    return std::nullopt;
}

bool isTimeName(std::string_view name)
{
    return rankAmong(name, timeNames).has_value();
}

bool isZoneName(std::string_view name)
{
    return dottedRank(name, zoneNames).has_value();
}

std::optional<int> entityNameRank(std::string_view name)
{
    return dottedRank(name, entityNames);
}

std::optional<int> levelNameRank(std::string_view name)
{
    return dottedRank(name, levelNames);
}

std::optional<int> messageNameRank(std::string_view name)
{
    return dottedRank(name, messageNames);
}

bool isStatusName(std::string_view name)
{
    return dottedRank(name, statusNames).has_value();
}

bool isFractionName(std::string_view name)
{
    return dottedRank(name, fractionNames).has_value();
}

bool isEventName(std::string_view name)
{
    return dottedRank(name, eventNames).has_value();
}

bool isClientName(std::string_view name)
{
    const PlainName plain(name);
    const auto holds = [&](std::string_view part) { return plain.text().find(part) != std::string_view::npos; };
    return holds("useragent") || holds("referer") || holds("referrer") || holds("cookie");
}

bool isIdentifierName(std::string_view name)
{
    if (dottedRank(name, identifierNames))
        return true;
    const PlainName plain(name);
    return plain.text().ends_with("id") || plain.text().ends_with("port");
}

bool isTruthName(std::string_view name)
{
    return dottedRank(name, truthNames).has_value();
}

bool isCounterName(std::string_view name)
{
    return rankAmong(name, counterNames).has_value();
}

std::string unitOfName(std::string_view name)
{
    const auto close = name.empty() ? '\0' : name.back();
    if (close == ')' || close == ']') {
        const auto open = name.rfind(close == ')' ? '(' : '[');
        if (open == std::string_view::npos || name.size() - open > 14)
            return {};
        return std::string(withoutBlanks(name.substr(open + 1, name.size() - open - 2)));
    }
    constexpr std::array<std::pair<std::string_view, std::string_view>, 14> endings{{{"_ms", "ms"},
                                                                                     {"_millis", "ms"},
                                                                                     {"_us", "us"},
                                                                                     {"_ns", "ns"},
                                                                                     {"_seconds", "s"},
                                                                                     {"_sec", "s"},
                                                                                     {"_bytes", "B"},
                                                                                     {"_kb", "kB"},
                                                                                     {"_mb", "MB"},
                                                                                     {"_gb", "GB"},
                                                                                     {"_percent", "%"},
                                                                                     {"_pct", "%"},
                                                                                     {"_celsius", "°C"},
                                                                                     {"_percentage", "%"}}};
    for (const auto& [ending, unit] : endings)
        if (name.ends_with(ending))
            return std::string(unit);
    return {};
}

bool isIdName(std::string_view name)
{
    // The last word of the name: behind a separator, or capital behind a small letter.
    std::size_t start = name.size();
    while (start > 0 && ((name[start - 1] | 0x20) >= 'a' && (name[start - 1] | 0x20) <= 'z')) {
        --start;
        const bool hump =
            start > 0 && name[start] >= 'A' && name[start] <= 'Z' && name[start - 1] >= 'a' && name[start - 1] <= 'z';
        if (hump)
            break;
    }
    const PlainName word(name.substr(start));
    return word.text() == "id" || word.text() == "uuid" || word.text() == "guid";
}

std::optional<int> seriesNameRank(std::string_view name)
{
    const PlainName plain(name);
    return plain.text() == "name" ? std::optional(weakSeriesNameRank) : dottedRank(name, seriesNames);
}

bool isSeriesValueName(std::string_view name)
{
    return dottedRank(name, seriesValueNames).has_value();
}

bool isMissingText(std::string_view text)
{
    text = withoutBlanks(text);
    if (text.empty())
        return true;
    if (text.size() > 7)
        return false;
    std::array<char, 7> lower{};
    std::transform(text.begin(), text.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const std::string_view plain(lower.data(), text.size());
    return std::find(missingWords.begin(), missingWords.end(), plain) != missingWords.end();
}

std::optional<double> readBoolean(std::string_view text)
{
    if (text.size() < 2 || text.size() > 5)
        return std::nullopt;
    std::array<char, 5> lower{};
    std::transform(text.begin(), text.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const std::string_view plain(lower.data(), text.size());
    if (plain == "true" || plain == "yes" || plain == "on")
        return 1.0;
    return plain == "false" || plain == "no" || plain == "off" ? std::optional(0.0) : std::nullopt;
}

std::optional<double> readNumber(std::string_view text)
{
    text = withoutBlanks(text);
    if (text.size() > 1 && text.front() == '+' && text[1] != '-')
        text.remove_prefix(1);
    return readDecimal(text);
}

Level levelOfNumber(double number)
{
    if (number >= 10.0 && number <= 60.0)
        return number >= 60.0   ? Level::Fatal
               : number >= 50.0 ? Level::Error
               : number >= 40.0 ? Level::Warn
               : number >= 30.0 ? Level::Info
                                : Level::Debug;
    if (number >= 0.0 && number <= 7.0)
        return number <= 2.0   ? Level::Fatal
               : number <= 3.0 ? Level::Error
               : number <= 4.0 ? Level::Warn
               : number <= 6.0 ? Level::Info
                               : Level::Debug;
    return Level::None;
}

std::optional<Level> readLevel(std::string_view text)
{
    text = withoutBlanks(text);
    if (const auto level = parseLevel(text))
        return level;
    if (text.size() > 4) // DEBUG5, INFO2: steps within a level
        if (const auto level = parseLevel(text.substr(0, text.find_last_not_of("0123456789") + 1)))
            return level;
    const auto number = readNumber(text);
    const auto level = number ? levelOfNumber(*number) : Level::None;
    return level == Level::None ? std::nullopt : std::optional(level);
}

} // namespace faultline::records
