// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/jobs/job_handle.h"
#include "ui/models/selection.h"
#include <QStatusBar>

class QLabel;
class QProgressBar;
class QToolButton;

namespace faultline::ui
{

/// The bottom line: left what runs, how far, time left, cancel; right what there is.
class StatusLine : public QStatusBar
{
    Q_OBJECT
public:
    explicit StatusLine(Selection* selection, QWidget* parent = nullptr);
    void setBusy(bool busy, const QString& what);
    void showProgress(const JobStatus& status);
    /// Said until the next thing happens.
    void say(const QString& message);

signals:
    void cancelWanted();

private:
    void showFacts();

    Selection* m_selection;
    QLabel *m_message = nullptr, *m_progressText = nullptr, *m_facts = nullptr;
    QProgressBar* m_bar = nullptr;
    QToolButton* m_cancel = nullptr;
    QString m_what;
    bool m_runs = false; ///< the message says what runs, so it goes when that ends
};

} // namespace faultline::ui
