// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/checkout_outage.h"
#include "engine/core/text.h"
#include "engine/scenarios/background.h"
#include "engine/scenarios/incidents.h"
#include "engine/scenarios/metrics_writer.h"
#include "engine/scenarios/pacer.h"
#include "engine/scenarios/traffic.h"
#include <algorithm>
#include <filesystem>
#include <system_error>

namespace faultline::scenarios
{

namespace
{
constexpr std::uint64_t fewestRows = 10'000, mostRows = 100'000'000;

Result<void> check(const std::string& scenario, const GenerateOptions& options)
{
    std::vector<std::string> names;
    for (const auto& spec : scenarios())
        names.push_back(spec.name);
    if (std::find(names.begin(), names.end(), scenario) == names.end()) {
        const auto nearest = nearestWord(scenario, names);
        return fail({.code = ErrorCode::Usage,
                     .message = "there is no scenario called '" + scenario + "'",
                     .hint = "did you mean " + nearest.value_or(names.front()) + "?"});
    }
    if (options.rows < fewestRows || options.rows > mostRows)
        return fail({.code = ErrorCode::Usage,
                     .message = formatCount(options.rows) + " rows are out of range",
                     .hint = "ask for " + formatCount(fewestRows) + " to " + formatCount(mostRows)});
    if (options.outputFolder.empty())
        return fail({.code = ErrorCode::Usage, .message = "no output folder is given", .hint = "name one with --out"});
    return {};
}

Result<OutputFile> createIn(const std::string& folder, std::string_view name)
{
    return OutputFile::create((std::filesystem::path(folder) / name).string());
}

Result<void> createFolder(const std::string& folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (!error)
        return {};
    Error reason{.code = ErrorCode::Io, .message = "cannot create the folder: " + error.message()};
    reason.where.file = folder;
    reason.hint = "choose a folder that you may write to";
    return fail(std::move(reason));
}

Result<std::vector<LogStream>> createLogs(const std::string& folder, TimeUs start_us)
{
    std::vector<LogStream> logs;
    for (const auto service : allServices) {
        auto file = createIn(folder, logFileName(service));
        if (!file)
            return fail(file.error());
        logs.emplace_back(std::move(*file)).startAt(start_us / second_us);
    }
    return logs;
}

/// One run through the schedule, second by second.
class Simulation
{
public:
    Simulation(const Schedule& schedule, const GenerateOptions& options, std::vector<LogStream> logs,
               OutputFile metrics)
        : m_shop(schedule, options.seed, std::move(logs)), m_metrics(std::move(metrics), options.seed),
          m_background(schedule, options.rows), m_pacer(schedule.span, options.rows, options.seed)
    {
        if (schedule.anomalous)
            Incidents::prepare(m_shop);
    }

    Result<void> run(JobContext& job)
    {
        const auto span = m_shop.schedule.span;
        job.begin("generating", static_cast<std::uint64_t>((span.end - span.start) / second_us));
        for (TimeUs at_us = span.start; at_us < span.end; at_us += second_us) {
            if (at_us % minute_us == 0)
                m_pacer.minute(at_us, m_shop.records());
            second(at_us);
            if ((at_us + second_us) % minute_us == 0) {
                m_metrics.minute(m_shop, at_us + second_us - minute_us);
                if (!job.advance(60))
                    return cancelled();
                if (writeFailed())
                    break; // finish() says why
            }
        }
        return {};
    }

    Result<GeneratedFiles> finish()
    {
        GeneratedFiles made;
        made.records = m_shop.records();
        for (const auto service : allServices) {
            m_shop.log(service).flushBefore(m_shop.schedule.span.end / second_us + LogStream::horizon_s);
            if (auto done = complete(m_shop.log(service).file(), made); !done)
                return fail(done.error());
        }
        if (auto done = complete(m_metrics.file(), made); !done)
            return fail(done.error());
        return made;
    }

    static Result<void> complete(OutputFile& file, GeneratedFiles& made)
    {
        if (auto done = file.complete(); !done)
            return done;
        made.files.push_back(file.path());
        made.bytes += file.bytes();
        return {};
    }

private:
    void second(TimeUs at_us)
    {
        m_shop.now = conditionsAt(m_shop.schedule, m_pacer.latencyDrift(), at_us);
        m_shop.requestsPerSecond = m_pacer.requestsPerSecond();
        const auto requests = m_shop.random.poisson(m_shop.requestsPerSecond);
        for (std::uint64_t i = 0; i < requests; ++i) {
            const auto arrival = at_us + static_cast<DurationUs>(m_shop.random.below(second_us));
            handleRequest(m_shop, arrival);
            Background::nowAndThen(m_shop, arrival);
        }
        m_pacer.count(requests);
        m_background.second(m_shop, at_us);
        m_incidents.second(m_shop, at_us);
        for (const auto service : allServices)
            m_shop.log(service).flushBefore(at_us / second_us + 1);
    }

    bool writeFailed()
    {
        return m_metrics.file().failed() || std::any_of(allServices.begin(), allServices.end(), [&](Service service) {
                   return m_shop.log(service).file().failed();
               });
    }

    Shop m_shop;
    MetricsWriter m_metrics;
    Background m_background;
    Incidents m_incidents;
    Pacer m_pacer;
};
} // namespace

const std::vector<ScenarioSpec>& scenarios()
{
    static const std::vector<ScenarioSpec> all = {
        {"checkout-outage", "A web shop of five services up to Thursday 12 March 2026, 14:40 UTC. After a calm first "
                            "part eight small anomalies of "
                            "different kinds follow, then the outage: at 13:54 payments slows down, from 14:03:30 to "
                            "14:19 checkouts fail, and "
                            "inventory falls silent. Deploys, retries and the nightly backup are normal."},
        {"checkout-calm",
         "The same shop with the same traffic, deploys and backups and not one anomaly: every alarm is a false one."}};
    return all;
}

Result<GeneratedFiles> generate(const std::string& scenario, const GenerateOptions& options, JobContext& job)
{
    if (auto valid = check(scenario, options); !valid)
        return fail(valid.error());
    const auto schedule = makeSchedule(options.rows, options.seed, options.anomalies && scenario != "checkout-calm");
    if (auto made = createFolder(options.outputFolder); !made)
        return fail(made.error());
    auto logs = createLogs(options.outputFolder, schedule.span.start);
    if (!logs)
        return fail(logs.error());
    auto metrics = createIn(options.outputFolder, "metrics.csv");
    if (!metrics)
        return fail(metrics.error());
    auto labels = createIn(options.outputFolder, "labels.csv");
    if (!labels)
        return fail(labels.error());

    Simulation simulation(schedule, options, std::move(*logs), std::move(*metrics));
    if (auto ran = simulation.run(job); !ran)
        return fail(ran.error());
    auto made = simulation.finish();
    if (!made)
        return made;
    labels->append(labelsCsv(schedule));
    if (auto done = Simulation::complete(*labels, *made); !done)
        return fail(done.error());
    return made;
}

} // namespace faultline::scenarios
