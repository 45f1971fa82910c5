// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/decisions/episode.h"
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <tuple>

namespace faultline::decisions
{

namespace
{
std::size_t entityCount(const features::FeatureTable& table)
{
    std::uint32_t highest = 0;
    for (const auto entity : table.entity)
        highest = std::max(highest, entity);
    return std::size_t{highest} + 1;
}

/// Widens `episode` by a unit; noTime says nothing and changes nothing.
void extend(Episode& episode, const features::FeatureTable& table, std::size_t unit, double score)
{
    const auto start = table.start[unit], end = table.end[unit];
    if (start != noTime && (episode.onset == noTime || start < episode.onset))
        episode.onset = start;
    episode.end = std::max(episode.end, end); // noTime is the lowest of all
    if (episode.flaggedUnits == 0 || score > episode.score) {
        episode.score = score;
        episode.peakUnit = unit;
        episode.peakTime = start;
    }
    episode.lastUnit = unit;
    ++episode.flaggedUnits;
}

Episode begin(const features::FeatureTable& table, std::size_t unit)
{
    return {.entity = table.entity[unit], .firstUnit = unit};
}

/// Follows one entity's units and builds its episodes.
class EpisodeBuilder
{
public:
    struct Levels {
        double threshold = 0.0, low = 0.0;
    };
    EpisodeBuilder() = default;

    void push(const features::FeatureTable& table, std::span<const double> scores, std::size_t unit,
              const Levels& levels, std::uint32_t gapUnits, std::vector<Episode>& episodes)
    {
        const double score = scores[unit];
        if (!(score >= levels.low)) { // NaN too
            // A stretch that never reached the threshold is a part of the gap.
            m_inStretch = false;
            m_waiting.push_back(static_cast<std::uint32_t>(unit));
            if (m_episode == noEpisode || m_waiting.size() > gapUnits) {
                m_episode = noEpisode;
                m_waiting.clear();
            }
            return;
        }
        if (!m_inStretch) {
            m_inStretch = true;
            m_reached = false;
            m_stretchAt = m_waiting.size();
        }
        m_waiting.push_back(static_cast<std::uint32_t>(unit));
        m_reached = m_reached || score >= levels.threshold;
        if (m_reached)
            take(table, scores, episodes);
    }

private:
    static constexpr std::uint32_t noEpisode = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> m_waiting; ///< units since the last one that was taken
    std::size_t m_stretchAt = 0;          ///< where in m_waiting the current stretch begins
    std::uint32_t m_episode = noEpisode;
    bool m_inStretch = false, m_reached = false;

    /// Moves the waiting units into the open episode, or those of the stretch into a new one.
    void take(const features::FeatureTable& table, std::span<const double> scores, std::vector<Episode>& episodes)
    {
        auto first = m_waiting.begin();
        if (m_episode == noEpisode) {
            first += static_cast<std::ptrdiff_t>(m_stretchAt);
            m_episode = static_cast<std::uint32_t>(episodes.size());
            episodes.push_back(begin(table, *first));
        }
        for (; first != m_waiting.end(); ++first)
            extend(episodes[m_episode], table, *first, scores[*first]);
        m_waiting.clear();
        m_stretchAt = 0;
    }
};

void orderByOnset(std::vector<Episode>& episodes)
{
    const auto key = [](const Episode& episode) {
        return std::tuple(episode.onset, episode.onset == noTime ? episode.firstUnit : 0, episode.entity);
    };
    if (!std::ranges::is_sorted(episodes, {}, key))
        std::ranges::stable_sort(episodes, {}, key);
}

double spanInDays(const features::FeatureTable& table)
{
    TimeUs first = std::numeric_limits<TimeUs>::max(), last = noTime;
    for (std::size_t i = 0; i < table.units(); ++i) {
        if (table.start[i] == noTime)
            continue;
        first = std::min(first, table.start[i]);
        last = std::max({last, table.start[i], table.end[i]});
    }
    if (last == noTime)
        return 1.0;
    return (static_cast<double>(last) - static_cast<double>(first)) / static_cast<double>(day_us);
}

/// Counts episodes while units are flagged one by one, in any order.
class EpisodeCounter
{
public:
    EpisodeCounter(const features::FeatureTable& table, const EpisodeOptions& options)
        : m_reach(table.kind == features::UnitKind::Session ? 0 : std::size_t{options.gapUnits} + 1),
          m_position(table.units()), m_begin(entityCount(table) + 1)
    {
        for (std::size_t i = 0; i < table.units(); ++i)
            ++m_begin[table.entity[i] + 1];
        std::partial_sum(m_begin.begin(), m_begin.end(), m_begin.begin());
        auto next = m_begin;
        for (std::size_t i = 0; i < table.units(); ++i)
            m_position[i] = next[table.entity[i]]++;
        m_flagged.resize(table.units());
    }

