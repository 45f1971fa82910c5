// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/log_stream.h"
#include <algorithm>
#include <tuple>

namespace faultline::scenarios
{

LineWriter LogStream::record(TimeUs at_us)
{
    for (const auto& silence : m_silences) {
        if (silence.contains(at_us)) {
            m_swallowed.clear();
            return LineWriter(m_swallowed);
        }
    }
    const auto first = m_nextSecond * second_us;
    at_us = std::clamp(at_us, first, first + horizon_s * second_us - 1);
    auto& bucket = m_buckets[static_cast<std::size_t>((at_us / second_us) % horizon_s)];
    bucket.pending.push_back({.at_us = at_us, .begin = static_cast<std::uint32_t>(bucket.text.size())});
    ++m_records;
    return LineWriter(bucket.text);
}

TimeUs LogStream::shown(TimeUs at_us) const
{
    for (const auto& shift : m_shifts)
        if (shift.span.contains(at_us))
            return at_us + shift.by_us;
    return at_us;
}

void LogStream::flushBefore(std::int64_t second)
{
    const auto last = std::min(second, m_nextSecond + horizon_s);
    for (; m_nextSecond < last; ++m_nextSecond)
        write(m_buckets[static_cast<std::size_t>(m_nextSecond % horizon_s)]);
    m_nextSecond = second;
}

void LogStream::write(Bucket& bucket)
{
    if (bucket.pending.empty())
        return;
    auto& pending = bucket.pending;
    for (std::size_t i = 0; i < pending.size(); ++i)
        pending[i].end = i + 1 < pending.size() ? pending[i + 1].begin : static_cast<std::uint32_t>(bucket.text.size());
    std::sort(pending.begin(), pending.end(), [](const Pending& a, const Pending& b) {
        return std::tie(a.at_us, a.begin) < std::tie(b.at_us, b.begin);
    });
    for (const auto& line : pending) {
        m_file.append(std::string_view(bucket.text).substr(line.begin, line.end - line.begin));
        m_file.append("\n");
    }
    pending.clear();
    bucket.text.clear();
}

} // namespace faultline::scenarios
