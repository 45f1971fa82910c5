// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/half_space_trees.h"
#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr float fewShare = 0.1F; ///< of a window: a node with less ends the way down
}

const DetectorSpec& HalfSpaceTrees::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "half_space_trees",
        .title = "Half-space trees",
        .help = "Finds units where few were in the last window. It takes constant time and memory, so it suits streams "
                "that never end.",
        .paper = "Tan, Ting and Liu, Fast Anomaly Detection for Streaming Data, IJCAI 2011",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {{.name = "trees",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{25},
                        .minimum = 1,
                        .maximum = 500,
                        .unit = "trees",
                        .help = "More trees make scores steadier; time grows in proportion."},
                       {.name = "depth",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{10},
                        .minimum = 1,
                        .maximum = 15,
                        .unit = "levels",
                        .help = "How often the range is halved; memory doubles with each level."},
                       {.name = "window",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{250},
                        .minimum = 10,
                        .maximum = 1'000'000,
                        .unit = "units",
                        .help = "Live: units are compared with the last complete window of so many."}},
        .family = DetectorFamily::Forest,
        .live = LiveForm::Stream};
    return spec;
}

HalfSpaceTrees::HalfSpaceTrees(Parameters parameters, std::uint64_t seed)
    : ConfiguredDetector(describe(), std::move(parameters)), m_seed(deriveSeed(seed, "half_space_trees"))
{
}

CostEstimate HalfSpaceTrees::cost(const WorkSize& work) const
{
    const auto trees = static_cast<double>(count("trees")), depth = static_cast<double>(count("depth"));
    const auto units = static_cast<double>(work.trainingUnits + work.scoredUnits);
    return {.seconds = units * (4e-9 * trees * depth + 4e-9 * static_cast<double>(work.columns)),
            .bytes = 16.0 * trees * std::exp2(depth + 1.0) + 8.0 * static_cast<double>(work.scoredUnits)};
}

/// Every tree halves a range of its own, which reaches beyond 0..1 on one side (the paper's working range).
void HalfSpaceTrees::growTrees()
{
    const auto d = m_columns.size(), trees = count("trees");
    const auto inner = nodesPerTree() / 2;
    m_splits.assign(trees * inner, {});
    m_mass.assign(trees * nodesPerTree(), 0.0F);
    m_latest = m_mass;
    m_filled = 0;
    m_own = 0.0F;
    m_isReady = false;
    for (std::size_t tree = 0; tree < trees; ++tree) {
        Random random(deriveSeed(m_seed, "tree", tree));
        Range range{.low = std::vector<double>(d), .high = std::vector<double>(d)};
        for (std::size_t c = 0; c < d; ++c) {
            const double centre = random.uniform(), reach = 2.0 * std::max(centre, 1.0 - centre);
            range.low[c] = centre - reach;
            range.high[c] = centre + reach;
        }
        halve(std::span(m_splits).subspan(tree * inner, inner), 0, range, random);
    }
}

/// Splits the node's range and those below it, and leaves `range` as it was.
void HalfSpaceTrees::halve(std::span<Split> splits, std::size_t node, Range& range, Random& random)
{
    if (node >= splits.size())
        return;
    const auto column = random.below(range.low.size());
    const double low = range.low[column], high = range.high[column], middle = 0.5 * (low + high);
    splits[node] = {.column = static_cast<std::uint32_t>(column), .middle = static_cast<float>(middle)};
    range.high[column] = middle;
    halve(splits, 2 * node + 1, range, random);
    range.high[column] = high;
    range.low[column] = middle;
    halve(splits, 2 * node + 2, range, random);
    range.low[column] = low;
}

void HalfSpaceTrees::squeeze(const features::Matrix& standardised, std::size_t unit, float* out) const
{
    const double* row = standardised.data() + static_cast<Eigen::Index>(unit) * standardised.cols();
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const double z = boundedCell(row[m_columns.ofTableAt(c)]);
        out[c] = static_cast<float>(0.5 + z / (4.0 + 2.0 * std::abs(z)));
    }
}

