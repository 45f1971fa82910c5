// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/tensor_bundle.h"
#include "engine/records/loader.h"
#include <string>
#include <vector>

namespace faultline::pipeline
{

/// Records of a live run that what follows still needs: what the rolling features of the next rows look back on, and
/// the records of sessions that may go on. Kept with the model so that a stream that is cut and continued has the same
/// units and features as one that was not.
struct LiveContext {
    std::vector<TimeUs> time;
    std::vector<std::string> entity; ///< per record
    std::vector<std::uint32_t> templateId;
    std::vector<std::uint8_t> level;
    std::vector<std::string> fields; ///< names
    std::vector<double> values;      ///< records x fields, row-major, NaN = missing
    std::vector<std::string> keys;   ///< of sessions
    struct Member {
        std::uint32_t key = 0, record = 0;
    };
    std::vector<Member> members; ///< which records carry which key

    [[nodiscard]] std::size_t rows() const { return time.size(); }

    /// What rows look back on: the last `rows` metric rows of each entity, its last record, and all records that lie
    /// less than `span_us` before the newest one.
    struct LookBack {
        std::size_t rows = 0;
        DurationUs span_us = 0;
    };
    [[nodiscard]] static LiveContext tailOf(const records::RecordTable& table, const LookBack& lookBack);
    /// The records of these sessions.
    [[nodiscard]] static LiveContext of(const records::RecordTable& table, const records::SessionIndex& open);

    /// A set with these records in front of the given ones, its sessions those of both by key. It has the templates but
    /// no sources.
    [[nodiscard]] records::RecordSet before(const records::RecordSet& set) const;
    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<LiveContext> load(const TensorBundle& bundle, const std::string& prefix);
};

} // namespace faultline::pipeline
