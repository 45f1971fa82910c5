// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "app/cli/command.h"
#include "engine/core/text.h"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace faultline::cli
{

namespace
{

constexpr std::size_t shownEpisodes = 10, shownReasons = 4, shownEvidence = 3;

std::string typicalRange(const explain::FeatureReason& reason)
{
    return "typical " + formatMeasure(reason.typicalLow) + " to " + formatMeasure(reason.typicalHigh);
}

void printEpisode(const pipeline::AnalysisResult& result, std::size_t e, std::size_t number)
{
    const auto& episode = result.episodes[e];
    const auto& why = result.explanations[e];
    std::printf("\n%2zu. %s\n", number, displayText(why.title).c_str());
    if (episode.onset != noTime)
        std::printf("    %s to %s, peak %s, score %.1f, %u flagged\n", formatIso8601(episode.onset).c_str(),
                    formatIso8601(episode.end).c_str(), formatIso8601(episode.peakTime).c_str(), episode.score,
                    episode.flaggedUnits);
    else
        std::printf("    score %.1f, %u flagged\n", episode.score, episode.flaggedUnits);
    std::printf("    %s\n", displayText(why.summary).c_str());
    for (std::size_t f = 0; f < std::min(why.features.size(), shownReasons); ++f) {
        const auto& reason = why.features[f];
        std::printf("      %-32s %10s %-10s %s, share %.0f %%\n", displayText(reason.feature).substr(0, 32).c_str(),
                    std::isfinite(reason.actual) ? formatMeasure(reason.actual).c_str() : "missing",
                    reason.unit.c_str(), typicalRange(reason).c_str(), reason.share * 100.0);
    }
    if (!result.records)
        return;
    for (std::size_t l = 0; l < std::min(why.evidence.size(), shownEvidence); ++l)
        if (const auto text = result.records->text(why.evidence[l].record, 200)) {
            const auto line = displayText(text->substr(0, text->find('\n')));
            std::printf("      | %s\n", line.c_str());
        }
}

void printInputs(const pipeline::AnalysisResult& result)
{
    for (const auto& report : result.records->reports)
        std::printf("%s: %s, confidence %.2f, %s lines, %s records, %s rejected\n", report.path.c_str(),
                    report.detection.format.c_str(), report.detection.confidence, formatCount(report.lines).c_str(),
                    formatCount(report.records).c_str(), formatCount(report.rejectedLines).c_str());
    if (result.timeline && result.timeline->start() != noTime)
        std::printf("from %s to %s (%s)\n", formatIso8601(result.timeline->start()).c_str(),
                    formatIso8601(result.timeline->end()).c_str(),
                    formatDuration(result.timeline->end() - result.timeline->start()).c_str());
    std::printf("recipe %s: %s\n", result.recipe.name.c_str(), result.recipeReason.c_str());
    for (const auto& notice : result.notices)
        std::printf("note: %s\n", displayText(notice).c_str());
}

} // namespace

void printSummary(const pipeline::AnalysisResult& result)
{
    printInputs(result);
    std::printf("%s %ss, %zu features, detectors:", formatCount(result.table.units()).c_str(),
                features::unitKindName(result.table.kind).c_str(), result.table.columns.size());
    for (const auto& run : result.detectors)
        if (run.failure.empty())
            std::printf(" %s (%.2f s)", run.name.c_str(), run.seconds);
    std::printf("\nthreshold %s = %.2f: %s flagged, %zu episodes\n", result.threshold.rule.text().c_str(),
                result.threshold.value, formatCount(result.flaggedUnits()).c_str(), result.episodes.size());
    if (result.metrics)
        std::printf(
            "against %s labels (%s anomalies): precision %.3f, recall %.3f, F1 %.3f, AUC-ROC %.3f, AUC-PR %.3f\n",
            formatCount(result.metrics->units).c_str(), formatCount(result.metrics->anomalies).c_str(),
            result.metrics->precision, result.metrics->recall, result.metrics->f1, result.metrics->aucRoc,
            result.metrics->aucPr);
    std::vector<std::size_t> order(result.episodes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return result.episodes[a].score > result.episodes[b].score; });
    for (std::size_t i = 0; i < std::min(order.size(), shownEpisodes); ++i)
        printEpisode(result, order[i], i + 1);
    if (order.size() > shownEpisodes)
        std::printf("\nand %zu more with lower scores; --json, --report or the workbench show all\n",
                    order.size() - shownEpisodes);
    std::printf("\n%.2f s (", result.seconds);
    for (const auto& timing : result.timings)
        std::printf("%s%s %.2f", &timing == &result.timings.front() ? "" : ", ", timing.stage.c_str(), timing.seconds);
    std::printf("), peak memory %s\n", formatBytes(result.peakMemoryBytes).c_str());
}

void printPreview(const pipeline::FeaturePreview& preview, const pipeline::AnalyzeRequest& request)
{
    std::printf("recipe %s: %s\n", request.recipe.name.c_str(), request.recipeReason.c_str());
    for (const auto& notice : preview.notices)
        std::printf("note: %s\n", displayText(notice).c_str());
    std::printf("%s records make %s %ss of %zu columns:\n", formatCount(preview.records).c_str(),
                formatCount(preview.units).c_str(), features::unitKindName(preview.kind).c_str(), preview.columns);
    for (const auto& [name, columns] : preview.groups)
        std::printf("  %-16s %6zu\n", name.c_str(), columns);
    std::printf("about %.1f s and %s of memory\n", preview.seconds, formatBytes(preview.memoryBytes).c_str());
    for (const auto& warning : preview.warnings)
        std::printf("warning: %s\n", warning.c_str());
}

} // namespace faultline::cli
