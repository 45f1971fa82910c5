// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_cutter.h"
#include <cstdint>
#include <string>
#include <vector>

namespace faultline::records
{

/// Finds the objects that are records in JSON that comes in pieces: one after the other, one a line or over many lines,
/// in arrays, or in an array inside an object (`{"meta":..., "Records":[{...},{...}]}`, the shell). Brackets and
/// strings are followed; whether an object is valid is the parser's business. Where an object cannot be valid (a line
/// end inside a string, a bracket of the wrong kind, an object where a key must stand) it is broken, and the search
/// goes on at the next line that begins with a bracket no further to the right than the broken object's. Constant
/// memory.
class JsonScanner
{
public:
    enum class Event : std::uint8_t {
        Exhausted,  ///< the piece is used up
        LineEnd,    ///< of a line that ends between records
        UnitBegin,  ///< of a record, or of what is none
        RecordEnd,  ///< of an object
        BrokenEnd,  ///< of what began like an object
        JunkEnd,    ///< of text that is no object
        ShellBegin, ///< of an object that should hold the records
        ShellEnd,
    };

    /// `path`: the keys that lead to the array of records; empty when records stand alone or in plain arrays.
    explicit JsonScanner(std::vector<std::string> path, bool startsInArray = false)
        : m_path(std::move(path)), m_inArray(startsInArray), m_shellHadArray(startsInArray)
    {
    }
    /// Goes on at `at` and stops behind what it found (before it at UnitBegin and ShellBegin). `base` is the position
    /// of the text in the content.
    [[nodiscard]] Event next(std::string_view text, std::size_t& at, std::uint64_t base);
    [[nodiscard]] bool inArray() const { return m_inArray; } ///< in the array of records of a shell
    [[nodiscard]] bool shellHadArray() const { return m_shellHadArray; }
    /// Whether text that ends here is cut off inside an object.
    [[nodiscard]] bool insideUnit() const { return m_mode != Mode::Between && m_mode != Mode::Shell; }

private:
    enum class Mode : std::uint8_t { Between, Record, Shell, Recovering, Junk };
    enum class Step : std::uint8_t { On, Stop, Broken };

    [[nodiscard]] Event between(std::string_view text, std::size_t& at, std::uint64_t position);
    [[nodiscard]] Event inRecord(std::string_view text, std::size_t& at, std::uint64_t base);
    [[nodiscard]] Event inShell(std::string_view text, std::size_t& at, std::uint64_t base);
    [[nodiscard]] Event recovering(std::string_view text, std::size_t& at, std::uint64_t base);
    [[nodiscard]] Event inJunk(std::string_view text, std::size_t& at, std::uint64_t base);
    [[nodiscard]] bool skipString(std::string_view text, std::size_t& at, std::string* copy);
    [[nodiscard]] Step bracket(char c);
    [[nodiscard]] bool openInShell(char c);
    void beginUnit(Mode mode, std::uint64_t position);

    std::vector<std::string> m_path;
    Mode m_mode = Mode::Between;
    bool m_inArray;
    bool m_shellHadArray;
    bool m_inString = false, m_escaped = false;
    char m_last = '\0';            ///< last byte of the record that is no blank and not inside a string
    std::vector<bool> m_objects;   ///< open brackets of the record, up to maxChecked: true for {
    std::size_t m_depth = 0;       ///< of brackets within the record or shell
    std::size_t m_arrays = 0;      ///< open arrays within the array of records
    std::size_t m_matched = 0;     ///< keys of the path that lead to where the shell is
    std::string m_text, m_key;     ///< of the shell: the string that is read, the key before the value
    std::uint64_t m_lineStart = 0; ///< of the line that is read
    std::uint64_t m_indent = 0;    ///< of the record's first bracket
    bool m_lineIsFresh = false;    ///< recovering: only blanks so far
    static constexpr std::size_t maxChecked = 4'096;
};

/// Cuts behind line ends between records; inside a line only when there is none.
class JsonCutter final : public RecordCutter
{
public:
    explicit JsonCutter(std::vector<std::string> path) : m_scanner(std::move(path)) {}
    [[nodiscard]] Cut cut(std::string_view pending, std::size_t examined) override;
    void giveUp() override;
    [[nodiscard]] std::string preface() const override { return m_preface; }
    static constexpr std::string_view insideArray = "+array"; ///< stands in the preface of such a cut

private:
    void noteCut(std::size_t position, bool lineEnd);

    JsonScanner m_scanner;
    std::uint64_t m_seen = 0; ///< bytes of the content that were examined
    std::size_t m_lineCut = 0, m_recordCut = 0;
    std::string m_preface, m_linePreface, m_recordPreface;
    bool m_givenUp = false;
};

} // namespace faultline::records
