// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_catalogue.h"

namespace faultline::records
{

namespace
{

using enum PartKind;
using Parts = std::vector<HeaderPart>;

HeaderPart time(std::vector<TimeShape> shapes, std::string prefix = {})
{
    return {.kind = Time, .name = "time", .shapes = std::move(shapes), .prefix = std::move(prefix)};
}

HeaderPart part(PartKind kind, std::string name)
{
    return {.kind = kind, .name = std::move(name)};
}

HeaderPart optionalPart(PartKind kind, std::string name)
{
    return {.kind = kind, .name = std::move(name), .optional = true};
}

HeaderPart measure(std::string name, std::string unit)
{
    return {.kind = Measure, .name = std::move(name), .unit = std::move(unit)};
}

/// A dash between fields; three of them in Spring Boot's lines.
HeaderPart dash()
{
    return {.kind = Separator, .prefix = "-"};
}

Parts accessParts(bool withHost)
{
    Parts parts;
    if (withHost)
        parts.push_back(part(Token, "host"));
    for (auto& each :
         Parts{part(Token, "client"), part(Token, "ident"), part(Token, "user"), time({TimeShape::ClfDate}, "["),
               part(Request, "request"), measure("status", ""), measure("bytes", "bytes")})
        parts.push_back(std::move(each));
    return parts;
}

LineLayout accessLayout(std::string name, bool withHost, bool combined)
{
    auto parts = accessParts(withHost);
    if (combined) {
        parts.push_back(part(Quoted, "referer"));
        parts.push_back(part(Quoted, "agent"));
    }
    parts.push_back({.kind = Measure, .name = "request_time", .unit = "s", .optional = true});
    return {.name = std::move(name), .parts = std::move(parts), .joinsLines = false, .levelFromStatus = true};
}

std::vector<LineLayout> accessLayouts()
{
    return {accessLayout("apache_combined", false, true), accessLayout("apache_common", false, false),
            accessLayout("apache_vhost_combined", true, true), accessLayout("apache_vhost_common", true, false)};
}

std::vector<LineLayout> syslogLayouts()
{
    return {
        {.name = "syslog_rfc5424",
         .parts = {part(Priority, "priority"), part(Number, ""), time({TimeShape::IsoDateTime}), part(Token, "host"),
                   part(Token, "program"), part(Token, "pid"), part(Token, "message_id"), part(StructuredData, "data")},
         .entityPart = "host"},
        {.name = "syslog",
         .parts = {optionalPart(Priority, "priority"), time({TimeShape::SyslogDate}), part(Token, "host"),
                   part(Component, "program")},
         .entityPart = "host"},
    };
}

/// loghub's systems (He et al., "Loghub", 2020) whose lines nothing else writes.
std::vector<LineLayout> loghubLayouts()
{
    return {
        {.name = "hdfs",
         .parts = {time({TimeShape::CompactDateTime}), part(Number, "pid"), part(Level, "level"),
                   part(Component, "component")}},
        {.name = "bgl",
         .parts = {part(Token, "alert"), time({TimeShape::Epoch}), part(Token, "date"), part(Token, "node"),
                   part(Token, "local_time"), part(Token, "node_again"), part(Token, "type"), part(Token, "component"),
                   part(Level, "level")},
         .entityPart = "node"},
        {.name = "hpc",
         .parts = {part(Number, "log_id"), part(Token, "node"), part(Token, "component"), part(Token, "state"),
                   time({TimeShape::Epoch}), part(Number, "flag")},
         .entityPart = "node"},
        {.name = "zookeeper",
         .parts = {time({TimeShape::IsoDateTime}), dash(), part(Level, "level"), part(Bracketed, "component"), dash()}},
        {.name = "logcat",
         .parts = {time({TimeShape::MonthDayTime}), part(Number, "pid"), part(Number, "tid"), part(Level, "level"),
                   part(Component, "component")}},
        {.name = "proxifier", .parts = {time({TimeShape::MonthDayTime}, "["), part(Dashed, "program")}},
    };
}

std::vector<LineLayout> applicationLayouts()
{
    return {
        {.name = "apache_error",
         .parts = {time({TimeShape::CtimeDate}, "["),
                   part(Level, "level"),
                   {.kind = Bracketed, .name = "pid", .prefix = "[pid ", .optional = true}}},
        {.name = "nginx_error",
         .parts = {time({TimeShape::IsoDateTime}),
                   {.kind = Level, .name = "level", .prefix = "["},
                   part(Component, "pid")}},
        {.name = "glog", .parts = {time({TimeShape::GlogDate}), part(Number, "thread"), part(Token, "component")}},
        {.name = "spring_boot",
         .parts = {time({TimeShape::IsoDateTime}), part(Level, "level"), part(Number, "pid"), dash(),
                   part(Bracketed, "thread"), part(Token, "component"), part(Separator, "")}},
        {.name = "hadoop",
         .parts = {time({TimeShape::IsoDateTime}), part(Level, "level"), part(Bracketed, "thread"),
                   part(Component, "component")}},
        {.name = "log4j",
         .parts = {time({TimeShape::IsoDateTime, TimeShape::DayMonthYear}), part(Level, "level"),
                   part(Component, "component")}},
        {.name = "logback",
         .parts = {time({TimeShape::ClockOnly, TimeShape::IsoDateTime}), part(Bracketed, "thread"),
                   part(Level, "level"), part(Token, "component"), dash()}},
        {.name = "python",
         .parts = {time({TimeShape::IsoDateTime}), dash(), part(Token, "component"), dash(), part(Level, "level"),
                   dash()}},
    };
}

std::vector<LineLayout> allLayouts()
{
    std::vector<LineLayout> all;
    for (auto& group : {loghubLayouts(), accessLayouts(), syslogLayouts(), applicationLayouts()})
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

} // namespace

const std::vector<LineLayout>& namedLayouts()
{
    static const auto layouts = allLayouts();
    return layouts;
}

const LineLayout* namedLayout(std::string_view name)
{
    for (const auto& layout : namedLayouts())
        if (layout.name == name)
            return &layout;
    return nullptr;
}

} // namespace faultline::records
