// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/knn.h"
#include "engine/core/random.h"
#include <algorithm>
#include <cmath>
#include <functional>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t memory = 30'000; ///< reference units kept at most
}

const DetectorSpec& Knn::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "knn",
        .title = "Nearest neighbours",
        .help = "Finds units unlike any that were seen: the distance to the nearest known ones. In live mode every "
                "unit joins "
                "what is known.",
        .paper =
            "Ramaswamy, Rastogi and Shim, Efficient Algorithms for Mining Outliers from Large Data Sets, SIGMOD 2000",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters =
            {{.name = "neighbours",
              .type = ParameterSpec::Type::Integer,
              .standard = std::int64_t{20},
              .minimum = 1,
              .maximum = 5000,
              .unit = "neighbours",
              .help = "How many nearest units are looked at; more than alike anomalies come together."},
             {.name = "distance",
              .type = ParameterSpec::Type::Choice,
              .standard = std::string("largest"),
              .choices = {"largest", "mean", "median"},
              .help = "Which of the distances to those neighbours is the score."},
             {.name = "references",
              .type = ParameterSpec::Type::Integer,
              .standard = std::int64_t{5000},
              .minimum = 1,
              .maximum = static_cast<double>(memory),
              .unit = "units",
              .help = "How many training units are kept to compare with, an even sample; time grows in proportion."}},
        .family = DetectorFamily::Distance};
    return spec;
}

Knn::Knn(Parameters parameters, std::uint64_t seed)
    : ConfiguredDetector(describe(), std::move(parameters)), m_seed(deriveSeed(seed, "knn"))
{
}

CostEstimate Knn::cost(const WorkSize& work) const
{
    const auto references = static_cast<double>(std::min(count("references"), work.trainingUnits));
    const auto columns = static_cast<double>(work.columns), scored = static_cast<double>(work.scoredUnits);
    return {.seconds = 2e-10 * scored * references * (columns + 1.0),
            .bytes = 4.0 * references * (columns + 1.0) + 8.0 * scored};
}

void Knn::toFloats(const features::Matrix& standardised, std::size_t unit, std::vector<float>& out) const
{
    out.clear();
    for (const auto column : m_columns)
        out.push_back(static_cast<float>(boundedCell(standardised(static_cast<Eigen::Index>(unit), column))));
}

Result<void> Knn::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    m_columns.clear();
    const auto& columns = training.table->columns;
    m_columnCount = static_cast<std::uint32_t>(columns.size());
    for (std::uint32_t c = 0; c < m_columnCount; ++c)
        if (columns[c].role != features::ColumnRole::Phase)
            m_columns.push_back(c);
    if (m_columns.empty())
        return fail({ErrorCode::Numeric, "there is no column to measure distances in", {}, "add a value column"});
    const auto units = training.table->units();
    const auto kept = std::min(units, m_columns.size() == 1 ? memory : count("references"));
    m_index.reset(m_columns.size(), memory);
    Random random(m_seed);
    std::vector<float> row;
    for (std::size_t i = 0; i < kept; ++i) {
        if (!job.advance())
            return cancelled();
        // One unit of each of `kept` equal stretches, so that the sample covers the whole span.
        const auto first = i * units / kept, last = (i + 1) * units / kept;
        const auto unit = first + random.below(last - first);
        toFloats(*training.standardised, unit, row);
        m_index.add(row, static_cast<std::uint32_t>(unit));
    }
    return {};
}

double Knn::summarise(const std::vector<NeighbourIndex::Neighbour>& nearest) const
{
    if (nearest.empty())
        return 0.0;
    const auto distance = [&](std::size_t i) {
        return std::sqrt(nearest[i].squared / static_cast<double>(m_columns.size()));
    };
    const auto k = nearest.size();
    if (choice("distance") == "largest")
        return distance(k - 1);
    if (choice("distance") == "median")
        return 0.5 * (distance((k - 1) / 2) + distance(k / 2));
    double sum = 0.0;
    for (std::size_t i = 0; i < k; ++i)
        sum += distance(i);
    return sum / static_cast<double>(k);
}

