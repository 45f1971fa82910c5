// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/ensemble/tail_model.h"
#include <algorithm>

namespace faultline::ensemble
{

TailModel fitEnsembleTail(std::span<const double> combined, std::span<const MemberScores> members,
                          const EnsembleTailOptions& options)
{
    std::vector<double> typical;
    typical.reserve(combined.size());
    for (std::size_t unit = 0; unit < combined.size(); ++unit) {
        const bool standsApart = std::any_of(members.begin(), members.end(), [unit](const MemberScores& member) {
            return unit < member.raw.size() && member.raw[unit] >= member.tail->apartFrom();
        });
        if (!standsApart)
            typical.push_back(combined[unit]);
    }
    // More than a tenth apart is not a few anomalies among normal units; then the members do not say what is normal.
    const auto kept = 10 * typical.size() >= 9 * combined.size() ? std::span<const double>(typical) : combined;
    return options.trainingIsNormal ? TailModel::fit(kept) : TailModel::fitSurprises(kept);
}

} // namespace faultline::ensemble
