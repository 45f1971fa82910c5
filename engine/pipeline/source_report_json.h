// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/detection.h"
#include <nlohmann/json.hpp>

namespace faultline::pipeline
{

/// A source report as JSON that sourceReportFrom() turns back into the same report, for indexes.
[[nodiscard]] nlohmann::json sourceReportJson(const records::SourceReport& report);
/// Throws nlohmann::json::exception when a value is missing or of another type.
[[nodiscard]] records::SourceReport sourceReportFrom(const nlohmann::json& json);

} // namespace faultline::pipeline
