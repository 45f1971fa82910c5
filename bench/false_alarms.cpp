// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// bench_false_alarms [ROWS]: how many units of clean data a model flags at evt:1e-3. A model is fitted on one calm week
// and scores other calm weeks (other seeds, no anomaly in any), once in one batch and once in batches of 100 units.
#include "engine/core/text.h"
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/catalogue.h"
#include "engine/pipeline/members.h"
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace
{

using namespace faultline;

Result<std::vector<std::string>> calmWeek(std::uint64_t rows, std::uint64_t seed, const std::filesystem::path& folder)
{
    QuietJob job;
    const auto made =
        pipeline::generate("checkout-calm", {.outputFolder = folder.string(), .rows = rows, .seed = seed}, job);
    if (!made)
        return fail(made.error());
    std::vector<std::string> inputs;
    for (const auto& file : made->files)
        if (file.find("labels") == std::string::npos)
            inputs.push_back(file);
    return inputs;
}

/// Flagged units when the result's table is scored again in slices of `batch` units.
Result<std::size_t> flaggedInBatches(const pipeline::AnalysisResult& result, std::size_t batch)
{
    std::size_t flagged = 0;
    QuietJob job;
    for (std::size_t first = 0; first < result.table.units(); first += batch) {
        const auto part = result.table.slice(first, std::min(first + batch, result.table.units()));
        const auto standardised = result.model->baseline.standardise(part);
        std::vector<pipeline::DetectorRun> runs;
        if (const auto done = pipeline::scoreMembers(*result.model, {&part, &standardised}, runs, job); !done)
            return fail(done.error());
        pipeline::AnalysisResult scored;
        pipeline::calibrate(*result.model, pipeline::combineRuns(runs, part.units()), scored);
        for (const double s : scored.score)
            flagged += s >= result.threshold.value ? 1 : 0;
    }
    return flagged;
}

Result<void> run(std::uint64_t rows, const std::filesystem::path& folder)
{
    QuietJob job;
    const auto inputs = calmWeek(rows, 1, folder / "1");
    if (!inputs)
        return fail(inputs.error());
    const auto choice = pipeline::chooseRecipe(*inputs, {});
    if (!choice)
        return fail(choice.error());
    const auto fitted = pipeline::analyze({.inputs = *inputs, .recipe = choice->recipe}, job);
    if (!fitted)
        return fail(fitted.error());
    std::printf("fitted on %zu units, %s; flagged there: %zu\n", (*fitted)->table.units(),
                (*fitted)->threshold.rule.text().c_str(), (*fitted)->flaggedUnits());
    std::size_t units = 0, flagged = 0;
    for (std::uint64_t seed = 2; seed <= 5; ++seed) {
        const auto week = calmWeek(rows, seed, folder / std::to_string(seed));
        if (!week)
            return fail(week.error());
        const auto result = pipeline::score({.inputs = *week, .model = (*fitted)->model}, job);
        if (!result)
            return fail(result.error());
        const auto inBatches = flaggedInBatches(**result, 100);
        if (!inBatches)
            return fail(inBatches.error());
        std::printf("seed %llu: %zu units, flagged %zu in one batch, %zu in batches of 100\n",
                    static_cast<unsigned long long>(seed), (*result)->table.units(), (*result)->flaggedUnits(),
                    *inBatches);
        units += (*result)->table.units();
        flagged += (*result)->flaggedUnits();
    }
    std::printf("false alarms per 1,000 clean units: %.2f (requested 1.00)\n",
                1000.0 * static_cast<double>(flagged) / static_cast<double>(units));
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    const auto folder = std::filesystem::temp_directory_path() / "faultline-bench-false-alarms";
    const auto done = run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000, folder);
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    if (!done)
        std::fprintf(stderr, "%s\n", done.error().text().c_str());
    return done ? 0 : 1;
}
