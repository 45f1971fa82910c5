// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include <cstddef>

namespace faultline::records::templates
{

/// Asks a job whether to stop once in some thousand steps of about a microsecond at most: every few milliseconds.
class StopCheck
{
public:
    explicit StopCheck(const JobContext& job) : m_job(job) {}

    /// True from then on when the job is told to stop. The first call asks.
    [[nodiscard]] bool stops(std::size_t steps = 1)
    {
        m_steps += steps;
        if (m_steps >= interval) {
            m_steps = 0;
            m_stopped = m_stopped || m_job.stopRequested();
        }
        return m_stopped;
    }

private:
    static constexpr std::size_t interval = 4096;
    const JobContext& m_job;
    std::size_t m_steps = interval;
    bool m_stopped = false;
};

} // namespace faultline::records::templates
