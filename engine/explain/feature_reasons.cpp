// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/feature_reasons.h"
#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

namespace faultline::explain
{

namespace
{
double sumOfShares(const ExplainInput& input)
{
    double sum = 0.0;
    for (const auto& member : input.members)
        sum += std::max(0.0, member.share);
    return sum;
}
} // namespace

std::vector<DetectorShare> detectorShares(const ExplainInput& input)
{
    const double sum = sumOfShares(input);
    std::vector<DetectorShare> shares;
    for (const auto& member : input.members)
        shares.push_back({member.name, sum > 0.0 ? std::max(0.0, member.share) / sum : 0.0, member.tailP});
    std::ranges::stable_sort(shares, std::greater(), &DetectorShare::share);
    return shares;
}

FeatureReason reasonFor(std::size_t unit, std::size_t column, const ExplainInput& input)
{
    const auto& table = *input.table;
    FeatureReason reason{.column = static_cast<std::uint32_t>(column),
                         .feature = table.columns[column].name,
                         .unit = table.columns[column].unit,
                         .actual = table.row(unit)[column]};
    const auto typical =
        input.baseline != nullptr ? input.baseline->typical(table, unit, column) : features::Baseline::Typical();
    reason.typicalLow = typical.low;
    reason.typical = typical.centre;
    reason.typicalHigh = typical.high;
    return reason;
}

std::vector<FeatureReason> featureReasons(std::size_t unit, const ExplainInput& input)
{
    constexpr std::size_t most = 12;
    constexpr double least = 0.005;
    const double sum = sumOfShares(input);
    if (input.standardised == nullptr || sum <= 0.0)
        return {};
    std::vector<double> share(input.table->columns.size(), 0.0);
    for (const auto& member : input.members) {
        if (member.detector == nullptr || member.share <= 0.0)
            continue;
        for (const auto& part : member.detector->explain({input.table, input.standardised}, unit))
            if (part.column >= 0 && static_cast<std::size_t>(part.column) < share.size())
                share[static_cast<std::size_t>(part.column)] += member.share / sum * part.share;
    }
    std::vector<FeatureReason> reasons;
    for (std::size_t column = 0; column < share.size(); ++column) {
        if (share[column] < least || input.table->columns[column].role == features::ColumnRole::Phase)
            continue;
        reasons.push_back(reasonFor(unit, column, input));
        reasons.back().share = share[column];
    }
    std::ranges::stable_sort(reasons, std::greater(), &FeatureReason::share);
    reasons.resize(std::min(reasons.size(), most));
    return reasons;
}

} // namespace faultline::explain
