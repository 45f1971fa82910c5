// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/jobs/job_handle.h"
#include "ui/models/selection.h"
#include <QObject>
#include <memory>
#include <optional>

namespace faultline::ui
{

/// Keeps the selection's episodes at its threshold and explains the chosen one, both on worker threads. While a
/// threshold is dragged only the newest position counts: what arrives meanwhile waits, and the last one wins.
class EpisodeFollower : public QObject
{
    Q_OBJECT
public:
    explicit EpisodeFollower(Selection* selection, QObject* parent = nullptr);
    ~EpisodeFollower() override;

private:
    void follow(double threshold);
    void explain();
    void forget();

    Selection* m_selection;
    std::unique_ptr<JobHandle> m_merging;
    std::optional<double> m_wanted; ///< a threshold that came while one was being worked on
};

} // namespace faultline::ui
