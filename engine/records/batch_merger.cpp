// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/batch_merger.h"
#include "engine/records/clock_changes.h"
#include "engine/records/date_completion.h"
#include <algorithm>
#include <cmath>

namespace faultline::records
{

namespace
{

constexpr std::size_t maxSeries = 10'000; // of long tables, together with all other fields

} // namespace

std::vector<RecordSet::LineJump> lineJumpsOf(const RecordBatch& batch, std::string_view bytes, std::uint64_t offset)
{
    std::vector<RecordSet::LineJump> jumps;
    if (batch.offset.empty())
        return jumps;
    if (batch.lines == batch.offset.size() && batch.recordsSharingLines == 0)
        return {{0, 1}};
    std::uint64_t line = 1, lastLine = 0;
    const char* at = bytes.data();
    for (std::size_t i = 0; i < batch.offset.size(); ++i) {
        const char* record = bytes.data() + (batch.offset[i] - offset);
        line += static_cast<std::uint64_t>(std::count(at, record, '\n'));
        at = record;
        if (i == 0 || line != lastLine + 1)
            jumps.push_back({i, line});
        lastLine = line;
    }
    return jumps;
}

void BatchMerger::beginSource(const Detection& detection, const std::string& origin)
{
    const auto index = m_set.reports.size();
    const auto& source = *m_set.sources[index];
    m_report = &m_set.reports.emplace_back();
    m_report->path = source.path();
    m_report->origin = origin;
    m_report->detection = detection;
    m_report->compression = source.compression();
    m_report->encoding = source.encoding();
    m_report->fileBytes = source.fileBytes();
    m_report->firstRecord = m_set.table.size();
    m_source = static_cast<std::uint16_t>(index);
    m_rejected.begin(*m_report);
    m_lines = {};
    m_longLineBytes = 0;
    m_columns.clear();
    m_longRows.clear();
    m_set.table.entities.intern("");
    m_sourceEntity = m_entityOfSources ? m_set.table.entities.intern(origin) : 0;
}

void BatchMerger::add(const ParsedBlock& parsed)
{
    if (parsed.block.startsInsideLine || parsed.block.endsInsideLine)
        return addLongLinePiece(parsed);
    if (parsed.block.unfinished)
        return addUnfinishedLine(parsed);
    const auto& batch = parsed.batch;
    joinLeading(parsed);
    m_columns.resize(std::max(m_columns.size(), batch.columns.size()));
    for (std::size_t i = 0; i < batch.columns.size(); ++i)
        m_columns[i].merge(batch.columns[i]);
    if (batch.longValues) {
        addLongRows(parsed);
        return count(parsed);
    }
    const auto firstRecord = m_set.table.size();
    for (const auto& jump : parsed.jumps)
        m_set.lineJumps.push_back({firstRecord + jump.record, m_report->lines + jump.line});
    addKeys(parsed);
    addFields(batch);
    addLabels(batch);
    addEntities(batch);
    addColumns(batch);
    count(parsed);
}

void BatchMerger::addLongLinePiece(const ParsedBlock& parsed)
{
    const auto& block = parsed.block;
    if (!block.startsInsideLine) {
        m_longLineBytes = 0;
        m_rejected.add(++m_report->lines, "longer than 1 MiB", block.bytes);
    }
    m_lines.add(parsed.lines, m_report->lines - 1);
    m_longLineBytes += block.bytes.size();
    m_report->longestLineBytes = std::max(m_report->longestLineBytes, m_longLineBytes);
}

void BatchMerger::addUnfinishedLine(const ParsedBlock& parsed)
{
    const auto& block = parsed.block;
    m_rejected.add(++m_report->lines, "unfinished last line", block.bytes);
    m_lines.add(parsed.lines, m_report->lines - 1);
    m_report->longestLineBytes = std::max<std::uint64_t>(m_report->longestLineBytes, block.bytes.size());
}

void BatchMerger::joinLeading(const ParsedBlock& parsed)
{
    if (parsed.batch.leadingContinuationBytes == 0)
        return;
    if (!sourceHasRecords())
        return addOrphan(parsed);
    const auto last = m_set.table.size() - 1;
    const auto bytes = parsed.block.offset + parsed.batch.leadingContinuationBytes - m_set.table.offset[last];
    m_set.table.bytes[last] = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, UINT32_MAX));
    m_set.table.flags[last] |= Multiline;
}

