// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_parts.h"

namespace faultline::records::catalogue
{

using enum PartKind;

Layouts serverLayouts()
{
    return {
        {.name = "apache_error", // 2.4
         .parts = {time({TimeShape::CtimeDate}, "["), part(Level, "level"), beginning(Bracketed, "pid", "[pid "),
                   optional(beginning(Bracketed, "client", "[client "))}},
        {.name = "apache_error", .parts = {time({TimeShape::CtimeDate}, "["), part(Level, "level")}}, // 2.2
        {.name = "nginx_error",
         .parts = {isoTime(), beginning(Level, "level", "["), containing(part(Component, "pid"), '#'),
                   optional(beginning(Token, "connection", "*"))}},
        {.name = "uwsgi",
         .parts = {beginning(Bracketed, "worker", "[pid: "), part(Token, "client"), part(Token, "user"),
                   part(Braced, "variables"), time({TimeShape::CtimeDate}, "[")},
         .joinsLines = false},
        {.name = "strace",
         .parts = {optionalPart(Number, "pid"), time({TimeShape::Epoch, TimeShape::ClockOnly}), part(SystemCall, ""),
                   optional(measure("duration", "s", TrailingTime))},
         .joinsLines = false},
        {.name = "xferlog", // wu-ftpd, ProFTPD, vsftpd
         .parts = {time({TimeShape::CtimeDate}), measure("transfer_time", "s"), part(Host, "client"),
                   measure("bytes", "bytes")},
         .entityPart = "client",
         .joinsLines = false},
        {.name = "shell_history", .parts = {beginning(Mark, "", "#+"), time({TimeShape::Epoch})}},
        {.name = "shell_history", .parts = {beginning(Mark, "", "#"), time({TimeShape::Epoch})}},
        {.name = "daemontools", .parts = {time({TimeShape::Tai64Label}), part(Component, "program")}},
        {.name = "daemontools", .parts = {time({TimeShape::Tai64Label})}},
        {.name = "java_gc", .parts = {zonedTime(), part(Uptime, "uptime")}},
        {.name = "java_gc",
         .parts = {zonedTime("["), beginning(Bracketed, "uptime", "["), part(Level, "level"),
                   beginning(Bracketed, "component", "[")}},
    };
}

Layouts envelopeLayouts()
{
    const HeaderWord full{.text = "F"}, part0{.text = "P", .partial = true};
    return {
        {.name = "kubernetes_cri",
         .parts = {zonedTime(), words("stream", {{.text = "stdout"}, {.text = "stderr"}}), words("tag", {full, part0})},
         .core = 3,
         .streamPart = "stream"},
        {.name = "docker_compose",
         .parts = {part(Service, "service")},
         .entityPart = "service",
         .core = 1,
         .streamPart = "service"},
    };
}

} // namespace faultline::records::catalogue
