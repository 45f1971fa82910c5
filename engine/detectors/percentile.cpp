// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/percentile.h"
#include <algorithm>
#include <cmath>
#include <functional>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

using features::ColumnRole;

namespace
{
constexpr std::size_t maxKnots = 4096;
constexpr double largestValue = 1e300; ///< beyond this differences would overflow

double quantileOf(const std::vector<double>& ascending, double q)
{
    return ascending[static_cast<std::size_t>(q * static_cast<double>(ascending.size() - 1))];
}
} // namespace

const DetectorSpec& Percentile::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{.name = "percentile",
                                   .title = "Percentile tails",
                                   .help = "Finds units whose values lie in the outer percentiles of their columns. It "
                                           "assumes no distribution and needs "
                                           "no scaling.",
                                   .paper = "Li et al., ECOD: Unsupervised Outlier Detection Using Empirical "
                                            "Cumulative Distribution Functions, TKDE 2022",
                                   .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
                                   .parameters = {{.name = "largest",
                                                   .type = ParameterSpec::Type::Integer,
                                                   .standard = std::int64_t{5},
                                                   .minimum = 1,
                                                   .maximum = 1000,
                                                   .unit = "columns",
                                                   .help = "How many of a unit's most extreme columns are averaged."}},
                                   .family = DetectorFamily::Statistics};
    return spec;
}

Percentile::Percentile(Parameters parameters, std::uint64_t /*seed*/)
    : ConfiguredDetector(describe(), std::move(parameters))
{
}

CostEstimate Percentile::cost(const WorkSize& work) const
{
    const auto columns = static_cast<double>(work.columns);
    const auto sorted = static_cast<double>(work.trainingUnits), scored = static_cast<double>(work.scoredUnits);
    return {.seconds = columns * (5e-9 * sorted * std::log2(sorted + 2.0) + 4e-8 * scored),
            .bytes = 8.0 * columns * sorted + 8.0 * scored};
}

Percentile::ColumnModel Percentile::learnColumn(const features::FeatureTable& table, std::size_t column)
{
    ColumnModel model;
    model.role = static_cast<std::uint8_t>(table.columns[column].role);
    std::vector<double> values;
    for (Eigen::Index i = 0; i < table.values.rows(); ++i)
        if (const double v = table.values(i, static_cast<Eigen::Index>(column)); !std::isnan(v))
            values.push_back(std::clamp(v, -largestValue, largestValue));
    if (values.empty() || table.columns[column].role == ColumnRole::Phase)
        return model;
    std::sort(values.begin(), values.end());
    model.count = static_cast<double>(values.size());
    model.median = quantileOf(values, 0.5);
    const double magnitude = std::max(std::abs(values.front()), std::abs(values.back()));
    model.noise = std::max(table.columns[column].noiseFloor, 1e-9 * magnitude);
    const double range = quantileOf(values, 0.95) - quantileOf(values, 0.05);
    model.range = std::max({range, 1e-3 * (values.back() - values.front()), model.noise, 1e-300});
    const double stride = model.count / static_cast<double>(maxKnots);
    double nextRank = 0.0;
    for (std::size_t i = 0; i < values.size();) {
        const auto j = static_cast<std::size_t>(
            std::upper_bound(values.begin() + static_cast<std::ptrdiff_t>(i), values.end(), values[i]) -
            values.begin());
        if (static_cast<double>(j) > nextRank || j == values.size()) {
            model.knots.push_back(values[i]);
            model.below.push_back(static_cast<double>(i));
            model.notAbove.push_back(static_cast<double>(j));
            if (stride > 1.0)
                nextRank = std::floor(static_cast<double>(j) / stride + 1.0) * stride;
        }
        i = j;
    }
    return model;
}

Result<void> Percentile::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    std::vector<ColumnModel> columns(training.table->columns.size());
    tbb::parallel_for(std::size_t{0}, columns.size(), [&](std::size_t c) {
        if (job.advance())
            columns[c] = learnColumn(*training.table, c);
    });
    if (job.stopRequested())
        return cancelled();
    m_columns = std::move(columns);
    return {};
}

/// The value moved towards the median by the noise, but no further than to a training value on the way.
double Percentile::withoutNoise(const ColumnModel& model, double value)
{
    if (value > model.median) {
        const double moved = std::max(model.median, value - model.noise);
        const auto knot = std::lower_bound(model.knots.begin(), model.knots.end(), moved);
        return knot != model.knots.end() && *knot <= value ? *knot : moved;
    }
    const double moved = std::min(model.median, value + model.noise);
    const auto knot = std::upper_bound(model.knots.begin(), model.knots.end(), moved);
    return knot != model.knots.begin() && *(knot - 1) >= value ? *(knot - 1) : moved;
}

double Percentile::surprise(const ColumnModel& model, double value)
{
    if (std::isnan(value) || model.knots.empty())
        return 0.0;
    const double x = withoutNoise(model, std::clamp(value, -largestValue, largestValue));
    // Training values below x and up to x; between two knots the rank is shared out linearly.
    const auto next = std::upper_bound(model.knots.begin(), model.knots.end(), x);
    const auto i = static_cast<std::size_t>(next - model.knots.begin());
    double below = 0.0, notAbove = 0.0;
    if (i > 0 && model.knots[i - 1] == x) {
        below = model.below[i - 1];
        notAbove = model.notAbove[i - 1];
    } else if (i == model.knots.size()) {
        below = notAbove = model.count;
    } else if (i > 0) {
        const double share = (x - model.knots[i - 1]) / (model.knots[i] - model.knots[i - 1]);
        below = notAbove = model.notAbove[i - 1] + share * (model.below[i] - model.notAbove[i - 1]);
    }
    const double ties = 0.5 * (notAbove - below) + 0.5;
    const double up = (model.count - notAbove + ties) / (model.count + 1.0);
    const double down = (below + ties) / (model.count + 1.0);
    const bool upOnly = static_cast<ColumnRole>(model.role) == ColumnRole::Novelty;
    const double p = std::min(1.0, upOnly ? up : 2.0 * std::min(up, down));
    double outside = std::max(0.0, x - model.knots.back());
    if (!upOnly)
        outside = std::max(outside, model.knots.front() - x);
    return -std::log10(p) + std::log10(1.0 + outside / model.range);
}

