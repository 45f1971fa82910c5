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
    std::uint32_t flaggedUnits = 0;
};

struct EpisodeOptions {
    std::uint32_t gapUnits =
        3; ///< flagged units of one entity with at most this many unflagged ones between them are one episode
};

/// Groups flagged units (score >= threshold) per entity in table order, which is time order within an entity; for
/// sessions each flagged unit is an episode of its own. Ordered by onset, then entity; units without time come first,
/// in table order. O(units); 1 M units take a few ms, so it can follow a dragged threshold.
[[nodiscard]] std::vector<Episode> mergeEpisodes(const features::FeatureTable& table, std::span<const double> scores,
                                                 double threshold, const EpisodeOptions& options = {});
/// The lowest threshold down to which, coming from above, the data never has more than `perDay` episodes a day of its
/// span (lower ones may join everything into one long episode, which is not what a budget asks for). Just above the
/// highest score when the budget allows none. Without times the data counts as one day. Exact; O(n log n).
[[nodiscard]] Threshold solveBudget(double perDay, const features::FeatureTable& table, std::span<const double> scores,
                                    const EpisodeOptions& options = {});

} // namespace faultline::decisions
