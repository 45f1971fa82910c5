// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"
#include <cstdint>
#include <string>
#include <vector>

namespace faultline::testsupport
{

/// What a sample run looks like. Values are made by formula, so that a test can compute what it expects by hand.
struct SampleOptions {
    std::size_t windows = 140; ///< per entity
    DurationUs window_us = 30 * second_us;
    TimeUs start = 1'773'322'200'000'000; ///< 2026-03-12T13:30:00Z
    std::vector<std::string> entities = {"api-gateway", "checkout", "inventory", "payments", "postgres"};
    std::size_t recordsPerWindow = 40; ///< per entity, away from the incident
    bool withRecords = true;
    double threshold = 4.2;
};

/// An incident over five services, made by hand: checkout's score climbs to 9.8 in the middle, payments' rises before
/// it, inventory falls silent. Every record's text can be read back from memory.
[[nodiscard]] pipeline::AnalysisPtr sampleRun(const SampleOptions& options = {});

/// Units without records: `units` windows of one entity whose scores are a sawtooth of period 1,000 from 0 to 9.99.
[[nodiscard]] pipeline::AnalysisPtr sawtoothRun(std::size_t units, std::size_t detectors = 5);

/// Rows without any time.
[[nodiscard]] pipeline::AnalysisPtr timelessRun(std::size_t rows);

} // namespace faultline::testsupport
