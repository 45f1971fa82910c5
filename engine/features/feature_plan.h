// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/featurizer.h"
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
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
    RecordRate, ///< Window, Session: the groups
    ErrorRate,
    FieldRate,
    WarningShare,
    TemplateShare,
    FieldRatio, ///< also Row
    DistinctEntities,
    DistinctSessions,
    DistinctValues,
    TemplateEntropy,
    GapMedian,
    GapHigh,
    GapMaximum,
    GapVariation,
    FieldQuantile,
    TemplateRate,
    NgramCount,
    UnseenNgrams,
    TemplateWeight,
    WordWeight,
    DayOfWeekSine,
    DayOfWeekCosine,
    RollingRecords, ///< Window, per look-back span
    RollingErrorShare,
    RollingTemplates,
    RollingMean, ///< also Row
    RollingMaximum,
    RecentRate, ///< Row, per look-back span
    RecentEntropy,
    RecentDistinct,
    RecentQuantile,
    GapBefore,
};
inline constexpr std::uint32_t featureKinds = static_cast<std::uint32_t>(Feature::GapBefore) + 1;

struct PlannedColumn {
    Feature feature = Feature::Field;
    /// Index of the field, look-back span, ratio, n-gram or term, or the template's id; of two, see paired().
    std::uint32_t argument = 0;
};

/// Two indices as one argument: `first` of any number, `second` below `seconds`.
[[nodiscard]] constexpr std::uint32_t paired(std::size_t first, std::size_t second, std::size_t seconds)
{
    return static_cast<std::uint32_t>(first * seconds + second);
}

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

/// What training taught about the terms of a vector, see TermVector. Hashed: term = bucket, no keys.
struct TermKnowledge {
    std::vector<std::uint64_t> key; ///< hash of each term's text, ascending
    struct Frequencies {
        std::vector<std::uint32_t> units; ///< per term: in how many units it occurs
        std::uint64_t documents = 0;      ///< units with at least one log record
    };
    Frequencies all;
    std::map<std::string, Frequencies> ofEntity; ///< TermVector::perEntity
};

/// What training taught about n-grams.
struct NgramKnowledge {
    std::unordered_map<std::uint64_t, std::uint32_t> units; ///< n-gram -> in how many units it occurs
    std::vector<std::uint64_t> columns;                     ///< the n-grams with a column; hashed: empty
};

/// The last windows of each entity, for the look-back of windows that follow. Live only.
struct RollingTail {
    std::int64_t end = 0;     ///< window after the last one, counted from the epoch
    std::size_t windows = 0;  ///< per entity
    std::size_t facts = 0;    ///< per window
    std::vector<std::string> entities;
    std::vector<double> values; ///< entities x windows x facts
    struct Seen {
        std::uint32_t entity = 0, window = 0, templateId = 0;
    };
    std::vector<Seen> templates; ///< which templates each window holds
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
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ratios; ///< indices into fields
    NgramKnowledge ngrams;
    TermKnowledge templateTerms, words;
    RollingTail tail;

    void add(Column column, Feature feature, std::uint32_t argument = 0)
    {
        columns.push_back(std::move(column));
        planned.push_back({feature, argument});
    }
};

/// Config error for options that no featurizer can work with.
[[nodiscard]] Result<void> checkOptions(const FeatureOptions& options);

} // namespace faultline::features
