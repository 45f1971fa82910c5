// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/jobs/episode_follower.h"
#include <algorithm>
#include <utility>

namespace faultline::ui
{
namespace
{

bool sameEpisode(const decisions::Episode& a, const decisions::Episode& b)
{
    return a.entity == b.entity && a.firstUnit == b.firstUnit && a.lastUnit == b.lastUnit;
}

/// The explanation that came with the result, when the episode is the same.
std::shared_ptr<const explain::Explanation> knownExplanation(const ChartDataPtr& data,
                                                             const decisions::Episode& episode)
{
    const auto& run = *data->result;
    for (std::size_t i = 0; i < run.episodes.size() && i < run.explanations.size(); ++i) {
        if (sameEpisode(run.episodes[i], episode) && !run.explanations[i].title.empty())
            return {data, &run.explanations[i]}; // shares the result's life
    }
    return nullptr;
}

} // namespace

EpisodeFollower::EpisodeFollower(Selection* selection, QObject* parent) : QObject(parent), m_selection(selection)
{
    connect(selection, &Selection::thresholdChanged, this, &EpisodeFollower::follow);
    connect(selection, &Selection::episodeChosen, this, &EpisodeFollower::explain);
    connect(selection, &Selection::dataChanged, this, &EpisodeFollower::forget);
}

EpisodeFollower::~EpisodeFollower() = default;

void EpisodeFollower::follow(double threshold)
{
    if (!m_selection->hasData())
        return;
    if (m_merging) {
        m_wanted = threshold;
        return;
    }
    m_merging =
        std::make_unique<JobHandle>([this, threshold, data = m_selection->data()](JobContext&) -> JobHandle::Deliver {
            auto episodes = pipeline::episodesAt(*data->result, threshold);
            return [this, data, episodes = std::move(episodes)]() mutable {
                if (m_selection->data() == data)
                    m_selection->setEpisodes(std::move(episodes));
            };
        });
    connect(m_merging.get(), &JobHandle::finished, this, [this] {
        m_merging.release()->deleteLater();
        if (const auto next = std::exchange(m_wanted, std::nullopt))
            follow(*next);
    });
}

void EpisodeFollower::explain()
{
    const auto* episode = m_selection->episode();
    if (episode == nullptr) {
        m_selection->setExplanation(nullptr);
        return;
    }
    if (auto known = knownExplanation(m_selection->data(), *episode)) {
        m_selection->setExplanation(std::move(known));
        return;
    }
    m_selection->setExplanation(nullptr);
    // An earlier one that still runs is left to end by itself: waiting for it would stop the window.
    auto* job = new JobHandle(
        [this, chosen = *episode, data = m_selection->data()](JobContext&) -> JobHandle::Deliver {
            auto explanation =
                std::make_shared<const explain::Explanation>(pipeline::explainEpisode(*data->result, chosen));
            return [this, data, chosen, explanation] {
                const auto* now = m_selection->episode();
                if (m_selection->data() == data && now != nullptr && sameEpisode(*now, chosen))
                    m_selection->setExplanation(explanation);
            };
        },
        this);
    connect(job, &JobHandle::finished, job, &QObject::deleteLater);
}

void EpisodeFollower::forget()
{
    m_wanted.reset();
    explain();
}

} // namespace faultline::ui
