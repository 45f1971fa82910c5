// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/rrcf.h"
#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t blockUnits = 64; ///< go through one tree before the next, while it is in the cache
} // namespace

const DetectorSpec& Rrcf::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "rrcf",
        .title = "Robust random cut forest",
        .help = "Finds units that random cuts part from a sample of those before, alone or as a small group. It learns "
                "with every unit, so it follows what changes slowly.",
        .paper = "Guha, Mishra, Roy and Schrijvers, Robust Random Cut Forest Based Anomaly Detection on Streams, ICML "
                 "2016",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {{.name = "trees",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{40},
                        .minimum = 1,
                        .maximum = 500,
                        .unit = "trees",
                        .help = "More trees make scores steadier; time grows in proportion."},
                       {.name = "samples",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{256},
                        .minimum = 2,
                        .maximum = 4096,
                        .unit = "units",
                        .help = "How many units each tree holds."},
                       {.name = "memory",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{4096},
                        .minimum = 2,
                        .maximum = 10'000'000,
                        .unit = "units",
                        .help = "Live: of how many past units a tree's are a sample; less forgets sooner."}},
        .family = DetectorFamily::Forest,
        .live = LiveForm::Stream};
    return spec;
}

Rrcf::Rrcf(Parameters parameters, std::uint64_t seed)
    : ConfiguredDetector(describe(), std::move(parameters)), m_seed(deriveSeed(seed, "rrcf"))
{
}

CostEstimate Rrcf::cost(const WorkSize& work) const
{
    const auto trees = static_cast<double>(count("trees")), samples = static_cast<double>(count("samples"));
    const auto columns = static_cast<double>(work.columns), scored = static_cast<double>(work.scoredUnits);
    const auto steps = 2.0 * std::log2(samples + 1.0);
    return {.seconds = trees * steps * (5e-9 + 1e-9 * columns) * (scored + 2.0 * samples),
            .bytes = 32.0 * trees * samples * (columns + 3.0) + 8.0 * scored};
}

void Rrcf::join(SampledTree& sampled, std::span<const double> point, std::uint32_t source, Random& random) const
{
    if (sampled.members.size() == count("samples")) {
        sampled.tree.remove(sampled.members.front().leaf);
        sampled.members.pop_front();
    }
    sampled.members.push_back({.leaf = sampled.tree.insert(point, random), .source = source});
}

Result<void> Rrcf::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto learned = m_columns.learn(*training.table); !learned)
        return learned;
    m_trees.assign(count("trees"), {.tree = CutTree(m_columns.size(), count("samples")), .members = {}});
    tbb::parallel_for(std::size_t{0}, m_trees.size(), [&](std::size_t t) {
        Random random(deriveSeed(m_seed, "tree", t));
        std::vector<double> point(m_columns.size());
        for (const auto unit : evenSample(training.table->units(), count("samples"), deriveSeed(m_seed, "sample", t))) {
            if (!job.advance())
                return;
            m_columns.read(*training.standardised, unit, point.data());
            join(m_trees[t], point, unit, random);
        }
    });
    if (job.stopRequested())
        return cancelled();
    m_seen = training.table->units();
    return {};
}

/// `self` is the training unit that is scored, or noSource.
double Rrcf::displacement(const SampledTree& sampled, std::span<const double> point, std::uint32_t self) const
{
    if (self != noSource) { // sources ascend; units that joined live have none and are the largest
        const auto known =
            std::lower_bound(sampled.members.begin(), sampled.members.end(), self,
                             [](const Member& member, std::uint32_t source) { return member.source < source; });
        if (known != sampled.members.end() && known->source == self)
            return sampled.tree.displacementOf(known->leaf);
    }
    return sampled.tree.displacement(point);
}

Result<std::vector<double>> Rrcf::score(const DetectorInput& input, const ScoreOptions& options, JobContext& job) const
{
    if (auto checked = checkInput(input, m_columns.ofTable(), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    const auto d = m_columns.size();
    const auto scoreBlock = [&](const tbb::blocked_range<std::size_t>& range) {
        std::vector<double> points(range.size() * d);
        for (auto unit = range.begin(); unit != range.end(); ++unit)
            m_columns.read(*input.standardised, unit, points.data() + (unit - range.begin()) * d);
        for (const auto& sampled : m_trees)
            for (auto unit = range.begin(); unit != range.end() && !job.stopRequested(); ++unit)
                scores[unit] += displacement(sampled, {points.data() + (unit - range.begin()) * d, d},
                                             options.isTrainingData ? static_cast<std::uint32_t>(unit) : noSource);
        for (auto unit = range.begin(); unit != range.end(); ++unit)
            scores[unit] /= static_cast<double>(m_trees.size());
        (void)job.advance(range.size());
    };
    // The bounds of blocks change no sum: each unit's goes over the trees in order.
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), blockUnits), scoreBlock);
    if (job.stopRequested())
        return cancelled();
    return scores;
}

