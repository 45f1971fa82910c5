// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/run_steps.h"
#include "engine/core/random.h"
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/detectors/catalogue.h"
#include "engine/evaluate/labels.h"
#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numeric>

namespace faultline::pipeline
{

namespace
{

constexpr std::size_t explainedEpisodes = 200;

// An automatic window holds about this many records of an entity, and cuts the span into a number of windows between
// these two.
constexpr double recordsPerWindow = 20.0, fewestWindows = 200.0, mostWindows = 12'000.0;

/// First and last time over all sources.
std::pair<TimeUs, TimeUs> timeSpan(const records::RecordSet& records)
{
    TimeUs start = noTime, end = noTime;
    for (const auto& report : records.reports) {
        if (report.start == noTime)
            continue;
        start = start == noTime ? report.start : std::min(start, report.start);
        end = end == noTime ? report.end : std::max(end, report.end);
    }
    return {start, end};
}

/// Mean time between the metric rows of the entity that reports least often: a shorter window would be empty of
/// metrics.
double longestMetricStep(const records::RecordSet& records)
{
    struct Rows {
        TimeUs first = noTime, last = noTime;
        std::size_t count = 0;
    };
    const auto& table = records.table;
    std::vector<Rows> rows(table.entities.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table.templateId[i] != records::noTemplate || table.time[i] == noTime)
            continue;
        auto& r = rows[table.entity[i]];
        r.first = r.count == 0 ? table.time[i] : std::min(r.first, table.time[i]);
        r.last = r.count == 0 ? table.time[i] : std::max(r.last, table.time[i]);
        ++r.count;
    }
    double step = 0.0;
    for (const auto& r : rows)
        if (r.count > 10)
            step = std::max(step, static_cast<double>(r.last - r.first) / static_cast<double>(r.count - 1));
    return 0.999 * step; // a step of 60.0001 s is a minute
}

/// The window that the density of the data suggests, which is said.
DurationUs windowFor(const records::RecordSet& records, std::uint32_t maxEntities, std::vector<std::string>& notices)
{
    constexpr std::array<DurationUs, 13> round = {
        second_us,      5 * second_us,  10 * second_us, 30 * second_us, minute_us,   2 * minute_us, 5 * minute_us,
        10 * minute_us, 15 * minute_us, 30 * minute_us, hour_us,        6 * hour_us, day_us};
    const auto [start, end] = timeSpan(records);
    const double span = start == noTime ? 1.0 : static_cast<double>(end - start + 1);
    const auto named = std::min<std::size_t>(records.table.entities.size(), maxEntities);
    const double perEntity =
        static_cast<double>(records.table.size()) / std::max(1.0, static_cast<double>(named) - 1.0);
    const double wanted =
        std::max({span * recordsPerWindow / std::max(1.0, perEntity), span / mostWindows, longestMetricStep(records)});
    const auto fits =
        std::find_if(round.begin(), round.end(), [&](DurationUs w) { return static_cast<double>(w) >= wanted; });
    auto window = fits == round.end() ? round.back() : *fits;
    while (window > round.front() && span / static_cast<double>(window) < fewestWindows)
        window = *std::prev(std::find(round.begin(), round.end(), window));
    notices.push_back("window of " + formatDuration(window) +
                      ", chosen from the density of the data; set it with --window");
    return window;
}

/// The zone that the person gave, or that all sources carry; else UTC.
TimeZone zoneOf(const Recipe& recipe, const records::RecordSet& records)
{
    if (recipe.parse.zoneGiven)
        return recipe.parse.zone;
    std::string common;
    for (const auto& report : records.reports) {
        const auto& zone = report.detection.zone;
        const auto name = zone.substr(0, zone.find(" ("));
        if (zone.find("assumed") != std::string::npos || (!common.empty() && name != common))
            return {};
        common = name;
    }
    return common.empty() ? TimeZone() : TimeZone::named(common).value_or(TimeZone());
}

/// A look-back of a window or less is the window itself.
void dropShortSpans(features::FeatureOptions& options, std::vector<std::string>& notices)
{
    for (const auto span : options.rolling_us)
        if (span <= options.window_us)
            notices.push_back("no rolling columns over " + formatDuration(span) + ": a window is " +
                              formatDuration(options.window_us));
    std::erase_if(options.rolling_us, [&](auto span) { return span <= options.window_us; });
}

} // namespace

