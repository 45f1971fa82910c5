// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/level.h"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::records
{

/// What a CSV column or a JSON key means to the engine.
enum class FieldRole : std::uint8_t {
    Ignored,
    Time,
    Value,  ///< a number that becomes a field
    Series, ///< names the field that a row of a long table holds a value of
    Entity,
    Level,
    Message,
    Label, ///< the truth that the person named; for evaluation only
};

/// What a name alone suggests, in any case and spelling: `Pod Name`, `pod_name` and `podName` are one name, and of a
/// dotted name the last part counts as well. Ranks: 0 is the best guess; nullopt: the name suggests nothing of the
/// kind.
[[nodiscard]] std::optional<int> timeNameRank(std::string_view name);
/// The whole name is one that times of records usually have.
[[nodiscard]] bool isTimeName(std::string_view name);
/// The name of the zone of a time (`timezone`, `tz`), not of a place (`zone`).
[[nodiscard]] bool isZoneName(std::string_view name);
[[nodiscard]] std::optional<int> entityNameRank(std::string_view name);
[[nodiscard]] std::optional<int> levelNameRank(std::string_view name);
[[nodiscard]] std::optional<int> messageNameRank(std::string_view name);
/// The name of an HTTP status (`status`, `sc-status`, `response.status_code`).
[[nodiscard]] bool isStatusName(std::string_view name);
/// The name of the part of a time below a second, in nanoseconds: `nanoOfSecond`, `nanos`.
[[nodiscard]] bool isFractionName(std::string_view name);
/// The name of what tells kinds of events apart (`eventName`, `action`, `type`, `method`).
[[nodiscard]] bool isEventName(std::string_view name);
/// The name of what a client says of itself (`userAgent`, `Referer`): long texts with blanks, and yet no message.
[[nodiscard]] bool isClientName(std::string_view name);
/// The name of a number that is no quantity: `pid`, `session_id`, `port`, `inode`.
[[nodiscard]] bool isIdentifierName(std::string_view name);
/// The name of a verdict (`label`, `is_anomaly`, `changepoint`, ...): it may never become a feature.
[[nodiscard]] bool isTruthName(std::string_view name);
/// The name of a row counter or an id without meaning of its own (`index`, `LineId`, "").
[[nodiscard]] bool isCounterName(std::string_view name);
/// The unit that a name carries: `latency_ms`, `MemoryUsage(Mi)`, `load [%]`; "" when none.
[[nodiscard]] std::string unitOfName(std::string_view name);

/// The name of what tells a row from all others (`id`, `request_id`, `traceId`, `uuid`): no measure.
[[nodiscard]] bool isIdName(std::string_view name);
/// Names the series of a long table (`metric`, `variable`, `_field`); ranks as above.
[[nodiscard]] std::optional<int> seriesNameRank(std::string_view name);
inline constexpr int weakSeriesNameRank = 1'000; ///< from here on a name (`name`) needs a column of values beside it
/// Holds the values of a long table (`value`, `reading`).
[[nodiscard]] bool isSeriesValueName(std::string_view name);

/// Empty, NaN, NA, N/A, #N/A, null, (null), nil, none, missing, \N, -, --, ? in any case.
[[nodiscard]] bool isMissingText(std::string_view text);
/// A finite decimal number with surrounding blanks and a leading + allowed; nullopt for anything else.
[[nodiscard]] std::optional<double> readNumber(std::string_view text);
/// true, yes and on: 1; false, no and off: 0; in any case. nullopt for anything else.
[[nodiscard]] std::optional<double> readBoolean(std::string_view text);
/// The level that a number stands for: 10..60 as bunyan and pino write it, 0..7 as syslog does; else None.
[[nodiscard]] Level levelOfNumber(double number);
/// A level word, or a level number as text.
[[nodiscard]] std::optional<Level> readLevel(std::string_view text);

} // namespace faultline::records
