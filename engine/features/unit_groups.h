// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"
#include "engine/features/record_facts.h"
#include "engine/features/template_counter.h"
#include <span>
#include <vector>

namespace faultline::features
{

/// Fills the columns of FeatureOptions::groups that speak of one window or session alone. Thread-safe; a thread has a
/// Scratch of its own. O(records of the unit) for each group, O(n log n) for distinct values.
class GroupFiller
{
public:
    GroupFiller(const FeaturePlan& plan, const records::RecordSet& records);
    [[nodiscard]] bool any() const { return !m_columns.empty(); }

    struct Scratch {
        std::vector<double> values;
        std::vector<std::uint64_t> keys;
        std::uint32_t field = 0xffffffff; ///< whose values were gathered last
    };
    struct Unit {
        std::span<const std::uint32_t> records;
        double seconds = 0.0;
        TimeUs time = noTime; ///< what the calendar columns tell
        bool hasLogs = true;  ///< false: columns of log records are missing
    };
    /// `templates`: the unit's counts.
    void fill(const Unit& unit, TemplateCounter& templates, Scratch& scratch, double* row) const;

private:
    struct Events {
        double records = 0.0, errors = 0.0, warnings = 0.0;
    };
    struct Gaps {
        double median = missing, high = missing, longest = missing, variation = missing;
    };

    [[nodiscard]] bool counts(std::uint32_t record) const { return m_sessions || isLog(m_records.table, record); }
    [[nodiscard]] Events countEvents(const Unit& unit) const;
    [[nodiscard]] Gaps gapsOf(const Unit& unit, Scratch& scratch) const;
    [[nodiscard]] double distinct(const PlannedColumn& column, const Unit& unit, Scratch& scratch) const;
    [[nodiscard]] double quantileOf(std::uint32_t argument, const Unit& unit, Scratch& scratch) const;
    [[nodiscard]] double sumOf(std::uint32_t field, const Unit& unit) const;
    [[nodiscard]] double ratioOf(std::uint32_t ratio, const Unit& unit) const;

    const FeaturePlan& m_plan;
    const records::RecordSet& m_records;
    std::vector<const records::NumericField*> m_fields;
    ErrorRule m_isError;
    bool m_sessions;
    std::vector<std::size_t> m_columns; ///< of the plan, that this fills
    bool m_needsEvents = false, m_needsGaps = false;
    std::vector<std::uint32_t> m_sessionBegin, m_sessionsOf; ///< sessions of each record, when they are asked for
};

/// Sine or cosine of the time of day or week in a zone.
[[nodiscard]] double calendarValue(Feature feature, TimeUs time, const TimeZone& zone);

/// Entropy of template counts in bits, corrected for their number (Miller and Madow); 0 for none. Adds up in the order
/// of the counts' sizes, so that it does not depend on how templates are numbered. Uses `values` as its working space.
[[nodiscard]] double templateEntropy(TemplateCounter& templates, std::vector<double>& values);

} // namespace faultline::features
