// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/rejection_log.h"
#include <algorithm>

namespace faultline::records
{

namespace
{

constexpr std::size_t listedRejections = 100'000;
constexpr std::size_t examplesPerReason = 5;
constexpr std::size_t exampleBytes = 200;
constexpr std::size_t sinkBytes = 65'536;

/// Finds the lines of a block by number; quick when they are asked for in order.
class LineFinder
{
public:
    explicit LineFinder(std::string_view block) : m_block(block) {}

    std::string_view operator()(std::uint64_t line)
    {
        if (line < m_line)
            m_at = 0, m_line = 1;
        while (m_line < line && m_at < m_block.size()) {
            m_at = std::min(m_block.find('\n', m_at), m_block.size() - 1) + 1;
            ++m_line;
        }
        auto text = m_block.substr(m_at, m_block.find('\n', m_at) - m_at);
        if (text.ends_with('\r'))
            text.remove_suffix(1);
        return text;
    }

private:
    std::string_view m_block;
    std::size_t m_at = 0;
    std::uint64_t m_line = 1;
};

} // namespace

void RejectionLog::begin(SourceReport& report)
{
    m_report = &report;
    m_byReason.clear();
}

void RejectionLog::add(const std::vector<Rejection>& rejected, std::uint64_t linesBefore, std::string_view block)
{
    LineFinder find(block);
    for (const auto& rejection : rejected) {
        const bool shown = m_sink || m_byReason[rejection.reason].examples < examplesPerReason;
        add(linesBefore + rejection.line, rejection.reason, shown ? find(rejection.line) : std::string_view());
    }
}

void RejectionLog::add(std::uint64_t line, const std::string& reason, std::string_view text)
{
    ++m_report->rejectedLines;
    if (m_report->rejected.size() < listedRejections)
        m_report->rejected.push_back({line, reason});
    auto& tally = m_byReason[reason];
    ++tally.count;
    if (tally.examples < examplesPerReason) {
        ++tally.examples;
        m_report->rejectedExamples.push_back({line, reason, std::string(text.substr(0, exampleBytes))});
    }
    if (m_sink)
        m_sink(*m_report, {line, reason, std::string(text.substr(0, sinkBytes))});
}

void RejectionLog::end()
{
    auto& counts = m_report->rejectedByReason;
    for (const auto& [reason, tally] : m_byReason)
        counts.emplace_back(reason, tally.count);
    std::stable_sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
}

} // namespace faultline::records
