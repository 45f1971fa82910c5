// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <vector>

namespace faultline::detectors
{

/// Standard deviation of a stream's values within their 1st and 99th percentile, taken anew whenever a tenth more have
/// come. Keeps the first `memory` values (8 bytes each).
class GrowingScale
{
public:
    explicit GrowingScale(std::size_t memory = 30'000) : m_memory(memory) {}
    void add(double value);
    [[nodiscard]] double value() const { return m_scale; } ///< 0 before 20 values

    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.m_values, self.m_nextFit, self.m_scale);
    }
    [[nodiscard]] bool isSound() const { return m_values.size() <= m_memory && m_scale >= 0.0; }

private:
    std::size_t m_memory;
    std::vector<double> m_values;
    std::size_t m_nextFit = 20;
    double m_scale = 0.0;
};

} // namespace faultline::detectors
