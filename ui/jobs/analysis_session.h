// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/browse.h"
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

/// Opens, analyses, saves: every engine job that the person starts, one at a time. What is read is shown before it is
/// scored: first a look at the start of each input, then all records. The last good result stays until a new one is
/// complete; after a job that was cancelled or failed it is back. Where there was none, what had been read stays.
class AnalysisSession : public QObject
{
    Q_OBJECT
public:
    explicit AnalysisSession(QObject* parent = nullptr);
    ~AnalysisSession() override;

    [[nodiscard]] bool busy() const { return m_job != nullptr; }
    /// What is to be shown: an early look while there is one, else the last good result.
    [[nodiscard]] const ChartDataPtr& data() const { return m_early ? m_early : m_data; }
    [[nodiscard]] QString casePath() const { return m_casePath; } ///< empty: not saved as a case yet

    /// Files and folders to analyse, or one case.
    void open(const QStringList& paths);
    /// Reads files and folders to be looked at, without learning from them.
    void browse(const QStringList& paths);
    /// Reads what is shown again under other options (and scores it, when it was scored).
    void reread(const records::ParseOptions& parse);
    /// Scores what was only browsed.
    void analyzeShown();
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
    /// Something to look at while the work goes on: not scored yet.
    void earlyReady();
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
    struct Wish {
        std::vector<std::string> inputs;
        records::ParseOptions parse{};
        bool scored = true;
    };
    void run(Wish wish);
    /// For workers: shows a result that is not scored yet, unless its job has ended meanwhile.
    void showEarly(pipeline::AnalysisPtr result, quint64 generation, JobContext& job);
    void firstLook(const pipeline::BrowseRequest& whole, quint64 generation, JobContext& job);
    Result<ChartDataPtr> work(const Wish& wish, quint64 generation, JobContext& job);
    void dropEarly();
    void openCase(const QString& path);
    void reloadRecords();
    void take(ChartDataPtr data);
    void report(const Error& error);
    JobHandle::Deliver deliverAnalysis(Result<ChartDataPtr> outcome);

    ChartDataPtr m_data;
    ChartDataPtr m_early; ///< of the job that runs
    quint64 m_generation = 0;
    QString m_casePath;
    std::unique_ptr<JobHandle> m_job;
    std::function<void()> m_next; ///< what follows the job that has just ended
};

} // namespace faultline::ui