/// Continuation lines before which the source has no record at all (its first block was blank or rejected) become one.
void BatchMerger::addOrphan(const ParsedBlock& parsed)
{
    const auto text = parsed.block.bytes.substr(0, parsed.batch.leadingContinuationBytes);
    const auto lead = std::min(text.find_first_not_of("\r\n"), text.size());
    RecordBatch orphan;
    orphan.time = {noTime};
    orphan.offset = {parsed.block.offset + lead};
    orphan.bytes = {static_cast<std::uint32_t>(text.size() - lead)};
    orphan.messageStart = {0};
    orphan.level = {Level::None};
    orphan.flags = {static_cast<std::uint8_t>(NoHeader | Multiline)};
    orphan.entity = {orphan.entities.intern("")};
    const auto line = text.substr(lead, text.find('\n', lead) - lead);
    orphan.shape = {orphan.shapes.add(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line)};
    const auto linesBefore = static_cast<std::uint64_t>(std::count(text.data(), text.data() + lead, '\n'));
    m_set.lineJumps.push_back({m_set.table.size(), m_report->lines + linesBefore + 1});
    addEntities(orphan);
    addColumns(orphan);
    --m_report->continuationLines; // its first line is counted as one by the batch, and is a record
}

void BatchMerger::addColumns(const RecordBatch& batch)
{
    auto& table = m_set.table;
    const auto toShape = m_shapes.merge(batch.shapes);
    table.time.append(batch.time);
    table.offset.append(batch.offset);
    table.bytes.append(batch.bytes);
    table.messageStart.append(batch.messageStart);
    table.level.append(batch.level);
    table.flags.append(batch.flags);
    table.source.appendCopies(batch.time.size(), m_source);
    for (const auto shape : batch.shape)
        table.templateId.push_back(shape == templates::noShape ? templates::noShape : toShape[shape]);
}

std::vector<EntityId> BatchMerger::entityIds(const RecordBatch& batch)
{
    std::vector<EntityId> ids(batch.entities.size());
    for (std::uint32_t id = 0; id < ids.size(); ++id)
        ids[id] = batch.entities[id].empty() ? m_sourceEntity : m_set.table.entities.intern(batch.entities[id]);
    return ids;
}

void BatchMerger::addEntities(const RecordBatch& batch)
{
    const auto toEntity = entityIds(batch);
    for (const auto id : batch.entity)
        m_set.table.entity.push_back(toEntity[id]);
}

std::size_t BatchMerger::fieldNamed(const std::string& name, const std::string& unit)
{
    auto& fields = m_set.table.fields;
    for (auto i = m_fields.size(); i < fields.size(); ++i) // of what was in the set before
        m_fields.emplace(fields[i].name(), i);
    const auto [known, isNew] = m_fields.try_emplace(name, fields.size());
    if (isNew)
        fields.emplace_back(name, unit, m_set.table.memory);
    return known->second;
}

void BatchMerger::addFields(const RecordBatch& batch)
{
    const auto firstRecord = m_set.table.size();
    for (const auto& field : batch.fields)
        m_set.table.fields[fieldNamed(field.name, field.unit)].setRange(firstRecord, field.values);
}

/// Rows of a long table: each goes to the record of its time and entity.
void BatchMerger::addLongRows(const ParsedBlock& parsed)
{
    const auto& batch = parsed.batch;
    auto& table = m_set.table;
    const auto toEntity = entityIds(batch);
    const auto toShape = m_shapes.merge(batch.shapes);
    std::vector<std::optional<std::size_t>> toField;
    for (const auto& name : batch.longValues->names.all())
        toField.push_back(table.fields.size() < maxSeries || m_fields.contains(name)
                              ? std::optional(fieldNamed(name, unitOfName(name)))
                              : std::nullopt);
    auto jump = parsed.jumps.begin();
    for (std::size_t row = 0; row < batch.time.size(); ++row) {
        while (jump + 1 != parsed.jumps.end() && (jump + 1)->record <= row)
            ++jump;
        const auto line = m_report->lines + jump->line + (row - jump->record);
        const auto field = toField[batch.longValues->series[row]];
        const double value = batch.longValues->values[row];
        if (!field) {
            m_rejected.add(line, "more than " + std::to_string(maxSeries) + " series",
                           parsed.block.bytes.substr(batch.offset[row] - parsed.block.offset, batch.bytes[row]));
            continue;
        }
        const LongRows::Key key{batch.time[row], toEntity[batch.entity[row]]};
        auto record = m_longRows.recordFor(key, std::isnan(value) ? std::nullopt : field);
        if (record) {
            ++m_report->continuationLines;
        } else {
            record = table.size();
            appendLongRow(batch, row, key.entity, line);
            const auto shape = batch.shape[row];
            table.templateId.push_back(shape == templates::noShape ? templates::noShape : toShape[shape]);
            m_longRows.appended(key, *record);
        }
        if (!std::isnan(value))
            table.fields[*field].set(*record, value);
    }
}