void Percentile::surprises(const features::FeatureTable& table, std::size_t unit, std::vector<double>& out) const
{
    out.assign(m_columns.size(), 0.0);
    for (std::size_t c = 0; c < m_columns.size(); ++c)
        out[c] = surprise(m_columns[c], table.values(static_cast<Eigen::Index>(unit), static_cast<Eigen::Index>(c)));
}

Result<std::vector<double>> Percentile::score(const DetectorInput& input, const ScoreOptions& /*options*/,
                                              JobContext& job) const
{
    if (auto checked = checkInput(input, static_cast<std::ptrdiff_t>(m_columns.size()), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    const auto counted = std::min(count("largest"), m_columns.size());
    const auto scoreUnits = [&](const tbb::blocked_range<std::size_t>& range) {
        std::vector<double> column;
        for (auto unit = range.begin(); unit != range.end() && counted > 0 && job.advance(); ++unit) {
            surprises(*input.table, unit, column);
            const auto end = column.begin() + static_cast<std::ptrdiff_t>(counted);
            std::partial_sort(column.begin(), end, column.end(), std::greater<>());
            double sum = 0.0;
            for (auto it = column.begin(); it != end; ++it)
                sum += *it;
            scores[unit] = sum / static_cast<double>(counted);
        }
    };
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), 1024), scoreUnits);
    if (job.stopRequested())
        return cancelled();
    return scores;
}

std::vector<Contribution> Percentile::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, static_cast<std::ptrdiff_t>(m_columns.size()), unit + 1))
        return {};
    std::vector<double> weights;
    surprises(*input.table, unit, weights);
    return columnShares(weights);
}

void Percentile::save(TensorBundle& bundle, const std::string& prefix) const
{
    std::vector<std::uint8_t> roles;
    std::vector<std::uint32_t> sizes;
    std::vector<double> scalars, knots, below, notAbove;
    for (const auto& c : m_columns) {
        roles.push_back(c.role);
        sizes.push_back(static_cast<std::uint32_t>(c.knots.size()));
        scalars.insert(scalars.end(), {c.count, c.noise, c.median, c.range});
        knots.insert(knots.end(), c.knots.begin(), c.knots.end());
        below.insert(below.end(), c.below.begin(), c.below.end());
        notAbove.insert(notAbove.end(), c.notAbove.begin(), c.notAbove.end());
    }
    bundle.put(prefix + "/roles", roles);
    bundle.put(prefix + "/sizes", sizes);
    bundle.put(prefix + "/scalars", scalars);
    bundle.put(prefix + "/knots", knots);
    bundle.put(prefix + "/below", below);
    bundle.put(prefix + "/not_above", notAbove);
}

bool Percentile::isSound(const ColumnModel& model)
{
    const auto n = model.knots.size();
    if (model.role > static_cast<std::uint8_t>(ColumnRole::Phase) ||
        !allFinite(std::vector{model.count, model.median}) ||
        !(model.noise >= 0.0 && model.noise <= 1e300 && model.range > 0.0 && model.range <= 1e301))
        return false;
    double last = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        if (!(std::abs(model.knots[i]) <= largestValue) || (i > 0 && !(model.knots[i] > model.knots[i - 1])))
            return false;
        if (!(model.below[i] >= last && model.notAbove[i] > model.below[i]))
            return false;
        last = model.notAbove[i];
    }
    return last <= model.count;
}

Result<void> Percentile::load(const TensorBundle& bundle, const std::string& prefix)
{
    const auto roles = bundle.vector<std::uint8_t>(prefix + "/roles");
    if (!roles)
        return tl::unexpected(roles.error());
    const auto sizes = bundle.vector<std::uint32_t>(prefix + "/sizes", roles->size());
    const auto scalars = bundle.vector<double>(prefix + "/scalars", roles->size() * 4);
    const auto knots = bundle.vector<double>(prefix + "/knots");
    if (!sizes || !scalars || !knots)
        return tl::unexpected(!sizes ? sizes.error() : !scalars ? scalars.error() : knots.error());
    const auto below = bundle.vector<double>(prefix + "/below", knots->size());
    const auto notAbove = bundle.vector<double>(prefix + "/not_above", knots->size());
    if (!below || !notAbove)
        return tl::unexpected(!below ? below.error() : notAbove.error());
    std::vector<ColumnModel> columns;
    std::size_t from = 0;
    for (std::size_t c = 0; c < roles->size(); ++c) {
        const std::size_t size = (*sizes)[c];
        if (size > knots->size() - from)
            return damagedModel(spec());
        const auto part = [&](const std::vector<double>& all) {
            const auto first = all.begin() + static_cast<std::ptrdiff_t>(from);
            return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(size));
        };
        const double* s = scalars->data() + 4 * c;
        columns.push_back({.role = (*roles)[c],
                           .count = s[0],
                           .noise = s[1],
                           .median = s[2],
                           .range = s[3],
                           .knots = part(*knots),
                           .below = part(*below),
                           .notAbove = part(*notAbove)});
        if (!isSound(columns.back()))
            return damagedModel(spec());
        from += size;
    }
    m_columns = std::move(columns);
    return {};
}

} // namespace faultline::detectors
