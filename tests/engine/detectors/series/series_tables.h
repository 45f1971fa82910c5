// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "tests/engine/detectors/tables.h"
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

namespace faultline::detectors::test
{

/// One entity's units of one column each, `step_s` seconds apart.
inline Table seriesOf(const std::vector<double>& values, std::int64_t step_s = 300)
{
    features::Matrix matrix(static_cast<Eigen::Index>(values.size()), 1);
    for (std::size_t i = 0; i < values.size(); ++i)
        matrix(static_cast<Eigen::Index>(i), 0) = values[i];
    auto out = tableOf(std::move(matrix));
    for (std::size_t i = 0; i < values.size(); ++i)
        out.table.start[i] = out.table.end[i] = (1'772'000'000 + static_cast<std::int64_t>(i) * step_s) * second_us;
    return out;
}

inline std::vector<double> noise(std::size_t n, std::uint64_t seed)
{
    Random random(seed);
    std::vector<double> out;
    for (std::size_t i = 0; i < n; ++i)
        out.push_back(random.normal());
    return out;
}

inline std::vector<double> updatesOf(Detector& detector, const Table& table)
{
    std::vector<double> out;
    for (std::size_t unit = 0; unit < table.table.units(); ++unit)
        out.push_back(detector.update(table.input(), unit));
    return out;
}

inline nlohmann::json golden(const std::string& name)
{
    std::ifstream file(std::string(FAULTLINE_SOURCE_DIR) + "/tests/golden/" + name);
    return nlohmann::json::parse(file);
}

} // namespace faultline::detectors::test