double Rrcf::update(const DetectorInput& input, std::size_t unit)
{
    if (m_columns.size() == 0) {
        if (!input.table || !m_columns.learn(*input.table))
            return 0.0;
        m_trees.assign(count("trees"), {.tree = CutTree(m_columns.size(), count("samples")), .members = {}});
    }
    if (input.standardised->cols() != m_columns.ofTable())
        return 0.0;
    m_point.resize(m_columns.size());
    m_columns.read(*input.standardised, unit, m_point.data());
    Random random(deriveSeed(m_seed, "update", m_seen));
    const auto past = static_cast<double>(std::min<std::uint64_t>(++m_seen, count("memory")));
    const double chance = static_cast<double>(count("samples")) / past;
    double sum = 0.0;
    for (auto& sampled : m_trees) {
        sum += sampled.tree.displacement(m_point);
        if (random.uniform() < chance)
            join(sampled, m_point, noSource, random);
    }
    return sum / static_cast<double>(m_trees.size());
}

std::vector<Contribution> Rrcf::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, m_columns.ofTable(), unit + 1))
        return {};
    std::vector<double> point(m_columns.size()), blame(m_columns.size(), 0.0);
    m_columns.read(*input.standardised, unit, point.data());
    for (const auto& sampled : m_trees)
        (void)sampled.tree.displacement(point, blame);
    return m_columns.shares(blame);
}

void Rrcf::save(TensorBundle& bundle, const std::string& prefix) const
{
    m_columns.save(bundle, prefix);
    bundle.put(prefix + "/seen", std::vector<std::int64_t>{static_cast<std::int64_t>(m_seen)});
    bundle.put(prefix + "/trees", std::vector<std::uint32_t>{static_cast<std::uint32_t>(m_trees.size())});
    for (std::size_t t = 0; t < m_trees.size(); ++t) {
        const auto part = prefix + "/" + std::to_string(t);
        const auto written = m_trees[t].tree.write();
        std::vector<std::uint32_t> leaf, source; // per member, oldest first; the leaf by its place in `written`
        std::vector<std::uint32_t> place(4 * count("samples"), 0);
        for (std::uint32_t i = 0; i < written.leaves.size(); ++i)
            place[written.leaves[i]] = i;
        for (const auto& member : m_trees[t].members) {
            leaf.push_back(place[member.leaf]);
            source.push_back(member.source);
        }
        bundle.put(part + "/column", written.column);
        bundle.put(part + "/cut", written.cut);
        bundle.put(part + "/points", written.points);
        bundle.put(part + "/leaf", leaf);
        bundle.put(part + "/source", source);
    }
}

Result<Rrcf::SampledTree> Rrcf::readTree(const DetectorSpec& spec, const TensorBundle& bundle,
                                         const std::string& prefix, std::size_t dimensions, std::size_t capacity)
{
    CutTree::Written written;
    auto column = bundle.vector<std::uint32_t>(prefix + "/column");
    auto cut = bundle.vector<double>(prefix + "/cut");
    auto points = bundle.vector<double>(prefix + "/points");
    const auto leaf = bundle.vector<std::uint32_t>(prefix + "/leaf");
    if (!column || !cut || !points || !leaf)
        return tl::unexpected(!column ? column.error() : !cut ? cut.error() : !points ? points.error() : leaf.error());
    const auto source = bundle.vector<std::uint32_t>(prefix + "/source", leaf->size());
    if (!source)
        return tl::unexpected(source.error());
    const auto leaves = points->size() / dimensions;
    if (leaves > capacity || leaf->size() > capacity || leaves * dimensions != points->size() ||
        !allWithin(*points, -1e6, 1e6) || !allWithin(*cut, -1e6, 1e6))
        return damagedModel(spec);
    written = {.column = std::move(*column),
               .cut = std::move(*cut),
               .count = std::vector<std::uint32_t>(leaves, 0),
               .points = std::move(*points),
               .leaves = {}};
    for (const auto place : *leaf) {
        if (place >= leaves)
            return damagedModel(spec);
        ++written.count[place];
    }
    SampledTree out{.tree = CutTree(dimensions, capacity), .members = {}};
    std::vector<std::uint32_t> numbers;
    if (std::find(written.count.begin(), written.count.end(), 0U) != written.count.end() ||
        !out.tree.restore(written, numbers))
        return damagedModel(spec);
    for (std::size_t i = 0; i < leaf->size(); ++i)
        out.members.push_back({.leaf = numbers[(*leaf)[i]], .source = (*source)[i]});
    return out;
}

Result<void> Rrcf::load(const TensorBundle& bundle, const std::string& prefix)
{
    ValueColumns columns;
    if (auto loaded = columns.load(spec(), bundle, prefix); !loaded)
        return loaded;
    const auto seen = bundle.vector<std::int64_t>(prefix + "/seen", 1);
    const auto trees = bundle.vector<std::uint32_t>(prefix + "/trees", 1);
    if (!seen || !trees)
        return tl::unexpected(!seen ? seen.error() : trees.error());
    if (seen->front() < 0 || trees->front() != count("trees"))
        return damagedModel(spec());
    std::vector<SampledTree> loaded;
    for (std::size_t t = 0; t < trees->front(); ++t) {
        auto tree = readTree(spec(), bundle, prefix + "/" + std::to_string(t), columns.size(), count("samples"));
        if (!tree)
            return tl::unexpected(tree.error());
        loaded.push_back(std::move(*tree));
    }
    m_columns = std::move(columns);
    m_seen = static_cast<std::uint64_t>(seen->front());
    m_trees = std::move(loaded);
    return {};
}

} // namespace faultline::detectors
