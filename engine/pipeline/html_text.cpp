// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/html_text.h"
#include "engine/core/text.h"

namespace faultline::pipeline::html
{

std::string escape(const std::string& raw)
{
    std::string out;
    for (const char c : displayText(raw)) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string tag(const std::string& name, const std::string& content, const std::string& style)
{
    return "<" + name + (style.empty() ? "" : " class=\"" + style + "\"") + ">" + content + "</" + name + ">";
}

std::string row(std::initializer_list<std::string> cells, const std::string& cell)
{
    std::string out;
    for (const auto& content : cells)
        out += tag(cell, content);
    return tag("tr", out);
}

} // namespace faultline::pipeline::html
