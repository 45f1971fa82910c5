// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/kmeans.h"
#include "engine/core/random.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t mostSampled = 50'000;
constexpr std::size_t blockRows = 1024; ///< sums are made per block and added in order, whatever the threads
constexpr double infinity = std::numeric_limits<double>::infinity();

double squaredGap(const double* a, const double* b, std::size_t d)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < d; ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/// The first index whose running sum of weights exceeds `target`; the last with a weight when rounding lets none.
std::size_t drawByWeight(const std::vector<double>& weights, double target)
{
    std::size_t last = 0;
    double sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!(weights[i] > 0.0))
            continue;
        sum += weights[last = i];
        if (sum > target)
            return i;
    }
    return last;
}
} // namespace

const DetectorSpec& KMeans::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "kmeans",
        .title = "Distance to the nearest cluster",
        .help = "Finds units far from every typical state, where a system has a few of them. Fast on large tables.",
        .paper = "Arthur and Vassilvitskii, k-means++: The Advantages of Careful Seeding, SODA 2007",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {{.name = "clusters",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{8},
                        .minimum = 1,
                        .maximum = 500,
                        .unit = "clusters",
                        .help = "How many typical states there may be; many of them hide groups of anomalies."},
                       {.name = "steps",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{100},
                        .minimum = 1,
                        .maximum = 10'000,
                        .unit = "steps",
                        .help = "Steps in which the centres settle at most."}},
        .family = DetectorFamily::Distance};
    return spec;
}

KMeans::KMeans(Parameters parameters, std::uint64_t seed)
    : ConfiguredDetector(describe(), std::move(parameters)), m_seed(deriveSeed(seed, "kmeans"))
{
}

CostEstimate KMeans::cost(const WorkSize& work) const
{
    const auto clusters = static_cast<double>(count("clusters")), columns = static_cast<double>(work.columns);
    const auto sampled = static_cast<double>(std::min(work.trainingUnits, mostSampled));
    const auto scored = static_cast<double>(work.scoredUnits);
    const double stepsTaken = std::min(static_cast<double>(count("steps")), 30.0);
    return {.seconds = 1e-9 * clusters * (columns + 2.0) * (stepsTaken * sampled + scored) + 1e-8 * scored,
            .bytes = sampled * (8.0 * columns + 16.0) + 8.0 * scored};
}

Result<void> KMeans::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto learned = m_columns.learn(*training.table); !learned)
        return learned;
    const auto d = m_columns.size();
    m_sampled = evenSample(training.table->units(), mostSampled, m_seed);
    std::vector<double> rows(m_sampled.size() * d);
    for (std::size_t i = 0; i < m_sampled.size(); ++i) {
        if (!job.advance())
            return cancelled();
        m_columns.read(*training.standardised, m_sampled[i], rows.data() + i * d);
    }
    m_cluster.assign(m_sampled.size(), std::numeric_limits<std::uint32_t>::max());
    if (!chooseCentres(rows, job))
        return cancelled();
    for (std::size_t step = 0; step < count("steps") && moveCentres(rows, job); ++step)
        continue;
    if (job.stopRequested())
        return cancelled();
    return {};
}

bool KMeans::chooseCentres(const std::vector<double>& rows, JobContext& job)
{
    const auto d = m_columns.size(), units = m_sampled.size();
    Random random(m_seed);
    std::vector<double> squared(units, infinity);
    auto chosen = random.below(units);
    m_centres.clear();
    for (double total = infinity; m_centres.size() < count("clusters") * d && total > 0.0;) {
        if (!job.advance(0))
            return false;
        const auto centre = rows.begin() + static_cast<std::ptrdiff_t>(chosen * d);
        m_centres.insert(m_centres.end(), centre, centre + static_cast<std::ptrdiff_t>(d));
        total = 0.0;
        for (std::size_t i = 0; i < units; ++i) {
            squared[i] = std::min(squared[i], squaredGap(rows.data() + i * d, rows.data() + chosen * d, d));
            total += squared[i];
        }
        chosen = drawByWeight(squared, random.uniform() * total);
    }
    m_members.assign(m_centres.size() / d, 0.0);
    return true;
}

bool KMeans::moveCentres(const std::vector<double>& rows, JobContext& job)
{
    const auto d = m_columns.size(), units = m_sampled.size(), clusters = m_members.size();
    const auto blocks = (units + blockRows - 1) / blockRows;
    std::vector<std::vector<double>> sums(blocks); // per cluster: sum of its rows, then their number
    std::vector<std::uint8_t> hasChanged(blocks, 0);
    tbb::parallel_for(std::size_t{0}, blocks, [&](std::size_t block) {
        auto& sum = sums[block];
        sum.assign(clusters * (d + 1), 0.0);
        for (auto i = block * blockRows; i < std::min(units, (block + 1) * blockRows) && job.advance(0); ++i) {
            const double* row = rows.data() + i * d;
            const auto cluster = nearestTo(row).cluster;
            if (m_cluster[i] != cluster)
                hasChanged[block] = 1;
            m_cluster[i] = static_cast<std::uint32_t>(cluster);
            for (std::size_t c = 0; c < d; ++c)
                sum[cluster * (d + 1) + c] += row[c];
            sum[cluster * (d + 1) + d] += 1.0;
        }
    });
    if (job.stopRequested())
        return false;
    for (std::size_t cluster = 0; cluster < clusters; ++cluster) {
        std::vector<double> total(d + 1, 0.0);
        for (const auto& sum : sums)
            for (std::size_t c = 0; c <= d; ++c)
                total[c] += sum[cluster * (d + 1) + c];
        m_members[cluster] = total[d];
        for (std::size_t c = 0; c < d && total[d] > 0.0; ++c)
            m_centres[cluster * d + c] = total[c] / total[d];
    }
    return std::find(hasChanged.begin(), hasChanged.end(), 1) != hasChanged.end();
}

