// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/quality.h"
#include "engine/core/text.h"
#include "engine/records/column_tally.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace faultline::records
{

namespace
{

constexpr std::size_t recordsBetweenChecks = 1U << 20;
constexpr std::size_t listedGaps = 20;

/// What the report and the source itself already know.
SourceQuality facts(const SourceReport& report)
{
    SourceQuality out;
    out.path = report.path;
    out.format = report.detection.format;
    out.confidence = report.detection.confidence;
    out.encoding = sources::encodingName(report.encoding);
    out.compression = sources::compressionName(report.compression);
    out.contentBytes = report.contentBytes;
    out.lines = report.lines;
    out.records = report.records;
    out.continuationLines = report.continuationLines;
    out.blankLines = report.blankLines;
    out.headerLines = report.headerLines;
    out.rejectedLines = report.rejectedLines;
    out.recordsSharingLines = report.recordsSharingLines;
    out.invalidUtf8Lines = report.invalidUtf8Lines;
    out.rejectedByReason = report.rejectedByReason;
    out.rejectedExamples = report.rejectedExamples;
    for (auto& example : out.rejectedExamples)
        example.text = displayText(example.text);
    out.text = report.text;
    out.start = report.start;
    out.end = report.end;
    out.columns = report.columns;
    out.warning = report.warning;
    return out;
}

/// How many records each template has; counting in another source costs what that source has, not what all have.
class TemplateCounts
{
public:
    explicit TemplateCounts(std::size_t templates) : m_counts(templates) {}
    void add(TemplateId id, std::uint64_t records = 1)
    {
        if (m_counts[id] == 0)
            m_seen.push_back(id);
        m_counts[id] += records;
    }
    void report(SourceQuality& out) const
    {
        out.templates = m_seen.size();
        out.singletons = static_cast<std::size_t>(
            std::count_if(m_seen.begin(), m_seen.end(), [this](TemplateId id) { return m_counts[id] == 1; }));
    }
    void moveTo(TemplateCounts& all)
    {
        for (const auto id : m_seen)
            all.add(id, std::exchange(m_counts[id], 0));
        m_seen.clear();
    }

private:
    std::vector<std::uint64_t> m_counts;
    std::vector<TemplateId> m_seen;
};

/// Counts over one source's records after the other.
class RecordCounts
{
public:
    RecordCounts(const RecordSet& records, JobContext& job)
        : m_table(records.table), m_job(job), m_ofSource(records.templates.size()), m_ofAll(records.templates.size()),
          m_entityIn(records.table.entities.size(), 0)
    {
    }

    /// False when the job was stopped.
    bool count(std::size_t begin, std::size_t end, std::uint32_t source, SourceQuality& out)
    {
        for (auto i = begin; i < end; ++i) {
            if ((i - begin) % recordsBetweenChecks == recordsBetweenChecks - 1) {
                if (m_table.memory)
                    m_table.memory->putAway();
                if (m_job.stopRequested())
                    return false;
            }
            const auto flags = m_table.flags[i];
            ++out.levels[static_cast<std::size_t>(m_table.level[i])];
            out.multilineRecords += (flags & Multiline) != 0 ? 1U : 0U;
            out.plainRecords += (flags & NoHeader) != 0 ? 1U : 0U;
            if (const auto id = m_table.templateId[i]; id != noTemplate)
                m_ofSource.add(id);
            countEntity(m_table.entity[i], source, out);
        }
        m_ofSource.report(out);
        m_ofSource.moveTo(m_ofAll);
        return true;
    }

    void total(SourceQuality& out) const
    {
        m_ofAll.report(out);
        out.entities = m_entities;
    }

private:
    void countEntity(EntityId entity, std::uint32_t source, SourceQuality& out)
    {
        auto& in = m_entityIn[entity];
        if (entity == 0 || in == source + 1)
            return;
        m_entities += in == 0 ? 1U : 0U;
        ++out.entities;
        in = source + 1;
    }

    const RecordTable& m_table;
    JobContext& m_job;
    TemplateCounts m_ofSource, m_ofAll;
    std::vector<std::uint32_t> m_entityIn; ///< 1 + the last source that had a record of it
    std::size_t m_entities = 0;
};

void addTimes(TimeQuality& all, const TimeQuality& one)
{
    all.own += one.own;
    all.inherited += one.inherited;
    all.none += one.none;
    all.duplicates += one.duplicates;
    all.disorder += one.disorder;
    all.backwardSteps += one.backwardSteps;
    all.skippedLocal += one.skippedLocal;
    all.repeatedLocal += one.repeatedLocal;
    all.gapCount += one.gapCount;
    all.silent_us += one.silent_us;
    if (one.largestBackward.by_us > all.largestBackward.by_us)
        all.largestBackward = one.largestBackward;
    if (one.largestForward.by_us > all.largestForward.by_us)
        all.largestForward = one.largestForward;
    all.gaps.insert(all.gaps.end(), one.gaps.begin(), one.gaps.end());
}

void addRows(MissingRows& all, const MissingRows& one)
{
    all.series += one.series;
    all.expected += one.expected;
    all.missing += one.missing;
    all.gaps += one.gaps;
    if (all.step_us == 0 || one.longestRows > all.longestRows) {
        all.step_us = one.step_us;
        all.longest = one.longest;
        all.longestRows = one.longestRows;
    }
}

void addText(LineStatistics& all, const LineStatistics& one)
{
    all.lineFeeds += one.lineFeeds;
    all.crlf += one.crlf;
    all.carriageReturns += one.carriageReturns;
    all.nulBytes += one.nulBytes;
    all.repeatedLines += one.repeatedLines;
    all.duplicateLines += one.duplicateLines;
    all.duplicatesExact &= one.duplicatesExact;
    all.unfinished |= one.unfinished;
    all.contentHash += one.contentHash;
    if (one.longestBytes > all.longestBytes) {
        all.longestBytes = one.longestBytes;
        all.longestLine = one.longestLine;
    }
}

/// Sums; entities and templates are not sums and are left to the caller.
void add(SourceQuality& all, const SourceQuality& one, bool first)
{
    all.format = first || all.format == one.format ? one.format : "mixed";
    all.encoding = first || all.encoding == one.encoding ? one.encoding : "mixed";
    all.compression = first || all.compression == one.compression ? one.compression : "mixed";
    all.confidence = first ? one.confidence : std::min(all.confidence, one.confidence);
    all.contentBytes += one.contentBytes;
    all.lines += one.lines;
    all.records += one.records;
    all.continuationLines += one.continuationLines;
    all.blankLines += one.blankLines;
    all.headerLines += one.headerLines;
    all.rejectedLines += one.rejectedLines;
    all.recordsSharingLines += one.recordsSharingLines;
    all.invalidUtf8Lines += one.invalidUtf8Lines;
    all.multilineRecords += one.multilineRecords;
    all.plainRecords += one.plainRecords;
    for (std::size_t i = 0; i < all.levels.size(); ++i)
        all.levels[i] += one.levels[i];
    if (one.start != noTime) {
        all.start = all.start == noTime ? one.start : std::min(all.start, one.start);
        all.end = all.end == noTime ? one.end : std::max(all.end, one.end);
    }
    addText(all.text, one.text);
    addTimes(all.time, one.time);
    addRows(all.rows, one.rows);
}

void finishTotal(SourceQuality& all, const std::vector<SourceQuality>& sources)
{
    std::map<std::string, std::uint64_t> reasons;
    for (const auto& source : sources)
        for (const auto& [reason, count] : source.rejectedByReason)
            reasons[reason] += count;
    all.rejectedByReason.assign(reasons.begin(), reasons.end());
    std::stable_sort(all.rejectedByReason.begin(), all.rejectedByReason.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    auto& gaps = all.time.gaps;
    std::stable_sort(gaps.begin(), gaps.end(),
                     [](const auto& a, const auto& b) { return a.end - a.begin > b.end - b.begin; });
    gaps.resize(std::min(gaps.size(), listedGaps));
}

/// The fields of records that are no rows of tables: the columns of tables were counted while they were read.
Result<std::vector<FieldQuality>> assessFields(const RecordSet& records, JobContext& job)
{
    std::vector<FieldQuality> out;
    for (const auto& field : records.table.fields) {
        ColumnTally tally;
        for (const auto& report : records.reports) {
            if (report.detection.kind == Kind::Delimited)
                continue;
            const auto end = report.firstRecord + report.records;
            for (auto i = report.firstRecord; i < end;) {
                if (job.stopRequested())
                    return cancelled();
                const auto within = i % NumericField::chunkSize;
                const auto count = std::min(end - i, NumericField::chunkSize - within);
                if (const auto chunk = field.chunk(i / NumericField::chunkSize); !chunk.empty())
                    tally.addNumbers(chunk.subspan(within, count));
                i += count;
            }
        }
        if (tally.values == 0)
            continue;
        const auto distinct = tally.distinct.count();
        out.push_back(
            {field.name(), field.unit(), tally.values, distinct.distinct, distinct.exact, tally.min, tally.max});
    }
    return out;
}

} // namespace

const char* severityName(Severity severity)
{
    switch (severity) {
    case Severity::Info:
        return "info";
    case Severity::Warning:
        return "warning";
    case Severity::Problem:
        break;
    }
    return "problem";
}

Result<QualityReport> assess(const RecordSet& records, JobContext& job)
{
    job.begin("judging the data", records.reports.size());
    QualityReport out;
    RecordCounts counts(records, job);
    for (std::uint32_t s = 0; s < records.reports.size(); ++s) {
        const auto& report = records.reports[s];
        const auto end = report.firstRecord + report.records;
        auto& source = out.sources.emplace_back(facts(report));
        auto time = assessTimes(records, report.firstRecord, end, job);
        if (!time)
            return fail(time.error());
        source.time = std::move(*time);
        if (report.detection.kind == Kind::Delimited && source.time.own > 0) {
            auto rows = missingRows(records, report.firstRecord, end, job);
            if (!rows)
                return fail(rows.error());
            source.rows = std::move(*rows);
        }
        if (!counts.count(report.firstRecord, end, s, source) || !job.advance())
            return cancelled();
        add(out.total, source, s == 0);
    }
    counts.total(out.total);
    finishTotal(out.total, out.sources);
    auto fields = assessFields(records, job);
    if (!fields)
        return fail(fields.error());
    out.fields = std::move(*fields);
    out.sessions = records.sessions.keys.size();
    out.findings = findingsOf(out, records);
    return out;
}

} // namespace faultline::records
