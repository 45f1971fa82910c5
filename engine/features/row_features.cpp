// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/group_columns.h"
#include "engine/features/quantile.h"
#include "engine/features/record_facts.h"
#include "engine/features/rolling_features.h"
#include "engine/features/template_novelty.h"
#include "engine/features/unit_builders.h"
#include <algorithm>
#include <tbb/parallel_for.h>

namespace faultline::features
{

namespace
{
/// What kinds of records there are, and whether they carry times.
struct RowKinds {
    bool logs = false, metrics = false, metricTimes = false, logTimes = false;
};

RowKinds surveyRows(const records::RecordTable& table, const RecordRange& range)
{
    RowKinds kinds;
    for (auto i = range.first; i < range.last; ++i) {
        const bool log = isLog(table, i), timed = table.time[i] != noTime;
        kinds.logs |= log;
        kinds.metrics |= !log;
        kinds.logTimes |= log && timed;
        kinds.metricTimes |= !log && timed;
    }
    return kinds;
}

/// A hundredth of the field's usual width: quieter than that is quiet.
double spreadFloor(const records::NumericField& field, const RecordRange& range)
{
    constexpr std::size_t enough = 100'000;
    const auto step = (range.last - range.first) / enough + 1;
    std::vector<double> values;
    for (auto i = range.first; i < range.last; i += step)
        if (const double value = fieldValue(&field, i); !std::isnan(value))
            values.push_back(value);
    if (values.empty())
        return 1e-12;
    const double middle = quantile(values, 0.5);
    for (auto& value : values)
        value -= middle;
    return 0.01 * robustSpread(values) + 1e-9 * std::abs(middle) + 1e-12;
}

void planRawColumns(FeaturePlan& plan, const records::RecordTable& table, const RecordRange& range)
{
    const auto choice = chooseFields(table, range, plan.options.causalColumns);
    std::vector<std::uint32_t> fields;
    std::set_union(choice.log.begin(), choice.log.end(), choice.metric.begin(), choice.metric.end(),
                   std::back_inserter(fields));
    for (const auto f : fields) {
        const auto& field = table.fields[f];
        plan.add({.name = field.name(), .unit = field.unit()}, Feature::Field,
                 static_cast<std::uint32_t>(plan.fields.size()));
        plan.fields.push_back({field.name(), field.unit(), spreadFloor(field, range)});
    }
}

void planRollingColumns(FeaturePlan& plan, const records::RecordTable& table, const RecordRange& range, bool besideLogs)
{
    const auto metric = chooseFields(table, range, plan.options.causalColumns).metric;
    const auto rows = std::to_string(plan.options.rollingRows);
    for (std::uint32_t f = 0; f < plan.fields.size(); ++f) {
        const auto& [name, unit, floor] = plan.fields[f];
        const auto isThisField = [&, &wanted = name](auto m) { return table.fields[m].name() == wanted; };
        if (std::none_of(metric.begin(), metric.end(), isThisField))
            continue;
        plan.add({.name = name + " diff", .unit = unit}, Feature::FieldDifference, f);
        plan.add({.name = name + " mean " + rows, .unit = unit}, Feature::FieldRollingMean, f);
        plan.add({.name = name + " spread " + rows, .unit = "ln"}, Feature::FieldRollingSpread, f);
        const auto& spans = plan.options.rolling_us;
        for (std::size_t s = 0; !besideLogs && s < spans.size(); ++s) {
            const auto in = " in " + shortDuration(spans[s]);
            plan.add({.name = name + " mean" + in, .unit = unit}, Feature::RollingMean, paired(f, s, spans.size()));
            plan.add({.name = name + " max" + in, .unit = unit}, Feature::RollingMaximum, paired(f, s, spans.size()));
        }
    }
}

void planRecentColumns(FeaturePlan& plan, const records::RecordTable& table)
{
    for (std::uint32_t s = 0; s < plan.options.rolling_us.size(); ++s) {
        const auto span = shortDuration(plan.options.rolling_us[s]), per = "per " + span, in = " in " + span;
        plan.add({.name = "requests" + in, .unit = per, .role = ColumnRole::Count}, Feature::RecentRequests, s);
        plan.add({.name = "error share" + in, .role = ColumnRole::Share, .noiseFloor = 0.01}, Feature::RecentErrorShare,
                 s);
        plan.add({.name = "distinct templates" + in, .unit = per, .role = ColumnRole::Count}, Feature::RecentTemplates,
                 s);
        if (findField(table, "bytes") != nullptr)
            plan.add({.name = "bytes" + in, .unit = "bytes"}, Feature::RecentBytes, s);
    }
}

FeatureTable emptyTable(const FeaturePlan& plan, const records::RecordTable& records)
{
    const auto units = records.size();
    FeatureTable table{.kind = UnitKind::Row, .columns = plan.columns, .entities = records.entities.all()};
    if (table.entities.empty())
        table.entities.emplace_back();
    table.values.resize(static_cast<Eigen::Index>(units), static_cast<Eigen::Index>(plan.columns.size()));
    table.start.resize(units);
    table.end.resize(units);
    table.entity.resize(units);
    table.record.resize(units);
    return table;
}

void fillRow(FeatureTable& table, const FeaturePlan& plan, const records::RecordTable& records,
             const std::vector<const records::NumericField*>& fields, std::size_t i)
{
    auto* row = table.values.row(static_cast<Eigen::Index>(i)).data();
    for (std::size_t c = 0; c < plan.planned.size(); ++c)
        row[c] = plan.planned[c].feature == Feature::Field ? fieldValue(fields[plan.planned[c].argument], i) : missing;
    table.start[i] = table.end[i] = records.time[i];
    table.entity[i] = records.entity[i];
    table.record[i] = static_cast<std::uint32_t>(i);
}
} // namespace

Result<FeaturePlan> planRows(const records::RecordSet& training, const FeatureOptions& options)
{
    const auto& table = training.table;
    const RecordRange range{.last = options.causalColumns ? std::min(table.size(), causalUnits) : table.size()};
    const auto kinds = surveyRows(table, range);
    FeaturePlan plan{.options = options};
    planRawColumns(plan, table, range);
    if (options.rollingColumns && kinds.metricTimes)
        planRollingColumns(plan, table, range, kinds.logs);
    if (options.rollingColumns && kinds.logTimes)
        planRecentColumns(plan, table);
    if (kinds.logs) {
        plan.add({.name = "template rarity", .unit = "decades"}, Feature::TemplateRarity);
        if (!options.causalColumns)
            learnTemplateRecords(plan.known, countTemplates(training));
    }
    const bool calendar = options.groups.timeOfDay || options.groups.dayOfWeek;
    if (auto done = planGroups(plan, training, range, calendar ? recordSpan(table) : -1.0); !done)
        return fail(done.error());
    return plan;
}

Result<FeatureTable> computeRows(const FeaturePlan& plan, const records::RecordSet& records,
                                 const Featurizer::ComputeOptions& options, JobContext& job)
{
    if (auto fits = checkTableSize(records.table.size(), plan.columns.size()); !fits)
        return fail(fits.error());
    auto table = emptyTable(plan, records.table);
    const auto fields = findFields(records.table, plan);
    job.begin("copying values", records.table.size());
    constexpr std::size_t run = 8'192;
    tbb::parallel_for(std::size_t{0}, (table.units() + run - 1) / run, [&](std::size_t r) {
        const auto last = std::min(table.units(), (r + 1) * run);
        if (!job.advance(last - r * run))
            return;
        for (auto i = r * run; i < last; ++i)
            fillRow(table, plan, records.table, fields, i);
    });
    if (job.stopRequested())
        return cancelled();
    if (auto done = fillRollingMetrics(table, plan, records, job); !done)
        return fail(done.error());
    if (auto done = fillRecentRequests(table, plan, records, job); !done)
        return fail(done.error());
    if (auto done = fillRowSpans(table, plan, records, job); !done)
        return fail(done.error());
    fillRowGroups(table, plan, records.table);
    fillRarity(table, plan, records, options);
    return table;
}

} // namespace faultline::features
