// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/ensemble/tail_model.h"
#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <numbers>

namespace faultline::ensemble
{

namespace
{
constexpr std::size_t maxKnots = 4096;
constexpr std::size_t minExcesses = 10;
constexpr double tailStart = 0.90;
constexpr double smallestProbability = 1e-300;

double compress(double decades)
{
    constexpr double knee = 11.0;
    return decades <= knee ? decades : knee + std::log1p(decades - knee);
}

double quantileOf(std::span<const double> ascending, double q)
{
    return ascending[static_cast<std::size_t>(q * static_cast<double>(ascending.size() - 1))];
}

std::span<const double> above(std::span<const double> ascending, double cut)
{
    const auto first = std::upper_bound(ascending.begin(), ascending.end(), cut);
    return ascending.subspan(static_cast<std::size_t>(first - ascending.begin()));
}

/// Scale of an exponential tail above `cut` by its median excess.
double scaleByMedian(std::span<const double> tail, double cut)
{
    return (tail[(tail.size() - 1) / 2] - cut) / std::numbers::ln2;
}

/// Where the scores that stand apart begin in ascending scores, or their count when none do: the largest group, of 10
/// to a twentieth of all, before which there is a dip. A dip is a stretch from an excess a to 1.5 a in which at most a
/// twentieth of the scores beyond a lie, where a tail that falls off as slowly as x^-2 has more than half of them.
/// Excesses count from the 0.80 quantile, a starts at 1.5 scales, and a dip is half as wide again as any gap before it,
/// so that the steps of whole-numbered scores are none.
std::size_t firstApart(std::span<const double> ascending)
{
    const double cut = quantileOf(ascending, 0.80);
    const auto tail = above(ascending, cut);
    if (tail.size() < 2 * minExcesses)
        return ascending.size();
    const double start = 1.5 * scaleByMedian(tail, cut);
    double widest = tail[0] - cut;
    for (std::size_t i = 1; i + minExcesses <= tail.size(); ++i) {
        const double before = tail[i - 1] - cut;
        const auto beyond = tail.size() - i;
        const auto strays = beyond / 20;
        const double end = tail[i + strays] - cut;
        if (before >= start && 20 * beyond <= ascending.size() && end >= 1.5 * before && end - before >= 1.5 * widest) {
            // The few scores within the dip belong to what lies before it: the group begins after the widest gap.
            auto first = i;
            for (auto j = i; j <= i + strays; ++j)
                if (tail[j] - tail[j - 1] > tail[first] - tail[first - 1])
                    first = j;
            return ascending.size() - tail.size() + first;
        }
        widest = std::max(widest, tail[i] - tail[i - 1]);
    }
    return ascending.size();
}

/// Drops the largest scores while an exponential tail, its scale taken from the median excess, finds them impossible.
std::span<const double> withoutImpossible(std::span<const double> ascending)
{
    for (int round = 0; round < 20; ++round) {
        const double cut = quantileOf(ascending, tailStart);
        const auto tail = above(ascending, cut);
        if (tail.size() < minExcesses)
            return ascending;
        const double limit = cut + scaleByMedian(tail, cut) * std::log(100.0 * static_cast<double>(tail.size()));
        const auto dropped = above(ascending, limit).size();
        if (dropped == 0)
            return ascending;
        ascending = ascending.first(ascending.size() - dropped);
    }
    return ascending;
}

struct Pareto {
    double scale = 1.0, shape = 0.0;
};

/// Generalised Pareto from the first two probability-weighted moments of ascending excesses over `cut`.
Pareto fitPareto(std::span<const double> tail, double cut)
{
    const auto m = static_cast<double>(tail.size());
    double mean = 0.0, weighted = 0.0; // weighted: E[x (1 - F(x))]
    for (std::size_t i = 0; i < tail.size(); ++i) {
        const double excess = tail[i] - cut;
        mean += excess / m;
        weighted += excess * (m - 0.65 - static_cast<double>(i)) / (m * m); // plotting position (i + 0.65) / m
    }
    const double spread = mean - 2.0 * weighted;
    const double shape = spread > 1e-12 * mean ? std::clamp(2.0 - mean / spread, -0.2, 0.5) : 0.0;
    // With the shape held, the scale follows from the mean: E[x] = scale / (1 - shape).
    return {.scale = std::max(mean * (1.0 - shape), std::numeric_limits<double>::min()), .shape = shape};
}

/// Where a tail with a negative shape, which would end, goes on as an exponential: at a hundredth of the excesses.
constexpr double spliceDecay = 2.0 * std::numbers::ln10;

/// -ln of the generalised Pareto survival of an excess in units of the scale.
double decayOf(double excess, double shape)
{
    if (std::abs(shape) < 1e-9)
        return excess;
    if (shape > 0.0)
        return std::log1p(shape * excess) / shape;
    const double splice = std::expm1(shape * spliceDecay) / shape;
    return excess <= splice ? std::log1p(shape * excess) / shape
                            : spliceDecay + (excess - splice) / (1.0 + shape * splice);
}

/// Inverse of decayOf.
double excessOf(double decay, double shape)
{
    if (std::abs(shape) < 1e-9)
        return decay;
    if (shape > 0.0 || decay <= spliceDecay)
        return std::expm1(shape * decay) / shape;
    const double splice = std::expm1(shape * spliceDecay) / shape;
    return splice + (decay - spliceDecay) * (1.0 + shape * splice);
}

std::vector<double> sortedFinite(std::span<const double> scores)
{
    std::vector<double> out;
    out.reserve(scores.size());
    std::copy_if(scores.begin(), scores.end(), std::back_inserter(out), [](double s) { return std::abs(s) <= 1e300; });
    std::sort(out.begin(), out.end());
    return out;
}
} // namespace

double surpriseOf(double p)
{
    if (!(p < 1.0))
        return 0.0;
    return compress(-std::log10(std::max(p, smallestProbability)));
}

TailModel TailModel::fit(std::span<const double> scores)
{
    TailModel model;
    const auto all = sortedFinite(scores);
    if (all.empty())
        return model;
    const auto apart = firstApart(all);
    if (apart < all.size())
        model.m_apartFrom = all[apart];
    const auto kept = withoutImpossible(std::span(all).first(apart));
    model.m_count = kept.size();
    const auto n = static_cast<double>(kept.size());
    const auto stride = n / static_cast<double>(maxKnots);
    double nextRank = 0.0;
    for (std::size_t i = 0; i < kept.size();) {
        auto j = i + 1;
        while (j < kept.size() && kept[j] == kept[i])
            ++j;
        if (static_cast<double>(j) > nextRank || j == kept.size()) {
            model.m_quantiles.push_back(kept[i]);
            model.m_survival.push_back((n - static_cast<double>(j) + 0.5 * static_cast<double>(j - i)) / n);
            if (stride > 1.0)
                nextRank = std::floor(static_cast<double>(j) / stride + 1.0) * stride;
        }
        i = j;
    }
    model.fitTail(kept);
    return model;
}

TailModel TailModel::fitSurprises(std::span<const double> surprises)
{
    constexpr double longestScale = 1.0 / std::numbers::ln10;
    auto model = fit(surprises);
    if (model.m_hasTail) {
        model.m_shape = std::min(model.m_shape, 0.0);
        model.m_scale = std::min(model.m_scale, longestScale);
    }
    return model;
}

void TailModel::fitTail(std::span<const double> ascending)
{
    const double cut = quantileOf(ascending, tailStart);
    const auto tail = above(ascending, cut);
    m_hasTail = tail.size() >= minExcesses;
    const auto n = static_cast<double>(ascending.size());
    if (m_hasTail) {
        m_cut = cut;
        m_tailShare = static_cast<double>(tail.size()) / n;
        const auto pareto = fitPareto(tail, cut);
        m_scale = pareto.scale;
        m_shape = pareto.shape;
        return;
    }
    const double largest = ascending.back();
    const double median = ascending[(ascending.size() - 1) / 2];
    m_cut = largest;
    m_tailShare = 1.0 / (n + 1.0);
    // The line through (median, 1/2) and (largest, 1/(n+1)); a constant tells no scale, so its magnitude has to do.
    m_scale = largest > median ? (largest - median) / std::log((n + 1.0) / 2.0 + 1.0)
                               : std::max(std::abs(largest), 1.0) / std::numbers::ln10;
}

double TailModel::bodySurvival(double score) const
{
    const auto next = std::upper_bound(m_quantiles.begin(), m_quantiles.end(), score);
    if (next == m_quantiles.begin())
        return 1.0;
    const auto i = static_cast<std::size_t>(next - m_quantiles.begin()) - 1;
    double survival = m_survival[i];
    if (next != m_quantiles.end()) {
        const double width = m_quantiles[i + 1] - m_quantiles[i];
        survival += (m_survival[i + 1] - m_survival[i]) * std::clamp((score - m_quantiles[i]) / width, 0.0, 1.0);
    }
    return std::clamp(survival, m_tailShare, 1.0);
}

double TailModel::logProbability(double score) const
{
    if (m_count == 0 || std::isnan(score))
        return 0.0;
    if (score <= m_cut)
        return std::log(bodySurvival(score));
    const double excess = std::min((score - m_cut) / m_scale, 1e300);
    return std::log(m_tailShare) - decayOf(excess, m_shape);
}

double TailModel::probability(double score) const
{
    return std::max(std::exp(logProbability(score)), smallestProbability);
}

double TailModel::surprise(double score) const
{
    return compress(std::max(0.0, -logProbability(score) / std::numbers::ln10));
}

double TailModel::bodyScoreAt(double p) const
{
    // First knot whose survival is low enough; the survival falls linearly from the knot before it.
    const auto knot = std::partition_point(m_survival.begin(), m_survival.end(), [p](double s) { return s > p; });
    const double beyondCut = std::nextafter(m_cut, std::numeric_limits<double>::infinity());
    if (knot == m_survival.end())
        return beyondCut;
    const auto i = static_cast<std::size_t>(knot - m_survival.begin());
    if (i == 0)
        return m_quantiles[0];
    const double share = (m_survival[i - 1] - p) / (m_survival[i - 1] - m_survival[i]);
    const double score = m_quantiles[i - 1] + share * (m_quantiles[i] - m_quantiles[i - 1]);
    return score <= m_cut ? score : beyondCut;
}

double TailModel::scoreAt(double p) const
{
    if (m_count == 0)
        return std::numeric_limits<double>::infinity();
    if (p >= m_tailShare)
        return bodyScoreAt(p);
    const double decay = std::log(m_tailShare) - std::log(std::max(p, smallestProbability));
    return m_cut + m_scale * excessOf(decay, m_shape);
}

void TailModel::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.put(prefix + "/quantiles", m_quantiles);
    bundle.put(prefix + "/survival", m_survival);
    bundle.put(prefix + "/tail", std::vector<double>{static_cast<double>(m_count), m_cut, m_tailShare, m_scale, m_shape,
                                                     m_hasTail ? 1.0 : 0.0, m_apartFrom});
}

