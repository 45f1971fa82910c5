// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/decisions/threshold.h"
#include "engine/features/feature_table.h"
#include <cstdint>
#include <span>
#include <vector>

namespace faultline::decisions
{

/// Flagged units of one entity merged into one thing.
struct Episode {
    std::uint32_t entity = 0; ///< index into FeatureTable::entities
    TimeUs onset = noTime;    ///< start of the first flagged unit
    TimeUs peakTime = noTime; ///< start of the unit with the highest score
    TimeUs end = noTime;      ///< end of the last flagged unit
    double score = 0.0;       ///< highest ensemble score
    std::uint64_t peakUnit = 0;
    std::uint64_t firstUnit = 0, lastUnit = 0; ///< first and last flagged unit (inclusive), indices into the table
    std::uint32_t flaggedUnits = 0;            ///< units of the entity from the first to the last
};

struct EpisodeOptions {
    /// Stretches of one entity with at most this many units between them are one episode.
    std::uint32_t gapUnits = 3;
    /// Hysteresis: a stretch that reaches the threshold begins and ends where the score crosses this share of it, (0,
    /// 1].
    double continueAt = 1.0;
};

/// Groups the units of each entity, in table order, which is time order within an entity: a stretch of scores at or
/// over continueAt x threshold that somewhere reaches the threshold, and further stretches across small gaps. All units
/// from the first to the last are flagged, those in the gaps too: an episode is one alarm. For sessions each unit at or
/// over the threshold is an episode of its own. Ordered by onset, then entity; units without time come first, in table
/// order. O(units); 1 M units take a few ms, so it can follow a dragged threshold.
[[nodiscard]] std::vector<Episode> mergeEpisodes(const features::FeatureTable& table, std::span<const double> scores,
                                                 double threshold, const EpisodeOptions& options = {});
/// 1 for each unit that lies within an episode of its entity. O(units + episodes).
[[nodiscard]] std::vector<std::uint8_t> flagsOf(const features::FeatureTable& table, std::span<const Episode> episodes);
/// The lowest threshold down to which, coming from above, the data never has more than `perDay` episodes a day of its
/// span (lower ones may join everything into one long episode, which is not what a budget asks for). Just above the
/// highest score when the budget allows none. Without times the data counts as one day. O(n log n) and exact without
/// hysteresis; with it about 40 n, and the best of 400 thresholds that lie closer together the higher they are.
[[nodiscard]] Threshold solveBudget(double perDay, const features::FeatureTable& table, std::span<const double> scores,
                                    const EpisodeOptions& options = {});

} // namespace faultline::decisions
