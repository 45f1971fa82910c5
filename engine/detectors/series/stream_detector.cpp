// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/stream_detector.h"
#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

using features::ColumnRole;

namespace
{
constexpr std::size_t fullEntities = 64, mostEntities = 4096, youngMemory = 2'000;
constexpr std::size_t replayedValues = 6'000, longestReplay = 3'000, shortestReplay = 200;

/// One score of a unit from its columns'.
double together(double largest, std::size_t columns)
{
    return columns == 0 ? 0.0 : std::max(0.0, largest - std::log(static_cast<double>(columns)));
}
} // namespace

/// The units of one entity, and where its streams stand before the first of them.
struct StreamDetector::Run {
    std::vector<std::size_t> units;
    std::string entity;
    std::vector<std::unique_ptr<ColumnStream>> columns;
};

void StreamDetector::learnShape(const features::FeatureTable& table)
{
    m_roles.clear();
    for (const auto& column : table.columns)
        m_roles.push_back(static_cast<std::uint8_t>(column.role));
    m_hasShape = true;
}

std::vector<std::size_t> StreamDetector::followed() const
{
    std::vector<std::size_t> out;
    for (std::size_t c = 0; c < m_roles.size(); ++c)
        if (m_roles[c] <= static_cast<std::uint8_t>(ColumnRole::Share))
            out.push_back(c);
    return out;
}

std::vector<std::unique_ptr<ColumnStream>> StreamDetector::makeColumns(std::size_t entity) const
{
    std::vector<std::unique_ptr<ColumnStream>> out;
    if (entity >= mostEntities)
        return out;
    for (std::size_t c = 0; c < followed().size(); ++c)
        out.push_back(makeStream(entity < fullEntities ? memory() : std::min(memory(), youngMemory)));
    return out;
}

StreamDetector::Entity& StreamDetector::entityOf(const std::string& name)
{
    const auto [known, isNew] = m_index.try_emplace(name, m_entities.size());
    if (isNew)
        m_entities.push_back({name, makeColumns(m_entities.size())});
    return m_entities[known->second];
}

std::vector<StreamDetector::Run> StreamDetector::runsOf(const features::FeatureTable& table, bool fresh) const
{
    std::vector<Run> runs;
    std::vector<std::size_t> runOf(table.entities.size(), table.units());
    std::size_t unknown = m_entities.size();
    for (std::size_t unit = 0; unit < table.units(); ++unit) {
        auto& at = runOf[table.entity[unit]];
        if (at == table.units()) {
            at = runs.size();
            Run run{.units = {}, .entity = table.entities[table.entity[unit]], .columns = {}};
            const auto known = m_index.find(run.entity);
            if (fresh || known == m_index.end())
                run.columns = makeColumns(fresh ? runs.size() : unknown++);
            else
                for (const auto& column : m_entities[known->second].columns)
                    run.columns.push_back(column->copy());
            runs.push_back(std::move(run));
        }
        runs[at].units.push_back(unit);
    }
    return runs;
}

/// Pushes the run's units through its streams, one column after the other.
void StreamDetector::follow(Run& run, const features::FeatureTable& table, JobContext& job,
                            std::vector<double>& scores) const
{
    const auto columns = followed();
    std::vector<double> largest(run.units.size(), 0.0);
    for (std::size_t c = 0; c < run.columns.size(); ++c)
        for (std::size_t i = 0; i < run.units.size(); ++i) {
            if (i % 256 == 0 && job.stopRequested())
                return;
            const auto unit = run.units[i];
            const double value = table.values(static_cast<Eigen::Index>(unit), static_cast<Eigen::Index>(columns[c]));
            largest[i] = std::max(largest[i], run.columns[c]->push(value, table.start[unit]));
        }
    for (std::size_t i = 0; i < run.units.size(); ++i)
        scores[run.units[i]] = together(largest[i], run.columns.size());
    (void)job.advance(run.units.size());
}

Result<void> StreamDetector::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    learnShape(*training.table);
    m_entities.clear();
    m_index.clear();
    auto runs = runsOf(*training.table, true);
    std::vector<double> unused(training.table->units());
    tbb::parallel_for(std::size_t{0}, runs.size(),
                      [&](std::size_t r) { follow(runs[r], *training.table, job, unused); });
    if (job.stopRequested())
        return cancelled();
    for (auto& run : runs) {
        m_index.emplace(run.entity, m_entities.size());
        m_entities.push_back({run.entity, std::move(run.columns)});
    }
    return {};
}

