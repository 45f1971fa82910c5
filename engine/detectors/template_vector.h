// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_table.h"
#include <algorithm>
#include <cstdint>
#include <vector>

namespace faultline::detectors
{

struct TemplateCount {
    std::uint32_t templateId = 0;
    float count = 0.0F;
    auto operator<=>(const TemplateCount&) const = default;
};

/// What a unit holds: ascending by template, each once, counts above 0 (NaN, negative and zero counts hold nothing; at
/// most 1e30).
using TemplateVector = std::vector<TemplateCount>;

[[nodiscard]] inline TemplateVector templateVectorOf(const features::SparseCounts& counts, std::size_t unit)
{
    TemplateVector out;
    for (auto i = counts.begin[unit]; i < counts.begin[unit + 1]; ++i)
        if (counts.count[i] > 0.0F)
            out.push_back({counts.templateId[i], std::min(counts.count[i], 1e30F)});
    std::sort(out.begin(), out.end());
    std::size_t kept = 0;
    for (const auto& entry : out) {
        if (kept > 0 && out[kept - 1].templateId == entry.templateId)
            out[kept - 1].count = std::min(out[kept - 1].count + entry.count, 1e30F);
        else
            out[kept++] = entry;
    }
    out.resize(kept);
    return out;
}

} // namespace faultline::detectors
