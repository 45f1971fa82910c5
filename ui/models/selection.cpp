// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/models/selection.h"
#include <algorithm>
#include <chrono>
#include <utility>

namespace faultline::ui
{

Selection::Selection(QObject* parent) : QObject(parent)
{
    m_settled.setSingleShot(true);
    m_settled.setInterval(std::chrono::milliseconds(600));
    connect(&m_settled, &QTimer::timeout, this, &Selection::rememberView);
}

const decisions::Episode* Selection::episode() const
{
    return m_chosen < 0 ? nullptr : &m_episodes[static_cast<std::size_t>(m_chosen)];
}

std::uint64_t Selection::flaggedUnits() const
{
    std::uint64_t sum = 0;
    for (const auto& episode : m_episodes)
        sum += episode.flaggedUnits;
    return sum;
}

AxisSpan Selection::limits() const
{
    if (!m_data)
        return {0, 1};
    const DurationUs air = std::max<DurationUs>(m_data->whole.length() / 100, 1);
    return {m_data->whole.from - air, m_data->whole.to + air};
}

DurationUs Selection::shortestView() const
{
    return m_data && m_data->axis == AxisKind::Time ? 10'000 : 10;
}

void Selection::setData(ChartDataPtr data)
{
    m_data = std::move(data);
    m_episodes = m_data ? m_data->result->episodes : Episodes{};
    m_threshold = m_data ? m_data->result->threshold.value : 0.0;
    m_chosen = -1;
    m_entity = allEntities;
    m_span = {};
    m_cursor = noTime;
    m_view = limits();
    m_history.assign(1, m_view);
    m_historyAt = 0;
    emit dataChanged();
    emit historyChanged(false, false);
}

void Selection::replaceData(ChartDataPtr data)
{
    m_data = std::move(data);
    emit dataChanged();
}

void Selection::setEpisodes(Episodes episodes)
{
    const auto* before = episode();
    const auto peak = before ? before->peakUnit : 0;
    const auto entity = before ? before->entity : 0;
    int found = -1;
    for (std::size_t i = 0; before != nullptr && i < episodes.size() && found < 0; ++i)
        if (episodes[i].entity == entity && episodes[i].firstUnit <= peak && peak <= episodes[i].lastUnit)
            found = static_cast<int>(i);
    const bool wasChosen = before != nullptr;
    m_episodes = std::move(episodes);
    m_chosen = found;
    emit episodesChanged();
    if (!wasChosen)
        return;
    chooseSpan(found >= 0 ? m_data->spanOf(m_episodes[static_cast<std::size_t>(found)]) : m_span);
    emit episodeChosen();
}

void Selection::setExplanation(std::shared_ptr<const explain::Explanation> explanation)
{
    m_explanation = std::move(explanation);
    emit explanationChanged();
}

void Selection::setView(AxisSpan view)
{
    if (view.empty() || view == m_view)
        return;
    m_view = view;
    m_settled.start();
    emit viewChanged();
}

void Selection::showAll()
{
    setView(limits());
}

void Selection::chooseSpan(AxisSpan span)
{
    if (span == m_span || (span.empty() && m_span.empty()))
        return;
    m_span = span;
    emit spanChanged();
}

void Selection::setCursor(TimeUs time)
{
    if (std::exchange(m_cursor, time) != time)
        emit cursorChanged();
}

void Selection::chooseEntity(int entity)
{
    if (std::exchange(m_entity, entity) != entity)
        emit entityChanged();
}

void Selection::chooseEpisode(int index)
{
    if (index < 0 || static_cast<std::size_t>(index) >= m_episodes.size()) {
        if (std::exchange(m_chosen, -1) != -1) {
            chooseSpan({});
            emit episodeChosen();
        }
        return;
    }
    m_chosen = index;
    const auto& chosen = m_episodes[static_cast<std::size_t>(index)];
    const auto span = m_data->spanOf(chosen);
    showSpan(span);
    chooseEntity(static_cast<int>(chosen.entity));
    chooseSpan(span);
    setCursor(m_data->startOf(chosen.peakUnit));
    emit episodeChosen();
}

void Selection::stepEpisode(int by)
{
    if (m_episodes.empty())
        return;
    const int count = static_cast<int>(m_episodes.size());
    const int next = m_chosen < 0 ? (by > 0 ? 0 : count - 1) : (m_chosen + by + count) % count;
    chooseEpisode(next);
}

void Selection::setThreshold(double threshold)
{
    if (threshold == m_threshold)
        return;
    m_threshold = threshold;
    emit thresholdChanged(threshold);
}

void Selection::showSpan(AxisSpan span)
{
    // Already well in sight: moving the picture would only cost orientation.
    const bool inside = span.from >= m_view.from && span.to <= m_view.to;
    if (inside && span.length() * 25 >= m_view.length())
        return;
    const DurationUs air = std::max({span.length() * 3 / 2, m_data->unitLength * 40, shortestView()});
    const auto bounds = limits();
    AxisSpan view{std::max(span.from - air, bounds.from), std::min(span.to + air, bounds.to)};
    setView(view.empty() ? bounds : view);
}

void Selection::rememberView()
{
    if (m_history.empty() || m_history[m_historyAt] == m_view)
        return;
    m_history.resize(m_historyAt + 1);
    m_history.push_back(m_view);
    m_historyAt = m_history.size() - 1;
    emit historyChanged(true, false);
}

void Selection::travel(int by)
{
    rememberView();
    const auto target = static_cast<std::ptrdiff_t>(m_historyAt) + by;
    if (target < 0 || target >= static_cast<std::ptrdiff_t>(m_history.size()))
        return;
    m_historyAt = static_cast<std::size_t>(target);
    setView(m_history[m_historyAt]);
    m_settled.stop();
    emit historyChanged(m_historyAt > 0, m_historyAt + 1 < m_history.size());
}

} // namespace faultline::ui
