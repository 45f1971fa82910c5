// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/catalogue.h"
#include "engine/scenarios/checkout_outage.h"

namespace faultline::pipeline
{

// What the program can do, for those who may see the pipeline only.
using detectors::catalogue;
using detectors::DetectorSpec;
using detectors::ParameterSpec;
using detectors::specOf;
using scenarios::generate;
using scenarios::GeneratedFiles;
using scenarios::GenerateOptions;
using scenarios::ScenarioSpec;

[[nodiscard]] inline const std::vector<ScenarioSpec>& scenarioCatalogue()
{
    return scenarios::scenarios();
}

} // namespace faultline::pipeline
