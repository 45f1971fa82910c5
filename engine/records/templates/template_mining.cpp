// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/hash.h"
#include "engine/records/templates/message_scanner.h"
#include "engine/records/templates/template_groups.h"
#include "engine/records/templates/template_set.h"
#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

namespace faultline::records::templates
{

namespace
{

std::string hexId(std::uint64_t hash, int digits)
{
    std::string id = "T-";
    for (int i = digits - 1; i >= 0; --i)
        id += "0123456789abcdef"[hash >> (60 - 4 * (digits - 1 - i)) & 15];
    return id;
}

/// Short ids where they are unique; all templates that would share one get the long form, so that order does not
/// matter.
void nameTemplates(TemplateSet& set, std::size_t from)
{
    std::map<std::string, int> uses;
    for (std::size_t i = 0; i < set.size(); ++i)
        ++uses[i < from ? set.templates[i].id : hexId(stableHash(set.templates[i].text), 8)];
    for (std::size_t i = from; i < set.size(); ++i) {
        const auto hash = stableHash(set.templates[i].text);
        const auto brief = hexId(hash, 8);
        set.templates[i].id = uses[brief] == 1 ? brief : hexId(hash, 16);
    }
}

/// Adds the groups as templates in the order of their texts; groups of one text are one template, and a text the set
/// already has joins that template. Returns nothing: templateOfShape is filled.
void addGroups(MiningResult& result, std::vector<ShapeGroup> groups)
{
    auto& set = result.set;
    const auto from = set.size();
    std::map<std::string, std::vector<ShapeGroup*>> byText;
    for (auto& group : groups)
        byText[templateText(group.pattern)].push_back(&group);
    std::unordered_map<std::string, std::uint32_t> known;
    for (std::uint32_t i = 0; i < from; ++i)
        known.emplace(set.templates[i].text, i);
    for (auto& [text, members] : byText) {
        const auto [at, isNew] = known.emplace(text, static_cast<std::uint32_t>(set.size()));
        if (isNew)
            set.templates.push_back({.text = text, .id = {}});
        for (auto* group : members) {
            for (const auto shape : group->shapes)
                result.templateOfShape[shape] = at->second;
            set.patterns.push_back({.templateIndex = at->second, .tokens = std::move(group->pattern)});
        }
    }
    std::stable_sort(set.patterns.begin(), set.patterns.end(),
                     [](const auto& a, const auto& b) { return a.templateIndex < b.templateIndex; });
    nameTemplates(set, from);
}

void recordShapes(MiningResult& result, const std::vector<ShapeDictionary::Shape>& shapes)
{
    std::map<std::uint64_t, std::uint32_t> sorted;
    for (std::size_t i = 0; i < result.set.shapeHash.size(); ++i)
        sorted.emplace(result.set.shapeHash[i], result.set.shapeTemplate[i]);
    for (std::size_t i = 0; i < shapes.size(); ++i)
        sorted.emplace(shapes[i].hash, result.templateOfShape[i]);
    result.set.shapeHash.clear();
    result.set.shapeTemplate.clear();
    for (const auto& [hash, index] : sorted) {
        result.set.shapeHash.push_back(hash);
        result.set.shapeTemplate.push_back(index);
    }
}

/// Delimiters with their spacing and the places of all other tokens: shapes and templates can only agree if this does.
std::string skeleton(const std::vector<Token>& tokens)
{
    std::string key;
    for (const auto& token : tokens) {
        key += token.spaceBefore ? ' ' : '\0';
        key += token.kind == TokenKind::Delimiter ? token.text : std::string(1, '\x01');
    }
    return key;
}

/// How many constants of the pattern the tokens meet; -1 when one is not met. Both have the same skeleton.
int coverage(const std::vector<Token>& pattern, const std::vector<Token>& tokens)
{
    int constants = 0;
    for (std::size_t p = 0; p < pattern.size(); ++p) {
        if (pattern[p].kind == TokenKind::Variable)
            continue;
        if (pattern[p].text != tokens[p].text)
            return -1;
        ++constants;
    }
    return constants;
}

} // namespace

MiningResult mineTemplates(const ShapeDictionary& shapes, const MiningOptions& options)
{
    MiningResult result;
    result.templateOfShape.resize(shapes.size());
    std::vector<ShapeId> all(shapes.size());
    std::iota(all.begin(), all.end(), ShapeId{0});
    addGroups(result, groupShapes(shapes.shapes(), all, options));
    recordShapes(result, shapes.shapes());
    result.set.firstUnseen = static_cast<std::uint32_t>(result.set.size());
    return result;
}

MiningResult matchTemplates(const ShapeDictionary& shapes, const TemplateSet& frozen)
{
    MiningResult result{.set = frozen, .templateOfShape = std::vector<std::uint32_t>(shapes.size())};
    result.set.firstUnseen = static_cast<std::uint32_t>(frozen.size());
    std::unordered_map<std::string, std::vector<const TemplatePattern*>> bySkeleton;
    for (const auto& pattern : frozen.patterns)
        bySkeleton[skeleton(pattern.tokens)].push_back(&pattern);
    std::vector<ShapeId> strangers;
    for (ShapeId id = 0; id < shapes.size(); ++id) {
        const auto& shape = shapes.shapes()[id];
        const auto exact = std::lower_bound(frozen.shapeHash.begin(), frozen.shapeHash.end(), shape.hash);
        if (exact != frozen.shapeHash.end() && *exact == shape.hash) {
            result.templateOfShape[id] =
                frozen.shapeTemplate[static_cast<std::size_t>(exact - frozen.shapeHash.begin())];
            continue;
        }
        const TemplatePattern* best = nullptr;
        int constants = 0; // a pattern of wildcards alone says nothing about what it covers
        if (const auto found = bySkeleton.find(skeleton(shape.tokens)); found != bySkeleton.end())
            for (const auto* pattern : found->second)
                if (const int c = coverage(pattern->tokens, shape.tokens); c > constants) {
                    best = pattern;
                    constants = c;
                }
        if (best)
            result.templateOfShape[id] = best->templateIndex;
        else
            strangers.push_back(id);
    }
    addGroups(result, groupShapes(shapes.shapes(), strangers, MiningOptions{}));
    recordShapes(result, shapes.shapes());
    return result;
}

} // namespace faultline::records::templates
