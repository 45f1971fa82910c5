// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/template_counter.h"

namespace faultline::features
{

SparseCounts joinParts(std::vector<SparsePart>& parts, std::size_t units, std::size_t templateCount)
{
    SparseCounts joined;
    if (templateCount == 0)
        return joined;
    std::size_t entries = 0;
    for (const auto& part : parts)
        entries += part.templateId.size();
    joined.templateCount = static_cast<std::uint32_t>(templateCount);
    joined.begin.reserve(units + 1);
    joined.begin.push_back(0);
    joined.templateId.reserve(entries);
    joined.count.reserve(entries);
    for (auto& part : parts) {
        for (const auto count : part.entries)
            joined.begin.push_back(joined.begin.back() + count);
        joined.templateId.insert(joined.templateId.end(), part.templateId.begin(), part.templateId.end());
        joined.count.insert(joined.count.end(), part.count.begin(), part.count.end());
        part = {};
    }
    return joined;
}

} // namespace faultline::features
