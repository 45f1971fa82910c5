// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <vector>

namespace faultline::detectors
{

/// A multiset of numbers in sorted blocks of at most 512: adding and removing cost O(log n) and a short shift, 8 to 16
/// bytes a value.
class OrderedValues
{
public:
    void add(double value);
    /// Takes one copy out; nothing happens where there is none.
    void remove(double value);
    [[nodiscard]] std::size_t size() const { return m_size; }
    /// Distance to the k-th nearest value, 0 when there are fewer than k. O(log n + k).
    [[nodiscard]] double distanceToNearest(double value, std::size_t k) const;

private:
    [[nodiscard]] std::size_t blockOf(double value) const;
    std::vector<std::vector<double>> m_blocks; ///< none empty
    std::size_t m_size = 0;
};

} // namespace faultline::detectors
