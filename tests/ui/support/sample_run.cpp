// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/ui/support/sample_run.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace faultline::testsupport
{
namespace
{

using records::Level;

/// A source that is a string.
class TextSource : public sources::Source
{
public:
    explicit TextSource(std::string text) : m_text(std::move(text)) {}
    const std::string& path() const override { return m_path; }
    sources::Compression compression() const override { return sources::Compression::None; }
    std::uint64_t fileBytes() const override { return m_text.size(); }
    std::int64_t modifiedUs() const override { return 0; }
    std::uint64_t contentBytes() const override { return m_text.size(); }
    double fractionAt(std::uint64_t) const override { return 1.0; }
    std::string warning() const override { return {}; }
    std::unique_ptr<sources::BlockReader> blocks(std::size_t) override { return nullptr; } // nobody parses this one
    Result<std::string> read(std::uint64_t offset, std::size_t bytes) const override
    {
        return m_text.substr(offset, bytes);
    }

private:
    std::string m_path = "/var/log/shop/checkout.log";
    std::string m_text;
};

struct MessageKind {
    Level level;
    const char* text;
    const char* templateText;
};
constexpr std::array kinds = {
    MessageKind{Level::Info, "GET /v1/catalog 200 31 ms req=c41f07aa", "GET /v1/catalog <n> <n> ms req=<hex>"},
    MessageKind{Level::Info, "cache hit catalog:page:12", "cache hit <key>"},
    MessageKind{Level::Debug, "session 8f21 started", "session <id> started"},
    MessageKind{Level::Warn, "pool orders-rw waited 2004 ms for a connection (active=40 idle=0 queue=317)",
                "pool <*> waited <n> ms for a connection (active=<n> idle=<n> queue=<n>)"},
    MessageKind{Level::Error, "charge failed for order 88931: upstream payments unavailable, cart kept",
                "charge failed for order <n>: upstream <*> unavailable, cart kept"},
    MessageKind{Level::Fatal, "circuit breaker payments opened: 50 failures in 10 s",
                "circuit breaker <*> opened: <n> failures in <n> s"},
};

/// A bump from 0 to 1 and back over [from, to] of the run.
double bump(double position, double from, double to)
{
    if (position < from || position > to)
        return 0.0;
    return std::sin((position - from) / (to - from) * 3.14159265358979);
}

double noise(std::size_t a, std::size_t b)
{
    const auto h = (a * 2654435761U) ^ (b * 40503U + 977U);
    return static_cast<double>((h >> 7U) % 1000U) / 1000.0;
}

double scoreOf(std::size_t entity, std::size_t window, std::size_t windows)
{
    const double at = static_cast<double>(window) / static_cast<double>(windows);
    constexpr std::array<double, 5> peak = {5.9, 9.6, 6.8, 6.6, 4.9};
    constexpr std::array<double, 5> from = {0.50, 0.46, 0.52, 0.38, 0.36};
    const double wave = peak[entity % 5] * std::pow(bump(at, from[entity % 5], 0.70), 0.5);
    return std::max(wave > 0 ? wave * (0.9 + 0.1 * noise(entity, window)) : 0.0, 0.8 * noise(window, entity));
}

bool silent(const SampleOptions& options, std::size_t entity, std::size_t window)
{
    const double at = static_cast<double>(window) / static_cast<double>(options.windows);
    return options.entities[entity] == "inventory" && at >= 0.52 && at < 0.66;
}

void addRecord(records::RecordSet& set, std::string& text, TimeUs time, std::uint32_t entity, std::size_t kind)
{
    auto& table = set.table;
    const std::string header = formatIso8601(time) + ' ' + std::string(records::levelName(kinds[kind].level)) + ' ';
    const std::string line = header + kinds[kind].text;
    table.time.push_back(time);
    table.offset.push_back(text.size());
    table.bytes.push_back(static_cast<std::uint32_t>(line.size()));
    table.templateId.push_back(static_cast<std::uint32_t>(kind));
    table.entity.push_back(entity);
    table.messageStart.push_back(static_cast<std::uint16_t>(header.size()));
    table.source.push_back(0);
    table.level.push_back(kinds[kind].level);
    table.flags.push_back(0);
    text += line + '\n';
}

std::shared_ptr<const records::RecordSet> sampleRecords(const SampleOptions& options)
{
    auto set = std::make_shared<records::RecordSet>();
    set->table.entities.intern("");
    for (const auto& name : options.entities)
        set->table.entities.intern(name);
    for (const auto& kind : kinds)
        set->templates.templates.push_back(
            {kind.templateText, std::string("T-") + std::to_string(10'000'000 + set->templates.size())});
    std::string text;
    for (std::size_t w = 0; w < options.windows; ++w) {
        const double at = static_cast<double>(w) / static_cast<double>(options.windows);
        const double trouble = bump(at, 0.48, 0.70);
        for (std::size_t e = 0; e < options.entities.size(); ++e) {
            const auto count = silent(options, e, w)
                                   ? 0
                                   : static_cast<std::size_t>(static_cast<double>(options.recordsPerWindow) *
                                                              (1.0 + 0.5 * trouble + 0.1 * noise(w, e)));
            for (std::size_t i = 0; i < count; ++i) {
                const double draw = noise(w * 131 + e, i);
                std::size_t kind = draw < 0.02 ? 3 : draw < 0.9 ? i % 2 : 2;
                if (draw < trouble * 0.5)
                    kind = draw < 0.02 ? 5 : draw < 0.25 ? 4 : 3;
                const TimeUs time = options.start + static_cast<TimeUs>(w) * options.window_us +
                                    static_cast<TimeUs>(i) * options.window_us / static_cast<TimeUs>(count);
                addRecord(*set, text, time, static_cast<std::uint32_t>(e + 1), kind);
            }
        }
    }
    records::SourceReport report;
    report.path = "/var/log/shop/checkout.log";
    report.detection.format = "text";
    report.detection.confidence = 0.99;
    report.fileBytes = report.contentBytes = text.size();
    report.records = report.lines = report.linesWithTime = set->table.size();
    report.start = set->table.time[0];
    report.end = set->table.time[set->table.size() - 1];
    set->reports.push_back(report);
    set->sources.push_back(std::make_shared<TextSource>(std::move(text)));
    return set;
}

void addDetectors(pipeline::AnalysisResult& run, std::size_t count)
{
    constexpr std::array names = {"robust_z", "isolation_forest", "pca", "unseen_templates", "lof"};
    for (std::size_t d = 0; d < count; ++d) {
        pipeline::DetectorRun detector;
        detector.name = names[d % names.size()];
        detector.title = detector.name;
        detector.seconds = 0.3;
        for (std::size_t u = 0; u < run.score.size(); ++u) {
            const double factor = d == 4 ? 0.15 : 0.8 + 0.1 * static_cast<double>(d);
            detector.surprise.push_back(static_cast<float>(run.score[u] * factor + 0.3 * noise(u, d)));
            detector.raw.push_back(run.score[u]);
        }
        run.detectors.push_back(std::move(detector));
    }
}

void addTails(pipeline::AnalysisResult& run)
{
    for (const double score : run.score)
        run.tailP.push_back(std::pow(10.0, -score));
}

explain::Explanation sampleExplanation(const pipeline::AnalysisResult& run, const decisions::Episode& episode)
{
    const auto& who = run.table.entities[episode.entity];
    explain::Explanation out;
    out.title = who + ": errors 188 per 30 s, typical 0-5";
    out.summary = "Errors rise from 2 to 188 per 30 s; a template never seen before appears 1,377 times: charge failed "
                  "for order <n>.";
    const std::array shares = {0.31, 0.27, 0.24, 0.17, 0.01};
    for (std::size_t d = 0; d < run.detectors.size(); ++d)
        out.detectors.push_back({run.detectors[d].name, shares[d % shares.size()], 1e-8});
    out.features = {{0, "errors", "per 30 s", 188, 0, 2, 5, .29},
                    {1, "latency_ms p95", "ms", 1912, 70, 152, 240, .22},
                    {2, "pool wait", "ms", 2004, 0, 3, 12, .16},
                    {3, "rare template ratio", "", .31, 0, .01, .02, .13},
                    {4, "records", "per 30 s", 0, 84, 100, 131, .11}};
    out.templates = {{3, explain::TemplateChangeKind::New, 1904, 0, 300},
                     {4, explain::TemplateChangeKind::New, 1377, 0, 250},
                     {5, explain::TemplateChangeKind::More, 38, 0.4, 60},
                     {1, explain::TemplateChangeKind::Gone, 0, 214, 40}};
    if (!run.records)
        return out;
    const auto& table = run.records->table;
    for (std::size_t i = 0; i < table.size() && out.evidence.size() < 20; ++i)
        if (table.time[i] >= episode.onset && table.level[i] >= Level::Error)
            out.evidence.push_back({i, 1.0});
    return out;
}

/// Flagged runs of each entity, by the plain rule (no gaps), so that the expectation is easy to see.
void addEpisodes(pipeline::AnalysisResult& run)
{
    run.episodes = pipeline::episodesAt(run, run.threshold.value);
    for (const auto& episode : run.episodes)
        run.explanations.push_back(sampleExplanation(run, episode));
}

} // namespace

pipeline::AnalysisPtr sampleRun(const SampleOptions& options)
{
    auto run = std::make_shared<pipeline::AnalysisResult>();
    run->recipe.name = "log_windows";
    run->recipeReason = "log_windows, because the input is a log with times";
    run->inputs = {"/var/log/shop/checkout.log"};
    auto& table = run->table;
    table.kind = features::UnitKind::Window;
    table.columns = {{"errors", "per 30 s", features::ColumnRole::Count, 0, 0xffffffff},
                     {"records", "per 30 s", features::ColumnRole::Count, 0, 0xffffffff}};
    table.entities = options.entities;
    const auto units = options.windows * options.entities.size();
    table.values = features::Matrix::Zero(static_cast<Eigen::Index>(units), 2);
    for (std::size_t w = 0; w < options.windows; ++w) {
        for (std::size_t e = 0; e < options.entities.size(); ++e) {
            const auto unit = static_cast<Eigen::Index>(table.start.size());
            table.start.push_back(options.start + static_cast<TimeUs>(w) * options.window_us);
            table.end.push_back(table.start.back() + options.window_us);
            table.entity.push_back(static_cast<std::uint32_t>(e));
            table.values(unit, 1) = silent(options, e, w) ? 0.0 : static_cast<double>(options.recordsPerWindow);
            run->score.push_back(scoreOf(e, w, options.windows));
        }
    }
    addTails(*run);
    addDetectors(*run, 5);
    if (options.withRecords) {
        run->records = sampleRecords(options);
        QuietJob job;
        run->timeline =
            std::make_shared<const pipeline::Timeline>(pipeline::Timeline::build(run->records->table, job).value());
    }
    for (std::size_t k = 0; k < kinds.size(); ++k) {
        run->templateIds.push_back("T-" + std::to_string(10'000'000 + k));
        run->templateTexts.emplace_back(kinds[k].templateText);
    }
    run->threshold.value = options.threshold;
    run->notices = {"The log carries no zone; UTC is assumed."};
    addEpisodes(*run);
    return run;
}

pipeline::AnalysisPtr sawtoothRun(std::size_t units, std::size_t detectors)
{
    auto run = std::make_shared<pipeline::AnalysisResult>();
    auto& table = run->table;
    table.kind = features::UnitKind::Window;
    table.entities = {""};
    table.values = features::Matrix::Zero(static_cast<Eigen::Index>(units), 1);
    table.columns = {{"value", "", features::ColumnRole::Value, 0, 0xffffffff}};
    for (std::size_t u = 0; u < units; ++u) {
        table.start.push_back(static_cast<TimeUs>(u) * second_us);
        table.end.push_back(table.start.back() + second_us);
        table.entity.push_back(0);
        run->score.push_back(static_cast<double>(u % 1000) / 100.0);
    }
    addTails(*run);
    addDetectors(*run, detectors);
    run->threshold.value = 9.0;
    run->episodes = pipeline::episodesAt(*run, 9.0);
    run->explanations.resize(run->episodes.size());
    return run;
}

pipeline::AnalysisPtr timelessRun(std::size_t rows)
{
    auto run = std::make_shared<pipeline::AnalysisResult>();
    auto& table = run->table;
    table.kind = features::UnitKind::Row;
    table.entities = {""};
    table.columns = {{"value", "", features::ColumnRole::Value, 0, 0xffffffff}};
    table.values = features::Matrix::Zero(static_cast<Eigen::Index>(rows), 1);
    table.start.assign(rows, noTime);
    table.end.assign(rows, noTime);
    table.entity.assign(rows, 0);
    for (std::size_t u = 0; u < rows; ++u) {
        table.record.push_back(static_cast<std::uint32_t>(u));
        run->score.push_back(u % 100 == 50 ? 6.0 : noise(u, 3));
    }
    addTails(*run);
    addDetectors(*run, 2);
    run->threshold.value = 4.0;
    run->episodes = pipeline::episodesAt(*run, 4.0);
    run->explanations.resize(run->episodes.size());
    return run;
}

} // namespace faultline::testsupport