std::int8_t labelOf(std::string text)
{
    for (auto& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (const auto number = parseNumber(text))
        return *number != 0.0 ? 1 : 0;
    if (text.empty())
        return -1;
    return text == "true" || text == "anomaly" || text == "yes" || text == "outlier" ? 1 : 0;
}

void StageClock::lap(const std::string& stage)
{
    const auto now = Clock::now();
    m_timings->push_back({stage, std::chrono::duration<double>(now - m_last).count()});
    m_last = now;
}

double StageClock::total() const
{
    return std::chrono::duration<double>(Clock::now() - m_begin).count();
}

records::LoadOptions loadOptions(const Recipe& recipe, const records::templates::TemplateSet* frozen)
{
    records::LoadOptions options;
    options.parse = recipe.parse;
    options.mining = recipe.mining;
    options.mining.group = recipe.mode == Mode::Batch;
    options.frozen = frozen;
    return options;
}

features::FeatureOptions resolveFeatures(const Recipe& recipe, const records::RecordSet& records,
                                         std::vector<std::string>& notices)
{
    auto options = recipe.features;
    options.causalColumns = recipe.mode == Mode::Live;
    options.templateSequence = std::any_of(recipe.detectors.begin(), recipe.detectors.end(), [](const auto& entry) {
        const auto spec = detectors::specOf(entry.name);
        return spec && spec->needsTemplateSequence;
    });
    options.zone = zoneOf(recipe, records);
    if (options.causalColumns && options.groups.templateRates + options.groups.templateShares > 0)
        notices.push_back("live mode has no columns of single templates, so template rates and shares are left out");
    if (options.window_us == automaticWindow)
        options.window_us =
            options.kind == features::UnitKind::Window ? windowFor(records, options.maxEntities, notices) : minute_us;
    if (options.kind == features::UnitKind::Window)
        dropShortSpans(options, notices);
    return options;
}

std::vector<std::string> pathsOf(const records::RecordSet& records)
{
    std::vector<std::string> paths;
    for (const auto& report : records.reports)
        paths.push_back(report.path);
    return paths;
}

void noteSources(const records::RecordSet& records, std::vector<std::string>& notices)
{
    notices.insert(notices.end(), records.notices.begin(), records.notices.end());
    for (const auto& report : records.reports) {
        if (!report.warning.empty())
            notices.push_back(report.path + ": " + report.warning);
        if (report.rejectedLines != 0)
            notices.push_back(report.path + ": " + formatCount(report.rejectedLines) + " of " +
                              formatCount(report.lines) + " lines rejected, most often because: " +
                              (report.rejectedByReason.empty() ? "unknown" : report.rejectedByReason.front().first));
        if (report.backwardTimes != 0)
            notices.push_back(report.path + ": the clock went backwards " + formatCount(report.backwardTimes) +
                              " times");
        if (report.detection.zone.find("assumed") != std::string::npos)
            notices.push_back(report.path + ": times carry no zone, " + report.detection.zone +
                              "; set it with --timezone");
        for (const auto& reason : report.detection.reasons)
            if (reason.find("label") != std::string::npos)
                notices.push_back(report.path + ": " + reason);
    }
}

Result<void> placeRecords(AnalysisResult& result, std::shared_ptr<const records::RecordSet> records,
                          records::QualityReport quality, JobContext& job)
{
    auto timeline = Timeline::build(records->table, job);
    if (!timeline)
        return fail(timeline.error());
    result.timeline = std::make_shared<const Timeline>(std::move(*timeline));
    result.quality = std::move(quality);
    result.inputs = pathsOf(*records);
    noteSources(*records, result.notices);
    result.records = std::move(records);
    return {};
}

Result<std::vector<std::int8_t>> unitLabels(const std::string& labelsPath, const records::RecordSet& records,
                                            const features::FeatureTable& table)
{
    if (!labelsPath.empty()) {
        const auto labels = evaluate::readLabels(labelsPath);
        if (!labels)
            return fail(labels.error());
        return evaluate::labelUnits(*labels, table);
    }
    std::vector<std::int8_t> out;
    if (records.labels.empty() || table.record.empty())
        return out;
    for (const auto record : table.record)
        out.push_back(record < records.labels.size() ? labelOf(records.labels[record]) : std::int8_t{-1});
    return out;
}

void nameTemplates(AnalysisResult& result)
{
    for (const auto& t : result.records->templates.templates) {
        result.templateIds.push_back(t.id);
        result.templateTexts.push_back(t.text);
    }
}

void decide(AnalysisResult& result)
{
    result.episodes = episodesAt(result, result.threshold.value);
    if (result.recipe.mode == Mode::Batch) {
        result.flags = decisions::flagsOf(result.table, result.episodes);
        return;
    }
    result.flags.resize(result.score.size());
    for (std::size_t i = 0; i < result.flags.size(); ++i)
        result.flags[i] = result.score[i] >= result.threshold.value ? 1 : 0;
}

Result<void> conclude(AnalysisResult& result, const std::vector<std::int8_t>& labels, JobContext& job)
{
    decide(result);
    result.templateTotals = explain::TemplateTotals::of(result.table, result.records.get());
    result.explanations.resize(result.episodes.size());
    std::vector<std::size_t> order(result.episodes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return result.episodes[a].score > result.episodes[b].score; });
    order.resize(std::min(order.size(), explainedEpisodes));
    job.begin("explaining", order.size());
    for (const auto e : order) {
        result.explanations[e] = explainEpisode(result, result.episodes[e]);
        if (!job.advance())
            return cancelled();
    }
    if (!labels.empty())
        result.metrics = evaluate::evaluate(result.ranking(), result.flags, labels);
    nameTemplates(result);
    for (const auto& run : result.detectors)
        if (!run.failure.empty())
            result.notices.push_back("without " + run.name + ": " + run.failure);
        else if (run.standsIn)
            result.notices.push_back("scored by " + run.name + " alone, because no detector of the recipe could");
    result.peakMemoryBytes = peakMemoryBytes();
    return {};
}

std::string describeData(const records::RecordSet& records)
{
    const auto [start, end] = timeSpan(records);
    auto text = formatCount(records.sources.size()) + (records.sources.size() == 1 ? " file, " : " files, ") +
                formatCount(records.table.size()) + " records";
    if (start != noTime)
        text += ", " + formatIso8601(start) + " to " + formatIso8601(end);
    return text;
}

} // namespace faultline::pipeline
