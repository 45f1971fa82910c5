// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/loader.h"
#include "engine/records/line_tally.h"
#include "engine/records/long_rows.h"
#include "engine/records/record_batch.h"
#include "engine/records/rejection_log.h"
#include "engine/records/session_keys.h"
#include <unordered_map>

namespace faultline::records
{

/// A block and what its parser made of it, ready to be appended.
struct ParsedBlock {
    sources::Block block;
    BlockContext context{};
    bool tooLong = false; ///< nothing to parse: `batch` says what is rejected
    RecordBatch batch;
    std::vector<RecordSet::LineJump> jumps; ///< record and line relative to the batch, lines from 1
    LeadingKeys leadingKeys;
    BlockLines lines;
};

/// Where the lines of a batch's records stand, as jumps: one for each record that is not on the line behind the one
/// before.
[[nodiscard]] std::vector<RecordSet::LineJump> lineJumpsOf(const RecordBatch& batch, std::string_view bytes,
                                                           std::uint64_t offset);

/// Appends batches to a record set, in the order of the content, and keeps each source's account of its lines.
/// RecordTable::templateId holds shape ids until finish().
class BatchMerger
{
public:
    /// `entityOfSources`: records without an entity get their source's origin.
    BatchMerger(RecordSet& set, bool entityOfSources, RejectedLineSink onRejected = {})
        : m_set(set), m_entityOfSources(entityOfSources), m_rejected(std::move(onRejected)), m_longRows(set.table)
    {
    }

    void beginSource(const Detection& detection, const std::string& origin);
    void add(const ParsedBlock& parsed);
    /// Closes the source's report. Its times are settled here, or, when they name no date, by finish(): then the other
    /// sources' times may tell which is meant.
    void endSource(MissingDate missing, const TimeZone& zone);
    /// After the last source: the dates that were left open, templates from shapes, the session index, labels for all
    /// records.
    [[nodiscard]] Result<void> finish(const LoadOptions& options, JobContext& job);

private:
    void addLongLinePiece(const ParsedBlock& parsed);
    void addUnfinishedLine(const ParsedBlock& parsed);
    void joinLeading(const ParsedBlock& parsed);
    void addOrphan(const ParsedBlock& parsed);
    void addColumns(const RecordBatch& batch);
    void addEntities(const RecordBatch& batch);
    void addFields(const RecordBatch& batch);
    void addLongRows(const ParsedBlock& parsed);
    void appendLongRow(const RecordBatch& batch, std::size_t row, EntityId entity, std::uint64_t line);
    [[nodiscard]] std::vector<EntityId> entityIds(const RecordBatch& batch);
    [[nodiscard]] std::size_t fieldNamed(const std::string& name, const std::string& unit);
    void reportColumns();
    void addKeys(const ParsedBlock& parsed);
    void addLabels(const RecordBatch& batch);
    void count(const ParsedBlock& parsed);
    void settleTimes(std::size_t source);
    void completeSource(std::size_t source, MissingDate missing);
    void inheritTimes(SourceReport& report);
    void indexSessions();
    [[nodiscard]] bool sourceHasRecords() const { return m_set.table.size() > m_report->firstRecord; }

    RecordSet& m_set;
    bool m_entityOfSources;
    SourceReport* m_report = nullptr;
    std::uint16_t m_source = 0;
    EntityId m_sourceEntity = 0;
    std::uint64_t m_longLineBytes = 0;
    RejectionLog m_rejected;
    LineTally m_lines;
    struct Undated {
        std::size_t source = 0;
        MissingDate missing = MissingDate::None;
    };
    std::vector<Undated> m_undated; ///< sources whose times name no year or no day
    templates::ShapeDictionary m_shapes;
    struct Hit {
        std::uint32_t record = 0, key = 0;
    };
    std::vector<Hit> m_hits;
    std::unordered_map<std::string, std::size_t> m_fields; ///< index by name: a table may have thousands
    std::vector<ColumnTally> m_columns;                    ///< of the source
    LongRows m_longRows;
};

} // namespace faultline::records
