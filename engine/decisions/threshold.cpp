// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/decisions/threshold.h"
#include "engine/core/text.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

namespace faultline::decisions
{

namespace
{
using Method = ThresholdRule::Method;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

tl::unexpected<Error> unreadable(std::string_view text, const std::string& why)
{
    return fail({ErrorCode::Usage,
                 "the threshold `" + displayText(text) + "` " + why,
                 {},
                 "use quantile:0.99, evt:1e-3, budget:5/day, f1, or a score such as 4.2"});
}

/// The lowest score that at most `share` of all scores reach.
double scoreReachedBy(double share, std::span<const double> scores)
{
    std::vector<double> sorted(scores.begin(), scores.end());
    std::erase_if(sorted, [](double score) { return std::isnan(score); });
    if (sorted.empty())
        return std::numeric_limits<double>::infinity();
    // The small addition keeps 1 - 0.99 of 100 scores at one, not at 0.99999...
    const auto allowed = static_cast<std::size_t>(share * static_cast<double>(sorted.size()) + 1e-9);
    if (allowed >= sorted.size())
        return *std::ranges::min_element(sorted);
    const auto firstOver = sorted.begin() + static_cast<std::ptrdiff_t>(allowed);
    std::ranges::nth_element(sorted, firstOver, std::greater());
    // *firstOver and everything equal to it would be too many; the next higher score is the lowest that is not.
    const auto cut = *firstOver;
    double lowest = std::numeric_limits<double>::infinity();
    for (auto it = sorted.begin(); it != firstOver; ++it)
        if (*it > cut)
            lowest = std::min(lowest, *it);
    return std::isinf(lowest) ? std::nextafter(cut, lowest) : lowest;
}
} // namespace

Result<ThresholdRule> ThresholdRule::parse(std::string_view text)
{
    const auto whole = trim(text);
    if (whole == "f1")
        return ThresholdRule{.method = Method::F1, .parameter = 0.0};
    const auto colon = whole.find(':');
    if (colon == std::string_view::npos) {
        const auto score = parseNumber(whole);
        if (!score)
            return unreadable(whole, "is neither a method nor a number");
        return ThresholdRule{.method = Method::Fixed, .parameter = *score};
    }
    const auto method = whole.substr(0, colon);
    auto value = whole.substr(colon + 1);
    if (method == "budget" && value.ends_with("/day"))
        value.remove_suffix(4);
    const auto number = parseNumber(value);
    if (method == "budget") {
        if (!number || !(*number > 0.0))
            return unreadable(whole, "needs a number of episodes a day above 0");
        return ThresholdRule{.method = Method::Budget, .parameter = *number};
    }
    if (method != "quantile" && method != "evt")
        return unreadable(whole, "names an unknown method");
    if (!number || !(*number > 0.0 && *number < 1.0))
        return unreadable(whole, "needs a number between 0 and 1");
    return ThresholdRule{.method = method == "evt" ? Method::Evt : Method::Quantile, .parameter = *number};
}

std::string ThresholdRule::text() const
{
    switch (method) {
    case Method::Quantile:
        return "quantile:" + formatNumber(parameter);
    case Method::Evt:
        return "evt:" + formatNumber(parameter);
    case Method::Budget:
        return "budget:" + formatNumber(parameter) + "/day";
    case Method::F1:
        return "f1";
    case Method::Fixed:
        break;
    }
    return formatNumber(parameter);
}

Threshold solve(const ThresholdRule& rule, std::span<const double> trainingScores, const ensemble::TailModel& tail)
{
    assert(rule.method != Method::Budget && rule.method != Method::F1);
    if (rule.method == Method::Quantile)
        return {rule, scoreReachedBy(1.0 - rule.parameter, trainingScores), 1.0 - rule.parameter};
    if (rule.method == Method::Evt)
        return {rule, tail.scoreAt(rule.parameter), rule.parameter};
    return {rule, rule.parameter, none};
}

Result<Threshold> solveF1(std::span<const double> scores, std::span<const std::int8_t> labels)
{
    assert(scores.size() == labels.size());
    const auto anomalies = static_cast<std::size_t>(std::ranges::count(labels, std::int8_t{1}));
    if (anomalies == 0)
        return fail({ErrorCode::Config,
                     "the f1 threshold needs at least one unit that is labelled as an anomaly",
                     {},
                     "give labels with --labels, or use another threshold such as evt:1e-3"});
    std::vector<std::size_t> order;
    order.reserve(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (labels[i] >= 0 && !std::isnan(scores[i]))
            order.push_back(i);
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    std::size_t hits = 0;
    double bestF1 = -1.0, best = 0.0;
    for (std::size_t flagged = 1; flagged <= order.size(); ++flagged) {
        const auto unit = order[flagged - 1];
        hits += labels[unit] == 1 ? 1U : 0U;
        if (flagged < order.size() && scores[order[flagged]] == scores[unit])
            continue; // units with equal scores are flagged together
        // 2 TP / (2 TP + FP + FN), where TP + FP = flagged and TP + FN = anomalies
        const double f1 = 2.0 * static_cast<double>(hits) / static_cast<double>(flagged + anomalies);
        if (f1 > bestF1) {
            bestF1 = f1;
            best = scores[unit];
        }
    }
    return Threshold{{Method::F1, 0.0}, best, none};
}

} // namespace faultline::decisions
