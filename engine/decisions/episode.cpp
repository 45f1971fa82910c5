// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/decisions/episode.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace faultline::decisions
{

namespace
{
constexpr std::uint32_t noEpisode = std::numeric_limits<std::uint32_t>::max();

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

Episode begin(const features::FeatureTable& table, std::size_t unit, double score)
{
    Episode episode{.entity = table.entity[unit], .firstUnit = unit};
    extend(episode, table, unit, score);
    return episode;
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
    struct Open {
        std::uint32_t seen = 0;        // units of the entity so far
        std::uint32_t lastFlagged = 0; // value of `seen` at its last flagged unit
        std::uint32_t episode = noEpisode;
    };
    std::vector<Open> open(entityCount(table));
    std::vector<Episode> episodes;
    const bool alone = table.kind == features::UnitKind::Session;
    for (std::size_t unit = 0; unit < scores.size(); ++unit) {
        auto& entity = open[table.entity[unit]];
        const auto seen = ++entity.seen;
        if (!(scores[unit] >= threshold))
            continue;
        if (!alone && entity.episode != noEpisode && seen - entity.lastFlagged - 1 <= options.gapUnits) {
            extend(episodes[entity.episode], table, unit, scores[unit]);
        } else {
            entity.episode = static_cast<std::uint32_t>(episodes.size());
            episodes.push_back(begin(table, unit, scores[unit]));
        }
        entity.lastFlagged = seen;
    }
    const auto key = [](const Episode& episode) {
        return std::tuple(episode.onset, episode.onset == noTime ? episode.firstUnit : 0, episode.entity);
    };
    if (!std::ranges::is_sorted(episodes, {}, key))
        std::ranges::stable_sort(episodes, {}, key);
    return episodes;
}

Threshold solveBudget(double perDay, const features::FeatureTable& table, std::span<const double> scores,
                      const EpisodeOptions& options)
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const double allowed = std::floor(perDay * spanInDays(table) + 1e-9);
    std::vector<std::uint32_t> order;
    order.reserve(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (!std::isnan(scores[i]))
            order.push_back(static_cast<std::uint32_t>(i));
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });

    Threshold threshold{.rule = {ThresholdRule::Method::Budget, perDay},
                        .value = order.empty() ? infinity : std::nextafter(scores[order.front()], infinity),
                        .expectedRate = std::numeric_limits<double>::quiet_NaN()};
    EpisodeCounter counter(table, options);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto unit = order[i];
        counter.flag(unit, table.entity[unit]);
        if (i + 1 < order.size() && scores[order[i + 1]] == scores[unit])
            continue; // units with equal scores are flagged together
        if (static_cast<double>(counter.episodes()) > allowed)
            break;
        threshold.value = scores[unit];
    }
    return threshold;
}

} // namespace faultline::decisions
