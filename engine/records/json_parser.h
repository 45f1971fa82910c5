// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/json_layout.h"
#include "engine/records/json_lines.h"
#include "engine/records/record_batch.h"

namespace faultline::records
{

/// How the records of a file of JSON are framed.
struct JsonFraming {
    bool lines = true;                           ///< one object a line; else objects anywhere, see JsonScanner
    JsonLineStart start = JsonLineStart::Object; ///< of lines
    std::vector<std::string> path = {}; ///< keys that lead to the array of records, when they stand in an object
    bool serviceIsEntity = true;        ///< of the record, where one is named before the object
};

/// Reads JSON objects by a layout that was decided beforehand.
///
/// Nested objects are looked into (keys joined with dots); of arrays of numbers the mean is taken, arrays of texts are
/// one text, other arrays are not looked into. Numbers under keys that the sample had become fields; keys that occur
/// later in the file only are ignored, so that a file cannot make fields without end. Lines of text among those of
/// objects are records without a header, their message the line; those of stack traces go on with the record before.
/// Other text that is not a JSON object is rejected with its line number; a comma behind an object is allowed. A record
/// without a readable time is a record without time. A message that is JSON itself is unwrapped (JsonMessage) before
/// its shape is taken. Objects of up to RecordCutter::maxRecordBytes are read, over any number of lines. Thread-safe;
/// each call has a parser of its own. No allocation per record except for new entities, keys and labels.
class JsonParser final : public BlockParser
{
public:
    explicit JsonParser(JsonLayout layout, JsonFraming framing = {})
        : m_layout(std::move(layout)), m_framing(std::move(framing))
    {
    }
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const override
    {
        return parseIn({.offset = offset, .firstBlock = firstBlock, .preface = {}}, bytes);
    }
    [[nodiscard]] MissingDate missingDate() const override { return m_layout.missingDate(); }
    [[nodiscard]] std::unique_ptr<RecordCutter> cutter() const override;
    [[nodiscard]] RecordBatch parseIn(const BlockContext& context, std::string_view bytes) const override;
    [[nodiscard]] const JsonLayout& layout() const { return m_layout; }

private:
    JsonLayout m_layout;
    JsonFraming m_framing;
};

} // namespace faultline::records
