// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"
#include <string>

namespace faultline::pipeline
{

/// What the workbench keeps of its own state in a case.
struct CaseState {
    double threshold = 0.0;
    TimeUs viewFrom = noTime, viewTo = noTime;
    std::string layout; ///< base64 of the window's state; opaque here
};

/// Writes the result (sources, recipe, features, scores, episodes with explanations, model) as a new run of the case at
/// `path`, made when absent, and an index of its records beside it. Io or Store error; the case is then unchanged.
[[nodiscard]] Result<void> saveCase(const AnalysisResult& result, const CaseState& state, const std::string& path,
                                    JobContext& job);

struct OpenedCase {
    AnalysisPtr result; ///< complete but for records and timeline, which reloadRecords() fills in
    CaseState state;
    std::vector<std::string> changedSources; ///< paths that are missing or no longer what was analysed
};
[[nodiscard]] Result<OpenedCase> openCase(const std::string& path, JobContext& job);
/// Brings back a reopened case's records so that the log can be shown: from the index beside it, or from the sources
/// where there is none or they have changed. Returns a result that shares everything else.
[[nodiscard]] Result<AnalysisPtr> reloadRecords(const AnalysisPtr& result, const std::string& casePath, JobContext& job);

} // namespace faultline::pipeline
