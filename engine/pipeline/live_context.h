// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/tensor_bundle.h"
#include "engine/records/loader.h"
#include <string>
#include <vector>

namespace faultline::pipeline
{

/// The last metric rows of each entity: what the rolling features of the rows that follow look back on. Kept with a
/// live model so that a stream that is cut and continued has the same features as one that was not.
struct LiveContext {
    std::vector<TimeUs> time;
    std::vector<std::string> entity; ///< per row
    std::vector<std::string> fields; ///< names
    std::vector<double> values;      ///< rows x fields, row-major, NaN = missing

    [[nodiscard]] std::size_t rows() const { return time.size(); }
    /// The last `rowsPerEntity` metric rows of each entity, in their order.
    [[nodiscard]] static LiveContext tailOf(const records::RecordTable& table, std::size_t rowsPerEntity);
    /// A table with these rows in front of the given one's.
    [[nodiscard]] records::RecordTable before(const records::RecordTable& table) const;
    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<LiveContext> load(const TensorBundle& bundle, const std::string& prefix);
};

} // namespace faultline::pipeline
