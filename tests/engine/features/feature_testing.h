// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/featurizer.h"
#include "tests/support/record_set_builder.h"
#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace faultline::features
{

/// Index of a column by name, or -1.
inline Eigen::Index columnOf(const FeatureTable& table, const std::string& name)
{
    for (std::size_t c = 0; c < table.columns.size(); ++c)
        if (table.columns[c].name == name)
            return static_cast<Eigen::Index>(c);
    return -1;
}

/// The values of a column by name; fails the test when there is none.
inline std::vector<double> valuesOf(const FeatureTable& table, const std::string& name)
{
    const auto c = columnOf(table, name);
    EXPECT_GE(c, 0) << "no column " << name;
    std::vector<double> values;
    for (Eigen::Index i = 0; c >= 0 && i < table.values.rows(); ++i)
        values.push_back(table.values(i, c));
    values.resize(table.units(), std::nan("")); // so that a test without its column fails and does not crash
    return values;
}

/// The values of a column for the units of one entity.
inline std::vector<double> valuesOf(const FeatureTable& table, const std::string& name, const std::string& entity)
{
    const auto all = valuesOf(table, name);
    std::vector<double> values;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (table.entities[table.entity[i]] == entity)
            values.push_back(all[i]);
    return values;
}

inline std::vector<std::string> columnNames(const std::vector<Column>& columns)
{
    std::vector<std::string> names;
    for (const auto& column : columns)
        names.push_back(column.name);
    return names;
}

/// Equal, with missing equal to missing.
inline bool sameValues(const Matrix& a, const Matrix& b)
{
    if (a.rows() != b.rows() || a.cols() != b.cols())
        return false;
    for (Eigen::Index i = 0; i < a.size(); ++i)
        if (a.data()[i] != b.data()[i] && !(std::isnan(a.data()[i]) && std::isnan(b.data()[i])))
            return false;
    return true;
}

/// Learns from the records and computes their own table.
inline FeatureTable fitAndCompute(const records::RecordSet& set, const FeatureOptions& options, bool causal = false)
{
    QuietJob job;
    const auto featurizer = Featurizer::fit(set, options, job);
    if (!featurizer) {
        ADD_FAILURE() << featurizer.error().text();
        return {};
    }
    auto table = featurizer->compute(set, {.isTrainingData = true, .causal = causal}, job);
    if (!table) {
        ADD_FAILURE() << table.error().text();
        return {};
    }
    return std::move(*table);
}

} // namespace faultline::features
