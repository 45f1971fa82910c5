// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>
#include <thread>

namespace faultline::ui
{

/// What a running job looks like from outside.
struct JobStatus {
    double fraction = 0.0;     ///< of the whole job, 0..1
    QString stage;             ///< "reading"
    double secondsLeft = -1.0; ///< negative: not known yet
};

/// One engine job on a thread of its own. The work returns what is to be done with its outcome, and that runs in the
/// thread of this object; progress is polled ten times a second. Destroying the handle stops the work, waits for it and
/// delivers nothing.
class JobHandle : public QObject
{
    Q_OBJECT
public:
    using Deliver = std::function<void()>;
    using Work = std::function<Deliver(JobContext&)>;
    explicit JobHandle(Work work, QObject* parent = nullptr);
    ~JobHandle() override;

    /// Asks the work to stop; finished() follows as soon as it does.
    void cancel();
    [[nodiscard]] JobStatus status() const;

signals:
    void progressed(const faultline::ui::JobStatus& status);
    void finished();

private:
    Progress m_progress;
    QTimer m_tick;
    QElapsedTimer m_since;
    std::jthread m_thread; // last member: joins before the rest dies
};

/// Lets go of something large without making the person wait for its destructor.
void disposeInBackground(std::shared_ptr<const void> value);

} // namespace faultline::ui
