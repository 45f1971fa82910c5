// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/detector.h"
#include "engine/ensemble/tail_model.h"
#include "engine/features/baseline.h"
#include "engine/features/feature_table.h"
#include "engine/pipeline/recipe.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace faultline::pipeline
{

/// Scores units one after the other, each from what came before it, then learns it. The first 100 units are a warm-up:
/// they score 0 and are learned from. The baseline and all detectors are refitted on the last 30,000 units whenever the
/// count has grown by a tenth (at least every 25); detectors that can learn one unit at a time do so in between. Refits
/// depend on the count alone, so a stream cut anywhere and continued from its saved state scores as if it had not been
/// cut. The score is the calibrated surprise of the ensemble, -log10 of its tail probability, so one threshold holds at
/// all times. Detectors that stream are not refitted; those that calibrate themselves are not calibrated again, nor is
/// an ensemble of one such.
class LiveScorer
{
public:
    LiveScorer(const Recipe& recipe, std::vector<std::unique_ptr<detectors::Detector>> unfitted);
    LiveScorer(LiveScorer&&) noexcept = default;
    LiveScorer& operator=(LiveScorer&&) noexcept = default;

    struct Output {
        double score = 0.0, tailP = 1.0;
        bool flag = false;
        std::vector<double> raw, surprise; ///< per member
    };
    /// Scores all units of `table` in order; one output each.
    [[nodiscard]] Result<std::vector<Output>> push(const features::FeatureTable& table, JobContext& job);

    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<LiveScorer> load(const TensorBundle& bundle, const std::string& prefix,
                                                 const Recipe& recipe);
    /// A deep copy, so that scoring never changes a model that others hold.
    [[nodiscard]] Result<LiveScorer> copy() const;

    [[nodiscard]] std::uint64_t seen() const { return m_seen; }
    [[nodiscard]] const features::Baseline& baseline() const { return m_baseline; }
    [[nodiscard]] std::size_t memberCount() const { return m_members.size(); }
    /// The member's detector as fitted last, or null while it has not been.
    [[nodiscard]] const detectors::Detector* detector(std::size_t member) const
    {
        return m_members[member].fitted ? m_members[member].detector.get() : nullptr;
    }

    /// The score from which a unit is flagged under this rule, on the live scale (decades of calibrated surprise).
    [[nodiscard]] static double flagScore(const decisions::ThresholdRule& rule);

private:
    struct Member {
        std::string name;
        double weight = 1.0;
        std::unique_ptr<detectors::Detector> detector;
        bool fitted = false;
        ensemble::LiveTail tail;
    };
    [[nodiscard]] Result<void> refit(JobContext& job);
    /// Scores units that lie before the next refit.
    [[nodiscard]] Result<std::vector<Output>> scoreBlock(const features::FeatureTable& block, JobContext& job);
    [[nodiscard]] static Result<void> scoreMember(Member& member, const features::FeatureTable& block,
                                                  const features::Matrix& standardised, std::vector<double>& raw,
                                                  JobContext& job);
    [[nodiscard]] static double surpriseOf(Member& member, double raw);

    Recipe m_recipe;
    std::vector<Member> m_members;
    features::Baseline m_baseline;
    features::FeatureTable m_history;
    ensemble::LiveTail m_ensembleTail;
    std::uint64_t m_seen = 0, m_nextRefit = 100;
};

} // namespace faultline::pipeline