void BatchMerger::appendLongRow(const RecordBatch& batch, std::size_t row, EntityId entity, std::uint64_t line)
{
    auto& table = m_set.table;
    const auto record = table.size();
    auto& jumps = m_set.lineJumps;
    const bool follows = sourceHasRecords() && jumps.back().line + (record - jumps.back().record) == line;
    if (!follows)
        jumps.push_back({record, line});
    if (!batch.labels.empty()) {
        m_set.labels.resize(record); // records of sources without the column have none
        m_set.labels.push_back(batch.labels[row]);
    }
    table.time.push_back(batch.time[row]);
    table.offset.push_back(batch.offset[row]);
    table.bytes.push_back(batch.bytes[row]);
    table.messageStart.push_back(batch.messageStart[row]);
    table.level.push_back(batch.level[row]);
    table.flags.push_back(batch.flags[row]);
    table.source.push_back(m_source);
    table.entity.push_back(entity);
}

void BatchMerger::addKeys(const ParsedBlock& parsed)
{
    const auto& batch = parsed.batch;
    if (batch.keys.empty())
        return;
    std::vector<std::uint32_t> toKey(batch.keys.size());
    for (std::uint32_t id = 0; id < toKey.size(); ++id)
        toKey[id] = m_set.sessions.keys.intern(batch.keys[id]);
    const auto firstRecord = static_cast<std::uint32_t>(m_set.table.size());
    if (sourceHasRecords())
        for (const auto leading : parsed.leadingKeys) {
            const Hit hit{firstRecord - 1, toKey[leading]};
            bool known = false;
            for (auto it = m_hits.rbegin(); it != m_hits.rend() && it->record == hit.record; ++it)
                known = known || it->key == hit.key;
            if (!known)
                m_hits.push_back(hit);
        }
    for (const auto& hit : batch.keyHits)
        m_hits.push_back({firstRecord + hit.record, toKey[hit.key]});
}

void BatchMerger::addLabels(const RecordBatch& batch)
{
    if (batch.labels.empty())
        return;
    m_set.labels.resize(m_set.table.size()); // records of sources without the column have none
    m_set.labels.insert(m_set.labels.end(), batch.labels.begin(), batch.labels.end());
}

void BatchMerger::count(const ParsedBlock& parsed)
{
    const auto& batch = parsed.batch;
    m_rejected.add(batch.rejected, m_report->lines, parsed.block.bytes);
    m_lines.add(parsed.lines, m_report->lines);
    m_report->lines += batch.lines;
    m_report->continuationLines += batch.continuationLines;
    m_report->blankLines += batch.blankLines;
    m_report->headerLines += batch.headerLines;
    m_report->recordsSharingLines += batch.recordsSharingLines;
    m_report->linesWithTime += batch.linesWithTime;
    m_report->invalidUtf8Lines += batch.invalidUtf8Lines;
    m_report->longestLineBytes = std::max(m_report->longestLineBytes, batch.longestLineBytes);
}

void BatchMerger::endSource(MissingDate missing, const TimeZone& zone)
{
    const auto& source = *m_set.sources[m_source];
    m_report->zone = zone;
    m_report->records = m_set.table.size() - m_report->firstRecord;
    m_report->contentBytes = source.contentBytes();
    m_report->warning = source.warning();
    m_report->text = m_lines.finish();
    m_rejected.end();
    reportColumns();
    if (missing == MissingDate::None)
        settleTimes(m_source);
    else
        m_undated.push_back({m_source, missing});
}

