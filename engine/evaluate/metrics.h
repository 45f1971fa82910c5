// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace faultline::evaluate
{

/// How well scores and flags agree with labels. Units with unknown label (-1) are left out.
struct Metrics {
    std::size_t units = 0, anomalies = 0; ///< labelled units; those with label 1
    std::size_t truePositives = 0, falsePositives = 0, falseNegatives = 0, trueNegatives = 0;
    double precision = 0.0, recall = 0.0, f1 = 0.0; ///< 0 where undefined
    double aucRoc = 0.0;                            ///< Mann-Whitney with ties counted half; NaN with one class only
    double aucPr = 0.0; ///< average precision (as scikit-learn's average_precision_score); NaN without anomalies
};

/// labels: 1 anomaly, 0 normal, -1 unknown. All three of the same length. O(n log n).
[[nodiscard]] Metrics evaluate(std::span<const double> scores, std::span<const std::uint8_t> flags,
                               std::span<const std::int8_t> labels);

} // namespace faultline::evaluate
