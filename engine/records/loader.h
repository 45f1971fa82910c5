// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/records/detection.h"
#include "engine/records/record_table.h"
#include "engine/records/templates/template_set.h"
#include "engine/sources/inputs.h"
#include "engine/sources/source.h"
#include <functional>
#include <memory>
#include <vector>

namespace faultline::records
{

/// Which records carry which session key, in file order: records of session s are records[begin[s] .. begin[s + 1]).
struct SessionIndex {
    StringPool keys; ///< in order of first appearance
    std::vector<std::uint64_t> begin;
    std::vector<std::uint32_t> records;
};

/// Everything read from a set of sources. Immutable once loaded; shared between the analysis and the views.
struct RecordSet {
    std::vector<std::shared_ptr<sources::Source>> sources; // shared: views read text again from them
    std::vector<SourceReport> reports;                     ///< one per source
    std::vector<std::string> notices; ///< inputs that were passed over or could not be read, each with its reason
    RecordTable table;
    templates::TemplateSet templates;
    SessionIndex sessions;           ///< empty unless ParseOptions::sessionKey was given
    std::vector<std::string> labels; ///< per record, empty unless a label column was given; for evaluation only

    /// The text of a record (whole span, continuation lines included), at most `limitBytes` of it.
    [[nodiscard]] Result<std::string> text(std::size_t record, std::size_t limitBytes = 65'536) const;
    /// 1-based line number of a record in its source.
    [[nodiscard]] std::uint64_t lineNumber(std::size_t record) const;
    struct LineJump {
        std::uint64_t record = 0, line = 0; ///< from `record` on, line = this line + (record - this record)
    };
    std::vector<LineJump> lineJumps; ///< sorted by record
};

struct LoadOptions {
    ParseOptions parse;
    templates::MiningOptions mining;
    std::size_t blockBytes = std::size_t{1} << 20; ///< read and parsed at a time; a line of text may not be longer
    /// When given, templates are not mined: messages are matched against this set, and unmatched ones become unseen templates
    /// appended behind it (TemplateSet::firstUnseen tells where they start). Used to score with a saved model.
    const templates::TemplateSet* frozen = nullptr;
    /// Read at most about this much of each source's content, in whole blocks: for a first look. 0 = everything.
    std::uint64_t limitBytes = 0;
    /// Called for every rejected line in file order, with its source's report as far as it is known and up to 64 KiB of
    /// its text; on one thread at a time.
    std::function<void(const SourceReport&, const RejectedLine&)> onRejected{};
    /// What the record columns may take of the heap; what is beyond lies in a temporary file, see ChunkMemory.
    std::uint64_t heapBytes = ChunkMemory::defaultHeapBytes;
};

/// Opens, detects and parses every input (see sources::expandInputs: folders and patterns too) into one table, source after
/// source in the order of their origins. Blocks of 1 MiB are parsed in parallel and merged in order; the result depends neither
/// on the number of threads nor on the order in which inputs are named. When there are several origins, they are the entities
/// of records that carry none. Io or Parse error for a named input that cannot be read or holds no record at all (empty,
/// binary), or when nothing could be read; what a folder or pattern led to is left out with a notice instead. Config error for
/// bad options.
[[nodiscard]] Result<RecordSet> load(const std::vector<std::string>& inputs, const LoadOptions& options, JobContext& job);

/// Detection only, from the first 256 KiB.
[[nodiscard]] Result<Detection> detect(const std::string& input, const ParseOptions& options);

} // namespace faultline::records
