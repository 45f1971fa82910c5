// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/thread_limit.h"
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/preview.h"
#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace faultline::cli
{

/// Set by main(): the words the program was called with, for the report's "how to reproduce".
[[nodiscard]] std::string& commandLine();

/// A job that the terminal watches and Ctrl+C stops: while it lives, progress goes to stderr (when that is a terminal).
class WatchedJob
{
public:
    explicit WatchedJob(bool quiet);
    ~WatchedJob();
    WatchedJob(const WatchedJob&) = delete;
    WatchedJob& operator=(const WatchedJob&) = delete;
    [[nodiscard]] JobContext& context() { return m_context; }

private:
    std::stop_source m_stop;
    Progress m_progress;
    JobContext m_context;
    std::jthread m_watcher; // last: ends before the rest goes
};

/// How inputs are to be read; the options that analyze, templates and inspect share.
struct ParseArguments {
    std::vector<std::string> inputs;
    std::string entity, sessionKey, timeColumn, labelColumn, delimiter, layout, seriesColumn, encoding, logFormat;
    std::vector<std::string> valueColumns, formats, timezones;
    bool allowExpansion = false;
    void addTo(CLI::App& command);
    [[nodiscard]] Result<void> applyTo(records::ParseOptions& options) const;
};

/// What a person reads of a finished run.
void printSummary(const pipeline::AnalysisResult& result);
/// What a person reads of a preview.
void printPreview(const pipeline::FeaturePreview& preview, const pipeline::AnalyzeRequest& request);
/// Scores file, JSON, report, model and case of a finished run, as asked for.
struct OutputArguments {
    std::string scores, casePath, modelOut, report;
    bool json = false, quiet = false;
    [[nodiscard]] Result<void> write(const pipeline::AnalysisPtr& result, JobContext& job) const;
};

/// Each command adds itself to the program and leaves its outcome in `outcome` when it was chosen.
using Outcome = std::function<Result<void>()>;
void addAnalyze(CLI::App& app, Outcome& outcome);
void addScore(CLI::App& app, Outcome& outcome);
void addTemplates(CLI::App& app, Outcome& outcome);
void addInspect(CLI::App& app, Outcome& outcome);
void addGenerate(CLI::App& app, Outcome& outcome);
void addCatalogue(CLI::App& app, Outcome& outcome);
void addFormats(CLI::App& app, Outcome& outcome);

} // namespace faultline::cli
