// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "app/cli/command.h"
#include "engine/core/text.h"
#include "engine/pipeline/formats.h"
#include <cstdio>
#include <memory>

namespace faultline::cli
{

namespace
{

struct FormatArguments {
    std::string file, sample;
    bool json = false;
};

Result<void> runFormats(bool json)
{
    records::ParseOptions options;
    for (const auto& problem : pipeline::useFormatFolder(pipeline::ownFormatFolder(), options))
        std::fprintf(stderr, "passed over: %s\n", problem.text().c_str());
    const auto formats = pipeline::formatCatalogue(options);
    if (json) {
        std::fputs(pipeline::formatsToJson(formats).c_str(), stdout);
        return {};
    }
    for (const auto& format : formats) {
        std::printf("%-22s %s%s\n", format.name.c_str(), displayText(format.description).c_str(),
                    format.own ? " (your own)" : "");
        if (!format.example.empty())
            std::printf("%-22s   %s\n", "", displayText(format.example).c_str());
    }
    return {};
}

void printLine(const pipeline::CheckedLine& line)
{
    using Outcome = pipeline::CheckedLine::Outcome;
    std::printf("line %llu  %s\n", static_cast<unsigned long long>(line.line),
                displayText(line.text.substr(0, 160)).c_str());
    if (line.outcome != Outcome::Record) {
        std::printf("  %s; %s\n",
                    line.outcome == Outcome::JoinsBefore ? "belongs to the record before" : "DOES NOT MATCH",
                    line.problem.c_str());
        return;
    }
    const auto show = [](const char* name, const std::string& value) {
        if (!value.empty())
            std::printf("  %-10s %s\n", name, displayText(value).c_str());
    };
    show("time", line.time == noTime ? "none" : formatIso8601(line.time));
    show("level", line.level);
    show("entity", line.entity);
    show("session", line.session);
    for (const auto& [name, value] : line.fields)
        show(name.c_str(), formatNumber(value));
    show("message", line.message.substr(0, 160));
}

Result<void> runCheck(const FormatArguments& args)
{
    const auto check = pipeline::checkFormat(args.file, args.sample);
    if (!check)
        return fail(check.error());
    if (args.json) {
        std::fputs(pipeline::toJson(*check).c_str(), stdout);
    } else {
        std::printf("%s: the format %s is valid: %zu pattern%s, %zu sample%s\n", args.file.c_str(), check->name.c_str(),
                    check->patterns, check->patterns == 1 ? "" : "s", check->samples, check->samples == 1 ? "" : "s");
        if (!check->timeFormat.empty())
            std::printf("times are read as %s, %s\n", check->timeFormat.c_str(), check->zone.c_str());
        for (const auto& line : check->lines)
            printLine(line);
    }
    if (check->failure)
        return fail(*check->failure);
    return {};
}

} // namespace

void addFormats(CLI::App& app, Outcome& outcome)
{
    auto* formats = app.add_subcommand("formats", "List the formats that --format can name, or check one of your own");
    auto args = std::make_shared<FormatArguments>(); // shared: the callbacks outlive this function
    formats->add_flag("--json", args->json, "Print JSON");
    formats->footer("Example:\n  faultline formats\n  faultline formats check mine.yaml app.log");
    auto* check = formats->add_subcommand("check", "Validate a format file and show how it reads the first lines");
    check->add_option("FILE", args->file, "The format, a YAML file")->required();
    check->add_option("SAMPLE", args->sample, "A log to try it on; without one, its own samples");
    check->add_flag("--json", args->json, "Print JSON");
    formats->callback([args, check, &outcome] {
        const bool checks = check->parsed();
        outcome = [args, checks] { return checks ? runCheck(*args) : runFormats(args->json); };
    });
}

} // namespace faultline::cli
