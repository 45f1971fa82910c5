// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/tensor_bundle.h"
#include "engine/features/feature_table.h"
#include "engine/records/loader.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace faultline::features
{

struct FeatureOptions {
    UnitKind kind = UnitKind::Row;
    DurationUs window_us = 60 * second_us;                   ///< Window: length; windows are aligned to the epoch
    std::vector<DurationUs> rolling_us = {60 * second_us};   ///< Row over access-like logs: look-back spans per entity
    std::uint32_t rollingRows = 12;       ///< Row over metric series with time: look-back for difference, mean and spread columns
    bool rollingColumns = true;           ///< false: a row's features are its raw values alone (plain tables)
    std::uint32_t templateColumns = 32;   ///< Window, Session: how many of the most frequent templates get a dense count column
    std::uint32_t maxEntities = 200;      ///< Window: entities beyond the most frequent ones share one called "(other)"
    bool timeOfDay = true;                ///< Window: sine and cosine of the local time of day (role Phase)
    /// Live analysis: fit() may look at the first 100 units only (rows: the schema and the first 100 rows), keeps constant and
    /// empty columns, and makes no template columns, so that a column's presence does not depend on the future.
    bool causalColumns = false;
};

/// Turns records into units with features. fit() looks at training records to choose what the columns are (which fields,
/// templates, entities) and what is known (template document frequencies); compute() then fills a table, the same columns for
/// any data, so that what is trained on and what is scored are made by the same code.
///
/// Columns, by kind:
/// - Row over metric records: each numeric field; with time and rollingColumns also, per field, difference to the row before and
///   mean and log standard deviation over the last `rollingRows` rows of the same entity (all causal).
/// - Row over log records: per entity and look-back span: requests, share of errors, distinct templates (or paths), bytes; the
///   record's own numeric fields; rarity of its template.
/// - Window per entity, dense grid from the first to the last window of the data (a window without records is a unit: silence):
///   records, per level counts, distinct templates, rare-template weight, templates never seen outside this window, p50 and p95
///   and count of each numeric log field, mean and maximum of each metric field, most frequent templates' counts, time of day.
/// - Session: records, duration, distinct templates, unseen templates, per level counts, most frequent templates' counts.
///
/// Causality: with `causal` set a unit's features depend on records up to the unit's end only (novelty = first seen so far);
/// otherwise novelty is leave-one-out: a template is unseen in a unit when no other unit of the training data holds it, which
/// makes training units and new units comparable.
class Featurizer
{
public:
    [[nodiscard]] static Result<Featurizer> fit(const records::RecordSet& training, const FeatureOptions& options, JobContext& job);

    struct ComputeOptions {
        bool isTrainingData = false; ///< leave the unit itself out when asking what is known
        bool causal = false;
    };
    /// Units in time order (Window: by window, then entity), for Row and Session in input order. Deterministic for any thread
    /// count. Time O(records); memory the table plus O(entities * columns).
    [[nodiscard]] Result<FeatureTable> compute(const records::RecordSet& records, const ComputeOptions& options, JobContext& job) const;

    [[nodiscard]] const FeatureOptions& options() const;
    [[nodiscard]] const std::vector<Column>& columns() const;
    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<Featurizer> load(const TensorBundle& bundle, const std::string& prefix);

private:
    struct Impl;
    std::shared_ptr<const Impl> m_impl; // shared: immutable once fitted, copied into models
};

} // namespace faultline::features
