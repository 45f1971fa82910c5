// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "app/cli/command.h"
#include "app/cli/inspect_text.h"
#include "engine/core/text.h"
#include "engine/pipeline/inspection.h"
#include "engine/pipeline/model.h"
#include <algorithm>
#include <cstdio>
#include <memory>

namespace faultline::cli
{

namespace
{

struct InputArguments {
    ParseArguments parse;
    bool json = false, quiet = false;
    std::string csv, lines, rejected, recipe, model;
    std::vector<std::string> masks;
    std::size_t threads = 0;
};

/// REGEX=NAME, or REGEX alone where nothing that could be a name follows the last `=`.
records::templates::Mask maskFrom(const std::string& text)
{
    const auto equals = text.rfind('=');
    if (equals == std::string::npos || text.find_first_of("\\()[]{}.*+?|^$ ", equals) != std::string::npos)
        return {.pattern = text, .name = {}};
    return {.pattern = text.substr(0, equals), .name = text.substr(equals + 1)};
}

/// What `templates` is told beyond how to read: by a recipe or a model, then by its own options.
Result<void> applyTemplates(const InputArguments& args, const pipeline::Model* model, pipeline::InspectRequest& request)
{
    if (model != nullptr) {
        if (!args.recipe.empty() || !args.masks.empty())
            return fail({ErrorCode::Usage, "a model has its templates and masks", {}, "leave out --recipe and --mask"});
        request.parse = model->recipe.parse;
        request.frozen = &model->templates;
    }
    if (!args.recipe.empty()) {
        auto recipe = pipeline::findRecipe(args.recipe);
        if (!recipe)
            return fail(recipe.error());
        request.parse = std::move(recipe->parse);
        request.mining = std::move(recipe->mining);
    }
    for (const auto& mask : args.masks)
        request.mining.masks.push_back(maskFrom(mask));
    return {};
}

Result<pipeline::Inspection> readInputs(const InputArguments& args)
{
    std::shared_ptr<const pipeline::Model> model;
    if (!args.model.empty()) {
        auto loaded = pipeline::loadModel(args.model);
        if (!loaded)
            return fail(loaded.error());
        model = std::move(*loaded);
    }
    pipeline::InspectRequest request{
        .inputs = args.parse.inputs, .parse = {}, .mining = {}, .rejectedPath = args.rejected};
    if (const auto done = applyTemplates(args, model.get(), request); !done)
        return fail(done.error());
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

/// What a model did not know.
void printUnseen(const records::RecordSet& records)
{
    constexpr std::size_t listed = 20;
    const auto unseen = records::unseenTemplates(records);
    std::printf("\nnot known to the model: %s templates in %s of %s records\n",
                formatCount(unseen.templates.size()).c_str(), formatCount(unseen.records).c_str(),
                formatCount(records.table.size()).c_str());
    for (std::size_t i = 0; i < std::min(unseen.templates.size(), listed); ++i) {
        const auto& each = unseen.templates[i];
        const auto& of = records.templates.templates[each.templateId];
        std::printf("%10s  %-10s  first at %s:%llu  %s\n", formatCount(each.records).c_str(), of.id.c_str(),
                    displayText(each.path).c_str(), static_cast<unsigned long long>(each.line),
                    displayText(of.text).c_str());
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
    if (!args.model.empty() && !args.json && !args.quiet)
        printUnseen(records);
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
    command
        ->add_option("--mask", args->masks,
                     "REGEX=NAME: what it matches, or its first group, is a variable <NAME>; may be given several times")
        ->allow_extra_args(false);
    command->add_option("--recipe", args->recipe, "Take masks, merges, splits and parsing from this recipe");
    command->add_option("--model", args->model, "Match against this model's templates, and list what it does not know");
    command->add_flag("--quiet", args->quiet, "Print nothing but errors");
    command->add_option("--threads", args->threads, "Use at most this many threads (0: all)");
    command->footer("Example:\n  faultline templates app.log --csv templates.csv");
    command->callback([args, &outcome] { outcome = [args] { return runTemplates(*args); }; });
}

} // namespace faultline::cli
