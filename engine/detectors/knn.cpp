// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/knn.h"
#include "engine/core/random.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t memory = 30'000; ///< units that live mode looks back on
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
              .maximum = 2e6,
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
    // How much of the tree a query visits falls with the references and grows with the columns.
    const double visited = std::pow(references, std::clamp(0.5 + columns / 40.0, 0.5, 1.0));
    return {.seconds = scored * (1e-6 + 3e-10 * visited * (columns + 2.0)) + 1e-7 * references * columns,
            .bytes = references * (16.0 * columns + 24.0) + 16.0 * scored};
}

std::size_t Knn::capacity() const
{
    return std::max(memory, count("references"));
}

Result<void> Knn::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    return m_references.learn(training, {.kept = count("references"), .onLine = memory, .capacity = capacity()}, m_seed,
                              job);
}

double Knn::summarise(const ReferenceUnits::Neighbours& nearest) const
{
    if (nearest.empty())
        return 0.0;
    const auto distance = [&](std::size_t i) {
        return std::sqrt(nearest[i].squared / static_cast<double>(m_references.columns().size()));
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
    std::vector<double> scores(input.table->units(), 0.0);
    const auto done = m_references.forEach(
        input, {.wanted = count("neighbours"), .isTrainingData = options.isTrainingData}, job,
        [&](std::size_t unit, std::uint32_t, const auto& nearest) { scores[unit] = summarise(nearest); });
    if (!done)
        return tl::unexpected(done.error());
    return scores;
}

std::vector<Contribution> Knn::explain(const DetectorInput& input, std::size_t unit) const
{
    return m_references.differences(input, unit, count("neighbours"));
}

void Knn::learn(const DetectorInput& input, std::size_t unit)
{
    m_references.add(input, unit);
}

void Knn::save(TensorBundle& bundle, const std::string& prefix) const
{
    m_references.save(bundle, prefix);
}

Result<void> Knn::load(const TensorBundle& bundle, const std::string& prefix)
{
    return m_references.load(spec(), capacity(), bundle, prefix);
}

} // namespace faultline::detectors
