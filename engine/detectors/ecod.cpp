// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/ecod.h"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t outermost = 4096;        ///< distinct values kept on each side
constexpr std::size_t between = 2 * outermost; ///< about so many more
} // namespace

const DetectorSpec& Ecod::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "ecod",
        .title = "Empirical tails",
        .help = "Finds units that are a little far out in many columns or far out in one. It has nothing to set and "
                "assumes no distribution.",
        .paper = "Li et al., ECOD: Unsupervised Outlier Detection Using Empirical Cumulative Distribution Functions, "
                 "TKDE 2022",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {},
        .family = DetectorFamily::Statistics};
    return spec;
}

Ecod::Ecod(Parameters parameters, std::uint64_t /*seed*/) : ConfiguredDetector(describe(), std::move(parameters)) {}

CostEstimate Ecod::cost(const WorkSize& work) const
{
    const auto columns = static_cast<double>(work.columns);
    const auto sorted = static_cast<double>(work.trainingUnits), scored = static_cast<double>(work.scoredUnits);
    return {.seconds = columns * (5e-9 * sorted * std::log2(sorted + 2.0) + 6e-8 * scored) + 1e-7,
            .bytes = columns * (24.0 * std::min(sorted, 16'384.0) + 8.0 * sorted) + 8.0 * scored};
}

void Ecod::learnColumn(std::vector<double> values, Distribution& out)
{
    std::sort(values.begin(), values.end());
    std::size_t distinct = 1;
    for (std::size_t i = 1; i < values.size(); ++i)
        distinct += values[i] != values[i - 1] ? 1U : 0U;
    const auto stride = std::max<std::size_t>(1, (distinct - std::min(distinct, 2 * outermost)) / between);
    std::size_t number = 0;
    for (std::size_t i = 0, j = 0; i < values.size(); i = j, ++number) {
        while (j < values.size() && values[j] == values[i])
            ++j;
        if (number >= outermost && number + outermost < distinct && number % stride != 0)
            continue;
        out.knots.push_back(values[i]);
        out.below.push_back(static_cast<double>(i));
        out.notAbove.push_back(static_cast<double>(j));
    }
}

Result<void> Ecod::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto learned = m_columns.learn(*training.table); !learned)
        return learned;
    const auto& cells = *training.standardised;
    std::vector<Distribution> distributions(m_columns.size());
    tbb::parallel_for(std::size_t{0}, m_columns.size(), [&](std::size_t c) {
        std::vector<double> values(training.table->units());
        for (std::size_t unit = 0; unit < values.size(); ++unit)
            values[unit] =
                boundedCell(cells(static_cast<Eigen::Index>(unit), static_cast<Eigen::Index>(m_columns.ofTableAt(c))));
        if (job.advance())
            learnColumn(std::move(values), distributions[c]);
    });
    if (job.stopRequested())
        return cancelled();
    m_units = static_cast<double>(training.table->units());
    m_distributions = std::move(distributions);
    return {};
}

double Ecod::Distribution::surprise(double value, double units, double added) const
{
    const auto next = static_cast<std::size_t>(std::upper_bound(knots.begin(), knots.end(), value) - knots.begin());
    double upTo = next == 0 ? 0.0 : notAbove[next - 1], under = upTo;
    if (next > 0 && knots[next - 1] == value) {
        under = below[next - 1];
    } else if (next > 0 && next < knots.size()) { // between knots the ranks are shared out evenly
        const double part = (value - knots[next - 1]) / (knots[next] - knots[next - 1]);
        upTo = under = upTo + part * (below[next] - upTo);
    }
    const double left = std::max(1.0, upTo + added), right = std::max(1.0, units - under + added);
    return std::log((units + added) / std::min(left, right));
}

void Ecod::surprises(const DetectorInput& input, std::size_t unit, double added, std::vector<double>& out) const
{
    out.resize(m_columns.size());
    m_columns.read(*input.standardised, unit, out.data());
    for (std::size_t c = 0; c < out.size(); ++c)
        out[c] = m_distributions[c].surprise(out[c], m_units, added);
}

Result<std::vector<double>> Ecod::score(const DetectorInput& input, const ScoreOptions& options, JobContext& job) const
{
    if (auto checked = checkInput(input, m_columns.ofTable(), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    const double added = options.isTrainingData ? 0.0 : 1.0;
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), 1024), [&](const auto& range) {
        std::vector<double> column;
        for (auto unit = range.begin(); unit != range.end() && job.advance(); ++unit) {
            surprises(input, unit, added, column);
            scores[unit] = std::accumulate(column.begin(), column.end(), 0.0);
        }
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

std::vector<Contribution> Ecod::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, m_columns.ofTable(), unit + 1))
        return {};
    std::vector<double> weights;
    surprises(input, unit, 1.0, weights);
    return m_columns.shares(weights);
}

