// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/quality.h"
#include <nlohmann/json.hpp>

namespace faultline::pipeline
{

/// The `quality` object of `inspect --json` and `analyze --json`: findings, sources, total, fields.
[[nodiscard]] nlohmann::ordered_json qualityJson(const records::QualityReport& report);

} // namespace faultline::pipeline
