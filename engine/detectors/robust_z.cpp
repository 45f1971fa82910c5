// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/robust_z.h"
#include <algorithm>
#include <cmath>
#include <functional>

namespace faultline::detectors
{

using features::ColumnRole;

const DetectorSpec& RobustZ::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{.name = "robust_z",
                                   .title = "Robust z-score",
                                   .help = "Finds units whose columns lie far from their typical values. Distances are "
                                           "in robust standard deviations; the "
                                           "few largest count.",
                                   .paper = "Iglewicz and Hoaglin, How to Detect and Handle Outliers, ASQC 1993",
                                   .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
                                   .parameters = {{.name = "largest",
                                                   .type = ParameterSpec::Type::Integer,
                                                   .standard = std::int64_t{5},
                                                   .minimum = 1,
                                                   .maximum = 1000,
                                                   .unit = "columns",
                                                   .help = "How many of a unit's largest deviations are averaged."}},
                                   .family = DetectorFamily::Statistics};
    return spec;
}

RobustZ::RobustZ(Parameters parameters, std::uint64_t /*seed*/) : ConfiguredDetector(describe(), std::move(parameters))
{
}

CostEstimate RobustZ::cost(const WorkSize& work) const
{
    const auto cells = static_cast<double>(work.scoredUnits) * static_cast<double>(work.columns);
    return {.seconds = 5e-9 * cells, .bytes = 8.0 * static_cast<double>(work.scoredUnits)};
}

Result<void> RobustZ::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (job.stopRequested())
        return cancelled();
    m_roles.clear();
    for (const auto& column : training.table->columns)
        m_roles.push_back(static_cast<std::uint8_t>(column.role));
    return {};
}

void RobustZ::excesses(const features::Matrix& standardised, std::size_t unit, std::vector<double>& out) const
{
    const auto row = static_cast<Eigen::Index>(unit);
    out.assign(m_roles.size(), 0.0);
    for (std::size_t c = 0; c < m_roles.size(); ++c) {
        const auto role = static_cast<ColumnRole>(m_roles[c]);
        const double z = boundedCell(standardised(row, static_cast<Eigen::Index>(c)));
        if (role == ColumnRole::Phase || (role == ColumnRole::Novelty && z < 0.0))
            continue;
        out[c] = z * z / (std::sqrt(z * z + 1.0) + 1.0); // = sqrt(z^2 + 1) - 1 without cancellation
    }
}

Result<std::vector<double>> RobustZ::score(const DetectorInput& input, const ScoreOptions& /*options*/,
                                           JobContext& job) const
{
    if (auto checked = checkInput(input, static_cast<std::ptrdiff_t>(m_roles.size()), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    const auto counted = std::min(count("largest"), m_roles.size());
    std::vector<double> excess;
    for (std::size_t unit = 0; unit < scores.size(); ++unit) {
        if (!job.advance())
            return cancelled();
        excesses(*input.standardised, unit, excess);
        std::partial_sort(excess.begin(), excess.begin() + static_cast<std::ptrdiff_t>(counted), excess.end(),
                          std::greater<>());
        double sum = 0.0;
        for (std::size_t i = 0; i < counted; ++i)
            sum += excess[i] * excess[i];
        scores[unit] = counted == 0 ? 0.0 : std::sqrt(sum / static_cast<double>(counted));
    }
    return scores;
}

std::vector<Contribution> RobustZ::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, static_cast<std::ptrdiff_t>(m_roles.size()), unit + 1))
        return {};
    std::vector<double> weights;
    excesses(*input.standardised, unit, weights);
    for (auto& w : weights)
        w *= w;
    return columnShares(weights);
}

void RobustZ::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.put(prefix + "/roles", m_roles);
}

Result<void> RobustZ::load(const TensorBundle& bundle, const std::string& prefix)
{
    auto roles = bundle.vector<std::uint8_t>(prefix + "/roles");
    if (!roles)
        return tl::unexpected(roles.error());
    if (std::any_of(roles->begin(), roles->end(),
                    [](auto r) { return r > static_cast<std::uint8_t>(ColumnRole::Phase); }))
        return damagedModel(spec());
    m_roles = std::move(*roles);
    return {};
}

} // namespace faultline::detectors
