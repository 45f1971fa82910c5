// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/features/feature_table.h"
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace faultline::evaluate
{

/// Labels as a person keeps them, for evaluation only. A CSV with a header, in one of three forms; further columns are ignored:
/// `key,label` (first column named key, session, block_id or any name; sessions), `start,end[,entity]` (ranges, ISO-8601 or epoch
/// seconds), `row,label` (0-based row numbers). label: 1/0, true/false, anomaly/normal, any case.
struct Labels {
    enum class Form : std::uint8_t { Keys, Ranges, Rows };
    Form form = Form::Keys;
    std::unordered_map<std::string, std::int8_t> keys;
    struct Range {
        TimeUs start = noTime, end = noTime;
        std::string entity; ///< empty: all entities
    };
    std::vector<Range> ranges;
    std::vector<std::int8_t> rows; ///< -1 where the file says nothing
};

/// Parse error with line and what was expected.
[[nodiscard]] Result<Labels> readLabels(const std::string& path);
/// One label per unit: 1, 0, or -1 (not labelled). Ranges: a unit that overlaps a range of its entity is 1, all others 0.
/// Config error when not a single unit gets a label, naming an example of each side.
[[nodiscard]] Result<std::vector<std::int8_t>> labelUnits(const Labels& labels, const features::FeatureTable& table);

} // namespace faultline::evaluate