Result<void> TailModel::check() const
{
    const auto damaged = [] {
        return fail({ErrorCode::Parse, "the model's score calibration is inconsistent", {}, "the file is damaged"});
    };
    const auto finite = [](double v) { return std::isfinite(v); };
    if (m_quantiles.size() != m_survival.size() || m_quantiles.empty() != (m_count == 0))
        return damaged();
    if (!std::all_of(m_quantiles.begin(), m_quantiles.end(), finite) ||
        std::adjacent_find(m_quantiles.begin(), m_quantiles.end(), std::greater_equal<>()) != m_quantiles.end())
        return damaged();
    const auto isShare = [](double s) { return s > 0.0 && s <= 1.0; };
    if (!std::all_of(m_survival.begin(), m_survival.end(), isShare) ||
        std::adjacent_find(m_survival.begin(), m_survival.end(), std::less_equal<>()) != m_survival.end())
        return damaged();
    const bool tailIsSound = finite(m_cut) && finite(m_scale) && m_scale > 0.0 && m_shape >= -0.2 && m_shape <= 0.5 &&
                             (m_count == 0 || isShare(m_tailShare));
    return tailIsSound && !std::isnan(m_apartFrom) ? Result<void>{} : damaged();
}

Result<TailModel> TailModel::load(const TensorBundle& bundle, const std::string& prefix)
{
    auto quantiles = bundle.vector<double>(prefix + "/quantiles");
    auto survival = bundle.vector<double>(prefix + "/survival");
    const auto tail = bundle.vector<double>(prefix + "/tail", 7);
    if (!quantiles || !survival || !tail)
        return tl::unexpected(!quantiles ? quantiles.error() : !survival ? survival.error() : tail.error());
    const auto& t = *tail;
    if (!(t[0] >= 0.0 && t[0] <= 1e15))
        return fail(
            {ErrorCode::Parse, "the model's score calibration has an impossible count", {}, "the file is damaged"});
    TailModel model;
    model.m_quantiles = std::move(*quantiles);
    model.m_survival = std::move(*survival);
    model.m_count = static_cast<std::size_t>(t[0]);
    model.m_cut = t[1];
    model.m_tailShare = t[2];
    model.m_scale = t[3];
    model.m_shape = t[4];
    model.m_hasTail = t[5] != 0.0;
    model.m_apartFrom = t[6];
    if (auto checked = model.check(); !checked)
        return tl::unexpected(checked.error());
    return model;
}

} // namespace faultline::ensemble
