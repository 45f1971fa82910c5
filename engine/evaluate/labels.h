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

/// Labels as a person keeps them, for evaluation only. A CSV with a header, in one of three forms; further columns are
/// ignored: `start,end[,entity]` (ranges, ISO-8601 in UTC or epoch seconds), `row,label` (0-based row numbers),
/// `key,label` (first column named key, session, block_id or any other name; sessions). label: 1/0, true/false,
/// anomaly/normal, any case; it stands in the column of that name, else in the second. Fields may be quoted (RFC 4180).
struct Labels {
    enum class Form : std::uint8_t { Keys, Ranges, Rows };
    Form form = Form::Keys;
    std::unordered_map<std::string, std::int8_t> keys;
    struct Range {
        TimeUs start = noTime, end = noTime;
        std::string entity; ///< empty: all entities
    };
    std::vector<Range> ranges;
    std::vector<std::int8_t> rows; ///< by row number, up to the last one named; -1 where the file says nothing
};

/// Parse error with line and what was expected: also for a key or row with both labels, and a range that ends before it
/// starts. Io error when the file cannot be read.
[[nodiscard]] Result<Labels> readLabels(const std::string& path);
/// One label per unit: 1, 0, or -1 (not labelled). Ranges: a unit that overlaps a range of its entity is 1, all others
/// that have a time are 0; windows are [start, end), a point in time belongs to a range that starts or ends there.
/// Rows: the number counts records. Config error when not a single unit gets a label, or no unit lies in any range,
/// naming an example of each side.
[[nodiscard]] Result<std::vector<std::int8_t>> labelUnits(const Labels& labels, const features::FeatureTable& table);

} // namespace faultline::evaluate
