// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/inspection.h"
#include "engine/pipeline/json_values.h"
#include "engine/pipeline/quality_json.h"
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace faultline::pipeline
{

namespace
{

using Json = nlohmann::ordered_json;

/// Text from data may be ill-formed UTF-8, which JSON cannot hold.
std::string safe(const std::string& text)
{
    return displayText(text);
}

std::string dumped(const Json& json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json fileJson(const records::SourceReport& report)
{
    Json out;
    out["path"] = safe(report.path);
    out["origin"] = safe(report.origin);
    out["compression"] = sources::compressionName(report.compression);
    out["encoding"] = sources::encodingName(report.encoding);
    out["format"] = report.detection.format;
    out["confidence"] = report.detection.confidence;
    out["bytes"] = report.fileBytes;
    out["lines"] = report.lines;
    out["records"] = report.records;
    out["lines_with_time"] = report.linesWithTime;
    out["start"] = timeOrNull(report.start);
    out["end"] = timeOrNull(report.end);
    if (!report.warning.empty())
        out["warning"] = report.warning;
    return out;
}

/// Figures over all files, and each file apart.
Json inputJson(const std::vector<records::SourceReport>& reports)
{
    Json out, files = Json::array(), rejectedBy = Json::object();
    std::uint64_t bytes = 0, lines = 0, records = 0, rejected = 0;
    TimeUs start = noTime, end = noTime;
    double confidence = 1.0;
    for (const auto& report : reports) {
        files.push_back(fileJson(report));
        bytes += report.fileBytes;
        lines += report.lines;
        records += report.records;
        rejected += report.rejectedLines;
        confidence = std::min(confidence, report.detection.confidence);
        if (report.start != noTime) {
            start = start == noTime ? report.start : std::min(start, report.start);
            end = end == noTime ? report.end : std::max(end, report.end);
        }
        for (const auto& [reason, count] : report.rejectedByReason)
            rejectedBy[reason] = rejectedBy.value(reason, std::uint64_t{0}) + count;
    }
    bool one = true;
    for (const auto& report : reports)
        one &= report.detection.format == reports.front().detection.format;
    out["format"] = reports.empty() ? "" : one ? reports.front().detection.format : "mixed";
    out["confidence"] = confidence;
    out["bytes"] = bytes;
    out["lines"] = lines;
    out["records"] = records;
    out["rejected"] = rejected;
    out["rejected_by_reason"] = rejectedBy;
    out["start"] = timeOrNull(start);
    out["end"] = timeOrNull(end);
    out["files"] = std::move(files);
    return out;
}

Json detectorJson(const DetectorRun& run)
{
    Json out{{"name", run.name}, {"weight", run.weight}, {"seconds", run.seconds}};
    if (!run.failure.empty())
        out["failure"] = run.failure;
    return out;
}

std::string changeName(explain::TemplateChangeKind kind)
{
    using Kind = explain::TemplateChangeKind;
    switch (kind) {
    case Kind::New:
        return "new";
    case Kind::Gone:
        return "gone";
    case Kind::More:
        return "more";
    case Kind::Fewer:
        return "fewer";
    }
    return "";
}

Json contributionsJson(const AnalysisResult& result, const explain::Explanation& why)
{
    Json detectors = Json::array(), features = Json::array(), templates = Json::array();
    for (const auto& d : why.detectors)
        detectors.push_back({{"detector", d.detector}, {"share", d.share}, {"tail_p", d.tailP}});
    for (const auto& f : why.features)
        features.push_back({{"feature", safe(f.feature)},
                            {"actual", numberOrNull(f.actual)},
                            {"typical", numberOrNull(f.typical)},
                            {"typical_low", numberOrNull(f.typicalLow)},
                            {"typical_high", numberOrNull(f.typicalHigh)},
                            {"unit", f.unit},
                            {"share", f.share}});
    for (const auto& t : why.templates)
        if (t.templateId < result.templateIds.size())
            templates.push_back({{"id", result.templateIds[t.templateId]},
                                 {"template", safe(result.templateTexts[t.templateId])},
                                 {"change", changeName(t.kind)},
                                 {"count", t.count},
                                 {"expected", t.expected}});
    return Json{{"detectors", detectors}, {"features", features}, {"templates", templates}};
}

Json evidenceJson(const AnalysisResult& result, const explain::Explanation& why)
{
    Json out = Json::array();
    if (!result.records)
        return out;
    for (const auto& line : why.evidence) {
        const auto text = result.records->text(line.record, 2'000);
        const auto source = result.records->table.source[line.record];
        out.push_back({{"file", safe(result.records->reports[source].path)},
                       {"line", result.records->lineNumber(line.record)},
                       {"time", timeOrNull(result.records->table.time[line.record])},
                       {"text", text ? safe(*text) : ""}});
    }
    return out;
}

Json episodeJson(const AnalysisResult& result, std::size_t e)
{
    const auto& episode = result.episodes[e];
    const auto& why = result.explanations[e];
    Json out;
    out["start"] = timeOrNull(episode.onset);
    out["peak"] = timeOrNull(episode.peakTime);
    out["end"] = timeOrNull(episode.end);
    out["entity"] =
        safe(result.table.keys.empty() ? result.table.entities[episode.entity] : result.table.keys[episode.peakUnit]);
    out["score"] = episode.score;
    out["tail_p"] = result.tailP[episode.peakUnit];
    out["units"] = episode.flaggedUnits;
    out["first_unit"] = episode.firstUnit;
    out["last_unit"] = episode.lastUnit;
    if (!why.title.empty()) {
        out["title"] = safe(why.title);
        out["summary"] = safe(why.summary);
        out["contributions"] = contributionsJson(result, why);
        out["evidence"] = evidenceJson(result, why);
    }
    return out;
}

Json metricsJson(const evaluate::Metrics& m)
{
    return {{"units", m.units},
            {"anomalies", m.anomalies},
            {"true_positives", m.truePositives},
            {"false_positives", m.falsePositives},
            {"false_negatives", m.falseNegatives},
            {"precision", m.precision},
            {"recall", m.recall},
            {"f1", m.f1},
            {"auc_roc", numberOrNull(m.aucRoc)},
            {"auc_pr", numberOrNull(m.aucPr)}};
}

/// What the model did not know, its first hundred templates.
Json unseenJson(const records::RecordSet& records)
{
    constexpr std::size_t listed = 100;
    const auto unseen = records::unseenTemplates(records);
    Json list = Json::array();
    for (std::size_t i = 0; i < std::min(unseen.templates.size(), listed); ++i) {
        const auto& each = unseen.templates[i];
        const auto& of = records.templates.templates[each.templateId];
        list.push_back({{"id", of.id},
                        {"template", safe(of.text)},
                        {"records", each.records},
                        {"file", safe(each.path)},
                        {"line", each.line}});
    }
    return {{"records", unseen.records}, {"count", unseen.templates.size()}, {"templates", std::move(list)}};
}

} // namespace

std::string toJson(const AnalysisResult& result)
{
    Json out;
    out["input"] = inputJson(result.records ? result.records->reports : std::vector<records::SourceReport>{});
    out["recipe"] = {{"name", result.recipe.name},
                     {"reason", result.recipeReason},
                     {"mode", result.recipe.mode == Mode::Batch ? "batch" : "live"},
                     {"seed", result.recipe.seed}};
    out["units"] = {{"kind", features::unitKindName(result.table.kind)}, {"count", result.table.units()}};
    if (result.table.kind == features::UnitKind::Window)
        out["units"]["window_seconds"] =
            static_cast<double>(result.recipe.features.window_us) / static_cast<double>(second_us);
    out["features"] = Json::array();
    for (const auto& column : result.table.columns)
        out["features"].push_back(safe(column.name));
    out["detectors"] = Json::array();
    for (const auto& run : result.detectors)
        out["detectors"].push_back(detectorJson(run));
    out["threshold"] = {{"method", result.threshold.rule.text()},
                        {"value", numberOrNull(result.threshold.value)},
                        {"expected_rate", numberOrNull(result.threshold.expectedRate)}};
    out["flagged"] = result.flaggedUnits();
    out["episodes"] = Json::array();
    for (std::size_t e = 0; e < result.episodes.size(); ++e)
        out["episodes"].push_back(episodeJson(result, e));
    if (result.metrics)
        out["metrics"] = metricsJson(*result.metrics);
    if (result.records)
        out["unseen_templates"] = unseenJson(*result.records);
    if (result.records)
        out["quality"] = qualityJson(result.quality);
    out["notices"] = result.notices;
    out["timing"] = Json::object();
    for (const auto& timing : result.timings)
        out["timing"][timing.stage] = timing.seconds;
    out["timing"]["total"] = result.seconds;
    out["peak_memory_bytes"] = result.peakMemoryBytes;
    return dumped(out);
}

std::string toJson(const Inspection& inspection)
{
    Json out;
    out["input"] = inputJson(inspection.records.reports);
    auto& files = out["input"]["files"];
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& report = inspection.records.reports[i];
        auto& file = files[i];
        file["time_format"] = report.detection.timeFormat;
        file["zone"] = report.detection.zone;
        file["reasons"] = report.detection.reasons;
        file["columns"] = report.detection.columns;
        file["continuation_lines"] = report.continuationLines;
        file["blank_lines"] = report.blankLines;
        file["header_lines"] = report.headerLines;
        file["records_sharing_lines"] = report.recordsSharingLines;
        file["invalid_utf8_lines"] = report.invalidUtf8Lines;
        file["longest_line_bytes"] = report.longestLineBytes;
        file["backward_times"] = report.backwardTimes;
        file["duplicate_times"] = report.duplicateTimes;
        file["skipped_local_times"] = report.skippedLocalTimes;
        file["repeated_local_times"] = report.repeatedLocalTimes;
        file["rejected"] = report.rejectedLines;
        file["rejected_lines"] = Json::array();
        for (const auto& rejection : report.rejected)
            file["rejected_lines"].push_back({{"line", rejection.line}, {"reason", rejection.reason}});
    }
    // The contract's names at the top, for the common case of one file.
    for (const char* key : {"format", "confidence", "lines", "records", "start", "end", "rejected"})
        out[key] = out["input"][key];
    out["notices"] = Json::array();
    for (const auto& notice : inspection.records.notices)
        out["notices"].push_back(safe(notice));
    out["templates"] = inspection.records.templates.size();
    out["entities"] = inspection.records.table.entities.all();
    out["fields"] = Json::array();
    for (const auto& field : inspection.records.table.fields)
        out["fields"].push_back({{"name", safe(field.name())}, {"unit", field.unit()}});
    out["quality"] = qualityJson(inspection.quality);
    out["seconds"] = inspection.seconds;
    return dumped(out);
}

Result<void> writeScoresCsv(const AnalysisResult& result, const std::string& path)
{
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (!file)
        return fail({ErrorCode::Io,
                     "the scores cannot be written here",
                     {path, 0, 0},
                     "check that the folder exists and is writable"});
    const auto& table = result.table;
    std::fputs("unit,start,end,entity,score,tail_p,flag\n", file);
    std::string line;
    for (std::size_t i = 0; i < table.units(); ++i) {
        line = table.keys.empty() ? std::to_string(i) : csvText(table.keys[i]);
        line += ',' + formatIso8601(table.start[i]) + ',' + formatIso8601(table.end[i]) + ',' +
                csvText(table.entities[table.entity[i]]);
        line += ',' + formatNumber(result.ranking()[i]) + ',' + formatNumber(result.tailP[i]);
        line += result.flags[i] != 0 ? ",1\n" : ",0\n";
        std::fwrite(line.data(), 1, line.size(), file);
    }
    const bool failed = std::ferror(file) != 0;
    if (std::fclose(file) != 0 || failed)
        return fail({ErrorCode::Io, "the scores could not be written whole", {path, 0, 0}, "is the disk full?"});
    return {};
}

} // namespace faultline::pipeline
