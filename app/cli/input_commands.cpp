// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "app/cli/command.h"
#include "app/cli/inspect_text.h"
#include "engine/core/text.h"
#include "engine/pipeline/inspection.h"
#include <cstdio>
#include <memory>

namespace faultline::cli
{

namespace
{

struct InputArguments {
    ParseArguments parse;
    bool json = false, quiet = false;
    std::string csv, lines, rejected;
    std::size_t threads = 0;
};

Result<pipeline::Inspection> readInputs(const InputArguments& args)
{
    pipeline::InspectRequest request{.inputs = args.parse.inputs, .parse = {}, .rejectedPath = args.rejected};
    if (const auto done = args.parse.applyTo(request.parse); !done)
        return fail(done.error());
    WatchedJob job(args.quiet);
    return pipeline::inspect(request, job.context());
}

Result<void> runInspect(const InputArguments& args)
{
    const ThreadLimit limit(args.threads);
    const auto inspection = readInputs(args);
    if (!inspection)
        return fail(inspection.error());
    if (args.json)
        std::fputs(pipeline::toJson(*inspection).c_str(), stdout);
    else
        printInspection(*inspection);
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
        "inspect", "Say what the input is and how good: format, times, gaps, rejected lines with reasons, what to look at");
    auto args = std::make_shared<InputArguments>(); // shared: the callback outlives this function
    args->parse.addTo(*command);
    command->add_flag("--json", args->json, "Print one JSON document, with every rejected line");
    command->add_option("--rejected", args->rejected,
                        "Write file,line,reason,text of every rejected line to this CSV file");
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