void Ecod::save(TensorBundle& bundle, const std::string& prefix) const
{
    std::vector<std::uint32_t> sizes;
    std::vector<double> knots, below, notAbove;
    for (const auto& column : m_distributions) {
        sizes.push_back(static_cast<std::uint32_t>(column.knots.size()));
        knots.insert(knots.end(), column.knots.begin(), column.knots.end());
        below.insert(below.end(), column.below.begin(), column.below.end());
        notAbove.insert(notAbove.end(), column.notAbove.begin(), column.notAbove.end());
    }
    m_columns.save(bundle, prefix);
    bundle.put(prefix + "/units", std::vector<double>{m_units});
    bundle.put(prefix + "/sizes", sizes);
    bundle.put(prefix + "/knots", knots);
    bundle.put(prefix + "/below", below);
    bundle.put(prefix + "/not_above", notAbove);
}

bool Ecod::isSound(const Distribution& column, double units)
{
    double last = 0.0;
    for (std::size_t i = 0; i < column.knots.size(); ++i) {
        if (!(std::abs(column.knots[i]) <= 1e6) || (i > 0 && !(column.knots[i] > column.knots[i - 1])) ||
            !(column.below[i] >= last && column.notAbove[i] > column.below[i]))
            return false;
        last = column.notAbove[i];
    }
    return !column.knots.empty() && last <= units;
}

Result<void> Ecod::load(const TensorBundle& bundle, const std::string& prefix)
{
    ValueColumns columns;
    if (auto loaded = columns.load(spec(), bundle, prefix); !loaded)
        return loaded;
    const auto units = bundle.vector<double>(prefix + "/units", 1);
    const auto sizes = bundle.vector<std::uint32_t>(prefix + "/sizes", columns.size());
    const auto knots = bundle.vector<double>(prefix + "/knots");
    if (!units || !sizes || !knots)
        return tl::unexpected(!units ? units.error() : !sizes ? sizes.error() : knots.error());
    const auto below = bundle.vector<double>(prefix + "/below", knots->size());
    const auto notAbove = bundle.vector<double>(prefix + "/not_above", knots->size());
    if (!below || !notAbove)
        return tl::unexpected(!below ? below.error() : notAbove.error());
    if (!allWithin(*units, 1.0, 1e12))
        return damagedModel(spec());
    std::vector<Distribution> distributions;
    std::size_t from = 0;
    for (const std::size_t size : *sizes) {
        if (size > knots->size() - from)
            return damagedModel(spec());
        const auto part = [&](const std::vector<double>& all) {
            const auto first = all.begin() + static_cast<std::ptrdiff_t>(from);
            return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(size));
        };
        distributions.push_back({.knots = part(*knots), .below = part(*below), .notAbove = part(*notAbove)});
        if (!isSound(distributions.back(), units->front()))
            return damagedModel(spec());
        from += size;
    }
    m_columns = std::move(columns);
    m_units = units->front();
    m_distributions = std::move(distributions);
    return {};
}

} // namespace faultline::detectors
