// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace faultline::detectors
{

/// The last values of a series, side by side in memory; at least `limit` of them once so many have come. Adding is O(1)
/// amortised, memory 16 bytes a value kept.
class RecentValues
{
public:
    explicit RecentValues(std::size_t limit = 1) : m_limit(std::max<std::size_t>(limit, 1)) {}
    void add(double value)
    {
        if (m_values.size() >= 2 * m_limit)
            m_values.erase(m_values.begin(), m_values.end() - static_cast<std::ptrdiff_t>(m_limit));
        m_values.push_back(value);
    }
    /// How many are at hand: all that came, or between `limit` and twice that.
    [[nodiscard]] std::size_t size() const { return m_values.size(); }
    /// The value that came `back` values before the newest. Precondition: back < size().
    [[nodiscard]] double ago(std::size_t back) const { return m_values[m_values.size() - 1 - back]; }
    /// The newest `count`, or fewer where so many have not come, in their order.
    [[nodiscard]] std::span<const double> last(std::size_t count) const
    {
        return std::span(m_values).last(std::min(count, m_values.size()));
    }

    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.m_values);
    }
    /// After `seen` values, this is what add() would have left.
    [[nodiscard]] bool isSound(std::size_t seen) const
    {
        return m_values.size() <= 2 * m_limit && m_values.size() >= std::min(seen, m_limit) && m_values.size() <= seen;
    }

private:
    std::size_t m_limit;
    std::vector<double> m_values;
};

} // namespace faultline::detectors
