// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/reference_units.h"
#include "engine/detectors/neighbour_kernel.h"
#include <algorithm>
#include <numeric>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t mostCells = 50'000'000;
constexpr std::size_t worthSorting = 4096; ///< fewer references fit a core's cache as a whole
} // namespace

Result<void> ReferenceUnits::learn(const DetectorInput& training, const Limits& limits, std::uint64_t seed,
                                   JobContext& job)
{
    if (auto checked = m_columns.learn(*training.table); !checked)
        return checked;
    const auto dimensions = m_columns.size();
    const auto wanted = dimensions == 1 ? std::max(limits.kept, limits.onLine) : limits.kept;
    const auto sources = evenSample(training.table->units(), std::min(wanted, mostCells / dimensions), seed);
    std::vector<double> rows(sources.size() * dimensions);
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (!job.advance())
            return cancelled();
        m_columns.read(*training.standardised, sources[i], rows.data() + i * dimensions);
    }
    m_index.reset(dimensions, std::max(limits.capacity, sources.size()));
    if (!m_index.fill(rows, sources, job))
        return cancelled();
    return {};
}

void ReferenceUnits::add(const DetectorInput& input, std::size_t unit)
{
    std::vector<double> row(m_columns.size());
    m_columns.read(*input.standardised, unit, row.data());
    m_index.add(row, NeighbourIndex::noSource);
}

/// Units that begin in the same leaf one after the other.
std::vector<std::uint32_t> ReferenceUnits::visitOrder(const DetectorInput& input, const JobContext& job) const
{
    std::vector<std::uint32_t> order(input.table->units());
    std::iota(order.begin(), order.end(), 0U);
    if (m_index.size() < worthSorting || order.size() < worthSorting)
        return order;
    std::vector<std::uint32_t> place(order.size());
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, order.size(), 1024), [&](const auto& range) {
        std::vector<double> row(m_columns.size());
        for (auto unit = range.begin(); unit != range.end() && !job.stopRequested(); ++unit) {
            m_columns.read(*input.standardised, unit, row.data());
            place[unit] = m_index.placeOf(row);
        }
    });
    std::vector<std::uint32_t> next(*std::max_element(place.begin(), place.end()) + std::size_t{2}, 0);
    for (const auto p : place)
        ++next[p + std::size_t{1}];
    std::partial_sum(next.begin(), next.end(), next.begin());
    for (std::uint32_t unit = 0; unit < place.size(); ++unit)
        order[next[place[unit]]++] = unit;
    return order;
}

Result<void>
ReferenceUnits::forEach(const DetectorInput& input, const Query& query, JobContext& job,
                        const std::function<void(std::size_t, std::uint32_t, const Neighbours&)>& visit) const
{
    if (auto checked = checkInput(input, m_columns.ofTable(), 0); !checked)
        return checked;
    const auto order = visitOrder(input, job);
    const auto d = m_columns.size();
    tbb::parallel_for(std::size_t{0}, (order.size() + partySize - 1) / partySize, [&](std::size_t block) {
        const std::span units(order.data() + block * partySize, std::min(partySize, order.size() - block * partySize));
        if (!job.advance(units.size()))
            return;
        std::vector<double> rows(units.size() * d);
        std::vector<std::uint32_t> searched, slots;
        for (const auto unit : units) {
            const auto slot = query.isTrainingData ? m_index.slotOf(unit) : NeighbourIndex::noSource;
            if (slot != NeighbourIndex::noSource && query.skipsReferences) {
                visit(unit, slot, {});
                continue;
            }
            m_columns.read(*input.standardised, unit, rows.data() + searched.size() * d);
            searched.push_back(unit);
            slots.push_back(slot);
        }
        std::vector<Neighbours> nearest(searched.size());
        m_index.nearestOfEach({rows.data(), searched.size() * d}, query.wanted, slots, nearest);
        for (std::size_t i = 0; i < searched.size(); ++i)
            visit(searched[i], slots[i], nearest[i]);
    });
    if (job.stopRequested())
        return cancelled();
    return {};
}

