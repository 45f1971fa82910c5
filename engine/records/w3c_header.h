// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/key_value_record.h"
#include "engine/records/record_cutter.h"

namespace faultline::records
{

/// The directives above the rows of W3C extended log files (IIS and others) and of Zeek: `#Fields: date time c-ip`,
/// `#fields\tts\tuid`, `#separator \x09`, `#Date: 2026-03-12 00:00:00`. Any directive may come again further down.
class W3cHeader
{
public:
    /// Takes a line; false when it is none of the directives that matter here.
    bool take(std::string_view line);
    /// The directives in force, as lines: take() of each of them makes an equal header.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::vector<std::string>& columns() const { return m_columns; }
    [[nodiscard]] const std::vector<std::string>& types() const { return m_types; } ///< Zeek's; may be empty
    [[nodiscard]] bool isZeek() const { return m_zeek; }
    [[nodiscard]] const std::string& software() const { return m_software; }
    /// The values of a row under the columns; those that are missing are left out. The message is method and path when
    /// there are such columns. False when the row has fewer values than there are columns.
    [[nodiscard]] bool read(std::string_view row, KeyValueRecord& record) const;

private:
    void setColumns(std::string_view names);
    [[nodiscard]] std::vector<std::string> split(std::string_view names) const;
    /// The next value of the row; nothing at its end.
    [[nodiscard]] bool nextValue(std::string_view& row, std::string_view& value) const;

    std::string m_separator{" "}; ///< " ": any run of blanks and tabs
    std::string m_empty{"(empty)"}, m_unset{"-"};
    std::string m_date; ///< of the #Date directive, for rows with a time of day only
    std::string m_software;
    std::vector<std::string> m_columns, m_types;
    std::vector<std::pair<std::string, std::string>> m_lines; ///< name and whole line of the directives in force
    std::size_t m_method = 0, m_path = 0;                     ///< columns; one behind the last when there is none
    bool m_zeek = false, m_needsDate = false;
};

/// Cuts behind line ends; the preface is the header in force.
class W3cCutter final : public RecordCutter
{
public:
    [[nodiscard]] Cut cut(std::string_view pending, std::size_t examined) override;
    void giveUp() override { m_givenUp = true; }
    [[nodiscard]] std::string preface() const override { return m_header.text(); }

private:
    W3cHeader m_header;
    bool m_givenUp = false;
};

} // namespace faultline::records
