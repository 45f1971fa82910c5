// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/key_value_syntax.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

std::string& KeyValueRecord::text()
{
    if (m_usedTexts == m_texts.size())
        m_texts.emplace_back();
    auto& text = m_texts[m_usedTexts++];
    text.clear();
    return text;
}

std::string_view KeyValueRecord::operator[](std::string_view key) const
{
    const auto found = std::find_if(m_pairs.begin(), m_pairs.end(), [&](const Pair& pair) { return pair.key == key; });
    return found == m_pairs.end() ? std::string_view() : found->value;
}

std::string_view unescaped(std::string_view value, KeyValueRecord& record)
{
    if (value.find('\\') == std::string_view::npos)
        return value;
    auto& text = record.text();
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            text += value[i];
            continue;
        }
        const char c = value[++i];
        text += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }
    return text;
}

namespace
{
bool isKeyByte(char c)
{
    constexpr std::string_view others = "_.-/@:[]$%";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80;
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

/// Where a key that begins here has its `=`, or npos.
std::size_t keyEnd(std::string_view line, std::size_t at)
{
    constexpr std::size_t longestKey = 256;
    const auto start = at;
    while (at < line.size() && at - start < longestKey && isKeyByte(line[at]))
        ++at;
    return at > start && at < line.size() && line[at] == '=' ? at : std::string_view::npos;
}

/// Where a quoted value ends, behind its quote; npos when it does not.
std::size_t quotedEnd(std::string_view line, std::size_t at)
{
    const char quote = line[at];
    for (++at; at < line.size(); ++at) {
        if (line[at] == '\\')
            ++at;
        else if (line[at] == quote)
            return at + 1;
    }
    return std::string_view::npos;
}
} // namespace

bool readLogfmt(std::string_view line, KeyValueRecord& record)
{
    record.clear();
    std::size_t loose = 0;
    bool lastIsBare = false;
    for (std::size_t at = 0; at < line.size();) {
        if (isBlank(line[at])) {
            ++at;
            continue;
        }
        const auto equals = keyEnd(line, at);
        if (equals == std::string_view::npos) {
            const auto end = std::min(line.find_first_of(" \t", at), line.size());
            if (record.pairs().empty())
                return false;
            auto& last = record.pairs().back();
            if (lastIsBare && !last.value.empty())
                last.value = {last.value.data(), static_cast<std::size_t>(line.data() + end - last.value.data())};
            ++loose;
            at = end;
            continue;
        }
        const auto key = line.substr(at, equals - at);
        at = equals + 1;
        const bool quoted = at < line.size() && (line[at] == '"' || line[at] == '\'');
        auto end = quoted ? quotedEnd(line, at) : std::string_view::npos;
        lastIsBare = end == std::string_view::npos;
        if (lastIsBare) {
            end = std::min(line.find_first_of(" \t", at), line.size());
            record.add(key, line.substr(at, end - at));
        } else {
            record.add(key, unescaped(line.substr(at + 1, end - at - 2), record));
        }
        at = end;
    }
    return record.pairs().size() >= 2 && loose <= 4 * record.pairs().size() + 20;
}

std::span<const KeyValueSyntax> keyValueSyntaxes()
{
    static constexpr std::array syntaxes{
        KeyValueSyntax{"auditd", readAudit, "records of the Linux audit daemon, with time and serial"},
        KeyValueSyntax{"cef", readCef, "CEF events: seven fields between bars, then names and values"},
        KeyValueSyntax{"leef", readLeef, "LEEF events: fields between bars, then names and values"},
        KeyValueSyntax{"logfmt", readLogfmt, "names and values: `name=value name=\"a b\"`"},
    };
    return syntaxes;
}

} // namespace faultline::records
