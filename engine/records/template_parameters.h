// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/loader.h"

namespace faultline::records
{

/// Columns that ParameterFields::automatic makes at most.
inline constexpr std::size_t maxParameterColumns = 32;

/// Reads numbers out of the messages again and makes them numeric fields of the table, one for each variable that is
/// named or, when automatic, for each variable of numbers, durations (in ms) and sizes (in bytes) of the most frequent
/// templates. A field's name is the one given, else `key [T-...]` or `T-... #position`; its unit is the base unit of the
/// values unless one is given. A record whose message does not show a number there has no value.
///
/// Reads each source once more, in blocks of 4 MiB, in parallel and in order; a value depends on its own record alone.
/// Config error for a template that the set does not have, or a variable that it does not have. Messages are taken from
/// the text of the record, so formats that wrap the message (JSON) give values only where the text shows it as it is.
[[nodiscard]] Result<void> addParameterFields(RecordSet& set, const templates::ParameterFields& wanted, JobContext& job);

} // namespace faultline::records
