// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/decisions/episode.h"
#include "engine/detectors/detector.h"
#include "engine/explain/template_totals.h"
#include "engine/features/baseline.h"
#include "engine/features/feature_table.h"
#include "engine/records/loader.h"
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace faultline::explain
{

struct DetectorShare {
    std::string detector; ///< catalogue name
    double share = 0.0;   ///< of the ensemble score at the peak, 0..1, all sum to 1
    double tailP = 1.0;
};

/// One feature at the episode's peak: what it was and what it usually is.
struct FeatureReason {
    std::uint32_t column = 0; ///< index into FeatureTable::columns
    std::string feature, unit;
    double actual = 0.0; ///< NaN = missing
    double typicalLow = 0.0, typical = 0.0, typicalHigh = 0.0;
    double share = 0.0; ///< of the ensemble score, 0..1
};

/// New: none outside of the episode for this entity, or nowhere before it. Gone: none in the episode. More, Fewer: at
/// least half as much again or a third less than expected.
enum class TemplateChangeKind : std::uint8_t { New, Gone, More, Fewer };
struct TemplateChange {
    std::uint32_t templateId = 0;
    TemplateChangeKind kind = TemplateChangeKind::New;
    std::uint64_t count = 0; ///< in the episode
    double expected = 0.0;   ///< at its usual rate over the same time; 0 when New
    double significance =
        0.0; ///< -log10 p of the count under a Poisson at the expected rate, corrected for the templates compared
};

/// A record that speaks for the episode.
struct EvidenceLine {
    std::uint64_t record = 0; ///< index into RecordTable
    double weight = 0.0;      ///< what ranked it: rarity of its template, level, unseen first, fewer of the same
};

/// Why an episode is one. The same form whatever the detectors.
struct Explanation {
    std::vector<DetectorShare> detectors;
    std::vector<FeatureReason> features;   ///< largest share first, at most 12
    std::vector<TemplateChange> templates; ///< most significant first, at most 12
    std::vector<EvidenceLine> evidence;    ///< at most 20, best first
    std::string title;   ///< at most 60 characters, e.g. "payments: errors 188 per 60 s (typical 0-5)"
    std::string summary; ///< one or two sentences made of these facts alone
};

/// What explain() needs of a finished analysis; everything is borrowed for the call.
struct ExplainInput {
    const records::RecordSet* records =
        nullptr; ///< may be null (a reopened case whose sources are gone): no templates or evidence
    std::span<const std::uint32_t> timeOrder; ///< record indices by time; empty when the records carry no time
    const features::FeatureTable* table = nullptr;
    const features::Matrix* standardised = nullptr;
    const features::Baseline* baseline = nullptr;
    struct Member {
        std::string name;
        const detectors::Detector* detector = nullptr; ///< null: shares by detector only
        double share = 0.0;                            ///< of the ensemble score at the peak unit
        double tailP = 1.0;
    };
    std::vector<Member> members;
    /// Counts over the whole table; made by each call when null, which costs a pass over the table's template counts.
    const TemplateTotals* totals = nullptr;
    /// Ensemble scores and the threshold in use: they say which sessions are normal ones to compare with. May be
    /// absent.
    std::span<const double> scores;
    double threshold = 0.0;
};

/// Explains one episode at its peak. A few milliseconds plus one pass over the episode's records (at most 1 M of them).
/// Text from the data is made safe to show. Rows are numbered from 0, as in score and label files.
[[nodiscard]] Explanation explainEpisode(const decisions::Episode& episode, const ExplainInput& input);

/// The records behind an episode, at most `limit`, earliest first: Window: all of its entity from onset to end; Row:
/// those of its entity's units from the first to the last flagged one; Session: those of the session.
[[nodiscard]] std::vector<std::uint64_t> recordsOf(const decisions::Episode& episode, const ExplainInput& input,
                                                   std::size_t limit);

} // namespace faultline::explain
