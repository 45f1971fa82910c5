// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/json_layout.h"
#include "engine/records/record_batch.h"

namespace faultline::records
{

/// Cuts journald's export format between entries: fields `NAME=value`, or `NAME`, a line end, the length as 8 bytes
/// (little-endian), that many bytes and a line end; an empty line ends an entry (systemd, Journal Export Formats).
class JournalCutter final : public RecordCutter
{
public:
    [[nodiscard]] Cut cut(std::string_view pending, std::size_t examined) override;
    void giveUp() override { m_givenUp = true; }

private:
    bool m_givenUp = false;
};

/// Reads entries by a layout that was decided beforehand. An entry whose binary field is longer than what there is left
/// is rejected with all of its lines, and so is one without any field. Thread-safe.
class JournalParser final : public BlockParser
{
public:
    explicit JournalParser(JsonLayout layout) : m_layout(std::move(layout)) {}
    [[nodiscard]] MissingDate missingDate() const override { return m_layout.missingDate(); }
    [[nodiscard]] std::unique_ptr<RecordCutter> cutter() const override { return std::make_unique<JournalCutter>(); }
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const override
    {
        return parseIn({.offset = offset, .firstBlock = firstBlock, .preface = {}}, bytes);
    }
    [[nodiscard]] RecordBatch parseIn(const BlockContext& context, std::string_view bytes) const override;

private:
    JsonLayout m_layout;
};

/// `journal_export`: entries that begin with __CURSOR or __REALTIME_TIMESTAMP.
[[nodiscard]] Candidate detectJournalExport(std::string_view sample, const ParseOptions& options,
                                            const FileFacts& file);
/// Whether binary bytes are to be expected: the text begins like an export.
[[nodiscard]] bool looksLikeJournalExport(std::string_view sample);

} // namespace faultline::records
