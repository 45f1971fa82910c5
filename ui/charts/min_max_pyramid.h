// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <vector>

namespace faultline::ui
{

/// Smallest and largest value of a stretch; `empty()` when the stretch holds none.
struct MinMax {
    float min = 0.0F, max = -1.0F;
    [[nodiscard]] bool empty() const { return max < min; }
    void add(MinMax other);
};

/// Answers "smallest and largest value of [first, last)" in O(log n), so that a chart of a million values is drawn with
/// two points per pixel column and no extreme is ever lost. NaN counts as no value. Costs 4 bytes a value and a third
/// more for the levels above. Immutable once built: built in a worker, read while painting.
class MinMaxPyramid
{
public:
    MinMaxPyramid() = default;
    explicit MinMaxPyramid(std::vector<float> values);

    [[nodiscard]] std::size_t size() const { return m_values.size(); }
    [[nodiscard]] float operator[](std::size_t i) const { return m_values[i]; }
    [[nodiscard]] MinMax range(std::size_t first, std::size_t last) const;
    [[nodiscard]] MinMax whole() const { return range(0, size()); }

private:
    static constexpr std::size_t fanOut = 8;
    [[nodiscard]] MinMax leaf(std::size_t i) const;

    std::vector<float> m_values;
    std::vector<std::vector<MinMax>> m_levels; ///< m_levels[k][i] covers values [i * 8^(k+1), (i+1) * 8^(k+1))
};

} // namespace faultline::ui
