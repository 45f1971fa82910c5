// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_parts.h"

namespace faultline::records::catalogue
{

using enum PartKind;

namespace
{

using enum faultline::records::Level;
constexpr auto aLevel = PartKind::Level;

Layouts nativeLayouts()
{
    return {
        {.name = "glog", // also klog and Abseil
         .parts = {time({TimeShape::GlogDate}), part(Number, "thread"), ending(part(SourceLine, "component"), "]")}},
        {.name = "go", .parts = {isoTime(), part(SourceLine, "component")}},
        {.name = "go", .parts = {isoTime()}, .onlyByName = true},
        {.name = "zap", .parts = {isoTime(), part(aLevel, "level"), part(SourceLine, "component")}},
        {.name = "zap",
         .parts = {isoTime(), part(aLevel, "level"), part(Token, "logger"), part(SourceLine, "component")}},
        {.name = "env_logger", .parts = {zonedTime("["), part(aLevel, "level"), ending(part(Token, "component"), "]")}},
        {.name = "tracing", .parts = {zonedTime(), part(aLevel, "level"), part(ModulePath, "component")}},
    };
}

Layouts dotnetLayouts()
{
    const std::vector<HeaderWord> lineLevels{{"[VRB]", Debug}, {"[DBG]", Debug}, {"[INF]", Info},
                                             {"[WRN]", Warn},  {"[ERR]", Error}, {"[FTL]", Fatal}};
    const std::vector<HeaderWord> screenLevels{{"VRB]", Debug}, {"DBG]", Debug}, {"INF]", Info},
                                               {"WRN]", Warn},  {"ERR]", Error}, {"FTL]", Fatal}};
    const auto console = words(
        "level",
        {{"trce:", Debug}, {"dbug:", Debug}, {"info:", Info}, {"warn:", Warn}, {"fail:", Error}, {"crit:", Fatal}});
    const auto category = ending(part(Token, "component"), "]");
    return {
        {.name = "serilog", .parts = {isoTime(), words("level", lineLevels)}},
        {.name = "serilog", .parts = {time({TimeShape::ClockOnly}, "["), words("level", screenLevels)}},
        {.name = "dotnet_console", .parts = {console, category}, .headed = true},
        {.name = "dotnet_console", .parts = {isoTime(), console, category}},
        {.name = "nlog",
         .parts = {ending(isoTime(), "|"), ending(part(aLevel, "level"), "|"), part(Piped, "component")}},
    };
}

Layouts javaLayouts()
{
    return {
        {.name = "spring_boot",
         .parts = {isoTime(), part(aLevel, "level"), part(Number, "pid"), dash(), part(Bracketed, "thread"),
                   part(Token, "component"), part(Separator, "")}},
        {.name = "spring_boot", // 3: the application's name stands before the thread
         .parts = {isoTime(), part(aLevel, "level"), part(Number, "pid"), dash(), part(Bracketed, "application"),
                   part(Bracketed, "thread"), part(Token, "component"), part(Separator, "")}},
        {.name = "tomcat",
         .parts = {time({TimeShape::ClfDate}), part(aLevel, "level"), part(Bracketed, "thread"),
                   part(Token, "component")}},
        {.name = "java_util_logging", // level and message stand in the second line
         .parts = {ending(time({TimeShape::SyslogDate}), "M"), part(Token, "component"), part(Token, "method")}},
        {.name = "hadoop",
         .parts = {isoTime(), part(aLevel, "level"), part(Bracketed, "thread"), part(Component, "component")}},
        {.name = "log4j",
         .parts = {time({TimeShape::IsoDateTime, TimeShape::DayMonthYear}), part(aLevel, "level"),
                   part(Component, "component")}},
        {.name = "log4j", // Minecraft's pattern
         .parts = {time({TimeShape::ClockOnly}, "["), part(ThreadLevel, "thread")}},
        {.name = "logback",
         .parts = {time({TimeShape::ClockOnly, TimeShape::IsoDateTime}), part(Bracketed, "thread"),
                   part(aLevel, "level"), part(Token, "component"), dash()}},
    };
}

Layouts scriptLayouts()
{
    return {
        {.name = "python",
         .parts = {isoTime(), dash(), part(Token, "component"), dash(), part(aLevel, "level"), dash()}},
        {.name = "python", // loguru
         .parts = {isoTime(), bar(), part(aLevel, "level"), bar(), part(Token, "component"), dash()}},
        {.name = "python", .parts = {isoTime(), part(Host, "component"), part(aLevel, "level")}, .general = true},
        {.name = "python", // Celery
         .parts = {ending(time({TimeShape::IsoDateTime}, "["), ":"), part(ThreadLevel, "process")}},
        {.name = "python_basic",
         .parts = {ending(part(aLevel, "level"), ":"), part(ColonField, "component")},
         .headed = true},
        {.name = "monolog", .parts = {time({TimeShape::IsoDateTime}, "["), part(Channel, "component")}},
    };
}

} // namespace

Layouts applicationLayouts()
{
    Layouts all;
    for (auto& group : {nativeLayouts(), dotnetLayouts(), javaLayouts(), scriptLayouts()})
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

} // namespace faultline::records::catalogue
