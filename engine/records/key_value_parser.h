// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/json_layout.h"
#include "engine/records/key_value_syntax.h"
#include "engine/records/record_batch.h"

namespace faultline::records
{

/// What the lines of a file of names and values are.
struct KeyValueLines {
    KeyValueSyntax syntax;
    bool services = false;       ///< see ServicePrefix
    bool serviceIsEntity = true; ///< of the record
};

/// Reads lines of names and values by a layout that was decided beforehand. A line that is not of the syntax belongs to
/// the record before it when it is indented; else it is a record of its own, without a header. Numbers, with or without
/// a unit, become fields; durations are in ms. Where no value is the message, the whole line is. Lines of up to
/// RecordCutter::maxRecordBytes are read. Thread-safe; no allocation per line except for new entities and keys.
class KeyValueParser final : public BlockParser
{
public:
    KeyValueParser(JsonLayout layout, const KeyValueLines& lines) : m_layout(std::move(layout)), m_lines(lines) {}
    [[nodiscard]] MissingDate missingDate() const override { return m_layout.missingDate(); }
    [[nodiscard]] std::unique_ptr<RecordCutter> cutter() const override { return std::make_unique<LineCutter>(); }
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const override;

private:
    JsonLayout m_layout;
    KeyValueLines m_lines;
};

/// Collects the pairs of a sample and decides what they mean, as for JSON; a key's values are numbers when nearly all
/// read as quantities of one kind and its name is not that of an identifier.
class KeyValueSample
{
public:
    static constexpr std::size_t maxRecords = 2'000;
    void add(const KeyValueRecord& record);
    /// Keys whose values are never numbers, whatever they look like.
    void excludeNumbers(std::string_view key);
    [[nodiscard]] std::size_t records() const { return m_records; }
    [[nodiscard]] Result<JsonLayout> layout(const ParseOptions& options, const FileFacts& file, Detection& detection);

private:
    std::size_t m_records = 0, m_messages = 0;
    JsonKeys m_keys;
    std::vector<JsonColumn> m_columns;
    std::vector<std::string> m_notNumbers;
};

/// The best of the syntaxes; confidence is the share of the sampled lines that read completely.
[[nodiscard]] Candidate detectKeyValues(std::string_view sample, const ParseOptions& options, const FileFacts& file);

} // namespace faultline::records
