// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/case_io.h"
#include "engine/pipeline/analysis_run.h"
#include "engine/pipeline/model.h"
#include "engine/pipeline/record_index.h"
#include "engine/pipeline/run_steps.h"
#include "engine/pipeline/table_codec.h"
#include "engine/store/case_file.h"
#include <chrono>
#include <nlohmann/json.hpp>

namespace faultline::pipeline
{

namespace
{

using Json = nlohmann::json;

Json explanationsJson(const AnalysisResult& result)
{
    Json out = Json::array();
    for (const auto& why : result.explanations) {
        Json one{{"title", why.title}, {"summary", why.summary}};
        for (const auto& d : why.detectors)
            one["detectors"].push_back({d.detector, d.share, d.tailP});
        for (const auto& f : why.features)
            one["features"].push_back({{"column", f.column},
                                       {"feature", f.feature},
                                       {"unit", f.unit},
                                       {"values", {f.actual, f.typicalLow, f.typical, f.typicalHigh, f.share}}});
        for (const auto& t : why.templates)
            one["templates"].push_back({t.templateId, static_cast<int>(t.kind), t.count, t.expected, t.significance});
        for (const auto& line : why.evidence)
            one["evidence"].push_back({line.record, line.weight});
        out.push_back(std::move(one));
    }
    return out;
}

double numberAt(const Json& values, std::size_t i)
{
    return values.at(i).is_null() ? std::numeric_limits<double>::quiet_NaN() : values.at(i).get<double>();
}

explain::Explanation explanationFromJson(const Json& json)
{
    explain::Explanation why;
    why.title = json.at("title");
    why.summary = json.at("summary");
    for (const auto& d : json.value("detectors", Json::array()))
        why.detectors.push_back({d.at(0), d.at(1), d.at(2)});
    for (const auto& f : json.value("features", Json::array())) {
        const auto& v = f.at("values");
        why.features.push_back({f.at("column"), f.at("feature"), f.at("unit"), numberAt(v, 0), numberAt(v, 1),
                                numberAt(v, 2), numberAt(v, 3), numberAt(v, 4)});
    }
    for (const auto& t : json.value("templates", Json::array()))
        why.templates.push_back(
            {t.at(0), static_cast<explain::TemplateChangeKind>(t.at(1).get<int>() & 3), t.at(2), t.at(3), t.at(4)});
    for (const auto& line : json.value("evidence", Json::array()))
        why.evidence.push_back({line.at(0), line.at(1)});
    return why;
}

void putDetectors(const AnalysisResult& result, TensorBundle& bundle)
{
    auto& list = bundle.facts["detectors"] = Json::array();
    for (std::size_t m = 0; m < result.detectors.size(); ++m) {
        const auto& run = result.detectors[m];
        list.push_back({{"name", run.name},
                        {"title", run.title},
                        {"weight", run.weight},
                        {"role", static_cast<int>(run.role)},
                        {"seconds", run.seconds},
                        {"failure", run.failure}});
        bundle.put("detectors/" + std::to_string(m) + "/raw", run.raw);
        bundle.put("detectors/" + std::to_string(m) + "/surprise", run.surprise);
    }
}

TensorBundle arraysOf(const AnalysisResult& result)
{
    TensorBundle bundle;
    saveTable(result.table, bundle, "table");
    bundle.put("score", result.score);
    bundle.put("tail_p", result.tailP);
    if (!result.rank.empty())
        bundle.put("rank", result.rank);
    putDetectors(result, bundle);
    bundle.facts["explanations"] = explanationsJson(result);
    bundle.facts["template_ids"] = result.templateIds;
    bundle.facts["template_texts"] = result.templateTexts;
    bundle.facts["inputs"] = result.inputs;
    bundle.facts["recipe_reason"] = result.recipeReason;
    bundle.facts["threshold_value"] = result.threshold.value;
    bundle.facts["notices"] = result.notices;
    return bundle;
}

Result<void> readDetectors(const TensorBundle& bundle, AnalysisResult& result)
{
    const auto list = bundle.facts.at("detectors");
    for (std::size_t m = 0; m < list.size(); ++m) {
        const auto& entry = list[m];
        DetectorRun run{.name = entry.at("name"),
                        .title = entry.at("title"),
                        .weight = entry.at("weight"),
                        .role = entry.at("role").get<int>() == 1 ? detectors::EvidenceRole::Either
                                                                 : detectors::EvidenceRole::Average};
        run.seconds = entry.at("seconds");
        run.failure = entry.at("failure");
        const auto units = run.failure.empty() ? result.table.units() : 0;
        auto raw = bundle.vector<double>("detectors/" + std::to_string(m) + "/raw", units);
        auto surprise = bundle.vector<float>("detectors/" + std::to_string(m) + "/surprise", units);
        if (!raw || !surprise)
            return fail(!raw ? raw.error() : surprise.error());
        run.raw = std::move(*raw);
        run.surprise = std::move(*surprise);
        result.detectors.push_back(std::move(run));
    }
    return {};
}

Result<void> fillFrom(const TensorBundle& bundle, AnalysisResult& result)
{
    auto table = loadTable(bundle, "table");
    if (!table)
        return fail(table.error());
    result.table = std::move(*table);
    auto score = bundle.vector<double>("score", result.table.units());
    auto tailP = bundle.vector<double>("tail_p", result.table.units());
    if (!score || !tailP)
        return fail(!score ? score.error() : tailP.error());
    result.score = std::move(*score);
    result.tailP = std::move(*tailP);
    if (bundle.contains("rank")) {
        auto rank = bundle.vector<double>("rank", result.table.units());
        if (!rank)
            return fail(rank.error());
        result.rank = std::move(*rank);
    }
    try {
        if (const auto done = readDetectors(bundle, result); !done)
            return fail(done.error());
        result.inputs = bundle.facts.at("inputs").get<std::vector<std::string>>();
        result.recipeReason = bundle.facts.at("recipe_reason");
        result.notices = bundle.facts.at("notices").get<std::vector<std::string>>();
        result.templateIds = bundle.facts.at("template_ids").get<std::vector<std::string>>();
        result.templateTexts = bundle.facts.at("template_texts").get<std::vector<std::string>>();
        result.threshold = {result.recipe.threshold, bundle.facts.at("threshold_value").get<double>(),
                            result.model->threshold.expectedRate};
        for (const auto& why : bundle.facts.at("explanations"))
            result.explanations.push_back(explanationFromJson(why));
    } catch (const nlohmann::json::exception& problem) {
        return fail({ErrorCode::Store,
                     std::string("the stored run cannot be read: ") + problem.what(),
                     {},
                     "the case is damaged"});
    }
    result.baseline = result.model->baseline;
    result.standardised = result.baseline.standardise(result.table);
    result.templateTotals = explain::TemplateTotals::of(result.table, nullptr);
    decide(result);
    result.explanations.resize(result.episodes.size());
    return {};
}

Json stateJson(const CaseState& state)
{
    return {{"threshold", state.threshold}, {"from", state.viewFrom}, {"to", state.viewTo}, {"layout", state.layout}};
}

CaseState stateFrom(const std::string& text)
{
    CaseState state;
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return state;
    try {
        state.threshold = json.value("threshold", 0.0);
        state.viewFrom = json.value("from", noTime);
        state.viewTo = json.value("to", noTime);
        state.layout = json.value("layout", std::string());
    } catch (const nlohmann::json::exception&) {
        return {}; // a case whose window state is damaged opens with the standard view
    }
    return state;
}

/// What decides how inputs become records: an index made with other settings is of no use.
std::string readingSettings(const Recipe& recipe)
{
    Recipe reading;
    reading.parse = recipe.parse;
    reading.mining = recipe.mining;
    reading.resample = recipe.resample;
    reading.sessions = recipe.sessions;
    reading.features.kind = recipe.features.kind;
    return writeRecipe(reading);
}

/// Beside the case, so that it opens without reading its sources again. A case is whole without it, so what prevents
/// it (no space, a source that has changed) is no failure of saving.
Result<void> saveIndex(const AnalysisResult& result, const std::string& casePath, JobContext& job)
{
    if (!result.records)
        return {};
    const auto written = writeRecordIndex(*result.records, readingSettings(result.recipe), indexPathOf(casePath), job);
    if (!written && written.error().code == ErrorCode::Cancelled)
        return written;
    return {};
}

TimeUs now()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

Result<void> saveCase(const AnalysisResult& result, const CaseState& state, const std::string& path, JobContext& job)
{
    job.begin("saving", 4);
    std::vector<store::StoredSource> stored;
    for (const auto& input : result.inputs) {
        auto source = store::describeSource(input);
        stored.push_back(source ? std::move(*source) : store::StoredSource{input, 0, noTime, ""});
    }
    auto file = store::CaseFile::openOrCreate(path);
    if (!file)
        return fail(file.error());
    if (!job.advance())
        return cancelled();
    const auto model =
        file->addModel(result.recipe.name.empty() ? "model" : result.recipe.name, result.model->toBundle());
    if (!model)
        return fail(model.error());
    if (!job.advance())
        return cancelled();
    if (const auto done = file->setSources(stored); !done)
        return done;
    auto arrays = arraysOf(result);
    arrays.facts["model"] = {{"name", result.recipe.name.empty() ? "model" : result.recipe.name}, {"version", *model}};
    const auto run = file->addRun({0, result.recipe.name, now(), writeRecipe(result.recipe), toJson(result)}, arrays);
    if (!run)
        return fail(run.error());
    if (!job.advance())
        return cancelled();
    if (const auto done = file->setText("state", stateJson(state).dump()); !done)
        return done;
    return saveIndex(result, path, job);
}

Result<OpenedCase> openCase(const std::string& path, JobContext& job)
{
    job.begin("opening", 4);
    auto file = store::CaseFile::open(path);
    if (!file)
        return fail(file.error());
    const auto runs = file->runs();
    if (!runs)
        return fail(runs.error());
    if (runs->empty())
        return fail({ErrorCode::Store, "this case holds no run", {path, 0, 0}, "analyse its sources again"});
    const auto arrays = file->runArrays(runs->back().id);
    if (!arrays)
        return fail(arrays.error());
    if (!job.advance())
        return cancelled();
    const auto modelName = arrays->fact<std::string>("/model/name");
    const auto modelVersion = arrays->fact<std::int64_t>("/model/version");
    if (!modelName || !modelVersion)
        return fail(!modelName ? modelName.error() : modelVersion.error());
    const auto modelBundle = file->model(*modelName, *modelVersion);
    if (!modelBundle)
        return fail(modelBundle.error());
    auto model = Model::fromBundle(*modelBundle);
    if (!model)
        return fail(model.error());
    if (!job.advance())
        return cancelled();
    auto result = std::make_shared<AnalysisResult>();
    auto recipe = parseRecipe(runs->back().recipeYaml, path);
    if (!recipe)
        return fail(recipe.error());
    result->recipe = std::move(*recipe);
    result->model = std::move(*model);
    if (const auto done = fillFrom(*arrays, *result); !done)
        return fail(done.error());
    OpenedCase opened;
    const auto sources = file->sources();
    if (!sources)
        return fail(sources.error());
    for (const auto& source : *sources) {
        const auto current = store::describeSource(source.path);
        if (!current || current->sha256 != source.sha256)
            opened.changedSources.push_back(source.path);
    }
    const auto state = file->text("state");
    if (!state)
        return fail(state.error());
    opened.state = *state ? stateFrom(**state) : CaseState{};
    opened.result = std::move(result);
    return opened;
}

Result<AnalysisPtr> reloadRecords(const AnalysisPtr& result, const std::string& casePath, JobContext& job)
{
    auto complete = std::make_shared<AnalysisResult>(*result);
    job.enterPhase(0.0, 1.0);
    auto records = readRecordIndex(indexPathOf(casePath), readingSettings(result->recipe), job);
    if (!records && records.error().code == ErrorCode::Cancelled)
        return fail(records.error());
    LoadedRecords loaded;
    if (records) {
        auto quality = records::assess(*records, job);
        if (!quality)
            return fail(quality.error());
        loaded = {std::make_shared<records::RecordSet>(std::move(*records)), std::move(*quality)};
    } else { // no index, or not of these sources any more: they are read again
        auto recipe = result->recipe;
        recipe.mode = Mode::Batch; // the run is over, so its sessions are
        auto again = loadRecords(result->inputs, recipe, &result->model->templates, job);
        if (!again)
            return fail(again.error());
        loaded = std::move(*again);
    }
    complete->quality = std::move(loaded.quality);
    auto timeline = Timeline::build(loaded.records->table, job);
    if (!timeline)
        return fail(timeline.error());
    complete->records = std::move(loaded.records);
    complete->timeline = std::make_shared<Timeline>(std::move(*timeline));
    return AnalysisPtr(std::move(complete));
}

} // namespace faultline::pipeline
