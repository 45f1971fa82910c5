// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/case_io.h"
#include "ui/charts/chart_data.h"
#include "ui/jobs/job_handle.h"
#include <QObject>
#include <QString>
#include <QStringList>
#include <functional>
#include <memory>

namespace faultline::ui
{

/// Opens, analyses, saves: every engine job that the person starts, one at a time. The last good result stays until a
/// new one is complete; a job that was cancelled or failed changes nothing.
class AnalysisSession : public QObject
{
    Q_OBJECT
public:
    explicit AnalysisSession(QObject* parent = nullptr);
    ~AnalysisSession() override;

    [[nodiscard]] bool busy() const { return m_job != nullptr; }
    [[nodiscard]] const ChartDataPtr& data() const { return m_data; }
    [[nodiscard]] QString casePath() const { return m_casePath; } ///< empty: not saved as a case yet

    /// Files and folders to analyse, or one case.
    void open(const QStringList& paths);
    void saveCase(const QString& path, const pipeline::CaseState& state);
    void exportScores(const QString& path);
    void exportReport(const QString& path);
    /// Any other long work, such as making the demo incident: it yields paths that are opened next.
    using MakeInputs = std::function<Result<std::vector<std::string>>(JobContext&)>;
    void openMade(const QString& what, MakeInputs make);
    void cancel();

signals:
    void busyChanged(bool busy, const QString& what);
    void progressed(const faultline::ui::JobStatus& status);
    /// A new result; `state` tells how a reopened case was left, null for a fresh analysis.
    void resultReady(const faultline::pipeline::CaseState* state);
    /// The records of a reopened case have been read again.
    void recordsReady();
    void caseSaved(const QString& path);
    void exported(const QString& path);
    void failed(const QString& message);
    void stopped();
    /// Worth knowing, nothing failed: sources of a case that changed.
    void noticed(const QString& message);

private:
    void start(const QString& what, JobHandle::Work work);
    void analyze(std::vector<std::string> inputs);
    void openCase(const QString& path);
    void reloadRecords();
    void take(ChartDataPtr data);
    void report(const Error& error);
    JobHandle::Deliver deliverAnalysis(Result<ChartDataPtr> outcome);

    ChartDataPtr m_data;
    QString m_casePath;
    std::unique_ptr<JobHandle> m_job;
    std::function<void()> m_next; ///< what follows the job that has just ended
};

} // namespace faultline::ui
