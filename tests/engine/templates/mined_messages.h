// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/template_set.h"
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records::templates
{

/// A dictionary of these messages.
inline ShapeDictionary dictionaryOf(const std::vector<std::string>& messages)
{
    ShapeDictionary shapes;
    for (const auto& message : messages)
        shapes.add(message);
    return shapes;
}

/// Their templates.
inline MiningResult minedFrom(const ShapeDictionary& shapes, const MiningOptions& options = {})
{
    QuietJob job;
    auto mined = mineTemplates(shapes, options, job);
    return std::move(mined.value());
}
inline MiningResult matchedTo(const ShapeDictionary& shapes, const TemplateSet& frozen)
{
    QuietJob job;
    auto matched = matchTemplates(shapes, frozen, job);
    return std::move(matched.value());
}

/// The text of each message's template, when the messages are mined together.
inline std::vector<std::string> minedTexts(const std::vector<std::string>& messages)
{
    ShapeDictionary shapes;
    std::vector<ShapeId> ids;
    for (const auto& message : messages)
        ids.push_back(shapes.add(message));
    const auto mined = minedFrom(shapes);
    std::vector<std::string> texts;
    for (const auto id : ids)
        texts.push_back(mined.set.templates[mined.templateOfShape[id]].text);
    return texts;
}

/// The text of each message's template, when the messages are matched against a frozen set.
inline std::vector<std::string> matchedTexts(const TemplateSet& frozen, const std::vector<std::string>& messages)
{
    ShapeDictionary shapes;
    std::vector<ShapeId> ids;
    for (const auto& message : messages)
        ids.push_back(shapes.add(message));
    const auto matched = matchedTo(shapes, frozen);
    std::vector<std::string> texts;
    for (const auto id : ids)
        texts.push_back(matched.set.templates[matched.templateOfShape[id]].text);
    return texts;
}

/// What the scanner alone makes of a message.
inline std::string masked(std::string_view message)
{
    return templateText(scanMessage(message));
}

} // namespace faultline::records::templates
