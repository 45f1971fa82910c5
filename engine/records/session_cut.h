// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/records/loader.h"

namespace faultline::records
{

/// How the records of a key become sessions.
struct SessionRule {
    bool byEntity = false;     ///< each entity is a key, instead of what the loader found
    DurationUs timeout_us = 0; ///< a key that is silent for so long begins a new session; 0: it never does
};

/// Sessions, and the records of those that may go on.
struct CutSessions {
    SessionIndex sessions;
    SessionIndex open; ///< by key, not cut or renamed
};

/// Which sessions are cut, and in which order they stand.
enum class SessionOrder : std::uint8_t {
    ByStart, ///< all, in the order of their first records
    Causal,  ///< in the order in which they end; one whose key has not been silent for the time-out when the records
             ///< end is not among them but open. Without a time-out none is open.
};

/// Cuts the set's sessions, records of each in time order. With a time-out a session is named by its key and its start,
/// `web1@2026-03-12T14:03:30Z`; without one by its key.
///
/// Records without a time stay with the one before them. Config error when there is no key; Cancelled. O(n log n) at
/// most.
[[nodiscard]] Result<CutSessions> cutSessions(const RecordSet& records, const SessionRule& rule, SessionOrder order,
                                              JobContext& job);

} // namespace faultline::records
