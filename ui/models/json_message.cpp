// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/models/json_message.h"
#include <algorithm>

namespace faultline::ui
{
namespace
{

/// Length of a JSON string's content up to its closing quote; npos when it is not closed.
std::size_t stringLength(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            return i;
    }
    return std::string_view::npos;
}

/// The escapes that logs use; \uXXXX stays as written.
std::string unescaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size() || text[i + 1] == 'u') {
            out += text[i];
            continue;
        }
        const char next = text[++i];
        out += next == 'n' || next == 'r' || next == 't' ? ' ' : next;
    }
    return out;
}

/// Length of a value up to the comma or brace that ends it, nested objects and strings passed over.
std::size_t valueLength(std::string_view text)
{
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') {
            const auto length = stringLength(text.substr(i + 1));
            if (length == std::string_view::npos)
                return text.size();
            i += length + 1;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (depth == 0 && (c == ',' || c == '}')) {
            return i;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return text.size();
}

/// `,"order":46601,"user":"x"}` becomes ` order=46601 user=x`.
std::string fieldsText(std::string_view rest)
{
    std::string out;
    while (true) {
        const auto quote = rest.find('"');
        if (quote == std::string_view::npos)
            return out;
        rest.remove_prefix(quote + 1);
        const auto name = stringLength(rest);
        if (name == std::string_view::npos)
            return out;
        out += ' ' + unescaped(rest.substr(0, name)) + '=';
        rest.remove_prefix(std::min(rest.size(), name + 1));
        rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(": ")));
        const auto length = valueLength(rest);
        auto value = rest.substr(0, length);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        out += unescaped(value);
        rest.remove_prefix(length);
    }
}

} // namespace

std::string readableMessage(std::string_view line, std::size_t messageStart)
{
    if (messageStart >= line.size())
        return {};
    const auto message = line.substr(messageStart);
    const bool json = line.front() == '{' && messageStart > 0 && line[messageStart - 1] == '"';
    const auto length = json ? stringLength(message) : std::string_view::npos;
    if (length == std::string_view::npos)
        return std::string(message);
    return unescaped(message.substr(0, length)) + fieldsText(message.substr(length + 1));
}

} // namespace faultline::ui