    void flag(std::size_t unit, std::uint32_t entity)
    {
        const auto at = m_position[unit];
        m_flagged[at] = 1;
        const auto left = distance(at, at - m_begin[entity], -1);
        const auto right = distance(at, m_begin[entity + 1] - 1 - at, 1);
        if (left == 0 && right == 0)
            ++m_episodes;
        else if (left != 0 && right != 0 && left + right > m_reach) // joins two that were apart
            --m_episodes;
    }
    [[nodiscard]] std::size_t episodes() const { return m_episodes; }

private:
    std::size_t m_reach;                 ///< flagged units at most so far apart are one episode
    std::vector<std::size_t> m_position; ///< of each unit, when units are put in order of entity, then table
    std::vector<std::size_t> m_begin;    ///< first position of each entity
    std::vector<std::uint8_t> m_flagged; ///< by position
    std::size_t m_episodes = 0;

    /// Distance to the nearest flagged position on one side within reach; 0 when there is none.
    [[nodiscard]] std::size_t distance(std::size_t at, std::size_t room, std::ptrdiff_t step) const
    {
        const auto limit = std::min(m_reach, room);
        for (std::size_t d = 1; d <= limit; ++d)
            if (m_flagged[at + static_cast<std::size_t>(step * static_cast<std::ptrdiff_t>(d))] != 0)
                return d;
        return 0;
    }
};
} // namespace

std::vector<Episode> mergeEpisodes(const features::FeatureTable& table, std::span<const double> scores,
                                   double threshold, const EpisodeOptions& options)
{
    std::vector<Episode> episodes;
    if (table.kind == features::UnitKind::Session) {
        for (std::size_t unit = 0; unit < scores.size(); ++unit)
            if (scores[unit] >= threshold)
                extend(episodes.emplace_back(begin(table, unit)), table, unit, scores[unit]);
    } else {
        std::vector<EpisodeBuilder> builders(entityCount(table));
        // Below zero there is no share of a threshold to fall back to.
        const EpisodeBuilder::Levels levels{threshold, threshold > 0.0 ? threshold * options.continueAt : threshold};
        for (std::size_t unit = 0; unit < scores.size(); ++unit)
            builders[table.entity[unit]].push(table, scores, unit, levels, options.gapUnits, episodes);
    }
    orderByOnset(episodes);
    return episodes;
}

std::vector<std::uint8_t> flagsOf(const features::FeatureTable& table, std::span<const Episode> episodes)
{
    std::vector<std::vector<std::pair<std::uint64_t, std::uint64_t>>> spans(entityCount(table));
    for (const auto& episode : episodes)
        spans[episode.entity].emplace_back(episode.firstUnit, episode.lastUnit);
    for (auto& entity : spans)
        std::ranges::sort(entity, std::greater()); // the next one last
    std::vector<std::uint8_t> flags(table.units());
    for (std::size_t unit = 0; unit < flags.size(); ++unit) {
        auto& entity = spans[table.entity[unit]];
        while (!entity.empty() && entity.back().second < unit)
            entity.pop_back();
        flags[unit] = !entity.empty() && entity.back().first <= unit ? 1 : 0;
    }
    return flags;
}

namespace
{
/// Descending ranks to try: each of the first 300, then about three percent apart.
std::vector<std::size_t> ranksToTry(std::size_t count)
{
    std::vector<std::size_t> ranks;
    for (std::size_t rank = 0; rank < count; rank += rank < 300 ? 1 : rank / 33)
        ranks.push_back(rank);
    return ranks;
}

double lowestWithin(double allowed, const features::FeatureTable& table, std::span<const double> scores,
                    std::span<const std::uint32_t> order, const EpisodeOptions& options)
{
    double value = std::nextafter(scores[order.front()], std::numeric_limits<double>::infinity());
    for (const auto rank : ranksToTry(order.size())) {
        const double threshold = scores[order[rank]];
        if (threshold == value)
            continue;
        if (static_cast<double>(mergeEpisodes(table, scores, threshold, options).size()) > allowed)
            break;
        value = threshold;
    }
    return value;
}

double lowestWithinExactly(double allowed, const features::FeatureTable& table, std::span<const double> scores,
                           std::span<const std::uint32_t> order, const EpisodeOptions& options)
{
    double value = std::nextafter(scores[order.front()], std::numeric_limits<double>::infinity());
    EpisodeCounter counter(table, options);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto unit = order[i];
        counter.flag(unit, table.entity[unit]);
        if (i + 1 < order.size() && scores[order[i + 1]] == scores[unit])
            continue; // units with equal scores are flagged together
        if (static_cast<double>(counter.episodes()) > allowed)
            break;
        value = scores[unit];
    }
    return value;
}
} // namespace

Threshold solveBudget(double perDay, const features::FeatureTable& table, std::span<const double> scores,
                      const EpisodeOptions& options)
{
    const double allowed = std::floor(perDay * spanInDays(table) + 1e-9);
    std::vector<std::uint32_t> order;
    order.reserve(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (!std::isnan(scores[i]))
            order.push_back(static_cast<std::uint32_t>(i));
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });
    Threshold threshold{.rule = {ThresholdRule::Method::Budget, perDay},
                        .value = std::numeric_limits<double>::infinity(),
                        .expectedRate = std::numeric_limits<double>::quiet_NaN()};
    if (!order.empty())
        threshold.value = options.continueAt < 1.0 ? lowestWithin(allowed, table, scores, order, options)
                                                   : lowestWithinExactly(allowed, table, scores, order, options);
    return threshold;
}

} // namespace faultline::decisions
