// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/journal_export.h"
#include "engine/records/key_value_parser.h"
#include "engine/records/record_blocks.h"
#include "engine/records/w3c_parser.h"
#include "tests/fuzz/check.h"
#include <algorithm>

using namespace faultline;
using namespace faultline::records;

namespace
{

/// A text in pieces of a fixed size.
class Pieces final : public sources::BlockReader
{
public:
    Pieces(std::string_view text, std::size_t pieceBytes) : m_text(text), m_pieceBytes(pieceBytes) {}
    [[nodiscard]] Result<std::optional<sources::Block>> next() override
    {
        if (m_at == m_text.size())
            return std::optional<sources::Block>();
        sources::Block block{.bytes = m_text.substr(m_at, m_pieceBytes), .offset = m_at, .owner = nullptr};
        m_at += block.bytes.size();
        return std::optional(std::move(block));
    }
    [[nodiscard]] std::uint64_t consumedFileBytes() const override { return m_at; }

private:
    std::string_view m_text;
    std::size_t m_pieceBytes;
    std::size_t m_at = 0;
};

/// What a parser made of a text, whatever the pieces.
struct Account {
    std::uint64_t lines = 0, sharing = 0, records = 0, others = 0;
    std::vector<std::uint64_t> offsets;
    std::vector<TimeUs> times;
    friend bool operator==(const Account&, const Account&) = default;
};

void requireWithin(const RecordBatch& batch, std::uint64_t begin, std::uint64_t end)
{
    const auto records = batch.time.size();
    fuzz::require(batch.offset.size() == records && batch.bytes.size() == records && batch.level.size() == records &&
                      batch.flags.size() == records && batch.entity.size() == records &&
                      batch.shape.size() == records && batch.messageStart.size() == records,
                  "every column has a value for each record");
    for (std::size_t i = 0; i < records; ++i) {
        fuzz::require(batch.offset[i] >= begin && batch.offset[i] + batch.bytes[i] <= end,
                      "a record stands within its block");
        fuzz::require(batch.messageStart[i] <= batch.bytes[i], "a message stands within its record");
        fuzz::require(batch.entity[i] < batch.entities.size(), "an entity has a name");
    }
    for (const auto& field : batch.fields)
        fuzz::require(field.values.size() <= records, "a field has no more values than there are records");
}

Account accountOf(const BlockParser& parser, std::string_view text, std::size_t pieceBytes)
{
    Account account;
    RecordBlocks blocks(std::make_unique<Pieces>(text, pieceBytes), parser.cutter());
    std::uint64_t position = 0;
    for (auto block = blocks.next(); block && *block; block = blocks.next()) {
        const auto& cut = **block;
        fuzz::require(cut.context.offset == position, "blocks follow each other without a gap");
        position += cut.block.bytes.size();
        const auto batch = cut.tooLong ? rejectTooLong(cut) : parser.parseIn(cut.context, cut.block.bytes);
        requireWithin(batch, cut.context.offset, position);
        account.lines += batch.lines;
        account.sharing += batch.recordsSharingLines;
        account.records += batch.time.size();
        account.others += batch.continuationLines + batch.blankLines + batch.headerLines + batch.rejected.size();
        account.offsets.insert(account.offsets.end(), batch.offset.begin(), batch.offset.end());
        account.times.insert(account.times.end(), batch.time.begin(), batch.time.end());
    }
    fuzz::require(position == text.size(), "blocks hold all of the content");
    fuzz::require(account.lines + account.sharing == account.records + account.others, "every line is accounted for");
    return account;
}

} // namespace

/// Whatever the bytes are, each detector's parser accounts for every line, keeps records within the content, and reads
/// the same however the content is cut.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::Bytes bytes(data, size);
    const std::size_t pieceBytes = 1U + 8U * bytes.byte();
    const auto text = bytes.rest();
    const FileFacts file{.path = "fuzz", .modified_us = 1'700'000'000 * second_us};
    for (const auto detect : {detectJsonLines, detectJournalExport, detectW3c, detectKeyValues}) {
        const auto candidate = detect(text, ParseOptions{}, file);
        fuzz::require(candidate.detection.confidence >= 0.0 && candidate.detection.confidence <= 1.0,
                      "confidence is a share");
        if (!candidate.parser)
            continue;
        const auto whole = accountOf(*candidate.parser, text, std::max<std::size_t>(text.size(), 1));
        fuzz::require(accountOf(*candidate.parser, text, pieceBytes) == whole, "pieces do not change what is read");
    }
    return 0;
}
