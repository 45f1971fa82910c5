// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/featurizer.h"
#include <cstdint>
#include <string>
#include <vector>

namespace faultline::features
{

/// What a column holds. Stored in models: append only.
enum class Feature : std::uint8_t {
    Field,           ///< Row: the value itself
    FieldDifference, ///< Row: to the row before
    FieldRollingMean,
    FieldRollingSpread,
    RecentRequests, ///< Row over logs, per look-back span
    RecentErrorShare,
    RecentTemplates,
    RecentBytes,
    TemplateRarity,
    Records, ///< Window, Session
    Errors,
    Warnings,
    ErrorShare,
    DistinctTemplates,
    UnseenTemplates,
    RareTemplates,
    Duration,
    FieldCount, ///< Window over logs
    FieldMedian,
    FieldHigh,
    FieldMean, ///< Window over metrics
    FieldMaximum,
    TemplateCount,
    TimeOfDaySine,
    TimeOfDayCosine,
};
inline constexpr std::uint32_t featureKinds = 25;

struct PlannedColumn {
    Feature feature = Feature::Field;
    std::uint32_t argument = 0; ///< index of the field or look-back span, or the template's id
};

struct PlannedField {
    std::string name, unit;
    double spreadFloor = 0.0; ///< added to a rolling standard deviation before its logarithm is taken
};

/// What training records taught about templates, for the novelty columns.
struct TemplateKnowledge {
    std::vector<std::uint32_t> documentFrequency; ///< Window, Session: in how many units each template occurs
    std::uint64_t documents = 0;                  ///< units with at least one log record
    std::vector<std::int64_t> records;            ///< Row: records of each template
    std::int64_t allRecords = 0;
};

/// Everything that fit() learns: what the columns are and how to fill them.
struct FeaturePlan {
    FeatureOptions options;
    std::vector<Column> columns;
    std::vector<PlannedColumn> planned; ///< parallel to columns
    std::vector<PlannedField> fields;
    /// Window: entities of the training data that have units of their own, in that order, "(other)" last if there is
    /// one, and whether each writes logs.
    std::vector<std::string> entities;
    std::vector<std::uint8_t> entityLogs;
    TemplateKnowledge known;

    void add(Column column, Feature feature, std::uint32_t argument = 0)
    {
        columns.push_back(std::move(column));
        planned.push_back({feature, argument});
    }
};

/// Config error for options that no featurizer can work with.
[[nodiscard]] Result<void> checkOptions(const FeatureOptions& options);

} // namespace faultline::features