Result<std::vector<double>> StreamDetector::score(const DetectorInput& input, const ScoreOptions& options,
                                                  JobContext& job) const
{
    if (auto checked = checkInput(input, static_cast<std::ptrdiff_t>(m_roles.size()), 0); !checked)
        return tl::unexpected(checked.error());
    auto runs = runsOf(*input.table, options.isTrainingData);
    std::vector<double> scores(input.table->units(), 0.0);
    tbb::parallel_for(std::size_t{0}, runs.size(), [&](std::size_t r) { follow(runs[r], *input.table, job, scores); });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

double StreamDetector::update(const DetectorInput& input, std::size_t unit)
{
    const auto& table = *input.table;
    if (!m_hasShape)
        learnShape(table);
    if (table.columns.size() != m_roles.size())
        return 0.0;
    auto& entity = entityOf(table.entities[table.entity[unit]]);
    const auto columns = followed();
    double largest = 0.0;
    for (std::size_t c = 0; c < entity.columns.size(); ++c) {
        const double value = table.values(static_cast<Eigen::Index>(unit), static_cast<Eigen::Index>(columns[c]));
        largest = std::max(largest, entity.columns[c]->push(value, table.start[unit]));
    }
    return together(largest, entity.columns.size());
}

std::vector<Contribution> StreamDetector::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, static_cast<std::ptrdiff_t>(m_roles.size()), unit + 1))
        return {};
    const auto columns = followed();
    std::vector<double> weights(m_roles.size(), 0.0);
    if (columns.size() == 1) {
        weights[columns[0]] = 1.0;
        return columnShares(weights);
    }
    const auto& table = *input.table;
    const auto rows =
        std::clamp(replayedValues / std::max<std::size_t>(columns.size(), 1), shortestReplay, longestReplay);
    std::vector<std::size_t> before;
    for (std::size_t u = unit + 1; u-- > 0 && before.size() < rows;)
        if (table.entity[u] == table.entity[unit])
            before.push_back(u);
    for (const auto c : columns) {
        const auto stream = makeStream(memory());
        for (auto u = before.rbegin(); u != before.rend(); ++u)
            weights[c] = stream->push(table.values(static_cast<Eigen::Index>(*u), static_cast<Eigen::Index>(c)),
                                      table.start[*u]);
    }
    return columnShares(weights);
}

CostEstimate StreamDetector::cost(const WorkSize& work) const
{
    const double trained = static_cast<double>(work.trainingUnits) * static_cast<double>(work.columns);
    const double scored = static_cast<double>(work.scoredUnits) * static_cast<double>(work.columns);
    return {.seconds = (trained + scored) * secondsPerValue(), .bytes = 160.0 * std::max(trained, scored)};
}

void StreamDetector::save(TensorBundle& bundle, const std::string& prefix) const
{
    StateWriter archive;
    std::vector<std::uint8_t> names;
    for (const auto& entity : m_entities) {
        archive(entity.name.size());
        names.insert(names.end(), entity.name.begin(), entity.name.end());
        for (const auto& column : entity.columns)
            column->write(archive);
    }
    bundle.put(prefix + "/roles", m_roles);
    bundle.put(prefix + "/shape",
               std::vector<std::uint32_t>{m_hasShape ? 1U : 0U, static_cast<std::uint32_t>(m_entities.size())});
    bundle.put(prefix + "/names", names);
    bundle.put(prefix + "/numbers", archive.numbers);
    bundle.put(prefix + "/counts", archive.counts);
}

Result<void> StreamDetector::load(const TensorBundle& bundle, const std::string& prefix)
{
    auto roles = bundle.vector<std::uint8_t>(prefix + "/roles");
    const auto shape = bundle.vector<std::uint32_t>(prefix + "/shape", 2);
    const auto names = bundle.vector<std::uint8_t>(prefix + "/names");
    auto numbers = bundle.vector<double>(prefix + "/numbers");
    auto counts = bundle.vector<std::int64_t>(prefix + "/counts");
    if (!roles || !shape || !names || !numbers || !counts)
        return damagedModel(spec());
    const auto isRole = [](auto r) { return r <= static_cast<std::uint8_t>(ColumnRole::Phase); };
    if (!std::all_of(roles->begin(), roles->end(), isRole) || (*shape)[1] > counts->size())
        return damagedModel(spec());
    m_roles = std::move(*roles);
    m_hasShape = (*shape)[0] != 0;
    m_entities.clear();
    m_index.clear();
    StateReader archive(std::move(*numbers), std::move(*counts));
    std::size_t from = 0;
    for (std::uint32_t e = 0; e < (*shape)[1]; ++e) {
        std::size_t length = 0;
        archive(length);
        if (!archive.ok() || length > names->size() - from)
            return damagedModel(spec());
        Entity entity{.name = std::string(names->begin() + static_cast<std::ptrdiff_t>(from),
                                          names->begin() + static_cast<std::ptrdiff_t>(from + length)),
                      .columns = makeColumns(e)};
        from += length;
        for (const auto& column : entity.columns)
            if (!column->read(archive))
                return damagedModel(spec());
        if (!m_index.emplace(entity.name, m_entities.size()).second)
            return damagedModel(spec());
        m_entities.push_back(std::move(entity));
    }
    return archive.atEnd() ? Result<void>{} : damagedModel(spec());
}

} // namespace faultline::detectors
