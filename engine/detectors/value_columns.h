// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace faultline::detectors
{

/// The columns that a detector in standardised space measures in: all but the Phase columns (the baseline knows the
/// time of day). Cells are read by boundedCell(): missing counts as typical, +-1e6 is the farthest.
class ValueColumns
{
public:
    /// Numeric error when no column counts.
    [[nodiscard]] Result<void> learn(const features::FeatureTable& table);
    [[nodiscard]] std::size_t size() const { return m_columns.size(); }
    /// Columns of the table that was learned, for checkInput().
    [[nodiscard]] std::ptrdiff_t ofTable() const { return m_ofTable; }
    /// The table's column that comes i-th.
    [[nodiscard]] std::uint32_t ofTableAt(std::size_t i) const { return m_columns[i]; }
    /// A unit's size() values.
    void read(const features::Matrix& standardised, std::size_t unit, double* out) const;
    /// size() weights as shares of the table's columns.
    [[nodiscard]] std::vector<Contribution> shares(std::span<const double> weights) const;

    void save(TensorBundle& bundle, const std::string& prefix) const;
    /// Parse error unless the columns ascend and lie within the table.
    [[nodiscard]] Result<void> load(const DetectorSpec& spec, const TensorBundle& bundle, const std::string& prefix);

private:
    std::uint32_t m_ofTable = 0;
    std::vector<std::uint32_t> m_columns;
};

/// `kept` of `units` unit numbers, ascending: one of each of that many equal stretches, so that the sample covers the
/// whole span; all when kept >= units.
[[nodiscard]] std::vector<std::uint32_t> evenSample(std::size_t units, std::size_t kept, std::uint64_t seed);

} // namespace faultline::detectors
