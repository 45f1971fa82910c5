// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/lof.h"
#include "engine/core/random.h"
#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
using Neighbour = NeighbourIndex::Neighbour;
constexpr std::size_t mostListBytes = std::size_t{1} << 30;
constexpr double leastReach = 1e-10; ///< keeps the density of equal units finite
} // namespace

const DetectorSpec& Lof::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "lof",
        .title = "Local outlier factor",
        .help = "Finds units whose surroundings are thinner than those of their neighbours, so that clusters may be as "
                "tight or as loose as they are. Anomalies that come in groups larger than `neighbours` hide.",
        .paper = "Breunig, Kriegel, Ng and Sander, LOF: Identifying Density-Based Local Outliers, SIGMOD 2000",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {{.name = "neighbours",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{20},
                        .minimum = 1,
                        .maximum = 5000,
                        .unit = "neighbours",
                        .help =
                            "How many nearest units make the surroundings; more than alike anomalies come together."},
                       {.name = "references",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{5000},
                        .minimum = 2,
                        .maximum = 2e6,
                        .unit = "units",
                        .help =
                            "How many training units are kept to compare with, an even sample; time grows with it."}},
        .family = DetectorFamily::Distance};
    return spec;
}

Lof::Lof(Parameters parameters, std::uint64_t seed)
    : ConfiguredDetector(describe(), std::move(parameters)), m_seed(deriveSeed(seed, "lof"))
{
}

CostEstimate Lof::cost(const WorkSize& work) const
{
    const auto references = static_cast<double>(std::min(count("references"), work.trainingUnits));
    const auto columns = static_cast<double>(work.columns), scored = static_cast<double>(work.scoredUnits);
    const auto k = std::min(static_cast<double>(count("neighbours")), references);
    const double visited = std::pow(references, std::clamp(0.5 + columns / 40.0, 0.5, 1.0));
    return {.seconds = (scored + references) * (1e-6 + 3e-10 * visited * (columns + 2.0) + 5e-9 * k) +
                       1e-7 * references * columns,
            .bytes = references * (16.0 * columns + 56.0) +
                     std::min(16.0 * k * references, static_cast<double>(mostListBytes)) + 16.0 * scored};
}

/// The references' neighbours, kept where there is room for them and searched again where not.
class Lof::NeighbourLists
{
public:
    using Visit = std::function<void(std::uint32_t, std::span<const Neighbour>)>;

    NeighbourLists(const ReferenceUnits& references, std::size_t wanted)
        : m_references(references), m_wanted(std::min(wanted, references.size() - 1)),
          m_isKept(m_wanted * references.size() * sizeof(Neighbour) <= mostListBytes)
    {
    }

    /// Calls visit(slot, its neighbours) for every reference, on all cores.
    [[nodiscard]] Result<void> forEach(JobContext& job, const Visit& visit)
    {
        if (m_kept.empty())
            return search(job, visit);
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, m_references.size(), 1024), [&](const auto& range) {
            for (auto slot = range.begin(); slot != range.end() && !job.stopRequested(); ++slot)
                visit(static_cast<std::uint32_t>(slot), std::span(m_kept).subspan(slot * m_wanted, m_wanted));
        });
        if (job.stopRequested())
            return cancelled();
        return {};
    }

private:
    [[nodiscard]] Result<void> search(JobContext& job, const Visit& visit)
    {
        if (m_isKept)
            m_kept.resize(m_wanted * m_references.size());
        return m_references.forEachReference(m_wanted, job, [&](std::uint32_t slot, const auto& nearest) {
            if (m_isKept)
                std::copy(nearest.begin(), nearest.end(),
                          m_kept.begin() + static_cast<std::ptrdiff_t>(slot * m_wanted));
            visit(slot, nearest);
        });
    }

    const ReferenceUnits& m_references;
    std::size_t m_wanted;
    bool m_isKept;
    std::vector<Neighbour> m_kept;
};

