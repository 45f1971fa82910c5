// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/line_layout.h"
#include "engine/records/record_batch.h"

namespace faultline::records
{

/// What a text parser is told by the detection, and by the person.
struct TextParserSetup {
    LineLayout layout; ///< without parts: each line is a record and all of it is message
    TimestampOptions time;
    TimeZone zone; ///< of times that name none
    MissingDate missing = MissingDate::None;
    std::string entityPart{}; ///< "" = none
    std::string keyPart{};    ///< part whose text is the session key; "" = none
    std::string labelPart{};  ///< part whose text is the label; "" = none
};

/// Reads lines under a layout. A line that does not begin a record belongs to the one before it when the layout says
/// so; else, and at the start of the content, it is a record of its own. When a record's first line is all header, the
/// message is its second line. Terminal escapes are no part of header or message. A line written in parts (container
/// logs) is one record, unless a block ends between its parts. Lines with NUL bytes are rejected. No allocation per
/// line beyond the columns.
class TextParser final : public BlockParser
{
public:
    explicit TextParser(TextParserSetup setup);
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const override;
    [[nodiscard]] MissingDate missingDate() const override { return m_setup.missing; }
    [[nodiscard]] const TextParserSetup& setup() const { return m_setup; }

private:
    class Run;

    TextParserSetup m_setup;
    bool m_isTimed;
    bool m_joins;
    bool m_zoneIsUtc;
    int m_entity, m_key, m_label, m_stream;
    std::vector<std::size_t> m_measures; ///< parts that become numeric fields
    std::size_t m_status;                ///< index in m_measures of the status, or its size
};

} // namespace faultline::records
