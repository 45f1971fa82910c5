// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_parts.h"

namespace faultline::records::catalogue
{

using enum PartKind;

namespace
{

/// src/backend/utils/error/elog.c: severities, and the words that go on with the message before them.
HeaderPart postgresSeverity()
{
    using enum faultline::records::Level;
    std::vector<HeaderWord> all{{"LOG:", Info},     {"ERROR:", Error},  {"FATAL:", Fatal},  {"PANIC:", Fatal},
                                {"WARNING:", Warn}, {"NOTICE:", Info},  {"INFO:", Info},    {"DEBUG:", Debug},
                                {"DEBUG1:", Debug}, {"DEBUG2:", Debug}, {"DEBUG3:", Debug}, {"DEBUG4:", Debug},
                                {"DEBUG5:", Debug}};
    for (const auto* word : {"DETAIL:", "HINT:", "STATEMENT:", "CONTEXT:", "QUERY:", "LOCATION:"})
        all.push_back({.text = word, .continues = true});
    for (auto& word : all)
        word.text += ' '; // the server writes two blanks behind the colon, as hardly anything else does
    return words("level", std::move(all));
}

/// log_line_prefix is free; these are the default, its usual extensions, pgBadger's advice and Amazon's.
Layouts postgresLayouts()
{
    const auto pid = beginning(Bracketed, "pid", "[");
    const auto sequence = optional(beginning(Bracketed, "sequence", "["));
    const std::vector<Parts> prefixes{
        {isoTime(), pid, sequence},
        {isoTime(), pid, sequence, part(Token, "session")},
        {isoTime(), pid, sequence, part(Token, "session"), part(Token, "application")},
        {isoTime(), part(Token, "session"), pid, sequence},
        {isoTime(), part(ColonField, "client"), part(ColonField, "session"), part(ColonField, "pid")},
        {isoTime()},
    };
    Layouts layouts;
    for (auto parts : prefixes) {
        parts.push_back(postgresSeverity());
        layouts.push_back({.name = "postgresql", .parts = std::move(parts)});
    }
    return layouts;
}

HeaderPart mysqlSeverity()
{
    using enum faultline::records::Level;
    return words("level",
                 {{"[Note]", Info}, {"[System]", Info}, {"[Warning]", Warn}, {"[ERROR]", Error}, {"[Error]", Error}});
}

Layouts mysqlLayouts()
{
    const auto when = time({TimeShape::IsoDateTime, TimeShape::CompactDateTime});
    return {
        {.name = "mysql_error", // 8.0
         .parts = {when, part(Number, "thread"), mysqlSeverity(), beginning(Bracketed, "code", "[MY-"),
                   part(Bracketed, "component")}},
        {.name = "mysql_error", // 5.x, MariaDB
         .parts = {when, optionalPart(Number, "thread"), mysqlSeverity()}},
    };
}

} // namespace

Layouts databaseLayouts()
{
    using enum faultline::records::Level;
    auto layouts = postgresLayouts();
    for (auto& layout : mysqlLayouts())
        layouts.push_back(std::move(layout));
    const auto marks = words("level", {{".", Debug}, {"-", Debug}, {"*", Info}, {"#", Warn}});
    const Layouts others{
        {.name = "redis", .parts = {part(Token, "process"), time({TimeShape::ClfDate}), marks}},
        {.name = "kafka",
         .parts = {time({TimeShape::IsoDateTime}, "["), part(PartKind::Level, "level"),
                   part(TrailingName, "component")},
         .core = 2},
        {.name = "elasticsearch",
         .parts = {time({TimeShape::IsoDateTime}, "["), part(PartKind::Level, "level"), part(Bracketed, "component"),
                   part(Bracketed, "node")},
         .general = true},
    };
    layouts.insert(layouts.end(), others.begin(), others.end());
    return layouts;
}

} // namespace faultline::records::catalogue
