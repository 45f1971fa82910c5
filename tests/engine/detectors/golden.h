// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "tests/engine/detectors/tables.h"
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

namespace faultline::detectors::test
{

/// The cases that tests/golden/detectors/make_expected.py wrote for one detector.
inline nlohmann::json goldenCases(const std::string& detector)
{
    std::ifstream file(FAULTLINE_SOURCE_DIR "/tests/golden/detectors/expected.json");
    return nlohmann::json::parse(file).at(detector);
}

inline Table tableFromJson(const nlohmann::json& rows)
{
    features::Matrix matrix(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t c = 0; c < rows[i].size(); ++c)
            matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) = rows[i][c].get<double>();
    return tableOf(std::move(matrix));
}

/// Equal within 1e-6 of the expected value (of 1e-6 where that is smaller).
inline void expectEqualScores(const std::vector<double>& ours, const nlohmann::json& expected)
{
    ASSERT_EQ(ours.size(), expected.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const auto theirs = expected[i].get<double>();
        EXPECT_NEAR(ours[i], theirs, 1e-6 * std::max(std::abs(theirs), 1e-6)) << "unit " << i;
    }
}

/// Spearman's rank correlation; ties get no care.
inline double rankCorrelation(const std::vector<double>& a, const std::vector<double>& b)
{
    const auto ranks = [](const std::vector<double>& values) {
        std::vector<std::size_t> order(values.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::sort(order.begin(), order.end(), [&](auto x, auto y) { return values[x] < values[y]; });
        std::vector<double> out(values.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            out[order[i]] = static_cast<double>(i);
        return out;
    };
    const auto x = ranks(a), y = ranks(b);
    double squares = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i)
        squares += (x[i] - y[i]) * (x[i] - y[i]);
    const auto n = static_cast<double>(x.size());
    return 1.0 - 6.0 * squares / (n * (n * n - 1.0));
}

} // namespace faultline::detectors::test
