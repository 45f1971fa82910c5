// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "app/cli/command.h"
#include "engine/core/text.h"
#include "engine/pipeline/inspection.h"
#include <algorithm>
#include <cstdio>
#include <memory>

namespace faultline::cli
{

namespace
{

constexpr std::size_t listedRejections = 20; ///< per file in the text form; --json lists all

struct InputArguments {
    ParseArguments parse;
    bool json = false, quiet = false;
    std::string csv, lines;
    std::size_t threads = 0;
};

Result<pipeline::Inspection> readInputs(const InputArguments& args)
{
    records::ParseOptions options;
    if (const auto done = args.parse.applyTo(options); !done)
        return fail(done.error());
    WatchedJob job(args.quiet);
    return pipeline::inspect(args.parse.inputs, options, job.context());
}

void printReport(const records::SourceReport& report)
{
    const auto& found = report.detection;
    std::printf("%s\n", report.path.c_str());
    std::printf("  format      %s, confidence %.2f\n", found.format.c_str(), found.confidence);
    for (const auto& reason : found.reasons)
        std::printf("              because %s\n", displayText(reason).c_str());
    std::printf("  time        %s%s%s\n", found.timeFormat.empty() ? "none found" : found.timeFormat.c_str(),
                found.zone.empty() ? "" : ", ", found.zone.c_str());
    if (report.start != noTime)
        std::printf("  from, to    %s, %s\n", formatIso8601(report.start).c_str(), formatIso8601(report.end).c_str());
    if (!found.columns.empty()) {
        std::string columns;
        for (const auto& column : found.columns)
            columns += (columns.empty() ? "" : ", ") + displayText(column);
        std::printf("  fields      %s\n", columns.c_str());
    }
    std::printf("  lines       %s: %s records, %s continuation, %s blank, %s header, %s rejected; %s with a time\n",
                formatCount(report.lines).c_str(), formatCount(report.records).c_str(),
                formatCount(report.continuationLines).c_str(), formatCount(report.blankLines).c_str(),
                formatCount(report.headerLines).c_str(), formatCount(report.rejectedLines).c_str(),
                formatCount(report.linesWithTime).c_str());
    if (report.compression != sources::Compression::None || report.encoding != sources::Encoding::Utf8)
        std::printf("  read from   %s%s\n",
                    report.compression == sources::Compression::None
                        ? ""
                        : (std::string(sources::compressionName(report.compression)) + ", ").c_str(),
                    sources::encodingName(report.encoding));
    std::printf("  size        %s, longest line %s\n", formatBytes(report.contentBytes).c_str(),
                formatBytes(report.longestLineBytes).c_str());
    if (report.backwardTimes != 0)
        std::printf("  clock       went backwards %s times\n", formatCount(report.backwardTimes).c_str());
    if (report.duplicateTimes != 0)
        std::printf("  duplicates  %s records have exactly the time of the one before\n",
                    formatCount(report.duplicateTimes).c_str());
    if (report.skippedLocalTimes + report.repeatedLocalTimes != 0)
        std::printf("  local time  %s do not exist, %s exist twice in %s\n",
                    formatCount(report.skippedLocalTimes).c_str(), formatCount(report.repeatedLocalTimes).c_str(),
                    report.zone.name().c_str());
    if (report.invalidUtf8Lines != 0)
        std::printf("  encoding    %s lines are not valid UTF-8\n", formatCount(report.invalidUtf8Lines).c_str());
    if (!report.warning.empty())
        std::printf("  warning     %s\n", report.warning.c_str());
    for (const auto& [reason, count] : report.rejectedByReason)
        std::printf("  rejected    %s: %s\n", formatCount(count).c_str(), reason.c_str());
    for (std::size_t i = 0; i < std::min(report.rejected.size(), listedRejections); ++i)
        std::printf("    line %llu: %s\n", static_cast<unsigned long long>(report.rejected[i].line),
                    report.rejected[i].reason.c_str());
    if (report.rejected.size() > listedRejections)
        std::printf("    and %zu more; --json lists them all\n", report.rejected.size() - listedRejections);
}

Result<void> runInspect(const InputArguments& args)
{
    const ThreadLimit limit(args.threads);
    const auto inspection = readInputs(args);
    if (!inspection)
        return fail(inspection.error());
    if (args.json) {
        std::fputs(pipeline::toJson(*inspection).c_str(), stdout);
        return {};
    }
    for (const auto& report : inspection->records.reports)
        printReport(report);
    for (const auto& notice : inspection->records.notices)
        std::printf("note: %s\n", displayText(notice).c_str());
    const auto& entities = inspection->records.table.entities;
    std::printf("%s templates, %zu entities, %.2f s\n", formatCount(inspection->records.templates.size()).c_str(),
                entities.size() == 0 ? std::size_t{0} : entities.size() - 1, inspection->seconds);
    return {};
}

/// `took: integer, ip`: each variable's name, if it has one, and type.
std::string typesOf(const records::templates::Template& of)
{
    std::string types;
    for (const auto& parameter : of.parameters) {
        types += types.empty() ? "" : ", ";
        types += parameter.name.empty() ? "" : parameter.name + ": ";
        types += records::templates::nameOf(parameter.type());
    }
    return types;
}

void printTemplates(const records::RecordSet& records)
{
    std::printf("%10s  %-10s  %-5s  %s\n", "count", "id", "level", "template, and the types of its variables");
    for (const auto& row : pipeline::templateRows(records)) {
        const auto& t = records.templates.templates[row.templateId];
        std::printf("%10s  %-10s  %-5s  %s\n", formatCount(row.count).c_str(), t.id.c_str(),
                    std::string(records::levelName(row.level)).c_str(), displayText(t.text).c_str());
        if (!t.parameters.empty())
            std::printf("%31s  %s\n", "", displayText(typesOf(t)).c_str());
    }
}

Result<void> runTemplates(const InputArguments& args)
{
    const ThreadLimit limit(args.threads);
    const auto inspection = readInputs(args);
    if (!inspection)
        return fail(inspection.error());
    const auto& records = inspection->records;
    if (!args.csv.empty())
        if (const auto done = pipeline::writeTemplatesCsv(records, args.csv); !done)
            return done;
    if (!args.lines.empty())
        if (const auto done = pipeline::writeTemplateLinesCsv(records, args.lines); !done)
            return done;
    if (args.json)
        std::fputs(pipeline::templatesToJson(records).c_str(), stdout);
    else if (args.csv.empty() && args.lines.empty() && !args.quiet)
        printTemplates(records);
    return {};
}

} // namespace

void addInspect(CLI::App& app, Outcome& outcome)
{
    auto* command = app.add_subcommand(
        "inspect", "Say what the input is: format, confidence, times, fields, rejected lines with reasons");
    auto args = std::make_shared<InputArguments>(); // shared: the callback outlives this function
    args->parse.addTo(*command);
    command->add_flag("--json", args->json, "Print one JSON document, with every rejected line");
    command->add_flag("--quiet", args->quiet, "No progress");
    command->add_option("--threads", args->threads, "Use at most this many threads (0: all)");
    command->footer("Example:\n  faultline inspect /var/log/syslog app.log.gz");
    command->callback([args, &outcome] { outcome = [args] { return runInspect(*args); }; });
}

void addTemplates(CLI::App& app, Outcome& outcome)
{
    auto* command = app.add_subcommand("templates", "List the messages of the input with their variable parts masked");
    auto args = std::make_shared<InputArguments>();
    args->parse.addTo(*command);
    command->add_flag("--json", args->json, "Print the templates as JSON");
    command->add_option("--csv", args->csv, "Write the templates to this CSV file");
    command->add_option("--lines", args->lines, "Write line,template_id,template for every record to this CSV file");
    command->add_flag("--quiet", args->quiet, "Print nothing but errors");
    command->add_option("--threads", args->threads, "Use at most this many threads (0: all)");
    command->footer("Example:\n  faultline templates app.log --csv templates.csv");
    command->callback([args, &outcome] { outcome = [args] { return runTemplates(*args); }; });
}

} // namespace faultline::cli
