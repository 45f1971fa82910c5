// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/jobs/analysis_session.h"
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/formats.h"
#include "ui/models/text_format.h"
#include <utility>

namespace faultline::ui
{

AnalysisSession::AnalysisSession(QObject* parent) : QObject(parent) {}

AnalysisSession::~AnalysisSession() = default;

void AnalysisSession::start(const QString& what, JobHandle::Work work)
{
    m_job = std::make_unique<JobHandle>(std::move(work));
    connect(m_job.get(), &JobHandle::progressed, this, &AnalysisSession::progressed);
    connect(
        m_job.get(), &JobHandle::finished, this,
        [this] {
            // The handle is the sender: it goes when this call is over.
            m_job.release()->deleteLater();
            if (const auto next = std::exchange(m_next, nullptr))
                next();
            else
                emit busyChanged(false, {});
        },
        Qt::DirectConnection);
    emit busyChanged(true, what);
}

void AnalysisSession::open(const QStringList& paths)
{
    if (paths.isEmpty())
        return;
    if (busy()) {
        // The newest wish counts: what runs is stopped and this follows.
        m_next = [this, paths] { open(paths); };
        cancel();
        return;
    }
    if (paths.size() == 1 && paths.front().endsWith(QLatin1String(".faultline"))) {
        openCase(paths.front());
        return;
    }
    std::vector<std::string> inputs;
    for (const auto& path : paths)
        inputs.push_back(path.toStdString());
    analyze(std::move(inputs));
}

void AnalysisSession::analyze(std::vector<std::string> inputs)
{
    start(tr("Analysing"), [this, inputs = std::move(inputs)](JobContext& job) {
        const auto run = [&]() -> Result<ChartDataPtr> {
            records::ParseOptions parse;
            (void)pipeline::useFormatFolder(pipeline::ownFormatFolder(), parse); // broken ones: `faultline formats` tells
            auto choice = pipeline::chooseRecipe(inputs, parse, "");
            if (!choice)
                return fail(choice.error());
            pipeline::AnalyzeRequest request;
            request.inputs = inputs;
            request.recipe = std::move(choice->recipe);
            request.recipe.parse.ownFormats = std::move(parse.ownFormats);
            request.recipeReason = std::move(choice->reason);
            auto result = pipeline::analyze(request, job);
            if (!result)
                return fail(result.error());
            return ChartData::build(std::move(*result), job);
        };
        return deliverAnalysis(run());
    });
}

JobHandle::Deliver AnalysisSession::deliverAnalysis(Result<ChartDataPtr> outcome)
{
    return [this, outcome = std::move(outcome)] {
        if (!outcome) {
            report(outcome.error());
            return;
        }
        m_casePath.clear();
        take(*outcome);
        emit resultReady(nullptr);
    };
}

void AnalysisSession::openMade(const QString& what, MakeInputs make)
{
    if (busy())
        return;
    start(what, [this, make = std::move(make)](JobContext& job) -> JobHandle::Deliver {
        auto made = make(job);
        return [this, made = std::move(made)] {
            if (!made) {
                report(made.error());
                return;
            }
            m_next = [this, inputs = *made] { analyze(inputs); };
        };
    });
}

void AnalysisSession::openCase(const QString& path)
{
    start(tr("Opening"), [this, path](JobContext& job) -> JobHandle::Deliver {
        auto opened = pipeline::openCase(path.toStdString(), job);
        Result<ChartDataPtr> data = cancelled();
        if (opened)
            data = ChartData::build(opened->result, job);
        return [this, path, opened = std::move(opened), data = std::move(data)] {
            if (!opened || !data) {
                report(opened ? data.error() : opened.error());
                return;
            }
            m_casePath = path;
            take(*data);
            emit resultReady(&opened->state);
            if (!opened->changedSources.empty())
                emit noticed(tr("%1 changed or moved since the case was saved; the log shows what is there now.")
                                 .arg(safeText(opened->changedSources.front())));
            if (!(*data)->hasRecords())
                m_next = [this] { reloadRecords(); };
        };
    });
}

void AnalysisSession::reloadRecords()
{
    start(tr("Reading sources again"),
          [this, path = m_casePath.toStdString(), result = m_data->result](JobContext& job) -> JobHandle::Deliver {
              auto reloaded = pipeline::reloadRecords(result, path, job);
              Result<ChartDataPtr> data = cancelled();
              if (reloaded)
                  data = ChartData::build(*reloaded, job);
              return [this, reloaded = std::move(reloaded), data = std::move(data)] {
                  if (!reloaded || !data) {
                      report(reloaded ? data.error() : reloaded.error());
                      return;
                  }
                  take(*data);
                  emit recordsReady();
              };
          });
}

void AnalysisSession::saveCase(const QString& path, const pipeline::CaseState& state)
{
    if (busy() || !m_data)
        return;
    start(tr("Saving"), [this, path, state, result = m_data->result](JobContext& job) -> JobHandle::Deliver {
        auto saved = pipeline::saveCase(*result, state, path.toStdString(), job);
        return [this, path, saved = std::move(saved)] {
            if (!saved) {
                report(saved.error());
                return;
            }
            m_casePath = path;
            emit caseSaved(path);
        };
    });
}

void AnalysisSession::exportScores(const QString& path)
{
    if (busy() || !m_data)
        return;
    start(tr("Exporting scores"), [this, path, result = m_data->result](JobContext&) -> JobHandle::Deliver {
        auto written = pipeline::writeScoresCsv(*result, path.toStdString());
        return [this, path, written = std::move(written)] {
            if (written)
                emit exported(path);
            else
                report(written.error());
        };
    });
}

void AnalysisSession::exportReport(const QString& path)
{
    if (busy() || !m_data)
        return;
    start(tr("Writing the report"), [this, path, result = m_data->result](JobContext&) -> JobHandle::Deliver {
        std::string command = "faultline analyze";
        for (const auto& input : result->inputs)
            command += ' ' + input;
        auto written = pipeline::writeHtmlReport(*result, path.toStdString(), command);
        return [this, path, written = std::move(written)] {
            if (written)
                emit exported(path);
            else
                report(written.error());
        };
    });
}

void AnalysisSession::cancel()
{
    if (m_job)
        m_job->cancel();
}

void AnalysisSession::take(ChartDataPtr data)
{
    disposeInBackground(std::exchange(m_data, std::move(data)));
}

void AnalysisSession::report(const Error& error)
{
    if (error.code == ErrorCode::Cancelled)
        emit stopped();
    else
        emit failed(safeText(error.text()));
}

} // namespace faultline::ui
