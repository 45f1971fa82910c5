// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"
#include "engine/features/feature_table.h"
#include "engine/records/loader.h"
#include <functional>
#include <span>

namespace faultline::features
{

/// The records of a unit.
using UnitRecords = std::function<std::span<const std::uint32_t>(std::size_t unit)>;

/// How often each n-gram occurs in each unit: unit i's are [begin[i], begin[i + 1]), by ascending key. A key is a hash
/// of the templates' texts in their order. 12 bytes an entry, at most one entry a record and length.
struct NgramCounts {
    std::vector<std::uint64_t> begin{0}, key;
    std::vector<std::uint32_t> count;
};
/// Parallel over units. Cancelled when the job was stopped.
[[nodiscard]] Result<NgramCounts> countNgrams(std::size_t units, const UnitRecords& recordsOf,
                                              const FeatureGroups& groups, const records::RecordSet& records,
                                              JobContext& job);

/// Learns the training units' n-grams and adds the columns: of those in most units, or buckets, and `unseen n-grams`.
/// Live plans learn nothing here. Incomplete when the job was stopped.
void learnNgrams(FeaturePlan& plan, const NgramCounts& counts, const UnitRecords& recordsOf,
                 const records::RecordSet& records, const JobContext& job);
/// Adds these units to what a live plan knows.
void continueNgrams(FeaturePlan& plan, const NgramCounts& counts);

/// Fills NgramCount and UnseenNgrams of a table with these counts; incomplete when the job was stopped.
void fillNgrams(FeatureTable& table, const FeaturePlan& plan, const NgramCounts& counts,
                const Featurizer::ComputeOptions& options, const JobContext& job);

} // namespace faultline::features
