// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/series_detector.h"
#include "engine/detectors/series/series_math.h"
#include "engine/detectors/series/state_archive.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

using features::ColumnRole;

namespace
{
constexpr std::size_t longestReference = 100'000, mostReferenceCells = 16'000'000;
constexpr std::size_t explainedCells = 8'000, mostExplained = 1'000, fewestExplained = 200;
constexpr double largestScore = 1e6;

/// The units of each entity, in the order in which entities first appear.
std::vector<std::vector<std::size_t>> unitsByEntity(const features::FeatureTable& table)
{
    std::vector<std::vector<std::size_t>> out;
    std::vector<std::size_t> at(table.entities.size(), table.units());
    for (std::size_t unit = 0; unit < table.units(); ++unit) {
        auto& group = at[table.entity[unit]];
        if (group == table.units()) {
            group = out.size();
            out.emplace_back();
        }
        out[group].push_back(unit);
    }
    return out;
}

double bounded(double score)
{
    return std::isnan(score) ? 0.0 : std::clamp(score, 0.0, largestScore);
}
} // namespace

std::vector<std::size_t> SeriesDetector::followed() const
{
    std::vector<std::size_t> out;
    for (std::size_t c = 0; c < m_roles.size(); ++c)
        if (m_roles[c] <= static_cast<std::uint8_t>(ColumnRole::Share))
            out.push_back(c);
    return out;
}

SeriesBlock SeriesDetector::blockOf(const features::FeatureTable& table, const std::vector<std::size_t>& units,
                                    const SeriesBlock* reference) const
{
    SeriesBlock block;
    if (reference) {
        block.time = reference->time;
        block.reference = reference->rows();
    }
    for (const auto unit : units)
        block.time.push_back(table.start[unit]);
    const auto columns = followed();
    for (std::size_t c = 0; c < columns.size(); ++c) {
        std::vector<double> values;
        if (reference)
            values = reference->columns[c];
        for (const auto unit : units)
            values.push_back(table.values(static_cast<Eigen::Index>(unit), static_cast<Eigen::Index>(columns[c])));
        block.columns.push_back(withoutGaps(values));
    }
    return block;
}

void SeriesDetector::learnPeriod()
{
    std::vector<double> periods;
    for (const auto& part : m_training)
        for (std::size_t c = 0; c < part.block.columns.size() && periods.size() < 64; ++c)
            if (const auto found = dominantPeriod(part.block.columns[c]); found > 0)
                periods.push_back(static_cast<double>(found));
    m_period = static_cast<std::size_t>(quantileOf(std::move(periods), 0.5));
}

Result<void> SeriesDetector::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    const auto& table = *training.table;
    m_roles.clear();
    for (const auto& column : table.columns)
        m_roles.push_back(static_cast<std::uint8_t>(column.role));
    m_training.clear();
    auto groups = unitsByEntity(table);
    const auto cells = groups.size() * std::max<std::size_t>(followed().size(), 1);
    const auto rows = std::min(longestReference, std::max<std::size_t>(1, mostReferenceCells / cells));
    for (auto& units : groups) {
        if (units.size() > rows)
            units.erase(units.begin(), units.end() - static_cast<std::ptrdiff_t>(rows));
        m_training.push_back({table.entities[table.entity[units.front()]], blockOf(table, units, nullptr)});
        if (job.stopRequested())
            return cancelled();
    }
    learnPeriod();
    return {};
}

Result<std::vector<double>> SeriesDetector::score(const DetectorInput& input, const ScoreOptions& options,
                                                  JobContext& job) const
{
    if (auto checked = checkInput(input, static_cast<std::ptrdiff_t>(m_roles.size()), 0); !checked)
        return tl::unexpected(checked.error());
    const auto& table = *input.table;
    std::map<std::string, const SeriesBlock*> references;
    if (!options.isTrainingData)
        for (const auto& part : m_training)
            references[part.entity] = &part.block;
    std::vector<double> scores(table.units(), 0.0);
    if (followed().empty() || job.stopRequested())
        return job.stopRequested() ? Result<std::vector<double>>(cancelled()) : scores;
    const auto groups = unitsByEntity(table);
    std::vector<Result<void>> done(groups.size());
    tbb::parallel_for(std::size_t{0}, groups.size(), [&](std::size_t g) {
        const auto& units = groups[g];
        const auto known = references.find(table.entities[table.entity[units.front()]]);
        const auto block = blockOf(table, units, known == references.end() ? nullptr : known->second);
        const auto found = scoreBlock(block, job);
        if (!found) {
            done[g] = fail(found.error());
            return;
        }
        const auto skipped = found->size() - units.size();
        for (std::size_t i = 0; i < units.size(); ++i)
            scores[units[i]] = bounded((*found)[skipped + i]);
        (void)job.advance(units.size());
    });
    if (job.stopRequested())
        return cancelled();
    for (const auto& one : done)
        if (!one)
            return fail(one.error());
    return scores;
}