KMeans::Nearest KMeans::nearestTo(const double* row) const
{
    const auto d = m_columns.size();
    Nearest nearest{.squared = infinity};
    for (std::size_t cluster = 0; cluster < m_members.size(); ++cluster)
        if (const double squared = squaredGap(row, m_centres.data() + cluster * d, d); squared < nearest.squared)
            nearest = {.cluster = cluster, .squared = squared};
    return nearest;
}

/// The squared distance to the nearest centre when the unit had not been there.
double KMeans::withoutItself(const double* row, std::size_t ownCluster) const
{
    const auto d = m_columns.size();
    double nearest = infinity;
    for (std::size_t cluster = 0; cluster < m_members.size(); ++cluster) {
        const double squared = squaredGap(row, m_centres.data() + cluster * d, d);
        const double others = m_members[cluster] - (cluster == ownCluster ? 1.0 : 0.0);
        // Its own centre moves away from it by 1 / (members - 1) of the way.
        const double farther = cluster == ownCluster ? m_members[cluster] / others : 1.0;
        if (others > 0.0)
            nearest = std::min(nearest, squared * farther * farther);
    }
    return nearest == infinity ? 0.0 : nearest;
}

Result<std::vector<double>> KMeans::score(const DetectorInput& input, const ScoreOptions& options,
                                          JobContext& job) const
{
    if (auto checked = checkInput(input, m_columns.ofTable(), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    const auto d = m_columns.size();
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), 256), [&](const auto& range) {
        std::vector<double> row(d);
        for (auto unit = range.begin(); unit != range.end() && job.advance(); ++unit) {
            m_columns.read(*input.standardised, unit, row.data());
            const auto known = std::lower_bound(m_sampled.begin(), m_sampled.end(), unit);
            const bool isOwn = options.isTrainingData && known != m_sampled.end() && *known == unit;
            const double squared =
                isOwn ? withoutItself(row.data(), m_cluster[static_cast<std::size_t>(known - m_sampled.begin())])
                      : nearestTo(row.data()).squared;
            scores[unit] = std::sqrt(squared / static_cast<double>(d));
        }
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

std::vector<Contribution> KMeans::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, m_columns.ofTable(), unit + 1))
        return {};
    std::vector<double> row(m_columns.size());
    m_columns.read(*input.standardised, unit, row.data());
    const double* centre = m_centres.data() + nearestTo(row.data()).cluster * row.size();
    for (std::size_t c = 0; c < row.size(); ++c)
        row[c] = (row[c] - centre[c]) * (row[c] - centre[c]);
    return m_columns.shares(row);
}

void KMeans::save(TensorBundle& bundle, const std::string& prefix) const
{
    m_columns.save(bundle, prefix);
    bundle.put(prefix + "/centres", m_centres, {m_members.size(), m_columns.size()});
    bundle.put(prefix + "/members", m_members);
    bundle.put(prefix + "/sampled", m_sampled);
    bundle.put(prefix + "/cluster", m_cluster);
}

Result<void> KMeans::load(const TensorBundle& bundle, const std::string& prefix)
{
    ValueColumns columns;
    if (auto loaded = columns.load(spec(), bundle, prefix); !loaded)
        return loaded;
    auto members = bundle.vector<double>(prefix + "/members");
    auto sampled = bundle.vector<std::uint32_t>(prefix + "/sampled");
    if (!members || !sampled)
        return tl::unexpected(!members ? members.error() : sampled.error());
    auto centres = bundle.vector<double>(prefix + "/centres", members->size() * columns.size());
    auto cluster = bundle.vector<std::uint32_t>(prefix + "/cluster", sampled->size());
    if (!centres || !cluster)
        return tl::unexpected(!centres ? centres.error() : cluster.error());
    const auto isKnown = [&](std::uint32_t c) { return c < members->size() && (*members)[c] >= 1.0; };
    if (members->empty() || !allWithin(*centres, -1e6, 1e6) || !allWithin(*members, 0.0, 1e9) ||
        !std::all_of(cluster->begin(), cluster->end(), isKnown))
        return damagedModel(spec());
    m_columns = std::move(columns);
    m_centres = std::move(*centres);
    m_members = std::move(*members);
    m_sampled = std::move(*sampled);
    m_cluster = std::move(*cluster);
    return {};
}

} // namespace faultline::detectors
