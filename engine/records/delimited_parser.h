// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/delimited_layout.h"
#include "engine/records/record_batch.h"

namespace faultline::records
{

/// Reads rows of delimiter-separated values (RFC 4180) by a layout that was decided beforehand.
///
/// A row with another number of fields than the layout, with a time that does not read, or with a quote that is not
/// closed is rejected with its line number. A number that does not read is missing (NaN), and counted. A quoted field
/// may hold line ends: its further lines count as continuation lines. What stands before the table, comments, and the
/// header where it comes again count as header lines. Of a long table each row is a record of the batch, see
/// LongValues. Labels go to RecordBatch::labels and nowhere else. Thread-safe; no allocation per row except for new
/// entities, series, labels and messages with doubled quotes.
class DelimitedParser final : public BlockParser
{
public:
    explicit DelimitedParser(DelimitedLayout layout) : m_layout(std::move(layout)) {}
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const override;
    /// A quote that is open at the end may close further on, unless it is open for DelimitedRows::maxQuotedBytes.
    [[nodiscard]] std::size_t wholeBytes(std::string_view bytes, std::uint64_t offset) const override;
    [[nodiscard]] MissingDate missingDate() const override
    {
        return m_layout.time ? m_layout.time->field().missingDate() : MissingDate::None;
    }
    [[nodiscard]] const DelimitedLayout& layout() const { return m_layout; }

private:
    DelimitedLayout m_layout;
};

} // namespace faultline::records
