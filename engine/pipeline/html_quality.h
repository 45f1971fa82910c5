// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/quality.h"
#include <string>
#include <vector>

namespace faultline::pipeline::html
{

/// The report's section on data quality: findings first, then what was read of each source, rejected lines with
/// examples, and what else the run had to note.
[[nodiscard]] std::string qualitySection(const records::QualityReport& report, const std::vector<std::string>& notices);

} // namespace faultline::pipeline::html
