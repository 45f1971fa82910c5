// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/ensemble/tail_model.h"
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace faultline::decisions
{

/// How the threshold is chosen.
struct ThresholdRule {
    enum class Method : std::uint8_t {
        Quantile, ///< this quantile of the training scores, parameter in (0, 1)
        Evt,      ///< score that a normal unit exceeds with this chance, parameter in (0, 1)
        Budget,   ///< as many episodes a day as this on the training data, parameter > 0
        F1,       ///< best F1 on the given labels
        Fixed,    ///< this score
    };
    Method method = Method::Evt;
    double parameter = 1e-3;

    /// Reads `quantile:0.99`, `evt:1e-3`, `budget:5/day` (or `budget:5`), `f1`, `4.2`. Usage error that says what is
    /// allowed.
    [[nodiscard]] static Result<ThresholdRule> parse(std::string_view text);
    [[nodiscard]] std::string text() const; ///< what parse() reads
};

struct Threshold {
    ThresholdRule rule;
    double value = 0.0;        ///< a unit is flagged when its ensemble score is >= value
    double expectedRate = 0.0; ///< flagged share of normal units that the rule promises; NaN when it promises none
};

/// Solves Quantile, Evt and Fixed from the training scores and their tail model. (Budget and F1 need episodes or
/// labels: see below.) Quantile: the lowest training score that at most 1 - parameter of them reach, so that many equal
/// scores never break the promise; just above the highest when there is none.
[[nodiscard]] Threshold solve(const ThresholdRule& rule, std::span<const double> trainingScores,
                              const ensemble::TailModel& tail);
/// The threshold with the best F1 of score >= value against labels (1 = anomaly, 0 = normal, -1 = unknown); ties: the
/// highest. Config error when no unit is labelled as an anomaly. O(n log n).
[[nodiscard]] Result<Threshold> solveF1(std::span<const double> scores, std::span<const std::int8_t> labels);

} // namespace faultline::decisions
