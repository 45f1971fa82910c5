// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/timestamp.h"
#include <string>
#include <string_view>

/// The spelling of times in words, for people.
namespace faultline::records
{

/// The spelling of a time: digits as pattern letters, all else as it stands. `text` begins with it.
[[nodiscard]] std::string timePattern(TimeShape shape, std::string_view text, const TimestampOptions& order);
/// The capitals behind a time's clock that may be the abbreviation of a zone, or "".
[[nodiscard]] std::string_view zoneWordIn(std::string_view timeText);
/// "+02:00 (in each line)", "CEST (in each line)", "UTC (in each line)" for a time that names its zone.
[[nodiscard]] std::string zoneInLines(std::string_view timeText);

} // namespace faultline::records
