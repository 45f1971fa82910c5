// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/random.h"
#include "engine/detectors/catalogue.h"
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <vector>

namespace faultline::detectors::test
{

/// A feature table and its standardised values, which are the raw ones unless a test says otherwise.
struct Table {
    features::FeatureTable table;
    features::Matrix standardised;

    [[nodiscard]] DetectorInput input() const { return {.table = &table, .standardised = &standardised}; }
};

inline Table tableOf(features::Matrix values, const std::vector<features::ColumnRole>& roles = {})
{
    Table out;
    for (Eigen::Index c = 0; c < values.cols(); ++c) {
        features::Column column{.name = "x" + std::to_string(c)};
        if (static_cast<std::size_t>(c) < roles.size())
            column.role = roles[static_cast<std::size_t>(c)];
        out.table.columns.push_back(column);
    }
    const auto units = static_cast<std::size_t>(values.rows());
    out.table.start.assign(units, noTime);
    out.table.end.assign(units, noTime);
    out.table.entity.assign(units, 0);
    out.table.entities = {""};
    out.standardised = values.unaryExpr([](double v) { return std::isnan(v) ? 0.0 : v; });
    out.table.values = std::move(values);
    return out;
}

/// One column with these values.
inline Table line(const std::vector<double>& values)
{
    features::Matrix matrix(static_cast<Eigen::Index>(values.size()), 1);
    std::copy(values.begin(), values.end(), matrix.data());
    return tableOf(std::move(matrix));
}

inline Table gaussianTable(Eigen::Index units, Eigen::Index columns, std::uint64_t seed)
{
    Random random(seed);
    features::Matrix values(units, columns);
    for (Eigen::Index i = 0; i < values.size(); ++i)
        values.data()[i] = random.normal();
    return tableOf(std::move(values));
}

/// Units that hold these counts by template, and so many records of each one after the other, without columns.
inline Table sessionsOf(const std::vector<std::map<std::uint32_t, float>>& units)
{
    Table out = tableOf(features::Matrix(static_cast<Eigen::Index>(units.size()), 0));
    out.table.kind = features::UnitKind::Session;
    auto& counts = out.table.templates;
    auto& sequence = out.table.templateSequence;
    counts.begin.push_back(0);
    sequence.begin.push_back(0);
    for (const auto& unit : units) {
        for (const auto& [id, count] : unit) {
            counts.templateId.push_back(id);
            counts.count.push_back(count);
            counts.templateCount = std::max(counts.templateCount, id + 1);
            sequence.templateId.insert(sequence.templateId.end(), static_cast<std::size_t>(std::max(count, 0.0F)), id);
        }
        counts.begin.push_back(counts.templateId.size());
        sequence.begin.push_back(sequence.templateId.size());
    }
    return out;
}

inline std::unique_ptr<Detector> made(const std::string& name, const Parameters& parameters = {},
                                      std::uint64_t seed = 1)
{
    auto detector = make(name, parameters, seed);
    EXPECT_TRUE(detector) << detector.error().text();
    return std::move(*detector);
}

inline std::unique_ptr<Detector> fitted(const std::string& name, const Table& training,
                                        const Parameters& parameters = {}, std::uint64_t seed = 1)
{
    auto detector = made(name, parameters, seed);
    QuietJob job;
    const auto result = detector->fit(training.input(), job);
    EXPECT_TRUE(result) << result.error().text();
    return detector;
}

inline std::vector<double> scoresOf(const Detector& detector, const Table& table, bool isTrainingData = false)
{
    QuietJob job;
    auto scores = detector.score(table.input(), {.isTrainingData = isTrainingData}, job);
    EXPECT_TRUE(scores) << scores.error().text();
    return scores ? *scores : std::vector<double>{};
}

inline double sumOfShares(const std::vector<Contribution>& contributions)
{
    double sum = 0.0;
    for (const auto& contribution : contributions)
        sum += contribution.share;
    return sum;
}

/// Whether a fresh detector refuses to load what `detector` saved, once `damage` has changed it.
template <class Damage>
bool refusesAfter(const Detector& detector, Damage damage)
{
    TensorBundle bundle;
    detector.save(bundle, "part");
    damage(bundle);
    const auto loaded = made(detector.spec().name)->load(bundle, "part");
    return !loaded && loaded.error().code == ErrorCode::Parse;
}

} // namespace faultline::detectors::test
