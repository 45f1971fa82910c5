// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/hash.h"
#include "engine/records/templates/message_scanner.h"
#include "engine/records/templates/pattern_parameters.h"
#include "engine/records/templates/shape_table.h"
#include "engine/records/templates/template_edits.h"
#include "engine/records/templates/template_groups.h"
#include "engine/records/templates/template_set.h"
#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_map>

namespace faultline::records::templates
{

namespace
{

/// Short ids where they are unique; all templates that would share one get the long form, so that order does not
/// matter.
void nameTemplates(TemplateSet& set, std::size_t from)
{
    std::map<std::string, int> uses;
    for (std::size_t i = 0; i < set.size(); ++i)
        ++uses[i < from ? set.templates[i].id : templateId(set.templates[i].text, TemplateIdForm::Short)];
    for (std::size_t i = from; i < set.size(); ++i) {
        const auto& text = set.templates[i].text;
        const auto brief = templateId(text, TemplateIdForm::Short);
        set.templates[i].id = uses[brief] == 1 ? brief : templateId(text, TemplateIdForm::Long);
    }
}

/// Adds the groups as templates in the order of their texts; groups of one text are one template, and a text the set
/// already has joins that template.
void addGroups(MiningResult& result, std::vector<ShapeGroup> groups)
{
    auto& set = result.set;
    const auto from = set.size();
    std::map<std::string, std::vector<ShapeGroup*>> byText;
    for (auto& group : groups)
        byText[group.text].push_back(&group);
    std::unordered_map<std::string, std::uint32_t> known;
    for (std::uint32_t i = 0; i < from; ++i)
        known.emplace(set.templates[i].text, i);
    for (auto& [text, members] : byText) {
        const auto [at, isNew] = known.emplace(text, static_cast<std::uint32_t>(set.size()));
        if (isNew)
            set.templates.push_back({.text = text, .id = {}, .parameters = members[0]->parameters});
        for (auto* group : members) {
            if (!isNew || group != members[0])
                joinParameters(set.templates[at->second].parameters, group->parameters);
            for (const auto shape : group->shapes)
                result.templateOfShape[shape] = at->second;
            set.patterns.push_back({.templateIndex = at->second, .tokens = std::move(group->pattern)});
        }
    }
    std::sort(set.patterns.begin(), set.patterns.end(), [](const auto& a, const auto& b) {
        return a.templateIndex != b.templateIndex ? a.templateIndex < b.templateIndex : a.tokens < b.tokens;
    });
    nameTemplates(set, from);
}

/// Adds the shapes that the set does not hold yet.
void recordShapes(MiningResult& result, const std::vector<ShapeDictionary::Shape>& shapes)
{
    std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted;
    sorted.reserve(result.set.shapeHash.size() + shapes.size());
    for (std::size_t i = 0; i < result.set.shapeHash.size(); ++i)
        sorted.emplace_back(result.set.shapeHash[i], result.set.shapeTemplate[i]);
    for (std::size_t i = 0; i < shapes.size(); ++i)
        sorted.emplace_back(shapes[i].hash, result.templateOfShape[i]);
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    result.set.shapeHash.clear();
    result.set.shapeTemplate.clear();
    for (const auto& [hash, index] : sorted) {
        result.set.shapeHash.push_back(hash);
        result.set.shapeTemplate.push_back(index);
    }
}

/// Every shape on its own, as the scanner masked it.
std::vector<ShapeGroup> ungrouped(const std::vector<ShapeDictionary::Shape>& shapes)
{
    std::vector<ShapeGroup> groups(shapes.size());
    for (ShapeId id = 0; id < shapes.size(); ++id) {
        groups[id].shapes = {id};
        groups[id].pattern = shapes[id].tokens;
        for (std::size_t p = 0; p < groups[id].pattern.size(); ++p)
            if (shapes[id].varies[p]) {
                groups[id].pattern[p].kind = TokenKind::Variable;
                groups[id].pattern[p].text = wildcard;
            }
        groups[id].text = templateText(groups[id].pattern);
        groups[id].parameters = parametersOf(groups[id].pattern, shapes, groups[id].shapes);
    }
    return groups;
}

/// A template that differs from a known one in the lengths of its lists of variables alone is that one.
void joinKnownLists(std::vector<ShapeGroup>& groups, const TemplateSet& frozen)
{
    std::unordered_map<std::string, const std::string*> known;
    for (const auto& each : frozen.templates)
        known.emplace(collapsedText(each.text), &each.text);
    for (auto& group : groups)
        if (const auto found = known.find(collapsedText(group.text)); found != known.end())
            group.text = *found->second;
}

/// Finds the template of a shape in a frozen set.
class FrozenTemplates
{
public:
    explicit FrozenTemplates(const TemplateSet& set) : m_set(set)
    {
        for (const auto& pattern : set.patterns)
            m_bySkeleton[skeletonKey(pattern.tokens)].push_back(&pattern);
    }

