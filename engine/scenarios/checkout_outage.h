// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/time.h"
#include <cstdint>
#include <string>
#include <vector>

namespace faultline::scenarios
{

struct ScenarioSpec {
    std::string name;        ///< "checkout-outage"
    std::string description; ///< what happens, in one paragraph
};
[[nodiscard]] const std::vector<ScenarioSpec>& scenarios();

struct GenerateOptions {
    std::string outputFolder{};
    std::uint64_t rows = 100'000; ///< log records over all services, 10 thousand to 100 million
    std::uint64_t seed = 1;
    bool anomalies = true; ///< false: the same traffic, rhythms and deploys without a single injected anomaly (scenario
                           ///< "checkout-calm")
};

struct GeneratedFiles {
    std::vector<std::string> files; ///< logs, metrics.csv, labels.csv
    std::uint64_t records = 0, bytes = 0;
};
/// Writes the scenario's files. Same options, same bytes. Constant memory (under 64 MB). Usage error for an unknown
/// scenario or a row count out of range; Io error when the folder cannot be written.
[[nodiscard]] Result<GeneratedFiles> generate(const std::string& scenario, const GenerateOptions& options,
                                              JobContext& job);

} // namespace faultline::scenarios
