// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/template_edits.h"
#include "engine/records/templates/message_scanner.h"
#include "engine/records/templates/nearest_template.h"
#include "engine/records/templates/pattern_parameters.h"
#include "engine/records/templates/shape_table.h"
#include <algorithm>
#include <map>

namespace faultline::records::templates
{

namespace
{

/// Does a template's text go by this name: its id, short or long, or the text itself?
bool goesBy(const std::string& text, const std::string& name)
{
    return text == name || templateId(text, TemplateIdForm::Short) == name ||
           templateId(text, TemplateIdForm::Long) == name;
}

tl::unexpected<Error> unknown(const std::vector<ShapeGroup>& groups, const std::string& name, const char* where,
                              const JobContext& job)
{
    NearestTemplate nearest(name, job);
    for (const auto& group : groups)
        nearest.offer(templateId(group.text, TemplateIdForm::Short), group.text);
    return fail({ErrorCode::Config,
                 std::string("`") + where + "` names the template " + name + ", which these records do not have",
                 {},
                 nearest.hint()});
}

/// The groups whose template goes by the name, or of which the name is an example message.
std::vector<std::size_t> groupsNamed(const std::vector<ShapeGroup>& groups,
                                     const std::vector<ShapeDictionary::Shape>& shapes, const std::string& name)
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < groups.size(); ++i)
        if (goesBy(groups[i].text, name))
            found.push_back(i);
    if (!found.empty() || name.starts_with("T-"))
        return found;
    ShapeDictionary example;
    example.add(name);
    const auto hash = example.shapes()[0].hash;
    for (std::size_t i = 0; i < groups.size(); ++i)
        if (std::any_of(groups[i].shapes.begin(), groups[i].shapes.end(),
                        [&](ShapeId id) { return shapes[id].hash == hash; }))
            found.push_back(i);
    return found;
}

/// The pattern's token that holds the n-th `<*>`, counted from 1, or its size.
std::size_t placeOf(const std::vector<Token>& pattern, std::uint32_t position)
{
    std::uint32_t seen = 0;
    for (std::size_t p = 0; p < pattern.size(); ++p)
        if (pattern[p].holdsVariable() && ++seen == position)
            return p;
    return pattern.size();
}

/// The shape's own token at a place of the pattern that covers it; null where a list stands.
const Token* tokenAt(const std::vector<Token>& pattern, const ShapeDictionary::Shape& shape, std::size_t place)
{
    const auto ours = foldLists(pattern), theirs = foldLists(shape.tokens);
    if (ours.size() != theirs.size())
        return nullptr;
    for (std::size_t i = 0; i < ours.size(); ++i)
        if (ours[i].end > place)
            return ours[i].end - ours[i].begin == theirs[i].end - theirs[i].begin
                       ? &shape.tokens[theirs[i].begin + (place - ours[i].begin)]
                       : nullptr;
    return nullptr;
}

/// One group for each word that stands at the place; false when none does.
bool splitGroup(const ShapeGroup& group, const std::vector<ShapeDictionary::Shape>& shapes, std::size_t place,
                std::vector<ShapeGroup>& parts)
{
    std::map<std::string, ShapeGroup> byWord;
    bool words = false;
    for (const auto id : group.shapes) {
        const auto* token = tokenAt(group.pattern, shapes[id], place);
        const bool isWord = token != nullptr && !token->holdsVariable();
        words = words || isWord;
        auto& part = byWord[isWord ? token->text : std::string(wildcard)];
        part.shapes.push_back(id);
        part.pattern = group.pattern;
        if (isWord)
            part.pattern[place] = {
                .kind = token->kind, .spaceBefore = group.pattern[place].spaceBefore, .text = token->text};
    }
    for (auto& [word, part] : byWord) {
        part.text = templateText(part.pattern);
        part.parameters = parametersOf(part.pattern, shapes, part.shapes);
        parts.push_back(std::move(part));
    }
    return words;
}

Result<void> split(std::vector<ShapeGroup>& groups, const std::vector<ShapeDictionary::Shape>& shapes,
                   const TemplateSplit& asked, const JobContext& job)
{
    const auto named = groupsNamed(groups, shapes, asked.name);
    if (named.empty())
        return unknown(groups, asked.name, "split", job);
    std::vector<ShapeGroup> parts;
    bool words = false;
    for (const auto i : named) {
        const auto place = placeOf(groups[i].pattern, asked.position);
        if (place == groups[i].pattern.size())
            return fail({ErrorCode::Config,
                         "`split` names position " + std::to_string(asked.position) + " of " + asked.name +
                             ", which has " + std::to_string(groups[i].parameters.size()) + " variables",
                         {},
                         "positions count the `<*>` of the template's text from 1"});
        words |= splitGroup(groups[i], shapes, place, parts);
    }
    if (!words)
        return fail({ErrorCode::Config,
                     "`split` names position " + std::to_string(asked.position) + " of " + asked.name +
                         ", where no words stand",
                     {},
                     "only words can be made constant; numbers, addresses and paths are not kept"});
    for (auto i = named.size(); i-- > 0;)
        groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(named[i]));
    std::move(parts.begin(), parts.end(), std::back_inserter(groups));
    return {};
}

Result<void> merge(std::vector<ShapeGroup>& groups, const std::vector<ShapeDictionary::Shape>& shapes,
                   const std::vector<std::string>& names, const JobContext& job)
{
    std::vector<std::vector<std::size_t>> found; // all before the first one changes its text
    for (const auto& name : names) {
        found.push_back(groupsNamed(groups, shapes, name));
        if (found.back().empty())
            return unknown(groups, name, "merge", job);
    }
    for (const auto& members : found)
        for (const auto i : members) {
            groups[i].text = groups[found[0][0]].text;
            groups[i].parameters = groups[found[0][0]].parameters;
        }
    return {};
}

} // namespace

Result<void> editTemplates(std::vector<ShapeGroup>& groups, const std::vector<ShapeDictionary::Shape>& shapes,
                           const MiningOptions& options, const JobContext& job)
{
    for (const auto& asked : options.splits) {
        if (job.stopRequested())
            return cancelled();
        if (auto done = split(groups, shapes, asked, job); !done)
            return done;
    }
    for (const auto& names : options.merges) {
        if (job.stopRequested())
            return cancelled();
        if (auto done = merge(groups, shapes, names, job); !done)
            return done;
    }
    return {};
}

} // namespace faultline::records::templates
