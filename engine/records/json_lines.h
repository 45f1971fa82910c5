// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
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

/// Walks over lines and reads each as a JSON object.
class JsonLines
{
public:
    explicit JsonLines(std::string_view text) : m_text(text) {}
    /// Goes to the next line; false at the end.
    [[nodiscard]] bool next();

    [[nodiscard]] JsonKind kind() const { return m_kind; }
    [[nodiscard]] std::string_view line() const { return m_line; } ///< without its line end
    [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(m_line.data() - m_text.data()); }
    /// JsonKind::Object only; valid until next().
    [[nodiscard]] simdjson::dom::object object() const { return m_json.object(); }

private:
    std::string_view m_text;
    std::size_t m_next = 0;
    std::string_view m_line;
    JsonKind m_kind = JsonKind::Blank;
    JsonText m_json;
};

} // namespace faultline::records
