// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/browse.h"
#include "engine/pipeline/run_steps.h"

namespace faultline::pipeline
{

Result<AnalysisPtr> browse(const BrowseRequest& request, JobContext& job)
{
    auto result = std::make_shared<AnalysisResult>();
    result->recipe = request.recipe;
    StageClock clock(result->timings);
    auto options = loadOptions(request.recipe, nullptr);
    options.limitBytes = request.limitBytes;
    job.enterPhase(0.0, 0.9);
    auto records = records::load(request.inputs, options, job);
    if (!records)
        return fail(records.error());
    auto shared = std::make_shared<const records::RecordSet>(std::move(*records));
    clock.lap("reading");
    job.enterPhase(0.9, 0.1);
    auto quality = records::assess(*shared, job);
    if (!quality)
        return fail(quality.error());
    if (const auto placed = placeRecords(*result, std::move(shared), std::move(*quality), job); !placed)
        return fail(placed.error());
    nameTemplates(*result);
    result->seconds = clock.total();
    return AnalysisPtr(std::move(result));
}

} // namespace faultline::pipeline
