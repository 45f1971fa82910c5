// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/core/tensor_bundle.h"
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace faultline::ensemble
{

/// Turns raw scores into tail probabilities: the chance that a normal unit scores this high or higher.
///
/// Body: empirical distribution of the training scores, ties counted half, kept as at most 4,096 knots. Tail above the
/// 0.90 quantile: generalised Pareto by probability-weighted moments (Hosking and Wallis 1987), shape clipped to [-0.2,
/// 0.5]; beyond a hundredth of the excesses a negative shape goes on as an exponential. (Siffer et al., KDD 2017, clip
/// at 0, which makes Gaussian scores alarm 3.5 times too seldom.) Training data may hold the anomalies that are looked
/// for. So two things are left out before the fit: a group of at most 5 % that stands apart (beyond a stretch that is
/// nearly empty though a tail as heavy as x^-2 would fill it), and scores that a robust exponential fit (scale from the
/// median excess) gives a chance under 0.01 / n. A few percent of anomalies then neither hide themselves nor stretch
/// the tail, while on clean data, heavy-tailed too, the false-alarm rate stays within 3x (a test). With fewer than 10
/// excesses: empirical with a floor of 1 / (n + 1), log-linear beyond the largest. Scores that are not finite are not
/// learned. Deterministic; fit is O(n log n), a look-up O(log n), memory at most 64 kB.
class TailModel
{
public:
    [[nodiscard]] static TailModel fit(std::span<const double> scores);
    /// For weighted means (or maxima) of surprises in decades, each of which is exponential with mean 1 / ln 10 on
    /// normal units. A mean of them, however dependent, has no longer tail than one of them, so the fitted scale is
    /// held to 1 / ln 10 and the shape to at most 0: anomalies that the members have already called unlikely cannot
    /// talk the ensemble out of it.
    [[nodiscard]] static TailModel fitSurprises(std::span<const double> surprises);
    /// In (0, 1], non-increasing in score, strictly decreasing beyond the largest training score; never below 1e-300.
    /// NaN and an unfitted model give 1.
    [[nodiscard]] double probability(double score) const;
    /// -log10 of probability(), in decades: "one in a thousand" is 3. Compressed logarithmically beyond 11 so that one
    /// detector cannot drown the others but order is kept.
    [[nodiscard]] double surprise(double score) const;
    /// Smallest score whose probability is at most p (p in (0, 1)).
    [[nodiscard]] double scoreAt(double p) const;
    [[nodiscard]] std::size_t trainingCount() const { return m_count; }
    /// Training scores from here on stood apart from the others; +infinity when none did.
    [[nodiscard]] double apartFrom() const { return m_apartFrom; }
    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<TailModel> load(const TensorBundle& bundle, const std::string& prefix);

private:
    [[nodiscard]] double logProbability(double score) const;
    [[nodiscard]] double bodySurvival(double score) const;
    [[nodiscard]] double bodyScoreAt(double p) const;
    void fitTail(std::span<const double> ascending);
    [[nodiscard]] Result<void> check() const;

    std::vector<double>
        m_quantiles; ///< ascending, distinct, equally spaced in probability where there are too many to keep all
    std::vector<double> m_survival; ///< mid-rank survival of each quantile, descending
    std::size_t m_count = 0;        ///< scores that the fit kept
    double m_cut = 0.0;             ///< scores above this are in the tail
    double m_tailShare = 0.0;       ///< survival just above the cut
    double m_scale = 1.0, m_shape = 0.0;
    double m_apartFrom = std::numeric_limits<double>::infinity();
    bool m_hasTail = false; ///< false: log-linear beyond the largest score
};

/// The causal form: each score is judged by the scores before it (up to the last 30,000), then remembered. The tail is
/// refitted when the history has grown by a tenth, at least every 25 scores.
class LiveTail
{
public:
    /// Tail probability of `score` given what came before; 1 for the first 30 scores. Then learns it.
    double push(double score);
    [[nodiscard]] std::uint64_t seen() const { return m_seen; }
    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<LiveTail> load(const TensorBundle& bundle, const std::string& prefix);

private:
    std::vector<double> m_history; ///< ring of at most 30,000
    std::uint64_t m_seen = 0, m_nextFit = 30;
    TailModel m_tail;
};

/// One member's raw training scores and their tail.
struct MemberScores {
    std::span<const double> raw;
    const TailModel* tail = nullptr;
};
struct EnsembleTailOptions {
    bool trainingIsNormal = false; ///< somebody vouches that the training data holds no anomalies
};
/// The tail of the ensemble's training scores, by which evt thresholds are set: fitted without the units that stand
/// apart by any member's own scores. Where anomalies are in the training data this tells them apart better than the
/// combined score, which is logarithmic and so draws them near again. What is left may still hold anomalies that shade
/// into the normal, so the tail is that of fitSurprises(), or of fit() when the training data is known to be normal.
[[nodiscard]] TailModel fitEnsembleTail(std::span<const double> combined, std::span<const MemberScores> members,
                                        const EnsembleTailOptions& options = {});

/// -log10 p, compressed beyond 11 as in TailModel::surprise.
[[nodiscard]] double surpriseOf(double p);

} // namespace faultline::ensemble
