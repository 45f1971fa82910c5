// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"
#include "engine/features/feature_table.h"

namespace faultline::features
{

/// Adds in how many of these units each template occurs.
void learnTemplates(TemplateKnowledge& known, const SparseCounts& counts);
/// Adds how many records each template has.
void learnTemplateRecords(TemplateKnowledge& known, const std::vector<std::int64_t>& counts);

/// How much a template that occurs in `frequency` of `documents` units adds to "rare templates": the decades by which
/// it is rarer than one unit in a hundred, at least 0. A template that occurs in none counts as one in half a unit.
[[nodiscard]] double rarityWeight(double frequency, double documents);

/// Fills the columns UnseenTemplates and RareTemplates of a table whose template counts are there already; cells that
/// are missing stay missing. Not causal: against the training data, without the unit itself when the table is the
/// training data. Causal: against units that ended earlier, and the training data unless the table is that.
void fillNovelty(FeatureTable& table, const FeaturePlan& plan, const Featurizer::ComputeOptions& options);

} // namespace faultline::features