Result<void> ReferenceUnits::forEachReference(std::size_t wanted, JobContext& job,
                                              const std::function<void(std::uint32_t, const Neighbours&)>& visit) const
{
    const auto order = m_index.slotsByPlace();
    const auto d = m_columns.size();
    tbb::parallel_for(std::size_t{0}, (order.size() + partySize - 1) / partySize, [&](std::size_t block) {
        const std::span slots(order.data() + block * partySize, std::min(partySize, order.size() - block * partySize));
        if (!job.advance(slots.size()))
            return;
        std::vector<double> rows;
        rows.reserve(slots.size() * d);
        for (const auto slot : slots) {
            const auto row = m_index.row(slot);
            rows.insert(rows.end(), row.begin(), row.end());
        }
        std::vector<Neighbours> nearest(slots.size());
        m_index.nearestOfEach(rows, wanted, slots, nearest);
        for (std::size_t i = 0; i < slots.size(); ++i)
            visit(slots[i], nearest[i]);
    });
    if (job.stopRequested())
        return cancelled();
    return {};
}

std::vector<Contribution> ReferenceUnits::differences(const DetectorInput& input, std::size_t unit,
                                                      std::size_t wanted) const
{
    if (!checkInput(input, m_columns.ofTable(), unit + 1))
        return {};
    std::vector<double> row(m_columns.size()), weights(m_columns.size(), 0.0);
    if (row.size() == 1)
        return m_columns.shares(std::vector{1.0});
    m_columns.read(*input.standardised, unit, row.data());
    Neighbours nearest;
    m_index.nearest(row, wanted, NeighbourIndex::noSource, nearest);
    for (const auto& neighbour : nearest) {
        const auto reference = m_index.row(neighbour.slot);
        for (std::size_t d = 0; d < row.size(); ++d)
            weights[d] += (row[d] - reference[d]) * (row[d] - reference[d]);
    }
    return m_columns.shares(weights);
}

void ReferenceUnits::save(TensorBundle& bundle, const std::string& prefix) const
{
    std::vector<double> rows;
    rows.reserve(m_index.size() * m_columns.size());
    for (std::size_t slot = 0; slot < m_index.size(); ++slot) {
        const auto row = m_index.row(slot);
        rows.insert(rows.end(), row.begin(), row.end());
    }
    m_columns.save(bundle, prefix);
    bundle.put(prefix + "/rows", rows, {m_index.size(), m_columns.size()});
    bundle.put(prefix + "/sources", m_index.sources());
    bundle.put(prefix + "/oldest", std::vector<std::uint32_t>{static_cast<std::uint32_t>(m_index.oldest())});
}

Result<void> ReferenceUnits::load(const DetectorSpec& spec, std::size_t capacity, const TensorBundle& bundle,
                                  const std::string& prefix)
{
    ValueColumns columns;
    if (auto loaded = columns.load(spec, bundle, prefix); !loaded)
        return loaded;
    const auto oldest = bundle.vector<std::uint32_t>(prefix + "/oldest", 1);
    const auto rows = bundle.vector<double>(prefix + "/rows");
    const auto sources = bundle.vector<std::uint32_t>(prefix + "/sources");
    if (!oldest || !rows || !sources)
        return tl::unexpected(!oldest ? oldest.error() : !rows ? rows.error() : sources.error());
    const auto isBounded = [](double v) { return v >= -1e6 && v <= 1e6; };
    NeighbourIndex index;
    if (!std::all_of(rows->begin(), rows->end(), isBounded) ||
        !index.restore(columns.size(), std::max(capacity, sources->size()), *rows, *sources, oldest->front()))
        return damagedModel(spec);
    m_columns = std::move(columns);
    m_index = std::move(index);
    return {};
}

} // namespace faultline::detectors
