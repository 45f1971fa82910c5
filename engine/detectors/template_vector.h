// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_table.h"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace faultline::detectors
{

/// How much of a template a unit holds, as level = log2(1 + records): 0 is none, 1 one record, a doubling adds about 1.
struct TemplateLevel {
    std::uint32_t templateId = 0;
    float level = 0.0F;
    auto operator<=>(const TemplateLevel&) const = default;
};

/// What a unit holds: ascending by template, each once, levels above 0 and at most 100. NaN, negative and zero counts
/// hold nothing.
using TemplateVector = std::vector<TemplateLevel>;

[[nodiscard]] inline TemplateVector templateVectorOf(const features::SparseCounts& counts, std::size_t unit)
{
    TemplateVector out;
    constexpr float most = 1e30F;
    for (auto i = counts.begin[unit]; i < counts.begin[unit + 1]; ++i)
        if (counts.count[i] > 0.0F)
            out.push_back({counts.templateId[i], std::min(counts.count[i], most)});
    std::sort(out.begin(), out.end());
    std::size_t kept = 0;
    for (const auto& entry : out) {
        if (kept > 0 && out[kept - 1].templateId == entry.templateId)
            out[kept - 1].level = std::min(out[kept - 1].level + entry.level, most);
        else
            out[kept++] = entry;
    }
    out.resize(kept);
    for (auto& entry : out) // until here level holds the count
        entry.level = static_cast<float>(std::log2(1.0 + static_cast<double>(entry.level)));
    return out;
}

} // namespace faultline::detectors
