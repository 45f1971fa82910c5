// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/string_pool.h"
#include "engine/records/column_tally.h"
#include "engine/records/detection.h"
#include "engine/records/level.h"
#include "engine/records/record_cutter.h"
#include "engine/records/templates/shape_dictionary.h"
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// One record found to carry one session key. A record may carry several.
struct KeyHit {
    std::uint32_t record = 0; ///< index within the batch
    std::uint32_t key = 0;    ///< id in the batch's `keys`
};

/// The rows of a long table: record i of the batch is one row, which holds one value of one series. The merger joins
/// the rows of one time and entity into one record, wherever they stand (see LongRows).
struct LongValues {
    StringPool names;                  ///< of the series
    std::vector<std::uint32_t> series; ///< per record, id in `names`
    std::vector<double> values;        ///< per record
};

/// What a parser makes of one block: the columns of its records, with ids local to the batch. The loader merges batches
/// in the order of the blocks, so ids and results do not depend on the number of threads.
struct RecordBatch {
    std::vector<TimeUs> time; ///< noTime: the line has none; the loader lets it inherit
    std::vector<std::uint64_t> offset;
    std::vector<std::uint32_t> bytes;
    std::vector<std::uint16_t> messageStart;
    std::vector<Level> level;
    std::vector<std::uint8_t> flags;
    std::vector<std::uint32_t> entity; ///< id in `entities`
    std::vector<std::uint32_t> shape;  ///< id in `shapes`, or templates::noShape for metric rows
    StringPool entities;
    templates::ShapeDictionary shapes;
    struct Field {
        std::string name, unit;
        std::vector<double> values; ///< one per record, NaN = missing; may be shorter than the batch (rest missing)
    };
    std::vector<Field> fields;
    std::optional<LongValues> longValues; ///< set for a long table; `fields` is empty then
    std::vector<ColumnTally> columns;     ///< one per column of a table, in the order of the file
    StringPool keys;
    std::vector<KeyHit> keyHits;
    std::vector<std::string> labels; ///< text of the label column per record, when one was named; for evaluation only

    std::uint64_t lines = 0;
    std::uint64_t continuationLines =
        0; ///< joined to the record before (the first record's predecessor is in the batch before)
    std::uint64_t leadingContinuationBytes =
        0; ///< bytes at the batch's start that belong to the last record of the batch before
    std::uint64_t blankLines = 0, headerLines = 0, invalidUtf8Lines = 0, linesWithTime = 0, longestLineBytes = 0;
    std::uint64_t recordsSharingLines = 0; ///< see SourceReport
    std::vector<Rejection> rejected;       ///< line numbers relative to the batch, 1-based
};

/// What the times of a file leave open, for the loader to complete when it has seen all of them (see DateCompletion).
enum class MissingDate : std::uint8_t {
    None,
    Year, ///< times are wall-clock times in the leap year 2000
    Day,  ///< times are wall-clock times on 1970-01-01
};

/// Where a block stands in its content.
struct BlockContext {
    std::uint64_t offset = 0;
    bool firstBlock = false;
    std::string preface;           ///< what the parser's cutter had to say, see RecordCutter::preface()
    bool startsInsideLine = false; ///< cut between two records of one line
    bool endsInsideLine = false;   ///< the block's last line goes on in the next one
};

/// Turns blocks into batches. parse() is const and called from several threads at once on different blocks.
class BlockParser
{
public:
    virtual ~BlockParser() = default;
    [[nodiscard]] virtual MissingDate missingDate() const { return MissingDate::None; }
    /// How many of the bytes, from the first one on, hold whole records; the loader puts the rest in front of the next
    /// block. `bytes` is whole lines and begins where a record begins. All of them, unless a record can hold line ends
    /// that tell it apart from two (quotes, brackets). Called on one thread at a time.
    [[nodiscard]] virtual std::size_t wholeBytes(std::string_view bytes, std::uint64_t offset) const
    {
        static_cast<void>(offset);
        return bytes.size();
    }
    /// The zone of local times when a format names it; nullopt: the one of ParseOptions.
    [[nodiscard]] virtual std::optional<TimeZone> zone() const { return std::nullopt; }
    /// `firstBlock`: the block begins at the start of the content (a CSV header may stand there).
    [[nodiscard]] virtual RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const = 0;
    /// For formats whose records are not single lines; a new one for each source. Null: blocks of whole lines will do,
    /// and lines longer than a block are rejected.
    [[nodiscard]] virtual std::unique_ptr<RecordCutter> cutter() const { return nullptr; }
    /// As parse(), for parsers whose cutter has something to say.
    [[nodiscard]] virtual RecordBatch parseIn(const BlockContext& context, std::string_view bytes) const
    {
        return parse(bytes, context.offset, context.firstBlock);
    }
};

/// A candidate for what the file is, with the parser that would read it.
struct Candidate {
    Detection detection;
    std::shared_ptr<const BlockParser> parser; // shared: parse tasks on several threads hold it
    /// Set when the file is of this kind but cannot be read as asked: a column that does not exist, too many columns.
    /// The loader returns it when this candidate wins; `parser` may be null then. `confidence` tells how sure the kind
    /// is, as ever.
    std::optional<Error> error;
};

/// The facts about the file that a parser needs beside its text.
struct FileFacts {
    std::string path;
    TimeUs modified_us = 0; ///< completes dates without a year
};

/// Each detector looks at the sample (up to 256 KiB from the start of the content; the last line may be cut) and
/// returns its best candidate, with confidence 0 when the sample is not its kind. They are compared by confidence;
/// delimited and JSON win ties.
[[nodiscard]] Candidate detectText(std::string_view sample, const ParseOptions& options, const FileFacts& file);
/// Whether the sample begins with JSON whose first object is longer than it: a longer one would tell more.
[[nodiscard]] bool endsInsideFirstJson(std::string_view sample);
[[nodiscard]] Candidate detectJsonLines(std::string_view sample, const ParseOptions& options, const FileFacts& file);
[[nodiscard]] Candidate detectDelimited(std::string_view sample, const ParseOptions& options, const FileFacts& file);

} // namespace faultline::records