std::size_t HalfSpaceTrees::childOf(std::size_t tree, std::size_t node, const float* row) const
{
    const auto& split = m_splits[tree * (nodesPerTree() / 2) + node];
    return 2 * node + (row[split.column] < split.middle ? 1 : 2);
}

/// `own` is what the unit itself added to the masses on its way.
double HalfSpaceTrees::scoreOf(const float* row, float own) const
{
    const auto trees = count("trees"), depth = count("depth"), nodes = (std::size_t{2} << depth) - 1;
    const auto window = static_cast<double>(count("window"));
    const float few = fewShare * static_cast<float>(window);
    double sum = 0.0;
    for (std::size_t tree = 0; tree < trees; ++tree) {
        const auto* mass = m_mass.data() + tree * nodes;
        const auto* splits = m_splits.data() + tree * (nodes / 2);
        std::size_t node = 0, level = 0;
        for (; level < depth && mass[node] - own > few; ++level)
            node = 2 * node + (row[splits[node].column] < splits[node].middle ? 1 : 2);
        sum += std::max(0.0, static_cast<double>(mass[node] - own)) * static_cast<double>(std::size_t{1} << level);
    }
    const double most = static_cast<double>(depth) + std::log2(window);
    return std::max(0.0, most - std::log2(1.0 + sum / static_cast<double>(trees)));
}

void HalfSpaceTrees::addMass(const float* row, std::vector<float>& mass) const
{
    const auto depth = count("depth"), nodes = (std::size_t{2} << depth) - 1;
    for (std::size_t tree = 0; tree * nodes < mass.size(); ++tree) {
        const auto* splits = m_splits.data() + tree * (nodes / 2);
        auto* counts = mass.data() + tree * nodes;
        std::size_t node = 0;
        counts[0] += 1.0F;
        for (std::size_t level = 0; level < depth; ++level) {
            node = 2 * node + (row[splits[node].column] < splits[node].middle ? 1 : 2);
            counts[node] += 1.0F;
        }
    }
}

Result<void> HalfSpaceTrees::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto learned = m_columns.learn(*training.table); !learned)
        return learned;
    growTrees();
    // Beyond some millions more units change no share, and floats count no further.
    const auto counted = evenSample(training.table->units(), 4'000'000, m_seed);
    std::vector<float> row(m_columns.size());
    for (const auto unit : counted) {
        if (!job.advance())
            return cancelled();
        squeeze(*training.standardised, unit, row.data());
        addMass(row.data(), m_mass);
    }
    m_own = static_cast<float>(count("window")) / static_cast<float>(counted.size());
    for (auto& mass : m_mass)
        mass *= m_own;
    m_isReady = true;
    return {};
}

Result<std::vector<double>> HalfSpaceTrees::score(const DetectorInput& input, const ScoreOptions& options,
                                                  JobContext& job) const
{
    if (auto checked = checkInput(input, m_columns.ofTable(), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    const float own = options.isTrainingData ? m_own : 0.0F;
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), 128), [&](const auto& range) {
        std::vector<float> row(m_columns.size());
        for (auto unit = range.begin(); unit != range.end() && job.advance(); ++unit) {
            squeeze(*input.standardised, unit, row.data());
            scores[unit] = m_isReady ? scoreOf(row.data(), own) : 0.0;
        }
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

double HalfSpaceTrees::update(const DetectorInput& input, std::size_t unit)
{
    if (m_columns.size() == 0) {
        if (!input.table || !m_columns.learn(*input.table))
            return 0.0;
        growTrees();
    }
    if (input.standardised->cols() != m_columns.ofTable())
        return 0.0;
    m_row.resize(m_columns.size());
    squeeze(*input.standardised, unit, m_row.data());
    const double score = m_isReady ? scoreOf(m_row.data(), 0.0F) : 0.0;
    addMass(m_row.data(), m_latest);
    if (++m_filled == count("window")) {
        m_mass.swap(m_latest);
        std::fill(m_latest.begin(), m_latest.end(), 0.0F);
        m_filled = 0;
        m_own = 0.0F;
        m_isReady = true;
    }
    return score;
}

std::vector<Contribution> HalfSpaceTrees::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, m_columns.ofTable(), unit + 1))
        return {};
    std::vector<float> row(m_columns.size());
    squeeze(*input.standardised, unit, row.data());
    std::vector<double> credit(row.size(), 0.0);
    for (std::size_t tree = 0; tree < count("trees"); ++tree) {
        const auto* mass = m_mass.data() + tree * nodesPerTree();
        for (std::size_t node = 0, level = 0; level < count("depth") && mass[node] > 0.0F; ++level) {
            const auto child = childOf(tree, node, row.data());
            const double surplus =
                std::log2((static_cast<double>(mass[node]) + 1.0) / (static_cast<double>(mass[child]) + 1.0)) - 1.0;
            if (surplus > 0.0)
                credit[m_splits[tree * (nodesPerTree() / 2) + node].column] += surplus;
            node = child;
        }
    }
    return m_columns.shares(credit);
}

