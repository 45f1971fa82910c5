// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/timestamp.h"

/// One reader per TimeShape; see there for what each accepts and parseTime() for the contract.
namespace faultline::records::detail
{

using TimeFound = std::optional<ParsedTime>;

[[nodiscard]] TimeFound parseIso(std::string_view text);
[[nodiscard]] TimeFound parseSyslog(std::string_view text, const TimestampOptions& options);
[[nodiscard]] TimeFound parseClf(std::string_view text, const TimestampOptions& options);
[[nodiscard]] TimeFound parseCtime(std::string_view text, const TimestampOptions& options);
[[nodiscard]] TimeFound parseCompact(std::string_view text);
[[nodiscard]] TimeFound parseMonthDay(std::string_view text, const TimestampOptions& options);
[[nodiscard]] TimeFound parseDayMonthYear(std::string_view text, const TimestampOptions& options);
[[nodiscard]] TimeFound parseGlog(std::string_view text, const TimestampOptions& options);
[[nodiscard]] TimeFound parseDateOnly(std::string_view text);
[[nodiscard]] TimeFound parseClockOnly(std::string_view text);
[[nodiscard]] TimeFound parseEpoch(std::string_view text);
[[nodiscard]] TimeFound parseYearDay(std::string_view text);
[[nodiscard]] TimeFound parseTai64(std::string_view text);

} // namespace faultline::records::detail
