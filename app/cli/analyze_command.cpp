// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "app/cli/command.h"
#include "engine/core/text.h"
#include "engine/pipeline/catalogue.h"
#include "engine/pipeline/model.h"
#include "engine/pipeline/preview.h"
#include "engine/pipeline/recipe.h"
#include <cstdio>
#include <memory>

namespace faultline::cli
{

namespace
{

struct AnalyzeArguments {
    ParseArguments parse;
    OutputArguments output;
    std::string recipe, unit, window, mode, labels, threshold, features, sessionTimeout, resample;
    std::vector<std::string> train, detectors, weights, rolling;
    bool preview = false;
    std::int64_t seed = -1;
    std::size_t threads = 0;
};

void addOutputs(CLI::App& command, OutputArguments& output)
{
    command.add_option("--scores", output.scores, "Write one line per unit: unit,start,end,entity,score,tail_p,flag");
    command.add_option("--case", output.casePath, "Save the run in this case (*.faultline), which the workbench opens");
    command.add_option("--report", output.report, "Write a self-contained HTML report");
    command.add_flag("--json", output.json, "Print one JSON document instead of the summary");
    command.add_flag("--quiet", output.quiet, "Print nothing but errors");
}

Result<DurationUs> durationOf(const char* option, const std::string& text)
{
    auto duration = parseDuration(text);
    if (!duration)
        return fail({ErrorCode::Usage, option + (": " + duration.error().message), {}, "write 30s, 5min or 1h"});
    return duration;
}

Result<void> applyFeatures(const AnalyzeArguments& args, pipeline::Recipe& recipe)
{
    if (!args.features.empty()) {
        const auto groups = pipeline::parseFeatures(args.features);
        if (!groups)
            return fail(groups.error());
        recipe.features.groups = *groups;
    }
    if (!args.rolling.empty())
        recipe.features.rolling_us.clear();
    for (const auto& text : args.rolling) {
        const auto span = durationOf("--rolling", text);
        if (!span)
            return fail(span.error());
        recipe.features.rolling_us.push_back(*span);
    }
    if (!args.sessionTimeout.empty()) {
        const auto timeout = durationOf("--session-timeout", args.sessionTimeout);
        if (!timeout)
            return fail(timeout.error());
        recipe.sessions.timeout_us = *timeout;
    }
    if (args.resample == "auto")
        recipe.resample.every_us = features::ResampleOptions::automatic;
    else if (!args.resample.empty()) {
        const auto every = durationOf("--resample", args.resample);
        if (!every)
            return fail(every.error());
        recipe.resample.every_us = *every;
    }
    return {};
}

Result<void> applyUnits(const AnalyzeArguments& args, pipeline::Recipe& recipe)
{
    using features::UnitKind;
    if (args.unit == "row")
        recipe.features.kind = UnitKind::Row;
    else if (args.unit == "window")
        recipe.features.kind = UnitKind::Window;
    else if (args.unit == "session")
        recipe.features.kind = UnitKind::Session;
    if (!args.window.empty()) {
        const auto window = durationOf("--window", args.window);
        if (!window)
            return fail(window.error());
        recipe.features.window_us = *window;
    }
    if (recipe.parse.sessionKey == "entity") { // not a pattern: each entity's records, cut by the time-out
        recipe.sessions.byEntity = true;
        recipe.parse.sessionKey.clear();
    }
    if (recipe.features.kind == UnitKind::Session && recipe.parse.sessionKey.empty() && !recipe.sessions.byEntity)
        return fail({ErrorCode::Usage,
                     "sessions need a key",
                     {},
                     "give --session-key 'blk_-?[0-9]+', the name of a field, or entity"});
    return applyFeatures(args, recipe);
}

/// --detectors keeps the parameters of those the recipe has; --weights NAME=NUMBER changes weights.
Result<void> applyDetectors(const AnalyzeArguments& args, pipeline::Recipe& recipe)
{
    if (!args.detectors.empty()) {
        std::vector<pipeline::RecipeDetector> chosen;
        for (const auto& name : args.detectors) {
            if (const auto spec = pipeline::specOf(name); !spec)
                return fail(spec.error());
            pipeline::RecipeDetector detector{.name = name};
            for (const auto& known : recipe.detectors)
                if (known.name == name)
                    detector = known;
            chosen.push_back(std::move(detector));
        }
        recipe.detectors = std::move(chosen);
    }
    for (const auto& entry : args.weights) {
        const auto equals = entry.find('=');
        const auto weight = equals == std::string::npos ? std::nullopt : parseNumber(entry.substr(equals + 1));
        if (!weight || *weight < 0.0)
            return fail({ErrorCode::Usage, "--weights: `" + entry + "` is not NAME=NUMBER", {}, "for example knn=0.5"});
        bool found = false;
        for (auto& detector : recipe.detectors)
            if (detector.name == entry.substr(0, equals)) {
                detector.weight = *weight;
                found = true;
            }
        if (!found)
            return fail({ErrorCode::Usage,
                         "--weights: `" + entry.substr(0, equals) + "` is not among the detectors of this run",
                         {},
                         "see `faultline recipes " + recipe.name + "`"});
    }
    return {};
}

Result<pipeline::AnalyzeRequest> makeRequest(const AnalyzeArguments& args)
{
    pipeline::AnalyzeRequest request{.inputs = args.parse.inputs, .trainInputs = args.train};
    request.labelsPath = args.labels;
    records::ParseOptions parse;
    if (const auto done = args.parse.applyTo(parse); !done)
        return fail(done.error());
    if (!args.recipe.empty()) {
        auto recipe = pipeline::findRecipe(args.recipe);
        if (!recipe)
            return fail(recipe.error());
        request.recipe = std::move(*recipe);
        request.recipeReason = "as asked for with --recipe";
        if (const auto done = args.parse.applyTo(request.recipe.parse); !done)
            return fail(done.error());
    } else {
        const pipeline::RecipeWish wish{.unitKind = args.unit,
                                        .mode = args.mode == "live" ? pipeline::Mode::Live : pipeline::Mode::Batch,
                                        .learnsApart = !request.trainInputs.empty(),
                                        .namesDetectors = !args.detectors.empty()};
        auto choice = pipeline::chooseRecipe(args.parse.inputs, parse, wish);
        if (!choice)
            return fail(choice.error());
        request.recipe = std::move(choice->recipe);
        request.recipeReason = choice->reason;
        if (const auto done = args.parse.applyTo(request.recipe.parse); !done)
            return fail(done.error());
    }
    auto& recipe = request.recipe;
    if (!args.mode.empty())
        recipe.mode = args.mode == "live" ? pipeline::Mode::Live : pipeline::Mode::Batch;
    if (args.seed >= 0)
        recipe.seed = static_cast<std::uint64_t>(args.seed);
    if (!args.threshold.empty()) {
        const auto rule = decisions::ThresholdRule::parse(args.threshold);
        if (!rule)
            return fail(rule.error());
        recipe.threshold = *rule;
    }
    if (const auto done = applyUnits(args, recipe); !done)
        return fail(done.error());
    if (const auto done = applyDetectors(args, recipe); !done)
        return fail(done.error());
    return request;
}

Result<void> runPreview(const pipeline::AnalyzeRequest& request, const OutputArguments& output)
{
    WatchedJob job(output.quiet);
    const auto preview = pipeline::preview(request, job.context());
    if (!preview)
        return fail(preview.error());
    if (output.json)
        std::printf("%s\n", pipeline::toJson(*preview).c_str());
    else
        printPreview(*preview, request);
    return {};
}

Result<void> runAnalyze(const AnalyzeArguments& args)
{
    const ThreadLimit limit(args.threads);
    const auto request = makeRequest(args);
    if (!request)
        return fail(request.error());
    if (args.preview)
        return runPreview(*request, args.output);
    pipeline::AnalysisPtr result;
    {
        WatchedJob job(args.output.quiet);
        auto done = pipeline::analyze(*request, job.context());
        if (!done)
            return fail(done.error());
        result = std::move(*done);
    }
    QuietJob writing;
    return args.output.write(result, writing);
}

struct ScoreArguments {
    std::vector<std::string> inputs;
    OutputArguments output;
    std::string model, mode, labels;
    std::size_t threads = 0;
};

Result<void> runScore(const ScoreArguments& args)
{
    const ThreadLimit limit(args.threads);
    auto model = pipeline::loadModel(args.model);
    if (!model)
        return fail(model.error());
    pipeline::ScoreRequest request{
        .inputs = args.inputs, .model = std::move(*model), .mode = std::nullopt, .labelsPath = args.labels};
    if (!args.mode.empty())
        request.mode = args.mode == "live" ? pipeline::Mode::Live : pipeline::Mode::Batch;
    pipeline::AnalysisPtr result;
    {
        WatchedJob job(args.output.quiet);
        auto done = pipeline::score(request, job.context());
        if (!done)
            return fail(done.error());
        result = std::move(*done);
    }
    QuietJob writing;
    return args.output.write(result, writing);
}

} // namespace

void addAnalyze(CLI::App& app, Outcome& outcome)
{
    auto* command = app.add_subcommand("analyze", "Learn what is normal in the input and score it, in one go");
    auto args = std::make_shared<AnalyzeArguments>(); // shared: the callback outlives this function
    args->parse.addTo(*command);
    command->add_option("--recipe", args->recipe,
                        "A built-in recipe by name, or a YAML file (default: chosen from the input)");
    command->add_option("--unit", args->unit, "What gets a score")->check(CLI::IsMember({"row", "window", "session"}));
    command->add_option("--window", args->window, "Length of a window, e.g. 60s");
    command->add_option("--rolling", args->rolling, "Look-back spans of rolling columns, e.g. 5min,1h")->delimiter(',');
    command->add_option("--features", args->features,
                        "Groups of columns beside the basic ones, e.g. 'rates,entropy,quantiles: {at: [0.99]}'");
    command->add_option("--session-timeout", args->sessionTimeout,
                        "A key that is silent for so long begins a new session, e.g. 30min");
    command->add_option("--resample", args->resample, "Put metric rows on an even grid: 1min, or auto");
    command->add_flag("--preview", args->preview,
                      "Say how many units and columns there would be and about what they cost, and stop");
    command->add_option("--mode", args->mode, "batch looks at the whole span, live at nothing after a unit")
        ->check(CLI::IsMember({"batch", "live"}));
    command->add_option("--train", args->train, "Learn normal from these files instead");
    command->add_option("--labels", args->labels,
                        "CSV of labels, for evaluation only: key,label | start,end[,entity] | row,label");
    command->add_option("--threshold", args->threshold,
                        "quantile:0.99 | evt:1e-3 | budget:5/day | f1 (needs labels) | a score");
    command->add_option("--detectors", args->detectors, "Detectors to use instead of the recipe's")->delimiter(',');
    command->add_option("--weights", args->weights, "Weights in the ensemble, e.g. knn=0.5,robust_z=1")->delimiter(',');
    command->add_option("--seed", args->seed, "Seed of every random choice")->check(CLI::NonNegativeNumber);
    command->add_option("--threads", args->threads,
                        "Use at most this many threads (0: all); results do not depend on it");
    command->add_option("--model-out", args->output.modelOut, "Save what was learned, for `faultline score`");
    addOutputs(*command, args->output);
    command->footer(
        "Example:\n  faultline analyze api.log payments.jsonl metrics.csv --window 60s --report incident.html");
    command->callback([args, &outcome] { outcome = [args] { return runAnalyze(*args); }; });
}

void addScore(CLI::App& app, Outcome& outcome)
{
    auto* command = app.add_subcommand("score", "Score the input with a model that `analyze --model-out` saved");
    auto args = std::make_shared<ScoreArguments>();
    command->add_option("INPUT", args->inputs, "Logs and tables, folders, patterns, or - for standard input")
        ->required();
    command->add_option("--model", args->model, "The model file")->required();
    command->add_option("--mode", args->mode, "live goes on where the model stopped (default: the model's own mode)")
        ->check(CLI::IsMember({"batch", "live"}));
    command->add_option("--labels", args->labels, "CSV of labels, for evaluation only");
    command->add_option("--threads", args->threads, "Use at most this many threads (0: all)");
    addOutputs(*command, args->output);
    command->footer("Example:\n  faultline score today.log --model normal.flm --scores today.csv");
    command->callback([args, &outcome] { outcome = [args] { return runScore(*args); }; });
}

} // namespace faultline::cli
