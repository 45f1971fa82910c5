// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/job.h"
#include <algorithm>

namespace faultline
{

void JobCurves::add(std::string_view name, Point point)
{
    const std::scoped_lock lock(m_mutex);
    auto curve = std::find_if(m_curves.begin(), m_curves.end(), [&](const Curve& c) { return c.name == name; });
    if (curve == m_curves.end())
        curve = m_curves.insert(m_curves.end(), Curve{std::string(name), {}});
    curve->points.push_back(point);
}

std::vector<JobCurves::Curve> JobCurves::snapshot() const
{
    const std::scoped_lock lock(m_mutex);
    return m_curves;
}

double Progress::fraction() const
{
    const auto all = total.load(std::memory_order_relaxed);
    const auto now = done.load(std::memory_order_relaxed);
    const double stageShare = all == 0 ? 0.0 : std::min(1.0, static_cast<double>(now) / static_cast<double>(all));
    return std::min(1.0, static_cast<double>(phaseStart.load()) + static_cast<double>(phaseShare.load()) * stageShare);
}

void JobContext::enterPhase(double start, double share)
{
    m_progress->done.store(0);
    m_progress->total.store(0);
    m_progress->phaseStart.store(static_cast<float>(start));
    m_progress->phaseShare.store(static_cast<float>(share));
}

void JobContext::begin(const char* stage, std::uint64_t total)
{
    m_progress->stage.store(stage);
    m_progress->done.store(0);
    m_progress->total.store(total);
}

bool JobContext::advance(std::uint64_t units)
{
    m_progress->done.fetch_add(units, std::memory_order_relaxed);
    return !m_stop.stop_requested();
}

} // namespace faultline
