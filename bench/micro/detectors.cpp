// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// What detectors do a unit: one update of those that stream, one query of the neighbour search, one row of the forest.
// Items a second are units a second on one core.
#include "engine/core/random.h"
#include "engine/detectors/catalogue.h"
#include "engine/detectors/neighbour_index.h"
#include "engine/detectors/neighbour_kernel.h"
#include <benchmark/benchmark.h>
#include <numeric>
#include <tbb/global_control.h>

namespace
{
using namespace faultline;

struct Units {
    features::FeatureTable table;
    features::Matrix standardised;
};

Units gaussianUnits(Eigen::Index units, Eigen::Index columns)
{
    Units out;
    Random random(1);
    out.table.columns.resize(static_cast<std::size_t>(columns));
    out.table.values.resize(units, columns);
    for (Eigen::Index i = 0; i < out.table.values.size(); ++i)
        out.table.values.data()[i] = random.normal();
    out.standardised = out.table.values;
    return out;
}

void update(benchmark::State& state, const std::string& name, const detectors::Parameters& parameters)
{
    constexpr Eigen::Index units = 8192;
    const auto data = gaussianUnits(units, state.range(0));
    const auto detector = detectors::make(name, parameters, 1);
    const detectors::DetectorInput input{.table = &data.table, .standardised = &data.standardised};
    std::size_t unit = 0;
    for (; unit < units; ++unit) // past the warm-up
        benchmark::DoNotOptimize((*detector)->update(input, unit));
    for (auto _ : state)
        benchmark::DoNotOptimize((*detector)->update(input, unit++ % units));
    state.SetItemsProcessed(state.iterations());
}

void score(benchmark::State& state, const std::string& name)
{
    const tbb::global_control oneThread(tbb::global_control::max_allowed_parallelism, 1);
    constexpr Eigen::Index units = 20'000;
    const auto data = gaussianUnits(units, state.range(0));
    const auto detector = detectors::make(name, {}, 1);
    const detectors::DetectorInput input{.table = &data.table, .standardised = &data.standardised};
    QuietJob job;
    if (!(*detector)->fit(input, job))
        return state.SkipWithError("could not be fitted");
    for (auto _ : state)
        benchmark::DoNotOptimize((*detector)->score(input, {}, job));
    state.SetItemsProcessed(state.iterations() * units);
}

/// range(0) rows of range(1) dimensions, 20 neighbours.
void nearest(benchmark::State& state)
{
    const auto rows = static_cast<std::size_t>(state.range(0)), dimensions = static_cast<std::size_t>(state.range(1));
    Random random(1);
    std::vector<double> values(rows * dimensions);
    for (auto& value : values)
        value = random.normal();
    std::vector<std::uint32_t> sources(rows);
    std::iota(sources.begin(), sources.end(), 0U);
    detectors::NeighbourIndex index;
    index.reset(dimensions, rows);
    QuietJob job;
    if (!index.fill(values, sources, job))
        return state.SkipWithError("could not be built");
    std::vector<detectors::NeighbourIndex::Neighbour> found;
    std::size_t query = 0;
    for (auto _ : state) {
        const auto from = query++ % rows * dimensions;
        index.nearest(std::span(values).subspan(from, dimensions), 20, detectors::NeighbourIndex::noSource, found);
        benchmark::DoNotOptimize(found.data());
    }
    state.SetItemsProcessed(state.iterations());
}

/// The sweep over a leaf of 256 rows.
void distances(benchmark::State& state)
{
    constexpr std::size_t groups = 32;
    const auto dimensions = static_cast<std::size_t>(state.range(0));
    std::vector<double> rows(groups * detectors::groupRows * dimensions, 1.0), query(dimensions, 0.5);
    double out[groups * detectors::groupRows];
    for (auto _ : state)
        benchmark::DoNotOptimize(
            detectors::squaredDistances({rows.data(), groups, dimensions}, query.data(), 1.0, out));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(groups * detectors::groupRows));
}

detectors::Parameters measure(const char* name)
{
    return {{"measure", std::string(name)}};
}
} // namespace

BENCHMARK_CAPTURE(update, running_z, "running_statistics", measure("z"))->Arg(1)->Arg(10);
BENCHMARK_CAPTURE(update, running_percentile, "running_statistics", measure("percentile"))->Arg(1)->Arg(10);
BENCHMARK_CAPTURE(update, running_histogram, "running_statistics", measure("histogram"))->Arg(1)->Arg(10);
BENCHMARK_CAPTURE(update, rrcf, "rrcf", {})->Arg(1)->Arg(10);
BENCHMARK_CAPTURE(update, half_space_trees, "half_space_trees", {})->Arg(1)->Arg(10);
BENCHMARK_CAPTURE(score, isolation_forest, "isolation_forest")->Arg(10)->Arg(40);
BENCHMARK_CAPTURE(score, hbos, "hbos")->Arg(10);
BENCHMARK_CAPTURE(score, ecod, "ecod")->Arg(10);
BENCHMARK_CAPTURE(score, pca, "pca")->Arg(10);
BENCHMARK_CAPTURE(score, kmeans, "kmeans")->Arg(10);
BENCHMARK_CAPTURE(score, robust_covariance, "robust_covariance")->Arg(10);
BENCHMARK_CAPTURE(score, random_feature_boundary, "random_feature_boundary")->Arg(10);
BENCHMARK(nearest)->Args({5'000, 10})->Args({50'000, 10})->Args({50'000, 3})->Args({5'000, 60});
BENCHMARK(distances)->Arg(2)->Arg(10)->Arg(60);
