// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/jobs/job_handle.h"
#include <QWidget>

class QLabel;
class QProgressBar;

namespace faultline::ui
{

/// In the middle of the window while the first result is made: what runs, how far, how long still, and a way out.
class LoadingView : public QWidget
{
    Q_OBJECT
public:
    explicit LoadingView(QWidget* parent = nullptr);
    void begin(const QString& what);
    void showProgress(const JobStatus& status);

signals:
    void cancelWanted();

private:
    QLabel *m_what = nullptr, *m_stage = nullptr, *m_left = nullptr;
    QProgressBar* m_bar = nullptr;
};

} // namespace faultline::ui
