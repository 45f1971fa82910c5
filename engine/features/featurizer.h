// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/tensor_bundle.h"
#include "engine/features/feature_groups.h"
#include "engine/features/feature_table.h"
#include "engine/records/loader.h"
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace faultline::features
{

struct FeatureOptions {
    UnitKind kind = UnitKind::Row;
    DurationUs window_us = 60 * second_us; ///< Window: length; windows are aligned to the epoch
    /// Look-back spans per entity, up to the row, or the window's end. Window: spans over one and at most 10,000
    /// windows.
    std::vector<DurationUs> rolling_us;
    std::uint32_t rollingRows =
        12;                     ///< Row over metric series with time: look-back for difference, mean and spread columns
    bool rollingColumns = true; ///< false: a row's features are its raw values alone (plain tables)
    std::uint32_t templateColumns =
        32; ///< Window, Session: how many of the most frequent templates get a dense count column
    std::uint32_t maxEntities = 200; ///< Window: entities beyond the most frequent ones share one called "(other)"
    /// Window: sine and cosine of the time of day (role Phase), for windows under a day when training spans a day at
    /// least.
    bool timeOfDay = true;
    /// Columns that hold one value throughout training stay: where training data is known to be normal, that one begins
    /// to vary is news.
    bool constantColumns = false;
    TimeZone zone;                 ///< of time of day and day of week
    FeatureGroups groups;          ///< columns beside the basic ones
    bool templateSequence = false; ///< Window, Session: fill FeatureTable::templateSequence, which some detectors read
    /// Live analysis: what columns there are is decided by the first 100 units (rows: the schema and the first 100
    /// rows); constant and empty columns stay, and there are no template columns, so that a column's presence does not
    /// depend on the future. Of templates and entities nothing is learned: compute() with `causal` learns as it goes,
    /// and continued() remembers.
    bool causalColumns = false;
};

/// Turns records into units with features. fit() looks at training records to choose what the columns are (which
/// fields, templates, entities) and what is known (template document frequencies); compute() then fills a table, the
/// same columns for any data, so that what is trained on and what is scored are made by the same code.
///
/// Columns, by kind (`f` is a numeric field; columns that are empty or, unless asked for, constant in
/// training stay out, novelty excepted):
/// - Row: each numeric field as `f`. Metric records, with time and rollingColumns: `f diff` to the row before, `f mean
/// 12` and
///   `f spread 12` (log standard deviation) over the last `rollingRows` rows of the same entity. Log records, with
///   rollingColumns, per look-back span of the same entity up to the record itself: `requests in 60 s`, `error share in
///   60 s`, `distinct templates in 60 s`, `bytes in 60 s` (when there is a field "bytes"); always `template rarity`,
///   -log10 of the template's share. Data of metrics alone, per look-back span: `f mean in 5 min`, `f max in 5 min`.
/// - Window per entity, dense grid from the first to the last window of the data (a window without records is a unit:
/// silence).
///   Of log records: `records`, `errors`, `warnings`, `distinct templates`, `unseen templates` (records whose template
///   no other unit holds), `rare templates` (sum of log10(units / units that hold it) - 2 where positive), `error
///   share`; `f count`, `f p50`, `f p95`; `template T-...` counts of the most frequent. Of metric records: `f mean`, `f
///   max` (left out when always the mean). `time of day sin`, `time of day cos`. An entity without log records has log
///   columns missing, not zero. Per look-back span: `records in 5 min`, `error share in 5 min`, `distinct templates in
///   5 min`, `f mean in 5 min`, `f max in 5 min`.
/// - Session: `records`, `errors`, `warnings`, `distinct templates`, `unseen templates`, `duration` in s, `template
/// T-...`.
/// - What FeatureOptions::groups asks for, see feature_groups.h. Live: no columns of single templates.
/// An error is a record of level Error or Fatal, or with an HTTP status (field status, status_code or http_status) from
/// 400 on. Log records bring at most 32 numeric fields, the most filled ones.
///
/// Causality: with `causal` set a unit's features depend on records up to the unit's end only (novelty = first seen so
/// far, and an entity's windows begin with its first record); otherwise novelty is leave-one-out: a template is unseen
/// in a unit when no other unit of the training data holds it, which makes training units and new units comparable.
/// Units that end at the same time do not count as earlier than each other.
class Featurizer
{
public:
    /// Config error when the records cannot make such units: no time or under 4 windows (Window), no key (Session),
    /// over 20 million windows times entities, over 4 GiB of values, or nothing that varies. Takes about as long as
    /// compute().
    [[nodiscard]] static Result<Featurizer> fit(const records::RecordSet& training, const FeatureOptions& options,
                                                JobContext& job);

    struct ComputeOptions {
        bool isTrainingData = false; ///< leave the unit itself out when asking what is known
        bool causal = false;
        /// Row: that many records at the front were scored before and serve look-backs only. They are units of the
        /// table.
        std::size_t contextRows = 0;
    };
    /// How many units compute() would make of these records, without making them. O(records).
    [[nodiscard]] Result<std::uint64_t> countUnits(const records::RecordSet& records,
                                                   const ComputeOptions& options) const;
    /// How many columns each group has: "counts", "fields", "templates", "rolling", "rates", ... in the order of
    /// columns.
    [[nodiscard]] std::vector<std::pair<std::string, std::size_t>> columnGroups() const;
    /// Units in time order (Window: by window, then entity), for Row and Session in input order. Deterministic for any
    /// thread count. Time O(records); memory the table plus O(entities * columns).
    [[nodiscard]] Result<FeatureTable> compute(const records::RecordSet& records, const ComputeOptions& options,
                                               JobContext& job) const;

    /// Live: the featurizer for what comes after these records, whose table compute() made: it knows their templates
    /// and entities too, so that a stream that is cut at the end of a window, or between sessions or rows, and
    /// continued has the same novelty as one that was not. (Look-backs of rows are the caller's: it hands the last rows
    /// in again.)
    [[nodiscard]] Featurizer continued(const FeatureTable& table, const records::RecordSet& records) const;

    [[nodiscard]] const FeatureOptions& options() const;
    [[nodiscard]] const std::vector<Column>& columns() const;
    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<Featurizer> load(const TensorBundle& bundle, const std::string& prefix);

private:
    struct Impl;
    std::shared_ptr<const Impl> m_impl; // shared: immutable once fitted, copied into models
};

} // namespace faultline::features
