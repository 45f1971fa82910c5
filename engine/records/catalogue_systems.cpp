// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_parts.h"

namespace faultline::records::catalogue
{

using enum PartKind;

namespace
{

/// Supercomputers' lines as published with loghub (He et al., "Loghub", 2020). Their first token tells alerts from
/// other lines: it is a label and no part of the message.
Layouts clusterLayouts()
{
    return {
        {.name = "bgl",
         .parts = {part(Token, "alert"), time({TimeShape::Epoch}), part(Token, "date"), part(Token, "node"),
                   part(Token, "local_time"), part(Token, "node_again"), part(Token, "type"), part(Token, "component"),
                   part(Level, "level")},
         .entityPart = "node"},
        {.name = "thunderbird",
         .parts = {part(Token, "alert"),
                   time({TimeShape::Epoch}),
                   part(Token, "date"),
                   part(Token, "node"),
                   {.kind = Time, .name = "local_time", .shapes = {TimeShape::SyslogDate}},
                   part(Token, "location"),
                   part(Component, "component")},
         .entityPart = "node",
         .core = 6},
        {.name = "hpc",
         .parts = {part(Number, "log_id"), part(Token, "node"), part(Token, "component"), part(Token, "state"),
                   time({TimeShape::Epoch}), part(Number, "flag")},
         .entityPart = "node"},
    };
}

Layouts javaClusterLayouts()
{
    auto sparkTime = time({TimeShape::DayMonthYear});
    sparkTime.bytes = std::string_view("17/06/09 20:10:40").size();
    return {
        {.name = "hdfs",
         .parts = {time({TimeShape::CompactDateTime}), part(Number, "pid"), part(Level, "level"),
                   part(Component, "component")}},
        {.name = "spark", .parts = {sparkTime, part(Level, "level"), part(Component, "component")}},
        {.name = "zookeeper",
         .parts = {isoTime(), optional(beginning(Bracketed, "server", "[myid")), dash(), part(Level, "level"),
                   part(Bracketed, "component"), dash()}},
        {.name = "openstack",
         .parts = {part(Token, "file"), isoTime(), part(Number, "pid"), part(Level, "level"), part(Token, "component"),
                   beginning(Bracketed, "request", "[")}},
        {.name = "openstack",
         .parts = {isoTime(), part(Number, "pid"), part(Level, "level"), part(Token, "component"),
                   beginning(Bracketed, "request", "[req-")},
         .core = 4},
    };
}

} // namespace

Layouts systemLayouts()
{
    auto layouts = clusterLayouts();
    for (auto& layout : javaClusterLayouts())
        layouts.push_back(std::move(layout));
    const Layouts devices{
        {.name = "logcat",
         .parts = {time({TimeShape::MonthDayTime}), part(Number, "pid"), part(Number, "tid"), part(Level, "level"),
                   part(Component, "component")}},
        {.name = "logcat", .parts = {time({TimeShape::MonthDayTime}), part(AndroidTag, "component")}},
        {.name = "logcat", .parts = {part(AndroidTag, "component")}, .joinsLines = false},
        {.name = "health_app",
         .parts = {ending(time({TimeShape::CompactDateTime}), "|"), part(Piped, "component"), part(Piped, "pid")}},
        {.name = "proxifier", .parts = {time({TimeShape::MonthDayTime}, "["), part(Dashed, "program")}},
        {.name = "windows_cbs",
         .parts = {ending(isoTime(), ","), part(Level, "level"), optionalPart(Padded, "component")}},
    };
    layouts.insert(layouts.end(), devices.begin(), devices.end());
    return layouts;
}

} // namespace faultline::records::catalogue
