// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "app/cli/command.h"
#include "engine/core/text.h"
#include "engine/pipeline/case_io.h"
#include "engine/pipeline/formats.h"
#include "engine/pipeline/model.h"
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace faultline::cli
{

namespace
{

std::atomic<bool> g_interrupted{false}; // a signal handler can reach nothing else

void onInterrupt(int)
{
    g_interrupted.store(true);
}

void printProgress(const Progress& progress, std::chrono::steady_clock::time_point begin)
{
    const double fraction = progress.fraction();
    const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::string left;
    if (fraction > 0.02 && elapsed > 1.0) {
        const auto seconds = static_cast<long>(elapsed * (1.0 - fraction) / fraction);
        char text[32];
        std::snprintf(text, sizeof text, ", %02ld:%02ld left", seconds / 60, seconds % 60);
        left = text;
    }
    std::fprintf(stderr, "\r\033[K%3.0f %% %s%s", fraction * 100.0, progress.stage.load(), left.c_str());
    std::fflush(stderr);
}

} // namespace

std::string& commandLine()
{
    static std::string line;
    return line;
}

WatchedJob::WatchedJob(bool quiet) : m_context(m_stop.get_token(), m_progress)
{
    std::signal(SIGINT, onInterrupt);
    const bool show = !quiet && ::isatty(STDERR_FILENO) == 1;
    m_watcher = std::jthread([this, show](const std::stop_token& ended) {
        const auto begin = std::chrono::steady_clock::now();
        for (int tick = 0; !ended.stop_requested(); ++tick) {
            if (g_interrupted.load())
                m_stop.request_stop();
            if (show && tick % 5 == 4)
                printProgress(m_progress, begin);
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        if (show)
            std::fputs("\r\033[K", stderr);
    });
}

WatchedJob::~WatchedJob() = default;

void ParseArguments::addTo(CLI::App& command)
{
    command
        .add_option("INPUT", inputs,
                    "Logs and tables, plain or gz, zst, xz, bz2; folders, patterns, or - for standard input")
        ->required();
    command.add_option("--encoding", encoding, "Of the text: utf-8, utf-16le, utf-16be, windows-1252 or latin-1");
    command.add_flag("--allow-expansion", allowExpansion,
                     "Read compressed files that grow beyond 64 GiB or 2,000 times their size");
    command
        .add_option("--format", formats,
                    "Read the input as this format instead of detecting it: a name of `faultline formats`, or a "
                    "YAML file of your own; PATTERN=FORMAT for the inputs that fit PATTERN")
        ->allow_extra_args(false);
    command.add_option("--entity", entity, "Field or column that names who a record speaks of; A,B joins two");
    command.add_option("--session-key", sessionKey,
                       "RE2 pattern found in each line, or a field, whose value names a session");
    command.add_option("--time-column", timeColumn, "Column that holds the time; A,B where two make it up");
    command.add_option("--delimiter", delimiter, "Character between the columns, or `tab` or `blanks`");
    command.add_option("--layout", layout, "wide: a column for each series; long: a row for each value of a series")
        ->check(CLI::IsMember({"wide", "long"}));
    command.add_option("--series-column", seriesColumn, "Column that names the series of a long table; A,B joins two");
    command.add_option("--value-columns", valueColumns, "Columns to use as measures")->delimiter(',');
    command.add_option("--label-column", labelColumn, "Column of labels: used for evaluation only, never learned from");
    command.add_option(
        "--log-format", logFormat,
        "Read access logs written with this nginx log_format or Apache LogFormat; @FILE:NAME takes it from a "
        "server's configuration");
    command
        .add_option(
            "--timezone", timezones,
            "Zone of times that carry none, e.g. Europe/Berlin, CET or +02:00; PATTERN=ZONE for the inputs that "
            "fit PATTERN")
        ->allow_extra_args(false);
}

Result<void> ParseArguments::applyTo(records::ParseOptions& options) const
{
    const auto set = [](std::string& target, const std::string& value) {
        if (!value.empty())
            target = value;
    };
    std::ptrdiff_t patterns = 0; // before those of the recipe, in the order given
    for (const auto& each : formats) {
        const auto equals = each.rfind('=');
        if (equals == std::string::npos) {
            options.format = each;
            options.formatText.clear(); // of the recipe
        } else {
            options.formats.insert(options.formats.begin() + patterns++,
                                   {each.substr(0, equals), each.substr(equals + 1), {}});
        }
    }
    set(options.entityField, entity);
    set(options.sessionKey, sessionKey);
    set(options.timeColumn, timeColumn);
    set(options.delimiter, delimiter);
    set(options.seriesColumn, seriesColumn);
    if (!layout.empty())
        options.layout = layout == "wide" ? records::TableLayout::Wide : records::TableLayout::Long;
    set(options.labelColumn, labelColumn);
    if (!valueColumns.empty())
        options.valueColumns = valueColumns;
    options.allowExpansion |= allowExpansion;
    if (!encoding.empty()) {
        const auto known = sources::encodingNamed(encoding);
        if (!known)
            return fail(known.error());
        options.encoding = *known;
    }
    set(options.logFormat, logFormat);
    for (const auto& each : timezones) {
        const auto equals = each.rfind('=');
        auto zone = TimeZone::named(equals == std::string::npos ? each : each.substr(equals + 1));
        if (!zone)
            return fail({ErrorCode::Usage, zone.error().message, {}, zone.error().hint});
        if (equals != std::string::npos) {
            options.zones.push_back({each.substr(0, equals), std::move(*zone)});
            continue;
        }
        options.zone = std::move(*zone);
        options.zoneGiven = true;
    }
    for (const auto& problem : pipeline::useFormatFolder(pipeline::ownFormatFolder(), options))
        std::fprintf(stderr, "passed over: %s\n", problem.text().c_str());
    auto resolved = pipeline::resolveFormat(options);
    if (!resolved)
        return fail(resolved.error());
    options = std::move(*resolved);
    return {};
}

Result<void> OutputArguments::write(const pipeline::AnalysisPtr& result, JobContext& job) const
{
    if (!scores.empty())
        if (const auto done = pipeline::writeScoresCsv(*result, scores); !done)
            return done;
    if (!report.empty())
        if (const auto done = pipeline::writeHtmlReport(*result, report, commandLine()); !done)
            return done;
    if (!modelOut.empty())
        if (const auto done = pipeline::saveModel(*result->model, modelOut); !done)
            return done;
    if (!casePath.empty())
        if (const auto done = pipeline::saveCase(*result, {.threshold = result->threshold.value}, casePath, job); !done)
            return done;
    if (json)
        std::fputs(pipeline::toJson(*result).c_str(), stdout);
    else if (!quiet)
        printSummary(*result);
    return {};
}

} // namespace faultline::cli
