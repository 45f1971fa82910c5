// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/detection.h"
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// Called with each rejected line; see LoadOptions::onRejected.
using RejectedLineSink = std::function<void(const SourceReport&, const RejectedLine&)>;

/// Keeps a source's account of the lines that were not made into records: all are counted, the first 100,000 listed,
/// the first five for each reason kept with their text.
class RejectionLog
{
public:
    explicit RejectionLog(RejectedLineSink sink = {}) : m_sink(std::move(sink)) {}

    void begin(SourceReport& report);
    /// Lines of one block: `rejected` counts from the block's first line, `linesBefore` stand before it.
    void add(const std::vector<Rejection>& rejected, std::uint64_t linesBefore, std::string_view block);
    /// A single line, of which at least the beginning is given.
    void add(std::uint64_t line, const std::string& reason, std::string_view text);
    /// Closes the account in the report.
    void end();

private:
    struct Tally {
        std::uint64_t count = 0;
        std::size_t examples = 0;
    };
    RejectedLineSink m_sink;
    SourceReport* m_report = nullptr;
    std::map<std::string, Tally> m_byReason;
};

} // namespace faultline::records
