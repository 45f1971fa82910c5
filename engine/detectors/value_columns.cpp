// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/value_columns.h"
#include "engine/core/random.h"
#include <algorithm>
#include <functional>

namespace faultline::detectors
{

Result<void> ValueColumns::learn(const features::FeatureTable& table)
{
    m_columns.clear();
    m_ofTable = static_cast<std::uint32_t>(table.columns.size());
    for (std::uint32_t c = 0; c < m_ofTable; ++c)
        if (table.columns[c].role != features::ColumnRole::Phase)
            m_columns.push_back(c);
    if (m_columns.empty())
        return fail({ErrorCode::Numeric, "there is no column to measure in", {}, "add a value column"});
    return {};
}

void ValueColumns::read(const features::Matrix& standardised, std::size_t unit, double* out) const
{
    const double* row = standardised.data() + unit * m_ofTable;
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        out[i] = boundedCell(row[m_columns[i]]);
}

std::vector<Contribution> ValueColumns::shares(std::span<const double> weights) const
{
    std::vector<double> all(m_ofTable, 0.0);
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        all[m_columns[i]] = weights[i];
    return columnShares(all);
}

void ValueColumns::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.put(prefix + "/columns", m_columns);
    bundle.put(prefix + "/column_count", std::vector<std::uint32_t>{m_ofTable});
}

Result<void> ValueColumns::load(const DetectorSpec& spec, const TensorBundle& bundle, const std::string& prefix)
{
    auto columns = bundle.vector<std::uint32_t>(prefix + "/columns");
    const auto ofTable = bundle.vector<std::uint32_t>(prefix + "/column_count", 1);
    if (!columns || !ofTable)
        return tl::unexpected(!columns ? columns.error() : ofTable.error());
    const bool ascend = std::adjacent_find(columns->begin(), columns->end(), std::greater_equal<>()) == columns->end();
    if (columns->empty() || columns->back() >= ofTable->front() || !ascend)
        return damagedModel(spec);
    m_columns = std::move(*columns);
    m_ofTable = ofTable->front();
    return {};
}

std::vector<std::uint32_t> evenSample(std::size_t units, std::size_t kept, std::uint64_t seed)
{
    kept = std::min(units, kept);
    Random random(seed);
    std::vector<std::uint32_t> out;
    out.reserve(kept);
    for (std::size_t i = 0; i < kept; ++i) {
        const auto first = i * units / kept, last = (i + 1) * units / kept;
        out.push_back(static_cast<std::uint32_t>(first + random.below(last - first)));
    }
    return out;
}

} // namespace faultline::detectors
