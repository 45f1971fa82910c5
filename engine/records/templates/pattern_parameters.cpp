// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/pattern_parameters.h"
#include "engine/records/templates/message_scanner.h"
#include "engine/records/templates/shape_table.h"

namespace faultline::records::templates
{

namespace
{

bool isMark(const Token& token, std::string_view marks)
{
    return token.kind == TokenKind::Delimiter && token.text.size() == 1 && marks.find(token.text[0]) != marks.npos;
}

/// A person's mask named it.
bool isNamed(const Token& token)
{
    return token.kind == TokenKind::Variable && token.text != wildcard;
}

/// `took` before `took=<*>`, `took: <*>`, `"took": "<*>"` and in `took:<*>`.
std::string nameAt(const std::vector<Token>& pattern, std::size_t at)
{
    const auto& text = pattern[at].text;
    if (isNamed(pattern[at]))
        return text.substr(1, text.size() - 2);
    if (const auto colon = text.find(':'); colon != std::string::npos && text.compare(colon + 1, 3, wildcard) == 0)
        return text.substr(0, colon);
    const auto skipQuotes = [&](std::size_t p) {
        while (p > 0 && isMark(pattern[p - 1], "\"'"))
            --p;
        return p;
    };
    auto p = skipQuotes(at);
    if (p == 0 || !isMark(pattern[p - 1], "=:"))
        return {};
    p = skipQuotes(p - 1);
    if (p == 0 || pattern[p - 1].kind == TokenKind::Delimiter)
        return {};
    const auto& name = pattern[p - 1].text;
    return name.find(wildcard) == std::string::npos && name.find(' ') == std::string::npos ? name : std::string();
}

ParameterTypes typesAt(const ShapeDictionary::Shape& shape, std::size_t at)
{
    const auto& token = shape.tokens[at];
    if (token.kind == TokenKind::Alphanumeric || token.holdsVariable())
        return at < shape.types.size() ? shape.types[at] : ParameterTypes{0};
    const auto type = typeOfValue(token.text);
    return type ? bitOf(*type) : ParameterTypes{0};
}

} // namespace

std::vector<Parameter> parametersOf(const std::vector<Token>& pattern,
                                    const std::vector<ShapeDictionary::Shape>& shapes,
                                    const std::vector<ShapeId>& covered)
{
    std::vector<Parameter> parameters;
    std::vector<std::size_t> places; // of the parameters in the pattern
    for (std::size_t p = 0; p < pattern.size(); ++p)
        if (pattern[p].holdsVariable()) {
            places.push_back(p);
            parameters.push_back({.name = nameAt(pattern, p), .named = isNamed(pattern[p])});
        }
    if (places.empty())
        return parameters;
    const auto spans = foldLists(pattern);
    for (const auto id : covered) {
        const auto& shape = shapes[id];
        const auto theirs = foldLists(shape.tokens);
        if (theirs.size() != spans.size())
            continue;
        std::size_t i = 0;
        for (std::size_t n = 0; n < places.size(); ++n) {
            while (spans[i].end <= places[n])
                ++i;
            const auto within = static_cast<std::uint32_t>(places[n]) - spans[i].begin;
            const bool isList = theirs[i].end - theirs[i].begin != spans[i].end - spans[i].begin;
            const auto types = isList ? bitOf(ParameterType::List) : typesAt(shape, theirs[i].begin + within);
            parameters[n].types = static_cast<ParameterTypes>(parameters[n].types | types);
            parameters[n].examples += shape.examples;
        }
    }
    return parameters;
}

void joinParameters(std::vector<Parameter>& ours, const std::vector<Parameter>& theirs)
{
    if (ours.size() != theirs.size())
        return;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        ours[i].types = static_cast<ParameterTypes>(ours[i].types | theirs[i].types);
        ours[i].examples += theirs[i].examples;
        if (ours[i].name != theirs[i].name)
            ours[i].name.clear();
    }
}

} // namespace faultline::records::templates
