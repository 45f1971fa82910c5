// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/quality.h"
#include "engine/records/unseen_templates.h"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <utility>

namespace faultline::records
{

namespace
{

constexpr std::size_t sourcesNamedApart = 3; ///< a finding that more of them share is said once
constexpr std::uint64_t longLineBytes = 65'536;

double shareOf(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// "6.2 %", "0.003 %": two digits that say something.
std::string percent(double share)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2g %%", share * 100.0);
    return share >= 0.995 ? formatNumber(std::round(share * 1'000.0) / 10.0) + " %" : text;
}

/// "3,120 of 50,000 lines (6.2 %)".
std::string ofAll(std::uint64_t part, std::uint64_t whole, const char* what)
{
    return formatCount(part) + " of " + formatCount(whole) + " " + what + " (" + percent(shareOf(part, whole)) + ")";
}

std::string times(std::uint64_t count)
{
    return count == 1 ? "once" : formatCount(count) + " times";
}

/// Says what is wrong with one source; each function looks at one thing.
class SourceFindings
{
public:
    SourceFindings(const SourceQuality& source, const SourceReport& report, std::vector<Finding>& out)
        : m_source(source), m_report(report), m_out(out)
    {
    }

    void findAll()
    {
        damage();
        rejections();
        format();
        missingTimes();
        zone();
        clock();
        gaps();
        changedClocks();
        duplicates();
        bytes();
        columns();
        templates();
    }

private:
    void say(Severity severity, const char* kind, double share, std::string text, std::string remedy,
             std::uint64_t line = 0)
    {
        m_out.push_back({severity, kind, std::move(text), std::move(remedy), m_source.path, line, share});
    }

    void damage()
    {
        if (!m_source.warning.empty())
            say(Severity::Problem, "damaged", 1.0, m_source.warning, "copy or download the file again");
    }

    void rejections()
    {
        if (m_source.rejectedLines == 0 || m_source.rejectedByReason.empty())
            return;
        const auto share = shareOf(m_source.rejectedLines, m_source.lines);
        const auto severity = share > 0.05 ? Severity::Problem : share > 0.001 ? Severity::Warning : Severity::Info;
        const auto& [reason, count] = m_source.rejectedByReason.front();
        say(severity, "rejected", share,
            ofAll(m_source.rejectedLines, m_source.lines, "lines") + " were rejected" +
                (m_source.rejectedByReason.size() == 1 ? ": " : ", " + formatCount(count) + " of them because: ") +
                reason,
            "`faultline inspect --rejected FILE.csv` lists them; if the format was mistaken, name it with --format",
            m_source.rejectedExamples.empty() ? 0 : m_source.rejectedExamples.front().line);
    }

    void format()
    {
        if (m_source.confidence < 0.5)
            say(Severity::Warning, "format", 1.0 - m_source.confidence,
                "the format " + m_source.format + " is a guess: it is sure only to " + percent(m_source.confidence),
                "look at the records; if they are wrong, name the format with --format");
        if (m_source.plainRecords != 0 && shareOf(m_source.plainRecords, m_source.records) > 0.05)
            say(Severity::Info, "layout", shareOf(m_source.plainRecords, m_source.records),
                ofAll(m_source.plainRecords, m_source.records, "records") +
                    " do not have the layout of the others and are taken whole as messages",
                "if they are of another program, give its log as a file of its own");
    }

    void missingTimes()
    {
        const auto& time = m_source.time;
        if (time.own == 0 && m_source.records != 0)
            return say(m_report.detection.kind == Kind::Delimited ? Severity::Info : Severity::Warning, "no_time", 1.0,
                       "no record has a time, so nothing can be said of when", "name the column with --time-column");
        if (time.inherited == 0)
            return;
        const auto share = shareOf(time.inherited, m_source.records);
        say(share > 0.05 ? Severity::Warning : Severity::Info, "inherited_time", share,
            ofAll(time.inherited, m_source.records, "records") + " have no time and take that of the record before",
            "nothing, where they belong to the record before; else see why they carry none");
    }

    void zone()
    {
        if (m_report.detection.zone.find("assumed") != std::string::npos)
            say(Severity::Info, "zone", 0.0, "the times name no zone and are read as " + m_report.detection.zone,
                "set it with --timezone, e.g. Europe/Berlin, when it is another one");
    }

    void clock()
    {
        const auto& time = m_source.time;
        const auto& back = time.largestBackward;
        if (time.backwardSteps != 0 && back.by_us >= minute_us)
            say(Severity::Warning, "clock", shareOf(time.backwardSteps, time.own),
                "the clock goes backwards " + times(time.backwardSteps) + ", by up to " + formatDuration(back.by_us) +
                    " (from " + formatIso8601(back.from) + " to " + formatIso8601(back.to) + ")",
                "see whether the clock was set, the zone changed, or files were joined in the wrong order", back.line);
        else if (time.backwardSteps != 0)
            say(Severity::Info, "order", shareOf(time.backwardSteps, time.own),
                ofAll(time.backwardSteps, time.own, "records") + " are earlier than the one before, by up to " +
                    formatDuration(back.by_us),
                "nothing: records are put in order of time", back.line);
    }

    void gaps()
    {
        const auto& time = m_source.time;
        if (m_source.rows.missing != 0)
            return missingRows(); // the same silences, told better
        if (time.gapCount == 0)
            return;
        const auto longest = std::max_element(time.gaps.begin(), time.gaps.end(), [](const auto& a, const auto& b) {
            return a.end - a.begin < b.end - b.begin;
        });
        const auto span = static_cast<double>(m_source.end - m_source.start);
        const auto share = span > 0.0 ? static_cast<double>(time.silent_us) / span : 0.0;
        auto text = "silent for " + formatDuration(longest->end - longest->begin) + " from " +
                    formatIso8601(longest->begin) + " to " + formatIso8601(longest->end);
        if (time.gapCount > 1)
            text += ", the longest of " + formatCount(time.gapCount) + " gaps that make up " + percent(share) +
                    " of the time";
        say(share > 0.05 ? Severity::Warning : Severity::Info, "gaps", share,
            text + "; records usually follow each other within " +
                formatDuration(std::max<DurationUs>(time.gapLimit_us / 10, 1)),
            "see whether a file of a rotated log is missing, or the system stood still", longest->line);
    }

    void missingRows()
    {
        const auto& rows = m_source.rows;
        const auto share = shareOf(rows.missing, rows.expected);
        auto text = ofAll(rows.missing, rows.expected, "rows") + " are missing at a step of " +
                    formatDuration(rows.step_us) +
                    (rows.gaps == 1 ? ": " : ", in " + formatCount(rows.gaps) + " gaps; most of them, ") +
                    formatCount(rows.longestRows) + ", from " + formatIso8601(rows.longest.begin) + " to " +
                    formatIso8601(rows.longest.end);
        say(share > 0.05 ? Severity::Warning : Severity::Info, "missing_rows", share, std::move(text),
            "see whether the source stood still; `resample` in a recipe fills short gaps", rows.longest.line);
    }

    void changedClocks()
    {
        const auto& time = m_source.time;
        if (const auto repeated = std::max(time.repeatedLocal, m_report.repeatedLocalTimes); repeated != 0)
            say(Severity::Warning, "clock_change", shareOf(repeated, time.own),
                formatCount(repeated) + " records are of an hour that local clocks show twice (summer time ends)",
                "log in UTC, or with the offset in each line; here the order of lines decides");
        if (const auto skipped = std::max(time.skippedLocal, m_report.skippedLocalTimes); skipped != 0)
            say(Severity::Warning, "clock_change", shareOf(skipped, time.own),
                formatCount(skipped) + " records are of an hour that local clocks never show (summer time begins)",
                "the zone is another one: set it with --timezone");
    }

    void duplicates()
    {
        const auto share = shareOf(m_source.text.duplicateLines, m_source.lines);
        if (share < 0.01 || m_source.text.duplicateLines < 10)
            return;
        const auto& time = m_source.time;
        say(share > 0.2 && time.own != 0 ? Severity::Warning : Severity::Info, "duplicate_lines", share,
            std::string(m_source.text.duplicatesExact ? "" : "about ") +
                ofAll(m_source.text.duplicateLines, m_source.lines, "lines") + " stand there before, word for word" +
                (time.own != 0 ? ", time and all" : ""),
            "nothing, if the system writes them so; else see whether copies were joined");
    }

    void bytes()
    {
        const auto& text = m_source.text;
        if (text.nulBytes != 0)
            say(Severity::Warning, "nul", shareOf(text.nulBytes, m_source.contentBytes),
                formatCount(text.nulBytes) + " NUL bytes: what a crash or a full disk leaves behind",
                "records around them may be lost");
        if (m_source.invalidUtf8Lines != 0)
            say(Severity::Info, "utf8", shareOf(m_source.invalidUtf8Lines, m_source.lines),
                ofAll(m_source.invalidUtf8Lines, m_source.lines, "lines") + " are not valid UTF-8; the bytes are kept",
                "if the text is in another encoding, name it with --encoding");
        if (text.longestBytes > longLineBytes)
            say(Severity::Info, "long_line", 0.0, "the longest line has " + formatBytes(text.longestBytes),
                "lines over 1 MiB are rejected", text.longestLine);
        if (text.crlf != 0 && text.lineFeeds != 0)
            say(Severity::Info, "line_ends", shareOf(std::min(text.crlf, text.lineFeeds), text.crlf + text.lineFeeds),
                "line ends are mixed: " + formatCount(text.lineFeeds) + " LF, " + formatCount(text.crlf) + " CRLF",
                "nothing: both are read");
        if (text.unfinished && m_report.detection.kind != Kind::Delimited)
            say(Severity::Info, "unfinished", 0.0, "the last line has no line end: it may be half a line",
                "read the file again when its writer is done", m_source.lines);
    }

    void columns()
    {
        std::string constant, empty;
        const auto addName = [](std::string& list, const std::string& name) {
            list += (list.empty() ? "" : ", ") + displayText(name);
        };
        for (const auto& column : m_source.columns) {
            if (column.unreadable != 0)
                say(Severity::Warning, "unreadable", shareOf(column.unreadable, column.values),
                    "column " + displayText(column.name) + ": " + ofAll(column.unreadable, column.values, "values") +
                        " are no numbers and count as missing",
                    "see whether they use another decimal mark or a word for missing");
            if (column.type == ColumnType::Empty)
                addName(empty, column.name);
            else if (column.constant() && column.role == FieldRole::Value)
                addName(constant, column.name);
        }
        if (!empty.empty())
            say(Severity::Info, "empty_columns", 0.0, "columns without any value: " + empty,
                "nothing: they are left out");
        if (!constant.empty())
            say(Severity::Info, "constant_columns", 0.0, "columns with one and the same value throughout: " + constant,
                "nothing: they tell nothing");
    }

    void templates()
    {
        if (m_source.records >= 1'000 && m_source.singletons * 10 > m_source.records)
            say(Severity::Info, "singletons", shareOf(m_source.singletons, m_source.records),
                ofAll(m_source.singletons, m_source.records, "records") + " have a message of a kind of their own",
                "their variable parts may not be recognised: look at `faultline templates`");
    }

    const SourceQuality& m_source;
    const SourceReport& m_report;
    std::vector<Finding>& m_out;
};

/// Files that hold the same lines: each counts twice.
void findCopies(const QualityReport& report, std::vector<Finding>& out)
{
    std::map<std::pair<std::uint64_t, std::uint64_t>, const SourceQuality*> seen;
    for (const auto& source : report.sources) {
        if (source.lines == 0)
            continue;
        const auto [it, added] = seen.try_emplace({source.text.contentHash, source.lines}, &source);
        if (!added)
            out.push_back({Severity::Problem, "copies",
                           "holds the same lines as " + it->second->path + ": each counts twice",
                           "name only one of them", source.path, 0, shareOf(source.lines, report.total.lines)});
    }
}

/// What the model that the records were matched against did not know.
void findUnseenTemplates(const RecordSet& records, std::vector<Finding>& out)
{
    const auto unseen = unseenTemplates(records);
    if (unseen.templates.empty())
        return;
    const auto& first = unseen.templates.front();
    out.push_back({Severity::Info, "unseen_templates",
                   ofAll(unseen.records, records.table.size(), "records") + " are of " +
                       formatCount(unseen.templates.size()) + " templates that the model does not know, most often `" +
                       displayText(records.templates.templates[first.templateId].text.substr(0, 80)) + "`",
                   "nothing if they are news; else train again on data that has them", first.path, first.line,
                   shareOf(unseen.records, records.table.size())});
}

bool moreSevere(const Finding& a, const Finding& b)
{
    return a.severity != b.severity ? a.severity > b.severity : a.share > b.share;
}

/// What many sources share is said once, by the one it concerns most.
std::vector<Finding> saidOnce(std::vector<Finding> findings)
{
    std::map<std::string, std::size_t> sources;
    for (const auto& finding : findings)
        ++sources[finding.kind];
    std::map<std::string, bool> said;
    std::vector<Finding> out;
    for (auto& finding : findings) {
        const auto others = sources[finding.kind] - 1;
        if (others >= sourcesNamedApart) {
            if (std::exchange(said[finding.kind], true))
                continue;
            finding.text += " (and " + formatCount(others) + " more like this)";
        }
        out.push_back(std::move(finding));
    }
    return out;
}

} // namespace

std::vector<Finding> findingsOf(const QualityReport& report, const RecordSet& records)
{
    std::vector<Finding> out;
    for (std::size_t i = 0; i < report.sources.size(); ++i)
        SourceFindings(report.sources[i], records.reports[i], out).findAll();
    findCopies(report, out);
    findUnseenTemplates(records, out);
    std::stable_sort(out.begin(), out.end(), moreSevere);
    return saidOnce(std::move(out));
}

} // namespace faultline::records
