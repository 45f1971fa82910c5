// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/ensemble/tail_model.h"
#include <algorithm>
#include <cmath>

namespace faultline::ensemble
{

namespace
{
constexpr std::size_t historyLimit = 30'000;
constexpr std::uint64_t firstFit = 30;
constexpr std::uint64_t shortestWait = 25;
} // namespace

double LiveTail::push(double score)
{
    if (!std::isfinite(score)) // never learned: a detector's fault must not become part of what is normal
        return 1.0;
    if (m_seen >= m_nextFit) {
        m_tail = TailModel::fit(m_history);
        m_nextFit = m_seen + std::max<std::uint64_t>(shortestWait, m_history.size() / 10);
    }
    const double p = m_tail.probability(score);
    if (m_history.size() < historyLimit)
        m_history.push_back(score);
    else
        m_history[m_seen % historyLimit] = score;
    ++m_seen;
    return p;
}

void LiveTail::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.put(prefix + "/history", m_history);
    bundle.put(prefix + "/seen",
               std::vector<std::int64_t>{static_cast<std::int64_t>(m_seen), static_cast<std::int64_t>(m_nextFit)});
    m_tail.save(bundle, prefix + "/fitted");
}

Result<LiveTail> LiveTail::load(const TensorBundle& bundle, const std::string& prefix)
{
    auto history = bundle.vector<double>(prefix + "/history");
    const auto seen = bundle.vector<std::int64_t>(prefix + "/seen", 2);
    auto tail = TailModel::load(bundle, prefix + "/fitted");
    if (!history || !seen || !tail)
        return tl::unexpected(!history ? history.error() : !seen ? seen.error() : tail.error());
    const auto count = (*seen)[0], next = (*seen)[1];
    constexpr std::int64_t most = std::int64_t{1} << 60;
    const bool isSound = count >= 0 && count < most && next >= static_cast<std::int64_t>(firstFit) && next < most &&
                         history->size() == std::min<std::size_t>(static_cast<std::size_t>(count), historyLimit) &&
                         std::all_of(history->begin(), history->end(), [](double s) { return std::isfinite(s); });
    if (!isSound)
        return fail({ErrorCode::Parse, "the model's score history is inconsistent", {}, "the file is damaged"});
    LiveTail live;
    live.m_history = std::move(*history);
    live.m_seen = static_cast<std::uint64_t>(count);
    live.m_nextFit = static_cast<std::uint64_t>(next);
    live.m_tail = std::move(*tail);
    return live;
}

} // namespace faultline::ensemble
