// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_table.h"
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace faultline::features
{

/// Calls judge(unit) for all units that end together and then learn(unit) for them, in the order of the ends: what a
/// causal run may know of other units. Units of unknown end are each judged and learned on their own, first. Stops when
/// judge says false.
template <class Judge, class Learn>
bool inOrderOfEnds(const FeatureTable& table, Judge&& judge, Learn&& learn)
{
    std::vector<std::uint32_t> order(table.end.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto earlier = [&](auto a, auto b) { return table.end[a] < table.end[b]; };
    if (!std::is_sorted(order.begin(), order.end(), earlier))
        std::stable_sort(order.begin(), order.end(), earlier);
    for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
        const auto end = table.end[order[first]];
        while (last < order.size() && table.end[order[last]] == end && (last == first || end != noTime))
            ++last;
        for (auto k = first; k < last; ++k)
            if (!judge(order[k]))
                return false;
        for (auto k = first; k < last; ++k)
            learn(order[k]);
    }
    return true;
}

} // namespace faultline::features
