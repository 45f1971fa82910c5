// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/service_prefix.h"
#include <simdjson.h>
#include <string>
#include <string_view>

namespace faultline::records
{

enum class JsonKind : std::uint8_t { Object, Blank, Invalid, InvalidUtf8, OtherJson };

/// Why text of this kind is no record; a sentence that goes behind "the line" or "the object".
[[nodiscard]] const char* jsonProblem(JsonKind kind);

/// Reads texts as JSON objects, in place where the text around leaves room behind for the reads of whole vectors that
/// simdjson does, else from a padded copy.
class JsonText
{
public:
    /// `behind`: bytes that may be read from the start of `json` on, those of `json` included.
    [[nodiscard]] JsonKind read(std::string_view json, std::size_t behind);
    /// Of the last text that was of JsonKind::Object; valid until the next one is read.
    [[nodiscard]] simdjson::dom::object object() const { return m_object; }

private:
    simdjson::dom::parser m_parser;
    simdjson::dom::object m_object;
    std::string m_padded;
};

/// What a line begins with.
enum class JsonLineStart : std::uint8_t {
    Object,
    Service, ///< see ServicePrefix; the object stands behind it
};

/// Reads lines as JSON objects.
class JsonLine
{
public:
    explicit JsonLine(JsonLineStart start = JsonLineStart::Object) : m_start(start) {}
    /// `behind`: as JsonText::read().
    [[nodiscard]] JsonKind read(std::string_view line, std::size_t behind);
    /// JsonKind::Object only; valid until the next line is read.
    [[nodiscard]] simdjson::dom::object object() const { return m_json.object(); }
    /// "" when none stands before; valid until the next line is read.
    [[nodiscard]] std::string_view service() const { return m_prefix.service(); }
    /// The line without the service.
    [[nodiscard]] std::string_view content() const { return m_content; }
    /// Words, not JSON that is broken or no object: what a program prints beside its log.
    [[nodiscard]] bool isText() const { return m_isText; }

private:
    JsonLineStart m_start;
    ServicePrefix m_prefix;
    std::string_view m_content;
    bool m_isText = false;
    JsonText m_json;
};

/// Walks over lines and reads each as a JSON object.
class JsonLines
{
public:
    explicit JsonLines(std::string_view text, JsonLineStart start = JsonLineStart::Object)
        : m_text(text), m_reader(start)
    {
    }
    /// Goes to the next line; false at the end.
    [[nodiscard]] bool next();

    [[nodiscard]] JsonKind kind() const { return m_kind; }
    [[nodiscard]] std::string_view line() const { return m_line; } ///< without its line end
    [[nodiscard]] const JsonLine& reader() const { return m_reader; }
    /// JsonKind::Object only; valid until next().
    [[nodiscard]] simdjson::dom::object object() const { return m_reader.object(); }

private:
    std::string_view m_text;
    std::size_t m_next = 0;
    std::string_view m_line;
    JsonKind m_kind = JsonKind::Blank;
    JsonLine m_reader;
};

} // namespace faultline::records
