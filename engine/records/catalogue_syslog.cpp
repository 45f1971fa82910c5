// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_parts.h"

namespace faultline::records::catalogue
{

using enum PartKind;

Layouts syslogLayouts()
{
    const auto priority = optionalPart(Priority, "priority");
    const HeaderPart sentTime{.kind = Time, .name = "sent_time", .shapes = {TimeShape::SyslogDate}};
    return {
        {.name = "syslog_rfc5424",
         .parts = {part(Priority, "priority"), part(Number, ""), isoTime(), part(Token, "host"), part(Token, "program"),
                   part(Token, "pid"), part(Token, "message_id"), part(StructuredData, "data")},
         .entityPart = "host"},
        {.name = "syslog", // passed on by a relay that left the sender's header as it was
         .parts = {priority, time({TimeShape::SyslogDate}), part(Host, "relay"), optionalPart(Priority, ""), sentTime,
                   part(Host, "host"), part(Component, "program")},
         .entityPart = "host",
         .core = 6},
        {.name = "syslog", // RFC 3164
         .parts = {priority, time({TimeShape::SyslogDate}), part(Token, "host"), part(Component, "program")},
         .entityPart = "host",
         .core = 3},
        {.name = "syslog", // today's daemons write ISO times
         .parts = {priority, zonedTime(), part(Host, "host"), part(Component, "program")},
         .entityPart = "host",
         .core = 3},
        {.name = "syslog", // two hosts: the relay's and the sender's
         .parts = {priority, time({TimeShape::SyslogDate, TimeShape::IsoDateTime}), part(Host, "relay"),
                   part(Host, "host"), part(Component, "program")},
         .entityPart = "host",
         .core = 4},
    };
}

} // namespace faultline::records::catalogue
