// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/delimited_layout.h"
#include "engine/records/delimited_rows.h"
#include "engine/records/json_message.h"
#include "engine/records/record_batch.h"
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// Makes one batch of one block of whole rows, as DelimitedParser describes it.
///
/// Rows without quotes and with as many fields as expected are gathered, and their numbers read column by column: what
/// was guessed for one cell holds for those below it, in the processor as well. All other rows go through
/// DelimitedRows.
class DelimitedBatch
{
public:
    DelimitedBatch(const DelimitedLayout& layout, std::string_view bytes, std::uint64_t offset);
    /// Once.
    [[nodiscard]] RecordBatch run();

private:
    /// The row that is being read.
    struct Row {
        std::string_view text;
        std::span<const DelimitedField> fields;
        std::size_t lines = 1;
    };
    /// A row whose numbers have not been read yet.
    struct Gathered {
        std::size_t position = 0; ///< in the block
        std::size_t mark = 0;     ///< index of the mark that ends its first field
    };
    enum class FirstByte : std::uint8_t { Plain, MayRepeatHeader, Unusual };

    void readOneByOne();
    void readGathered();
    void takeNextRow();
    [[nodiscard]] bool gather(const Gathered& row, std::size_t lineFeed);
    [[nodiscard]] bool looksPlain(const Gathered& row, std::size_t lineFeed);
    [[nodiscard]] DelimitedField fieldOf(const Gathered& row, std::size_t column) const;
    void readNumbers();

    void countLines();
    void reject(const std::string& reason);
    [[nodiscard]] std::optional<std::string> readRow();
    [[nodiscard]] bool repeatsHeader();
    [[nodiscard]] std::optional<ZonedTime> readTime();
    void reserve();
    void appendRecord(const ZonedTime& time);
    void appendMessage();
    [[nodiscard]] double number(std::size_t column, const DelimitedField& field);
    [[nodiscard]] std::vector<double>& numbersOf(std::size_t value);
    void tallyTexts();
    void tallyNumbers();
    [[nodiscard]] std::string_view text(std::size_t column) { return m_row.fields[column].text(m_scratch); }
    [[nodiscard]] std::string_view joined(const std::vector<std::size_t>& columns);

    const DelimitedLayout& m_layout;
    std::string_view m_bytes;
    std::uint64_t m_offset;
    bool m_ascii;
    std::optional<DelimitedRows> m_rows; ///< made when a row needs it
    DelimiterMarks m_marks;
    Row m_row;
    RecordBatch m_batch;
    std::vector<std::size_t> m_texts;  ///< columns that do not become fields
    std::vector<std::size_t> m_needed; ///< columns whose text is looked at before numbers are read
    std::array<FirstByte, 256> m_firstBytes{};
    std::size_t m_nextQuote;
    std::vector<DelimitedField> m_fields; ///< of a row that is gathered: only those of m_needed
    std::vector<Gathered> m_gathered;
    std::string m_scratch, m_joined;
    JsonMessage m_unwrapper;
};

} // namespace faultline::records
