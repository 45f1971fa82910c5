// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/evaluate/metrics.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

namespace faultline::evaluate
{

namespace
{
struct Scored {
    double score;
    bool anomaly;
};

/// Area under both curves, in one pass from the highest score down; units with equal scores are one step.
std::pair<double, double> areas(std::vector<Scored>& units, double anomalies)
{
    std::ranges::sort(units, [](const Scored& a, const Scored& b) { return a.score > b.score; });
    const double normals = static_cast<double>(units.size()) - anomalies;
    double hits = 0.0, alarms = 0.0;        // above the current step
    double pairs = 0.0, precisionSum = 0.0; // anomaly ranked above normal; precision * gained anomalies
    for (std::size_t i = 0; i < units.size();) {
        double gained = 0.0, added = 0.0;
        std::size_t j = i;
        for (; j < units.size() && units[j].score == units[i].score; ++j)
            (units[j].anomaly ? gained : added) += 1.0;
        pairs += gained * (normals - alarms - added + added / 2.0);
        hits += gained;
        alarms += added;
        precisionSum += gained * hits / (hits + alarms);
        i = j;
    }
    return {pairs / (anomalies * normals), precisionSum / anomalies}; // 0 / 0 = NaN is what the contract promises
}

double ratio(std::size_t part, std::size_t whole)
{
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}
} // namespace

Metrics evaluate(std::span<const double> scores, std::span<const std::uint8_t> flags,
                 std::span<const std::int8_t> labels)
{
    assert(scores.size() == labels.size() && flags.size() == labels.size());
    Metrics metrics;
    std::vector<Scored> units;
    units.reserve(scores.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < 0)
            continue;
        const bool anomaly = labels[i] == 1;
        // Scores are finite by contract; a NaN would break the sorting, so it ranks last.
        units.push_back({std::isnan(scores[i]) ? -std::numeric_limits<double>::infinity() : scores[i], anomaly});
        metrics.anomalies += anomaly ? 1 : 0;
        ++(flags[i] != 0 ? (anomaly ? metrics.truePositives : metrics.falsePositives)
                         : (anomaly ? metrics.falseNegatives : metrics.trueNegatives));
    }
    metrics.units = units.size();
    metrics.precision = ratio(metrics.truePositives, metrics.truePositives + metrics.falsePositives);
    metrics.recall = ratio(metrics.truePositives, metrics.anomalies);
    metrics.f1 =
        ratio(2 * metrics.truePositives, 2 * metrics.truePositives + metrics.falsePositives + metrics.falseNegatives);
    std::tie(metrics.aucRoc, metrics.aucPr) = areas(units, static_cast<double>(metrics.anomalies));
    return metrics;
}

} // namespace faultline::evaluate
