// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/records/log_format.h"
#include <algorithm>
#include <map>
#include <vector>

namespace faultline::records
{

namespace
{

constexpr std::uint64_t configLimitBytes = 4'000'000;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct Word {
    std::string text;
    bool endsLine = false; ///< a line end follows
};

/// The words of a configuration: quotes taken off, comments left out, `;`, `{` and `}` words of their own.
std::vector<Word> wordsOf(std::string_view text)
{
    std::vector<Word> words;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == '\n' && !words.empty())
            words.back().endsLine = true;
        if (isBlank(c)) {
            ++i;
            continue;
        }
        if (c == '#') {
            i = std::min(text.find('\n', i), text.size());
            continue;
        }
        Word word;
        if (c == ';' || c == '{' || c == '}') {
            word.text = c;
            ++i;
        } else if (c == '"' || c == '\'') {
            for (++i; i < text.size() && text[i] != c; ++i) {
                if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == c)
                    ++i;
                word.text += text[i];
            }
            ++i;
        } else {
            for (; i < text.size() && !isBlank(text[i]) && text[i] != ';'; ++i)
                word.text += text[i];
        }
        words.push_back(std::move(word));
    }
    return words;
}

/// The log formats of a configuration by name; the first of a name counts.
std::map<std::string, std::string> layoutsOf(const std::vector<Word>& words)
{
    std::map<std::string, std::string> layouts;
    for (std::size_t i = 0; i + 2 < words.size(); ++i) {
        if (words[i].text == "log_format") { // log_format NAME [escape=...] 'part' 'part';
            std::string layout;
            std::size_t at = i + 2;
            for (; at < words.size() && words[at].text != ";"; ++at)
                if (!words[at].text.starts_with("escape="))
                    layout += words[at].text;
            layouts.emplace(words[i + 1].text, layout);
        } else if (words[i].text == "LogFormat") { // LogFormat "layout" [NAME]
            const bool named = !words[i + 1].endsLine;
            layouts.emplace(named ? words[i + 2].text : "", words[i + 1].text);
        }
    }
    return layouts;
}

} // namespace

Result<std::string> logFormatLayout(const std::string& argument)
{
    if (!argument.starts_with('@'))
        return argument;
    const auto colon = argument.rfind(':');
    const bool named = colon != std::string::npos && argument.find('/', colon) == std::string::npos;
    const auto path = argument.substr(1, named ? colon - 1 : std::string::npos);
    const auto name = named ? argument.substr(colon + 1) : std::string();
    const auto content = readSmallFile(path, configLimitBytes);
    if (!content)
        return tl::unexpected(content.error());
    const auto layouts = layoutsOf(wordsOf(*content));
    std::vector<std::string> known;
    for (const auto& [each, layout] : layouts)
        known.push_back(each);
    if (named ? layouts.contains(name) : layouts.size() == 1)
        return named ? layouts.at(name) : layouts.begin()->second;
    std::string all;
    for (const auto& each : known)
        all += (all.empty() ? "" : ", ") + each;
    const auto nearest = nearestWord(name, known);
    return fail({ErrorCode::Config,
                 layouts.empty() ? "there is no log_format and no LogFormat in this file"
                 : named         ? "there is no log format `" + displayText(name) + "` in this file"
                                 : "there are several log formats in this file",
                 {path, 0, 0},
                 layouts.empty() ? "name the file that defines it; files that are included are not read"
                 : nearest       ? "did you mean `" + *nearest + "`?"
                                 : "name one as @" + path + ":NAME; there are " + displayText(all)});
}

} // namespace faultline::records
