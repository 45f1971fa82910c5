// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/thread_limit.h"
#include <optional>
#include <tbb/global_control.h>

namespace faultline
{

struct ThreadLimit::Control {
    std::optional<tbb::global_control> control;
};

ThreadLimit::ThreadLimit(std::size_t threads) : m_control(std::make_unique<Control>())
{
    if (threads != 0)
        m_control->control.emplace(tbb::global_control::max_allowed_parallelism, threads);
}

ThreadLimit::~ThreadLimit() = default;

} // namespace faultline
