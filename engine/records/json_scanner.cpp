// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_scanner.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

namespace
{
bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/// Of the byte order mark that may stand at the start of a file.
bool isMark(char c)
{
    return c == '\xEF' || c == '\xBB' || c == '\xBF';
}

/// Bytes that mean something outside strings.
constexpr auto marks = [] {
    std::array<bool, 256> found{};
    for (const char c : {'{', '}', '[', ']', '"', '\n', ',', ':'})
        found[static_cast<unsigned char>(c)] = true;
    return found;
}();
} // namespace

JsonScanner::Event JsonScanner::next(std::string_view text, std::size_t& at, std::uint64_t base)
{
    while (at < text.size()) {
        auto event = Event::Exhausted;
        switch (m_mode) {
        case Mode::Between:
            event = between(text, at, base + at);
            break;
        case Mode::Record:
            event = inRecord(text, at, base);
            break;
        case Mode::Shell:
            event = inShell(text, at, base);
            break;
        case Mode::Recovering:
            event = recovering(text, at, base);
            break;
        case Mode::Junk:
            event = inJunk(text, at, base);
            break;
        }
        if (event != Event::Exhausted)
            return event;
    }
    return Event::Exhausted;
}

void JsonScanner::beginUnit(Mode mode, std::uint64_t position)
{
    m_mode = mode;
    m_indent = position - m_lineStart;
    m_depth = m_matched = 0;
    m_inString = m_escaped = false;
    m_last = '\0';
    m_objects.clear();
    m_key.clear();
}

/// One byte between records.
JsonScanner::Event JsonScanner::between(std::string_view text, std::size_t& at, std::uint64_t position)
{
    const char c = text[at];
    if (c == '{') {
        const bool shell = !m_path.empty() && !m_inArray;
        beginUnit(shell ? Mode::Shell : Mode::Record, position);
        m_shellHadArray = m_shellHadArray && !shell;
        return shell ? Event::ShellBegin : Event::UnitBegin;
    }
    if (c == '\n') {
        ++at;
        m_lineStart = position + 1;
        return Event::LineEnd;
    }
    if (m_inArray && c == ']' && m_arrays == 0) {
        m_inArray = false;
        m_mode = Mode::Shell;
        m_depth = m_path.size();
        m_matched = m_path.size() - 1;
        m_inString = false;
        m_key.clear();
    } else if (m_inArray && (c == '[' || c == ']')) {
        m_arrays += c == '[' ? 1U : std::size_t(-1);
    } else if (!isBlank(c) && c != ',' && c != '[' && c != ']' && !(position < 3 && isMark(c))) {
        beginUnit(Mode::Junk, position);
        return Event::UnitBegin;
    }
    ++at;
    return Event::Exhausted;
}

/// Goes behind the closing quote, or to the text's end; false at a line end, which no string may hold.
bool JsonScanner::skipString(std::string_view text, std::size_t& at, std::string* copy)
{
    constexpr std::size_t longestKey = 256;
    const auto start = at;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\n')
            return false;
        if (m_escaped)
            m_escaped = false;
        else if (c == '\\')
            m_escaped = true;
        else if (c == '"')
            break;
    }
    if (copy != nullptr && copy->size() < longestKey)
        copy->append(text.substr(start, std::min(at - start, longestKey)));
    if (at < text.size()) {
        m_inString = false;
        ++at;
    }
    return true;
}

/// Follows a bracket of a record.
JsonScanner::Step JsonScanner::bracket(char c)
{
    const bool checked = m_depth <= m_objects.size();
    const bool inObject = checked && m_depth > 0 && m_objects[m_depth - 1];
    if (c == '{' || c == '[') {
        if (inObject && m_last != ':')
            return Step::Broken;
        if (m_depth < maxChecked) {
            m_objects.resize(m_depth);
            m_objects.push_back(c == '{');
        }
        ++m_depth;
        return Step::On;
    }
    if (checked && m_depth > 0 && inObject != (c == '}'))
        return Step::Broken;
    return --m_depth == 0 ? Step::Stop : Step::On;
}

