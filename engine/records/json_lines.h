// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <simdjson.h>
#include <string>
#include <string_view>

namespace faultline::records
{

/// Walks over lines and reads each as a JSON object, in place where the block leaves room behind the line for the reads
/// of whole vectors that simdjson does, else from a padded copy.
class JsonLines
{
public:
    enum class Kind : std::uint8_t { Object, Blank, Invalid, InvalidUtf8, OtherJson };

    explicit JsonLines(std::string_view text) : m_text(text) {}
    /// Goes to the next line; false at the end.
    [[nodiscard]] bool next();

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] std::string_view line() const { return m_line; } ///< without its line end
    [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(m_line.data() - m_text.data()); }
    /// Kind::Object only; valid until next().
    [[nodiscard]] simdjson::dom::object object() const { return m_object; }

private:
    [[nodiscard]] Kind read(std::string_view json);

    std::string_view m_text;
    std::size_t m_next = 0;
    std::string_view m_line;
    Kind m_kind = Kind::Blank;
    simdjson::dom::parser m_parser;
    simdjson::dom::object m_object;
    std::string m_padded;
};

} // namespace faultline::records