void HalfSpaceTrees::save(TensorBundle& bundle, const std::string& prefix) const
{
    std::vector<std::uint32_t> columns;
    std::vector<float> middles;
    for (const auto& split : m_splits) {
        columns.push_back(split.column);
        middles.push_back(split.middle);
    }
    m_columns.save(bundle, prefix);
    bundle.put(prefix + "/split_column", columns);
    bundle.put(prefix + "/split_middle", middles);
    bundle.put(prefix + "/mass", m_mass);
    bundle.put(prefix + "/latest", m_latest);
    bundle.put(prefix + "/own", std::vector<float>{m_own});
    bundle.put(prefix + "/state",
               std::vector<std::uint32_t>{static_cast<std::uint32_t>(m_filled), m_isReady ? 1U : 0U});
}

Result<void> HalfSpaceTrees::load(const TensorBundle& bundle, const std::string& prefix)
{
    ValueColumns columns;
    if (auto loaded = columns.load(spec(), bundle, prefix); !loaded)
        return loaded;
    const auto inner = count("trees") * (nodesPerTree() / 2), nodes = count("trees") * nodesPerTree();
    const auto splitColumns = bundle.vector<std::uint32_t>(prefix + "/split_column", inner);
    const auto middles = bundle.vector<float>(prefix + "/split_middle", inner);
    auto mass = bundle.vector<float>(prefix + "/mass", nodes);
    auto latest = bundle.vector<float>(prefix + "/latest", nodes);
    const auto own = bundle.vector<float>(prefix + "/own", 1);
    const auto state = bundle.vector<std::uint32_t>(prefix + "/state", 2);
    if (!splitColumns || !middles || !mass)
        return tl::unexpected(!splitColumns ? splitColumns.error() : !middles ? middles.error() : mass.error());
    if (!latest || !own || !state)
        return tl::unexpected(!latest ? latest.error() : !own ? own.error() : state.error());
    const auto isMass = [](float v) { return v >= 0.0F && v <= 1e9F; };
    const auto isColumn = [&](std::uint32_t c) { return c < columns.size(); };
    if (!std::all_of(splitColumns->begin(), splitColumns->end(), isColumn) || !allFinite(*middles) ||
        !std::all_of(mass->begin(), mass->end(), isMass) || !std::all_of(latest->begin(), latest->end(), isMass) ||
        !isMass(own->front()) || state->front() >= count("window") || state->back() > 1)
        return damagedModel(spec());
    m_columns = std::move(columns);
    m_splits.clear();
    for (std::size_t i = 0; i < inner; ++i)
        m_splits.push_back({.column = (*splitColumns)[i], .middle = (*middles)[i]});
    m_mass = std::move(*mass);
    m_latest = std::move(*latest);
    m_own = own->front();
    m_filled = state->front();
    m_isReady = state->back() == 1;
    return {};
}

} // namespace faultline::detectors
