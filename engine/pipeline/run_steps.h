// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/model.h"
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace faultline::pipeline
{

/// Measures the stages of a run one after the other.
class StageClock
{
public:
    explicit StageClock(std::vector<StageTiming>& timings) : m_timings(&timings) {}
    /// Ends the current stage under this name and starts the next.
    void lap(const std::string& stage);
    [[nodiscard]] double total() const;

private:
    using Clock = std::chrono::steady_clock;
    std::vector<StageTiming>* m_timings;
    Clock::time_point m_begin = Clock::now(), m_last = m_begin;
};

/// How the recipe's inputs are read: parse options, mining; live runs mine without looking ahead.
[[nodiscard]] records::LoadOptions loadOptions(const Recipe& recipe, const records::templates::TemplateSet* frozen);
/// Feature options with an automatic window resolved from the data, which is said in `notices`.
[[nodiscard]] features::FeatureOptions resolveFeatures(const Recipe& recipe, const records::RecordSet& records,
                                                       std::vector<std::string>& notices);
/// 1 for a label that says anomaly (1, true, yes, anomaly, outlier), 0 for another, -1 for none.
[[nodiscard]] std::int8_t labelOf(std::string text);
/// What the person should know about how the sources were read: assumptions, rejected lines, damage.
void noteSources(const records::RecordSet& records, std::vector<std::string>& notices);

/// The files that were read: what a case must name to be opened again, whatever folders and patterns led to them.
[[nodiscard]] std::vector<std::string> pathsOf(const records::RecordSet& records);
/// Places the records in the result, with their timeline, their quality and what the person should know of them.
[[nodiscard]] Result<void> placeRecords(AnalysisResult& result, std::shared_ptr<const records::RecordSet> records,
                                        records::QualityReport quality, JobContext& job);

/// One label per unit from the labels file, or else from the label column that the recipe names; empty when there is
/// neither.
[[nodiscard]] Result<std::vector<std::int8_t>>
unitLabels(const std::string& labelsPath, const records::RecordSet& records, const features::FeatureTable& table);
/// Ids and texts of the templates that were read, as the result itself keeps them.
void nameTemplates(AnalysisResult& result);
/// Episodes and verdicts at the result's threshold.
void decide(AnalysisResult& result);
/// Episodes, explanations of the highest 200, metrics against `labels`, and the closing figures.
[[nodiscard]] Result<void> conclude(AnalysisResult& result, const std::vector<std::int8_t>& labels, JobContext& job);

/// "5 files, 1,000,000 records, 2026-03-05T00:00:00Z to 2026-03-12T15:30:00Z".
[[nodiscard]] std::string describeData(const records::RecordSet& records);

} // namespace faultline::pipeline