double Lof::densityOf(std::span<const Neighbour> nearest) const
{
    double sum = 0.0;
    for (const auto& neighbour : nearest)
        sum += std::max(std::sqrt(neighbour.squared), m_reach[neighbour.slot]);
    return 1.0 / (sum / static_cast<double>(nearest.size()) + leastReach);
}

double Lof::factorOf(std::span<const Neighbour> nearest, double density) const
{
    double sum = 0.0;
    for (const auto& neighbour : nearest)
        sum += m_density[neighbour.slot];
    return sum / static_cast<double>(nearest.size()) / density;
}

Result<void> Lof::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 2); !checked)
        return checked;
    const auto kept = count("references");
    if (auto learned = m_references.learn(training, {.kept = kept, .onLine = kept, .capacity = kept}, m_seed, job);
        !learned)
        return learned;
    m_reach.assign(m_references.size(), 0.0);
    m_density.assign(m_references.size(), 0.0);
    m_factor.assign(m_references.size(), 0.0);
    NeighbourLists lists(m_references, count("neighbours"));
    const auto setReach = [&](std::uint32_t slot, std::span<const Neighbour> nearest) {
        m_reach[slot] = std::sqrt(nearest.back().squared);
    };
    if (auto done = lists.forEach(job, setReach); !done)
        return done;
    const auto setDensity = [&](std::uint32_t slot, std::span<const Neighbour> nearest) {
        m_density[slot] = densityOf(nearest);
    };
    if (auto done = lists.forEach(job, setDensity); !done)
        return done;
    return lists.forEach(job, [&](std::uint32_t slot, std::span<const Neighbour> nearest) {
        m_factor[slot] = factorOf(nearest, m_density[slot]);
    });
}

Result<std::vector<double>> Lof::score(const DetectorInput& input, const ScoreOptions& options, JobContext& job) const
{
    std::vector<double> scores(input.table->units(), 0.0);
    const auto visit = [&](std::size_t unit, std::uint32_t slot, const auto& nearest) {
        scores[unit] = slot != NeighbourIndex::noSource ? m_factor[slot] : factorOf(nearest, densityOf(nearest));
    };
    const auto wanted = std::min(count("neighbours"), m_references.size() - 1); // as many as the references had
    const auto done = m_references.forEach(
        input, {.wanted = wanted, .isTrainingData = options.isTrainingData, .skipsReferences = true}, job, visit);
    if (!done)
        return tl::unexpected(done.error());
    return scores;
}

std::vector<Contribution> Lof::explain(const DetectorInput& input, std::size_t unit) const
{
    return m_references.differences(input, unit, count("neighbours"));
}

void Lof::save(TensorBundle& bundle, const std::string& prefix) const
{
    m_references.save(bundle, prefix);
    bundle.put(prefix + "/reach", m_reach);
    bundle.put(prefix + "/density", m_density);
    bundle.put(prefix + "/factor", m_factor);
}

Result<void> Lof::load(const TensorBundle& bundle, const std::string& prefix)
{
    ReferenceUnits references;
    if (auto loaded = references.load(spec(), count("references"), bundle, prefix); !loaded)
        return loaded;
    auto reach = bundle.vector<double>(prefix + "/reach", references.size());
    auto density = bundle.vector<double>(prefix + "/density", references.size());
    auto factor = bundle.vector<double>(prefix + "/factor", references.size());
    if (!reach || !density || !factor)
        return tl::unexpected(!reach ? reach.error() : !density ? density.error() : factor.error());
    if (references.size() < 2 || !allWithin(*reach, 0.0, 1e12) || !allWithin(*density, 1e-12, 1.0 / leastReach) ||
        !allWithin(*factor, 0.0, 1e30))
        return damagedModel(spec());
    m_references = std::move(references);
    m_reach = std::move(*reach);
    m_density = std::move(*density);
    m_factor = std::move(*factor);
    return {};
}

} // namespace faultline::detectors
