// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/jobs/job_handle.h"
#include <QThreadPool>
#include <algorithm>
#include <chrono>
#include <utility>

namespace faultline::ui
{

JobHandle::JobHandle(Work work, QObject* parent) : QObject(parent)
{
    connect(&m_tick, &QTimer::timeout, this, [this] { emit progressed(status()); });
    m_tick.start(std::chrono::milliseconds(100));
    m_since.start();
    m_thread = std::jthread([this, work = std::move(work)](std::stop_token stop) {
        JobContext job(std::move(stop), m_progress);
        auto deliver = work(job);
        QMetaObject::invokeMethod(
            this,
            [this, deliver = std::move(deliver)] {
                m_tick.stop();
                if (deliver)
                    deliver();
                emit finished();
            },
            Qt::QueuedConnection);
    });
}

JobHandle::~JobHandle()
{
    m_thread.request_stop();
}

void JobHandle::cancel()
{
    m_thread.request_stop();
}

JobStatus JobHandle::status() const
{
    JobStatus out;
    out.fraction = std::clamp(m_progress.fraction(), 0.0, 1.0);
    out.stage = QString::fromUtf8(m_progress.stage.load());
    // Under two percent or a second the estimate would jump about.
    const double elapsed = static_cast<double>(m_since.elapsed()) / 1000.0;
    if (out.fraction > 0.02 && elapsed > 1.0)
        out.secondsLeft = elapsed / out.fraction - elapsed;
    return out;
}

void disposeInBackground(std::shared_ptr<const void> value)
{
    QThreadPool::globalInstance()->start([held = std::move(value)]() mutable { held.reset(); });
}

} // namespace faultline::ui
