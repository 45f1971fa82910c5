// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/explain/explanation.h"
#include <limits>
#include <utility>

namespace faultline::explain
{

/// A detector that always gives the same reasons.
class FixedReasons : public detectors::Detector
{
public:
    explicit FixedReasons(std::vector<detectors::Contribution> reasons) : m_reasons(std::move(reasons)) {}
    [[nodiscard]] const detectors::DetectorSpec& spec() const override { return m_spec; }
    [[nodiscard]] const detectors::Parameters& parameters() const override { return m_parameters; }
    [[nodiscard]] Result<void> fit(const detectors::DetectorInput&, JobContext&) override { return {}; }
    [[nodiscard]] Result<std::vector<double>> score(const detectors::DetectorInput& input, const ScoreOptions&,
                                                    JobContext&) const override
    {
        return std::vector<double>(input.table->units(), 0.0);
    }
    [[nodiscard]] std::vector<detectors::Contribution> explain(const detectors::DetectorInput&,
                                                               std::size_t) const override
    {
        return m_reasons;
    }
    [[nodiscard]] detectors::CostEstimate cost(const detectors::WorkSize& /*work*/) const override { return {}; }
    void save(TensorBundle&, const std::string&) const override {}
    [[nodiscard]] Result<void> load(const TensorBundle&, const std::string&) override { return {}; }

private:
    detectors::DetectorSpec m_spec;
    detectors::Parameters m_parameters;
    std::vector<detectors::Contribution> m_reasons;
};

/// Everything explain() borrows, made by hand: records are added first, then the table, then finish().
struct World {
    records::RecordSet set;
    std::vector<std::uint32_t> timeOrder;
    features::FeatureTable table;
    features::Matrix standardised;
    features::Baseline baseline;
    std::vector<FixedReasons> detectors; // reserve()d, so that members may point into it
    ExplainInput input;

    World() { detectors.reserve(8); }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    std::uint32_t addTemplate(const std::string& text)
    {
        set.templates.templates.push_back({text, "T-" + std::to_string(set.templates.size())});
        set.templates.firstUnseen = static_cast<std::uint32_t>(set.templates.size());
        return static_cast<std::uint32_t>(set.templates.size() - 1);
    }
    std::uint64_t addRecord(TimeUs time, const std::string& entity, std::uint32_t templateId,
                            records::Level level = records::Level::Info)
    {
        auto& t = set.table;
        if (t.entities.empty())
            t.entities.intern("");
        t.time.push_back(time);
        t.entity.push_back(t.entities.intern(entity));
        t.templateId.push_back(templateId);
        t.level.push_back(level);
        t.offset.push_back(0);
        t.bytes.push_back(0);
        t.messageStart.push_back(0);
        t.source.push_back(0);
        t.flags.push_back(0);
        timeOrder.push_back(static_cast<std::uint32_t>(t.size() - 1)); // records are added in order of time
        return t.size() - 1;
    }
    void addColumn(std::string name, std::string unit = {}, features::ColumnRole role = features::ColumnRole::Value,
                   std::uint32_t templateId = 0xffffffff)
    {
        features::Column column;
        column.name = std::move(name);
        column.unit = std::move(unit);
        column.role = role;
        column.templateId = templateId;
        table.columns.push_back(column);
    }
    /// A unit with its values, and for windows and sessions its template counts.
    std::size_t addUnit(TimeUs start, TimeUs end, std::uint32_t entity, std::vector<double> values,
                        const std::vector<std::pair<std::uint32_t, float>>& templates = {})
    {
        const auto unit = table.units();
        table.values.conservativeResize(static_cast<Eigen::Index>(unit + 1),
                                        static_cast<Eigen::Index>(table.columns.size()));
        for (std::size_t c = 0; c < values.size(); ++c)
            table.values(static_cast<Eigen::Index>(unit), static_cast<Eigen::Index>(c)) = values[c];
        table.start.push_back(start);
        table.end.push_back(end);
        table.entity.push_back(entity);
        if (!set.templates.templates.empty() && table.kind != features::UnitKind::Row) {
            if (table.templates.begin.empty())
                table.templates.begin.push_back(0);
            for (const auto& [id, count] : templates) {
                table.templates.templateId.push_back(id);
                table.templates.count.push_back(count);
            }
            table.templates.begin.push_back(table.templates.templateId.size());
            table.templates.templateCount = static_cast<std::uint32_t>(set.templates.size());
        }
        return unit;
    }
    void addMember(const std::string& name, double share, std::vector<detectors::Contribution> reasons,
                   double tailP = 1e-6)
    {
        detectors.emplace_back(std::move(reasons));
        input.members.push_back({name, &detectors.back(), share, tailP});
    }
    void finish()
    {
        QuietJob job;
        baseline = features::Baseline::fit(table, job).value();
        standardised = baseline.standardise(table);
        input.records = &set;
        input.timeOrder = timeOrder;
        input.table = &table;
        input.standardised = &standardised;
        input.baseline = &baseline;
    }
    /// The episode of these units with its peak at `peak`.
    [[nodiscard]] decisions::Episode episode(std::size_t first, std::size_t last, std::size_t peak) const
    {
        return {.entity = table.entity[peak],
                .onset = table.start[first],
                .peakTime = table.start[peak],
                .end = table.end[last],
                .score = 9.0,
                .peakUnit = peak,
                .firstUnit = first,
                .lastUnit = last,
                .flaggedUnits = static_cast<std::uint32_t>(last - first + 1)};
    }
};

} // namespace faultline::explain
