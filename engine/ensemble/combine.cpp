// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/ensemble/combine.h"
#include <algorithm>
#include <cmath>

namespace faultline::ensemble
{

namespace
{
/// A weight or surprise that counts: finite and above 0, else 0.
double usable(double value)
{
    return std::isfinite(value) && value > 0.0 ? value : 0.0;
}

struct Parts {
    double mean = 0.0, weight = 0.0; ///< over Average members
    double largest = 0.0;            ///< over Either members
    std::size_t leader = 0;          ///< the first Either member that has it
    [[nodiscard]] bool eitherLeads() const { return largest > mean; }
};

Parts partsOf(std::span<const Member> members, std::span<const double> surprises)
{
    Parts parts;
    double sum = 0.0;
    for (std::size_t i = 0; i < std::min(members.size(), surprises.size()); ++i) {
        const double weight = usable(members[i].weight);
        const double surprise = usable(surprises[i]);
        if (weight == 0.0)
            continue;
        if (members[i].role == detectors::EvidenceRole::Average) {
            sum += weight * surprise;
            parts.weight += weight;
        } else if (surprise > parts.largest) {
            parts.largest = surprise;
            parts.leader = i;
        }
    }
    parts.mean = parts.weight > 0.0 ? sum / parts.weight : 0.0;
    return parts;
}
} // namespace

double combine(std::span<const Member> members, std::span<const double> surprises)
{
    const auto parts = partsOf(members, surprises);
    return std::max(parts.mean, parts.largest);
}

std::vector<double> shares(std::span<const Member> members, std::span<const double> surprises)
{
    std::vector<double> out(members.size(), 0.0);
    const auto parts = partsOf(members, surprises);
    if (parts.eitherLeads()) {
        out[parts.leader] = 1.0;
        return out;
    }
    if (parts.mean <= 0.0)
        return out;
    for (std::size_t i = 0; i < std::min(members.size(), surprises.size()); ++i)
        if (members[i].role == detectors::EvidenceRole::Average)
            out[i] = usable(members[i].weight) * usable(surprises[i]) / (parts.weight * parts.mean);
    return out;
}

} // namespace faultline::ensemble