Result<std::vector<double>> Knn::score(const DetectorInput& input, const ScoreOptions& options, JobContext& job) const
{
    if (auto checked = checkInput(input, static_cast<std::ptrdiff_t>(m_columnCount), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), 128), [&](const auto& range) {
        std::vector<float> row;
        std::vector<NeighbourIndex::Neighbour> nearest;
        for (auto unit = range.begin(); unit != range.end() && job.advance(); ++unit) {
            toFloats(*input.standardised, unit, row);
            const auto self = options.isTrainingData ? static_cast<std::uint32_t>(unit) : NeighbourIndex::noSource;
            m_index.nearest(row, count("neighbours"), self, nearest);
            scores[unit] = summarise(nearest);
        }
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

std::vector<Contribution> Knn::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, static_cast<std::ptrdiff_t>(m_columnCount), unit + 1))
        return {};
    std::vector<double> weights(m_columnCount, 0.0);
    if (m_columns.size() == 1) {
        weights[m_columns[0]] = 1.0;
        return columnShares(weights);
    }
    std::vector<float> row;
    std::vector<NeighbourIndex::Neighbour> nearest;
    toFloats(*input.standardised, unit, row);
    m_index.nearest(row, count("neighbours"), NeighbourIndex::noSource, nearest);
    for (const auto& neighbour : nearest) {
        const auto reference = m_index.row(neighbour.slot);
        for (std::size_t d = 0; d < row.size(); ++d) {
            const double difference = static_cast<double>(row[d]) - static_cast<double>(reference[d]);
            weights[m_columns[d]] += difference * difference;
        }
    }
    return columnShares(weights);
}

void Knn::learn(const DetectorInput& input, std::size_t unit)
{
    std::vector<float> row;
    toFloats(*input.standardised, unit, row);
    m_index.add(row, NeighbourIndex::noSource);
}

void Knn::save(TensorBundle& bundle, const std::string& prefix) const
{
    std::vector<float> rows;
    rows.reserve(m_index.size() * m_columns.size());
    for (std::size_t slot = 0; slot < m_index.size(); ++slot) {
        const auto row = m_index.row(slot);
        rows.insert(rows.end(), row.begin(), row.end());
    }
    bundle.put(prefix + "/rows", rows, {m_index.size(), m_columns.size()});
    bundle.put(prefix + "/sources", m_index.sources());
    bundle.put(prefix + "/columns", m_columns);
    bundle.put(prefix + "/state",
               std::vector<std::uint32_t>{m_columnCount, static_cast<std::uint32_t>(m_index.oldest())});
}

Result<void> Knn::load(const TensorBundle& bundle, const std::string& prefix)
{
    const auto state = bundle.vector<std::uint32_t>(prefix + "/state", 2);
    auto columns = bundle.vector<std::uint32_t>(prefix + "/columns");
    const auto rows = bundle.vector<float>(prefix + "/rows");
    const auto sources = bundle.vector<std::uint32_t>(prefix + "/sources");
    if (!state || !columns || !rows || !sources)
        return tl::unexpected(!state     ? state.error()
                              : !columns ? columns.error()
                              : !rows    ? rows.error()
                                         : sources.error());
    const bool columnsAreSound =
        !columns->empty() && columns->back() < (*state)[0] &&
        std::adjacent_find(columns->begin(), columns->end(), std::greater_equal<>()) == columns->end();
    const auto isBounded = [](float v) { return v >= -1e6F && v <= 1e6F; };
    NeighbourIndex index;
    if (!columnsAreSound || !std::all_of(rows->begin(), rows->end(), isBounded) ||
        !index.restore(columns->size(), memory, *rows, *sources, (*state)[1]))
        return damagedModel(spec());
    m_columnCount = (*state)[0];
    m_columns = std::move(*columns);
    m_index = std::move(index);
    return {};
}

} // namespace faultline::detectors
