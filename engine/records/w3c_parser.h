// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/json_layout.h"
#include "engine/records/record_batch.h"
#include "engine/records/w3c_header.h"

namespace faultline::records
{

/// Reads rows whose columns a header in the file declares (see W3cHeader), by roles that were decided from the first
/// rows; columns that no header of the sample had are ignored. A row with fewer values than columns is rejected; of one
/// with more, the further ones are ignored. Lines that begin with # are header lines. Thread-safe.
class W3cParser final : public BlockParser
{
public:
    explicit W3cParser(JsonLayout layout) : m_layout(std::move(layout)) {}
    [[nodiscard]] MissingDate missingDate() const override { return m_layout.missingDate(); }
    [[nodiscard]] std::unique_ptr<RecordCutter> cutter() const override { return std::make_unique<W3cCutter>(); }
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const override
    {
        return parseIn({.offset = offset, .firstBlock = firstBlock, .preface = {}}, bytes);
    }
    [[nodiscard]] RecordBatch parseIn(const BlockContext& context, std::string_view bytes) const override;

private:
    JsonLayout m_layout;
};

/// `w3c` (`iis`) and `zeek`; confidence grows with the share of the sampled rows that have the declared columns.
[[nodiscard]] Candidate detectW3c(std::string_view sample, const ParseOptions& options, const FileFacts& file);

} // namespace faultline::records
