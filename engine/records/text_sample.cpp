// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/text_sample.h"
#include "engine/core/text.h"
#include "engine/records/header_match.h"
#include "engine/records/plain_line.h"
#include <array>

namespace faultline::records
{

namespace
{

constexpr std::size_t sampleLines = 2000;
constexpr std::size_t cutSampleBytes = 128 * 1024; // a sample at least this long was probably cut from a longer file

} // namespace

TextSample::TextSample(std::string_view text)
{
    if (text.size() >= cutSampleBytes && text.find('\n') != std::string_view::npos)
        text = text.substr(0, text.rfind('\n'));
    PlainLine plain;
    for (auto line : split(text, '\n')) {
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        if (header::skipBlanks(line, 0) == line.size() || line.find('\0') != std::string_view::npos)
            continue;
        const auto bare = plain.strip(line);
        if (bare.size() < line.size())
            line = m_plain.emplace_back(bare);
        if (header::skipBlanks(line, 0) < line.size())
            m_lines.push_back(line);
    }
    thin();
}

void TextSample::thin()
{
    const auto all = m_lines.size();
    if (all <= sampleLines)
        return;
    for (std::size_t i = 0; i < sampleLines; ++i)
        m_lines[i] = m_lines[i * all / sampleLines];
    m_lines.resize(sampleLines);
}

bool looksLikeContinuation(std::string_view line)
{
    constexpr std::array<std::string_view, 20> starts{" ",
                                                      "\t",
                                                      "at ",
                                                      "Caused by",
                                                      "Traceback",
                                                      "...",
                                                      "}",
                                                      ")",
                                                      "#",
                                                      "<",
                                                      "{",
                                                      "]",
                                                      "\"",
                                                      "+",
                                                      "-->",
                                                      "panic",
                                                      "goroutine ",
                                                      "stack backtrace",
                                                      "During handling of",
                                                      "The above exception"};
    for (const auto start : starts)
        if (line.starts_with(start))
            return true;
    // "java.io.IOException: broken", "ValueError: bad": the class of what was thrown
    const auto word = line.substr(0, line.find_first_of(" :"));
    return word.size() > 9 && (word.ends_with("Exception") || (word.ends_with("Error") && header::isLetter(line[0])));
}

} // namespace faultline::records
