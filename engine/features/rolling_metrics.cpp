// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/entity_order.h"
#include "engine/features/rolling_features.h"
#include <tbb/parallel_for.h>

namespace faultline::features
{

namespace
{
/// Which columns of the table one field fills, or -1.
struct FieldColumns {
    const records::NumericField* field = nullptr;
    double spreadFloor = 0.0;
    Eigen::Index difference = -1, mean = -1, spread = -1;
};

std::vector<FieldColumns> findFieldColumns(const FeaturePlan& plan, const records::RecordTable& table)
{
    const auto fields = findFields(table, plan);
    std::vector<FieldColumns> columns(fields.size());
    for (std::size_t f = 0; f < fields.size(); ++f)
        columns[f] = {.field = fields[f], .spreadFloor = plan.fields[f].spreadFloor};
    for (std::size_t c = 0; c < plan.planned.size(); ++c) {
        const auto [feature, f] = plan.planned[c];
        const auto index = static_cast<Eigen::Index>(c);
        if (feature == Feature::FieldDifference)
            columns[f].difference = index;
        else if (feature == Feature::FieldRollingMean)
            columns[f].mean = index;
        else if (feature == Feature::FieldRollingSpread)
            columns[f].spread = index;
    }
    return columns;
}

struct Moments {
    double mean = missing, deviation = missing;
};

/// Mean and sample standard deviation of the values that are there; computed anew for each row, so that a row's
/// features depend on nothing but its look-back.
Moments momentsOf(std::span<const double> values)
{
    double sum = 0.0, count = 0.0;
    for (const double value : values)
        if (!std::isnan(value)) {
            sum += value;
            count += 1.0;
        }
    if (count == 0.0)
        return {};
    Moments moments{.mean = sum / count};
    if (count < 2.0)
        return moments;
    double squares = 0.0;
    for (const double value : values)
        if (!std::isnan(value))
            squares += (value - moments.mean) * (value - moments.mean);
    moments.deviation = std::sqrt(squares / (count - 1.0));
    return moments;
}

void fillEntity(FeatureTable& table, const FieldColumns& columns, std::span<const std::uint32_t> rows,
                std::size_t lookBack, std::vector<double>& values)
{
    values.clear();
    for (const auto i : rows)
        values.push_back(fieldValue(columns.field, i));
    const auto put = [&](std::size_t k, Eigen::Index column, double value) {
        if (column >= 0 && std::isfinite(value))
            table.values(static_cast<Eigen::Index>(rows[k]), column) = value;
    };
    for (std::size_t k = 0; k < values.size(); ++k) {
        if (k > 0)
            put(k, columns.difference, values[k] - values[k - 1]);
        if (columns.mean < 0 && columns.spread < 0)
            continue;
        const auto from = k + 1 > lookBack ? k + 1 - lookBack : 0;
        const auto [mean, deviation] = momentsOf(std::span(values).subspan(from, k + 1 - from));
        put(k, columns.mean, mean);
        put(k, columns.spread, std::log(deviation + columns.spreadFloor));
    }
}
} // namespace

Result<void> fillRollingMetrics(FeatureTable& table, const FeaturePlan& plan, const records::RecordSet& records,
                                JobContext& job)
{
    auto columns = findFieldColumns(plan, records.table);
    std::erase_if(columns, [](const FieldColumns& c) {
        return c.field == nullptr || (c.difference < 0 && c.mean < 0 && c.spread < 0);
    });
    if (columns.empty())
        return {};
    const EntityOrder order(records.table, [&](std::size_t i) { return !isLog(records.table, i); });
    job.begin("looking back", columns.size() * order.entities());
    tbb::parallel_for(std::size_t{0}, columns.size(), [&](std::size_t c) {
        std::vector<double> values;
        for (std::size_t e = 0; e < order.entities() && job.advance(); ++e)
            fillEntity(table, columns[c], order.of(e), plan.options.rollingRows, values);
    });
    if (job.stopRequested())
        return cancelled();
    return {};
}

} // namespace faultline::features
