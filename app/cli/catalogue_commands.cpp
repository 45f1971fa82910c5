// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "app/cli/command.h"
#include "engine/core/text.h"
#include "engine/pipeline/catalogue.h"
#include "engine/pipeline/recipe.h"
#include <cstdio>
#include <memory>

namespace faultline::cli
{

namespace
{

struct GenerateArguments {
    std::string scenario;
    pipeline::GenerateOptions options;
    bool quiet = false;
};

Result<void> runGenerate(const GenerateArguments& args)
{
    WatchedJob job(args.quiet);
    const auto made = pipeline::generate(args.scenario, args.options, job.context());
    if (!made)
        return fail(made.error());
    if (args.quiet)
        return {};
    for (const auto& file : made->files)
        std::printf("%s\n", file.c_str());
    std::printf("%s records, %s\n", formatCount(made->records).c_str(), formatBytes(made->bytes).c_str());
    return {};
}

std::string valueText(const detectors::ParameterValue& value)
{
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return std::to_string(*whole);
    if (const auto* real = std::get_if<double>(&value))
        return formatNumber(*real);
    return std::get<std::string>(value);
}

std::string rangeText(const pipeline::ParameterSpec& parameter)
{
    if (parameter.type != pipeline::ParameterSpec::Type::Choice)
        return formatNumber(parameter.minimum) + " to " + formatNumber(parameter.maximum) +
               (parameter.unit.empty() ? "" : " " + parameter.unit);
    std::string all;
    for (const auto& choice : parameter.choices)
        all += (all.empty() ? "" : ", ") + choice;
    return all;
}

std::string liveText(detectors::LiveForm form)
{
    switch (form) {
    case detectors::LiveForm::Refit:
        return "fitted again as the history grows";
    case detectors::LiveForm::Stream:
        return "learns with every unit";
    case detectors::LiveForm::None:
        return "no, it looks at the whole series";
    }
    return {};
}

void printDetector(const pipeline::DetectorSpec& spec)
{
    std::printf("%s (%s)\n  %s\n", spec.name.c_str(), spec.title.c_str(), spec.help.c_str());
    std::string units;
    for (const auto unit : spec.units)
        units += (units.empty() ? "" : ", ") + features::unitKindName(unit);
    std::printf("  family: %s\n  live: %s\n  units: %s\n  source: %s\n", detectors::familyName(spec.family).c_str(),
                liveText(spec.live).c_str(), units.c_str(), spec.paper.c_str());
    if (spec.needsTemplates)
        std::puts("  needs: message templates");
    for (const auto& parameter : spec.parameters)
        std::printf("  %s = %s (%s)\n      %s\n", parameter.name.c_str(), valueText(parameter.standard).c_str(),
                    rangeText(parameter).c_str(), parameter.help.c_str());
}

Result<void> runDetectors(const std::string& name)
{
    if (name.empty()) {
        for (const auto& spec : pipeline::catalogue())
            std::printf("%-24s %-11s %s\n", spec.name.c_str(), detectors::familyName(spec.family).c_str(),
                        spec.help.c_str());
        return {};
    }
    const auto spec = pipeline::specOf(name);
    if (!spec)
        return fail(spec.error());
    printDetector(*spec);
    return {};
}

Result<void> runRecipes(const std::string& name)
{
    if (name.empty()) {
        for (const auto& recipe : pipeline::builtInRecipes())
            std::printf("%-18s %s\n", recipe.name.c_str(), recipe.description.c_str());
        return {};
    }
    const auto recipe = pipeline::findRecipe(name);
    if (!recipe)
        return fail(recipe.error());
    std::fputs(pipeline::writeRecipe(*recipe).c_str(), stdout);
    return {};
}

} // namespace

void addGenerate(CLI::App& app, Outcome& outcome)
{
    auto* command = app.add_subcommand("generate", "Write a made-up incident: logs, metrics and labels");
    auto args = std::make_shared<GenerateArguments>(); // shared: the callback outlives this function
    std::string help = "One of:";
    for (const auto& scenario : pipeline::scenarioCatalogue())
        help += " " + scenario.name;
    command->add_option("SCENARIO", args->scenario, help)->required();
    command->add_option("--out", args->options.outputFolder, "Folder to write into; made when absent")->required();
    command->add_option("--rows", args->options.rows, "Log records over all services, 10000 to 100000000")
        ->capture_default_str();
    command->add_option("--seed", args->options.seed, "Same seed, same bytes")->capture_default_str();
    command->add_flag("--quiet", args->quiet, "Print nothing but errors");
    command->footer("Example:\n  faultline generate checkout-outage --out demo --rows 1000000 --seed 7");
    command->callback([args, &outcome] { outcome = [args] { return runGenerate(*args); }; });
}

void addCatalogue(CLI::App& app, Outcome& outcome)
{
    auto name = std::make_shared<std::string>();
    auto* detectors = app.add_subcommand("detectors", "List the detectors, or describe one with its parameters");
    detectors->add_option("NAME", *name, "A detector of the list");
    detectors->footer("Example:\n  faultline detectors isolation_forest");
    detectors->callback([name, &outcome] { outcome = [name] { return runDetectors(*name); }; });
    auto* recipes = app.add_subcommand("recipes", "List the built-in recipes, or print one as YAML to start from");
    recipes->add_option("NAME", *name, "A recipe of the list, or a file to check");
    recipes->footer("Example:\n  faultline recipes log_windows > mine.yaml");
    recipes->callback([name, &outcome] { outcome = [name] { return runRecipes(*name); }; });
}

} // namespace faultline::cli
