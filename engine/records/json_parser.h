// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/json_layout.h"
#include "engine/records/record_batch.h"

namespace faultline::records
{

/// Reads one JSON object a line by a layout that was decided beforehand.
///
/// Nested objects are looked into (keys joined with dots), arrays are not. Numbers under keys that the sample had
/// become fields; keys that occur later in the file only are ignored, so that a file cannot make fields without end. A
/// line that is not a JSON object is rejected with its line number; a comma behind the object is allowed. A line
/// without a readable time is a record without time. A message that is JSON itself is unwrapped (JsonMessage) before
/// its shape is taken. Thread-safe; each call has a parser of its own. No allocation per line except for new entities,
/// keys and labels.
class JsonLinesParser final : public BlockParser
{
public:
    explicit JsonLinesParser(JsonLayout layout) : m_layout(std::move(layout)) {}
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const override;
    [[nodiscard]] MissingDate missingDate() const override
    {
        return m_layout.time ? m_layout.time->missingDate() : MissingDate::None;
    }
    [[nodiscard]] const JsonLayout& layout() const { return m_layout; }

private:
    JsonLayout m_layout;
};

} // namespace faultline::records
