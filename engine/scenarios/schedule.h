// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include "engine/scenarios/log_stream.h"
#include "engine/scenarios/service.h"
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::scenarios
{

enum class AnomalyKind : std::uint8_t {
    ErrorBurst,
    NewTemplate,
    LatencyRegression,
    BruteForce,
    SlowLeak,
    ClockJump,
    RetryStorm,
    SilentService,
    Outage
};
/// "error_burst", "new_template", ... as written to labels.csv.
[[nodiscard]] std::string_view kindName(AnomalyKind kind);

/// Something that is wrong with one service for a while.
struct Anomaly {
    AnomalyKind kind = AnomalyKind::ErrorBurst;
    Service service = Service::Gateway;
    TimeSpan span;
    std::string_view description;

    /// 0..1 within the span.
    [[nodiscard]] double progress(TimeUs at_us) const;
};

/// A new version of a service: a short restart, then one more message that stays. Not an anomaly.
struct Deploy {
    Service service = Service::Gateway;
    TimeUs at_us = 0;
    std::string_view version;
};

/// The stages of the checkout outage, the main incident.
struct Outage {
    TimeUs migration = 0; ///< a schema migration takes a lock on the orders table
    TimeUs slow = 0;      ///< payments gets slower
    TimeUs failing = 0;   ///< checkouts begin to fail
    TimeUs inventorySilent = 0;
    TimeUs rollback = 0;      ///< the migration is rolled back; latency goes down
    TimeUs inventoryBack = 0; ///< inventory is restarted
    TimeUs charging = 0;      ///< charges succeed again; what failed before is answered within seconds
    TimeUs end = 0;

    /// 0 outside, rising from `slow` to 1 at the peak, falling from `rollback` to the end.
    [[nodiscard]] double severity(TimeUs at_us) const;
    /// Share of checkouts that cannot be charged.
    [[nodiscard]] double chargeFailure(TimeUs at_us) const;
};

/// When what happens, chosen from the row count and the seed alone.
struct Schedule {
    TimeSpan span;
    bool anomalous = true;
    std::vector<Anomaly> anomalies; ///< empty when not anomalous; by start
    std::vector<Deploy> deploys;    ///< the same with and without anomalies
    Outage outage;                  ///< meaningless when not anomalous
    DurationUs clockShift_us = 7 * minute_us;

    [[nodiscard]] const Anomaly* active(AnomalyKind kind, TimeUs at_us) const;
    [[nodiscard]] bool deployed(Service service, TimeUs at_us) const;
    /// The nightly backup, 03:00 to 03:25 UTC. Not an anomaly.
    [[nodiscard]] static bool backupRuns(TimeUs at_us);
};

/// How long the scenario lasts: 12 hours for 10 thousand rows, 24 hours for 100 thousand, 7 days 14 h 40 min from 2
/// million on, so that a minute of one service holds a few records at least. It ends on Thursday 12 March 2026 at 14:40
/// UTC.
[[nodiscard]] TimeSpan spanFor(std::uint64_t rows);
[[nodiscard]] Schedule makeSchedule(std::uint64_t rows, std::uint64_t seed, bool anomalous);

/// labels.csv: start,end,entity,kind,description. A clock jump is labelled where its records say they are.
[[nodiscard]] std::string labelsCsv(const Schedule& schedule);

/// Expected traffic at a time, relative to the busiest time of a working day: day and week.
[[nodiscard]] double rhythm(TimeUs at_us);

} // namespace faultline::scenarios