JsonScanner::Event JsonScanner::inRecord(std::string_view text, std::size_t& at, std::uint64_t base)
{
    while (at < text.size()) {
        if (m_inString && !skipString(text, at, nullptr)) {
            m_mode = Mode::Recovering;
            m_lineIsFresh = false;
            return Event::Exhausted;
        }
        while (at < text.size() && !marks[static_cast<unsigned char>(text[at])])
            ++at;
        if (at >= text.size())
            break;
        const char c = text[at];
        if (c == '"') {
            m_inString = true;
        } else if (c == '\n') {
            m_lineStart = base + at + 1;
        } else if (c != ',' && c != ':') {
            const auto step = bracket(c);
            if (step == Step::Broken) {
                const auto before = text.substr(0, at).find_last_not_of(" \t");
                m_mode = Mode::Recovering;
                m_lineIsFresh = before == std::string_view::npos || text[before] == '\n';
                return Event::Exhausted;
            }
            if (step == Step::Stop) {
                ++at;
                m_mode = Mode::Between;
                return Event::RecordEnd;
            }
        }
        if (c != '\n')
            m_last = c;
        ++at;
    }
    return Event::Exhausted;
}

/// A bracket that opens inside the shell; true when it is that of the records.
bool JsonScanner::openInShell(char c)
{
    const bool onPath = m_depth == m_matched + 1 && m_matched < m_path.size() && m_key == m_path[m_matched];
    m_key.clear();
    if (onPath && c == '[' && m_matched + 1 == m_path.size())
        return true;
    m_matched += onPath && c == '{' && m_matched + 1 < m_path.size() ? 1U : 0U;
    ++m_depth;
    return false;
}

JsonScanner::Event JsonScanner::inShell(std::string_view text, std::size_t& at, std::uint64_t base)
{
    while (at < text.size()) {
        if (m_inString && !skipString(text, at, &m_text)) {
            m_mode = Mode::Between; // the rest of the line is junk
            return Event::ShellEnd;
        }
        if (at >= text.size())
            break;
        const char c = text[at++];
        if (c == '"') {
            m_inString = true;
            m_text.clear();
        } else if (c == '\n') {
            m_lineStart = base + at;
        } else if (c == ':') {
            m_key = m_text;
        } else if (c == ',') {
            m_key.clear();
        } else if ((c == '{' || c == '[') && openInShell(c)) {
            m_mode = Mode::Between;
            m_inArray = m_shellHadArray = true;
            m_arrays = 0;
            return Event::Exhausted;
        } else if (c == '}' || c == ']') {
            --m_depth;
            m_matched = std::min(m_matched, m_depth == 0 ? 0 : m_depth - 1);
            if (m_depth == 0) {
                m_mode = Mode::Between;
                return Event::ShellEnd;
            }
        }
    }
    return Event::Exhausted;
}

JsonScanner::Event JsonScanner::recovering(std::string_view text, std::size_t& at, std::uint64_t base)
{
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\n') {
            m_lineStart = base + at + 1;
            m_lineIsFresh = true;
        } else if (m_lineIsFresh && !isBlank(c)) {
            const auto column = base + at - m_lineStart;
            const bool opens = c == '{' && column <= m_indent;
            const bool closes = c == ']' && m_inArray && column < m_indent;
            m_lineIsFresh = false;
            if (opens || closes) {
                m_mode = Mode::Between;
                return Event::BrokenEnd;
            }
        }
    }
    return Event::Exhausted;
}

JsonScanner::Event JsonScanner::inJunk(std::string_view text, std::size_t& at, std::uint64_t)
{
    const auto end = text.find_first_of(m_inArray ? "\n,]{" : "\n", at);
    at = std::min(end, text.size());
    if (end == std::string_view::npos)
        return Event::Exhausted;
    m_mode = Mode::Between;
    return Event::JunkEnd;
}

void JsonCutter::noteCut(std::size_t position, bool lineEnd)
{
    auto preface = std::string(lineEnd ? std::string_view() : lineCounted);
    if (m_scanner.inArray())
        preface += insideArray;
    (lineEnd ? m_lineCut : m_recordCut) = position;
    (lineEnd ? m_linePreface : m_recordPreface) = std::move(preface);
}

RecordCutter::Cut JsonCutter::cut(std::string_view pending, std::size_t examined)
{
    const auto base = m_seen - examined;
    auto at = examined;
    for (;;) {
        const auto event = m_scanner.next(pending, at, base);
        if (event == JsonScanner::Event::Exhausted)
            break;
        if (event == JsonScanner::Event::LineEnd)
            noteCut(at, true);
        else if (event == JsonScanner::Event::RecordEnd)
            noteCut(at, false);
        if (m_givenUp && m_lineCut + m_recordCut > 0)
            break;
    }
    m_seen = base + at;
    const auto end = m_lineCut > 0 ? m_lineCut : m_recordCut;
    if (end > 0) {
        m_preface = m_lineCut > 0 ? m_linePreface : m_recordPreface;
        m_givenUp = false;
    }
    m_lineCut = m_recordCut = 0;
    return {end, at};
}

void JsonCutter::giveUp()
{
    m_givenUp = true;
}

} // namespace faultline::records