    [[nodiscard]] std::optional<std::uint32_t> find(const ShapeDictionary::Shape& shape) const
    {
        const auto exact = std::lower_bound(m_set.shapeHash.begin(), m_set.shapeHash.end(), shape.hash);
        if (exact != m_set.shapeHash.end() && *exact == shape.hash)
            return m_set.shapeTemplate[static_cast<std::size_t>(exact - m_set.shapeHash.begin())];
        const auto alike = m_bySkeleton.find(skeletonKey(shape.tokens));
        if (alike == m_bySkeleton.end())
            return std::nullopt;
        std::optional<std::uint32_t> best;
        std::size_t most = 0; // a pattern of wildcards alone says nothing about what it covers
        for (const auto* pattern : alike->second)
            if (const auto constants = constantsMet(pattern->tokens, shape); constants > most) {
                best = pattern->templateIndex;
                most = constants;
            }
        return best;
    }

private:
    /// How many constants of the pattern the shape meets, 0 when the pattern does not cover it: by the rules of
    /// grouping.
    [[nodiscard]] static std::size_t constantsMet(const std::vector<Token>& pattern,
                                                  const ShapeDictionary::Shape& shape)
    {
        const auto expected = foldLists(pattern), found = foldLists(shape.tokens);
        std::size_t constants = 0, words = 0;
        bool start = true;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const auto& token = pattern[expected[i].begin];
            const auto at = found[i].begin;
            if (token.kind == TokenKind::Delimiter)
                continue;
            const bool variable = isList(found[i]) || shape.varies[at] || shape.tokens[at].kind == TokenKind::Variable;
            if (!isList(expected[i]) && token.text != wildcard) {
                if (variable || token.text != shape.tokens[at].text)
                    return 0;
                ++constants;
            } else if (!variable) {
                if (start && token.kind == TokenKind::Variable)
                    return 0; // a number where the sentence begins, against a word
                ++words;
            }
            start = false;
        }
        const auto share = MiningOptions{}.similarity * static_cast<double>(constants + words);
        return static_cast<double>(constants) < share ? 0 : constants;
    }
    [[nodiscard]] static bool isList(TokenSpan span) { return span.end - span.begin > 1; }

    const TemplateSet& m_set;
    std::unordered_map<std::string, std::vector<const TemplatePattern*>> m_bySkeleton;
};

} // namespace

std::string templateId(const std::string& text, TemplateIdForm form)
{
    const auto hash = stableHash(text);
    std::string id = "T-";
    for (int digit = 0; digit < (form == TemplateIdForm::Short ? 8 : 16); ++digit)
        id += "0123456789abcdef"[hash >> (60 - 4 * digit) & 15];
    return id;
}

Result<MiningResult> mineTemplates(const ShapeDictionary& shapes, const MiningOptions& options, JobContext& job)
{
    MiningResult result;
    result.templateOfShape.resize(shapes.size());
    std::vector<ShapeId> all(shapes.size());
    std::iota(all.begin(), all.end(), ShapeId{0});
    auto groups = options.group ? groupShapes(shapes.shapes(), all, options, job) : ungrouped(shapes.shapes());
    if (!groups)
        return tl::unexpected(groups.error());
    if (auto done = editTemplates(*groups, shapes.shapes(), options); !done)
        return tl::unexpected(done.error());
    addGroups(result, std::move(*groups));
    recordShapes(result, shapes.shapes());
    result.set.firstUnseen = static_cast<std::uint32_t>(result.set.size());
    return result;
}

Result<MiningResult> matchTemplates(const ShapeDictionary& shapes, const TemplateSet& frozen, JobContext& job)
{
    MiningResult result{.set = frozen, .templateOfShape = std::vector<std::uint32_t>(shapes.size())};
    result.set.firstUnseen = static_cast<std::uint32_t>(frozen.size());
    const FrozenTemplates known(frozen);
    std::vector<ShapeId> strangers;
    for (ShapeId id = 0; id < shapes.size(); ++id) {
        const auto found = known.find(shapes.shapes()[id]);
        if (found)
            result.templateOfShape[id] = *found;
        else
            strangers.push_back(id);
    }
    auto groups = groupShapes(shapes.shapes(), strangers, MiningOptions{}, job);
    if (!groups)
        return tl::unexpected(groups.error());
    joinKnownLists(*groups, frozen);
    addGroups(result, std::move(*groups));
    recordShapes(result, shapes.shapes());
    return result;
}

} // namespace faultline::records::templates