std::vector<Contribution> SeriesDetector::explain(const DetectorInput& input, std::size_t unit) const
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
        std::clamp(explainedCells / std::max<std::size_t>(columns.size(), 1), fewestExplained, mostExplained);
    std::vector<std::size_t> units;
    for (std::size_t u = unit + 1; u-- > 0 && units.size() < rows / 2;)
        if (table.entity[u] == table.entity[unit])
            units.push_back(u);
    std::reverse(units.begin(), units.end());
    const auto at = units.size() - 1;
    for (std::size_t u = unit + 1; u < table.units() && units.size() < rows; ++u)
        if (table.entity[u] == table.entity[unit])
            units.push_back(u);
    const auto block = blockOf(table, units, nullptr);
    QuietJob job;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        const auto scores = scoreBlock({.columns = {block.columns[c]}, .time = block.time}, job);
        if (scores)
            weights[columns[c]] = std::pow(bounded((*scores)[at]), 2);
    }
    return columnShares(weights);
}

CostEstimate SeriesDetector::cost(const WorkSize& work) const
{
    const auto rows = static_cast<double>(work.trainingUnits + work.scoredUnits);
    const auto columns = static_cast<double>(work.columns);
    return {.seconds = columns * secondsFor(rows), .bytes = 40.0 * columns * rows};
}

void SeriesDetector::save(TensorBundle& bundle, const std::string& prefix) const
{
    StateWriter archive;
    std::vector<std::uint8_t> names;
    for (const auto& part : m_training) {
        archive(part.entity.size(), part.block.time, part.block.columns);
        names.insert(names.end(), part.entity.begin(), part.entity.end());
    }
    bundle.put(prefix + "/roles", m_roles);
    bundle.put(prefix + "/shape", std::vector<std::uint32_t>{static_cast<std::uint32_t>(m_period),
                                                             static_cast<std::uint32_t>(m_training.size())});
    bundle.put(prefix + "/names", names);
    bundle.put(prefix + "/numbers", archive.numbers);
    bundle.put(prefix + "/counts", archive.counts);
}

Result<void> SeriesDetector::load(const TensorBundle& bundle, const std::string& prefix)
{
    auto roles = bundle.vector<std::uint8_t>(prefix + "/roles");
    const auto shape = bundle.vector<std::uint32_t>(prefix + "/shape", 2);
    const auto names = bundle.vector<std::uint8_t>(prefix + "/names");
    auto numbers = bundle.vector<double>(prefix + "/numbers");
    auto counts = bundle.vector<std::int64_t>(prefix + "/counts");
    if (!roles || !shape || !names || !numbers || !counts)
        return damagedModel(spec());
    const auto isRole = [](auto r) { return r <= static_cast<std::uint8_t>(ColumnRole::Phase); };
    if (!std::all_of(roles->begin(), roles->end(), isRole) || (*shape)[0] > longestReference ||
        (*shape)[1] > counts->size())
        return damagedModel(spec());
    m_roles = std::move(*roles);
    m_period = (*shape)[0];
    m_training.clear();
    StateReader archive(std::move(*numbers), std::move(*counts));
    std::size_t from = 0;
    for (std::uint32_t p = 0; p < (*shape)[1]; ++p) {
        std::size_t length = 0;
        Part part;
        archive(length, part.block.time, part.block.columns);
        const auto rows = part.block.rows();
        const auto fits = [&](const auto& column) { return column.size() == rows; };
        if (!archive.ok() || length > names->size() - from || rows == 0 || rows > longestReference ||
            part.block.columns.size() != followed().size() ||
            !std::all_of(part.block.columns.begin(), part.block.columns.end(), fits))
            return damagedModel(spec());
        part.entity.assign(names->begin() + static_cast<std::ptrdiff_t>(from),
                           names->begin() + static_cast<std::ptrdiff_t>(from + length));
        from += length;
        for (auto& column : part.block.columns)
            column = withoutGaps(column); // bounds what was read
        m_training.push_back(std::move(part));
    }
    return archive.atEnd() ? Result<void>{} : damagedModel(spec());
}

Result<std::vector<double>> ColumnDetector::scoreBlock(const SeriesBlock& block, JobContext& job) const
{
    std::vector<std::vector<double>> found(block.columns.size());
    tbb::parallel_for(std::size_t{0}, block.columns.size(), [&](std::size_t c) {
        auto values = standardised(block.columns[c]);
        if (!values.empty() && !job.stopRequested())
            found[c] = scoreColumn({std::move(values), block.time, block.reference}, job);
    });
    if (job.stopRequested())
        return cancelled();
    std::vector<double> joined(block.rows(), 0.0);
    for (const auto& column : found)
        for (std::size_t i = 0; i < column.size(); ++i)
            joined[i] += std::pow(bounded(column[i]), 2);
    for (auto& score : joined)
        score = std::sqrt(score / static_cast<double>(block.columns.size()));
    return joined;
}

} // namespace faultline::detectors