/// What the sample said of the columns, with the counts of all rows.
void BatchMerger::reportColumns()
{
    m_report->columns = m_report->detection.columnReports;
    for (std::size_t i = 0; i < std::min(m_columns.size(), m_report->columns.size()); ++i) {
        auto& report = m_report->columns[i];
        const auto& tally = m_columns[i];
        const auto distinct = tally.distinct.count();
        report.values = tally.values;
        report.missing = tally.missing;
        report.unreadable = tally.unreadable;
        report.distinct = distinct.distinct;
        report.distinctExact = distinct.exact;
        if (tally.min <= tally.max) {
            report.min = tally.min;
            report.max = tally.max;
        }
    }
}

/// Dates that the times leave open, by the file and by what the other sources' times span.
void BatchMerger::completeSource(std::size_t source, MissingDate missing)
{
    auto& report = m_set.reports[source];
    DateHints hints{.modified_us = m_set.sources[source]->modifiedUs(), .path = report.path};
    for (const auto& other : m_set.reports) {
        if (other.start == noTime)
            continue;
        hints.othersStart_us =
            hints.othersStart_us == noTime ? other.start : std::min(hints.othersStart_us, other.start);
        hints.othersEnd_us = std::max(hints.othersEnd_us, other.end);
    }
    if (auto reason = completeDates(m_set.table, report.firstRecord, report.firstRecord + report.records, missing,
                                    hints, report.zone);
        !reason.empty())
        report.detection.reasons.push_back(std::move(reason));
}

/// Which instant repeated local times mean, which time a record without one inherits, and where times go back.
void BatchMerger::settleTimes(std::size_t source)
{
    auto& report = m_set.reports[source];
    const auto changes =
        settleClockChanges(m_set.table, report.firstRecord, report.firstRecord + report.records, report.zone);
    report.skippedLocalTimes = changes.skipped;
    report.repeatedLocalTimes = changes.repeated;
    if (auto reason = clockChangeReason(changes, report.zone); !reason.empty())
        report.detection.reasons.push_back(std::move(reason));
    inheritTimes(report);
}

/// A record without a time has the time of the one before it; at a source's start, of the first one that has any.
void BatchMerger::inheritTimes(SourceReport& report)
{
    auto& table = m_set.table;
    const auto end = report.firstRecord + report.records;
    TimeUs last = noTime;
    for (auto i = report.firstRecord; i < end && last == noTime; ++i)
        last = table.time[i];
    if (last == noTime)
        return;
    TimeUs earliest = last, latest = last;
    bool any = false;
    for (auto i = report.firstRecord; i < end; ++i) {
        const auto time_us = table.time[i];
        if (time_us == noTime) {
            table.time[i] = last;
            table.flags[i] |= TimeInherited;
            continue;
        }
        if (time_us < last) {
            table.flags[i] |= TimeBackwards;
            ++report.backwardTimes;
        }
        report.duplicateTimes += any && time_us == last ? 1U : 0U;
        any = true;
        last = time_us;
        earliest = std::min(earliest, time_us);
        latest = std::max(latest, time_us);
    }
    report.start = earliest;
    report.end = latest;
}

Result<void> BatchMerger::finish(const LoadOptions& options, JobContext& job)
{
    for (const auto& undated : m_undated) // all of them before any is settled: only full times are hints
        completeSource(undated.source, undated.missing);
    for (const auto& undated : m_undated)
        settleTimes(undated.source);
    auto& table = m_set.table;
    auto mined = options.frozen != nullptr ? templates::matchTemplates(m_shapes, *options.frozen, job)
                                           : templates::mineTemplates(m_shapes, options.mining, job);
    if (!mined)
        return tl::unexpected(mined.error());
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto& id = table.templateId[i];
        id = id == templates::noShape ? noTemplate : mined->templateOfShape[id];
    }
    m_set.templates = std::move(mined->set);
    if (!m_set.labels.empty())
        m_set.labels.resize(table.size());
    indexSessions();
    return {};
}

void BatchMerger::indexSessions()
{
    auto& sessions = m_set.sessions;
    if (sessions.keys.empty())
        return;
    sessions.begin.assign(sessions.keys.size() + 1, 0);
    for (const auto& hit : m_hits)
        ++sessions.begin[hit.key + 1];
    for (std::size_t i = 1; i < sessions.begin.size(); ++i)
        sessions.begin[i] += sessions.begin[i - 1];
    sessions.records.resize(m_hits.size());
    auto next = sessions.begin;
    for (const auto& hit : m_hits)
        sessions.records[next[hit.key]++] = hit.record;
    m_hits = {};
}

} // namespace faultline::records
