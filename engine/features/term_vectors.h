// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"
#include "engine/features/feature_table.h"
#include "engine/records/loader.h"
#include <string>
#include <string_view>
#include <vector>

namespace faultline::features
{

/// The words of a template's constant text: runs of at least two ASCII letters, digits, underscores or bytes beyond
/// ASCII, lower case; `<...>` stands for a variable and is none.
[[nodiscard]] std::vector<std::string> wordsOf(std::string_view templateText);

/// Learns the terms of the training units whose template counts are in the table, and adds the columns of the vectors
/// that FeatureOptions::groups asks for: of the terms in most units, or the buckets. Live plans have buckets and learn
/// nothing here.
/// What is learned is incomplete when the job was stopped.
void learnTermVectors(FeaturePlan& plan, const FeatureTable& table, const records::RecordSet& records,
                      const JobContext& job);

/// Adds these units to what a live plan knows of its buckets.
void continueTermVectors(FeaturePlan& plan, const FeatureTable& table, const records::RecordSet& records,
                         const JobContext& job);

/// Fills TemplateWeight and WordWeight; see TermVector. Units without log records are all zero. Causal: idf from units
/// that ended earlier, and from the training data unless the table is that. O(entries of the template counts * words of
/// a template); memory 8 bytes a term per thread.
[[nodiscard]] Result<void> fillTermVectors(FeatureTable& table, const FeaturePlan& plan,
                                           const records::RecordSet& records, const Featurizer::ComputeOptions& options,
                                           JobContext& job);

} // namespace faultline::features
