// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/jobs/analysis_session.h"
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/formats.h"
#include "ui/models/text_format.h"
#include <algorithm>
#include <filesystem>
#include <utility>

namespace faultline::ui
{

namespace
{
std::vector<std::string> toInputs(const QStringList& paths)
{
    std::vector<std::string> inputs;
    for (const auto& path : paths)
        inputs.push_back(path.toStdString());
    return inputs;
}
} // namespace

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
    run({.inputs = toInputs(paths)});
}

void AnalysisSession::browse(const QStringList& paths)
{
    if (paths.isEmpty())
        return;
    if (busy()) {
        m_next = [this, paths] { browse(paths); };
        cancel();
        return;
    }
    run({.inputs = toInputs(paths), .scored = false});
}

void AnalysisSession::reread(const records::ParseOptions& parse)
{
    if (busy() || !m_data)
        return;
    run({.inputs = m_data->result->inputs, .parse = parse, .scored = m_data->result->isScored()});
}

void AnalysisSession::analyzeShown()
{
    if (!busy() && m_data)
        run({.inputs = m_data->result->inputs, .parse = m_data->result->recipe.parse});
}

void AnalysisSession::run(Wish wish)
{
    const auto generation = ++m_generation;
    start(wish.scored ? tr("Analysing") : tr("Reading"), [this, generation, wish = std::move(wish)](JobContext& job) {
        return deliverAnalysis(work(wish, generation, job));
    });
}

/// The whole job, in its worker.
Result<ChartDataPtr> AnalysisSession::work(const Wish& wish, quint64 generation, JobContext& job)
{
    auto parse = wish.parse;
    (void)pipeline::useFormatFolder(pipeline::ownFormatFolder(), parse); // broken ones: `faultline formats` tells
    auto choice = pipeline::chooseRecipe(wish.inputs, parse);
    if (!choice)
        return fail(choice.error());
    choice->recipe.parse = std::move(parse);
    const pipeline::BrowseRequest reading{.inputs = wish.inputs, .recipe = choice->recipe};
    firstLook(reading, generation, job);
    if (!wish.scored) {
        auto result = pipeline::browse(reading, job);
        return result ? ChartData::build(std::move(*result), job) : Result<ChartDataPtr>(fail(result.error()));
    }
    pipeline::AnalyzeRequest request{
        .inputs = wish.inputs, .recipe = std::move(choice->recipe), .recipeReason = std::move(choice->reason)};
    request.onRecords = [&](pipeline::AnalysisPtr read) { showEarly(std::move(read), generation, job); };
    auto result = pipeline::analyze(request, job);
    return result ? ChartData::build(std::move(*result), job) : Result<ChartDataPtr>(fail(result.error()));
}

void AnalysisSession::firstLook(const pipeline::BrowseRequest& whole, quint64 generation, JobContext& job)
{
    // Smaller inputs are there as a whole before anybody could look; of many files a block each would be much to read.
    constexpr std::uint64_t worthALook = 32ULL << 20, look = 4ULL << 20;
    constexpr std::size_t mostFiles = 8;
    std::uint64_t bytes = 0;
    for (const auto& input : whole.inputs) {
        std::error_code code;
        const auto size = std::filesystem::file_size(input, code);
        bytes += code ? 0 : size;
    }
    if (bytes < worthALook || whole.inputs.size() > mostFiles)
        return;
    auto request = whole;
    request.limitBytes = std::max<std::uint64_t>(look / whole.inputs.size(), 1);
    if (auto first = pipeline::browse(request, job)) // else reading the whole will say what is wrong
        showEarly(std::move(*first), generation, job);
}

void AnalysisSession::showEarly(pipeline::AnalysisPtr result, quint64 generation, JobContext& job)
{
    auto data = ChartData::build(std::move(result), job);
    if (!data)
        return;
    QMetaObject::invokeMethod(
        this,
        [this, generation, data = std::move(*data)] {
            if (generation != m_generation || !busy())
                return;
            disposeInBackground(std::exchange(m_early, data));
            emit earlyReady();
        },
        Qt::QueuedConnection);
}

/// After a job that did not come to a result: back to the last good one, or on with what was read.
void AnalysisSession::dropEarly()
{
    if (!m_early)
        return;
    auto early = std::exchange(m_early, nullptr);
    if (m_data)
        disposeInBackground(std::move(early));
    else
        m_data = std::move(early);
    emit resultReady(nullptr);
}

JobHandle::Deliver AnalysisSession::deliverAnalysis(Result<ChartDataPtr> outcome)
{
    return [this, outcome = std::move(outcome)] {
        if (!outcome) {
            dropEarly();
            report(outcome.error());
            return;
        }
        m_casePath.clear();
        disposeInBackground(std::exchange(m_early, nullptr));
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
            m_next = [this, inputs = *made] { run({.inputs = inputs}); };
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
