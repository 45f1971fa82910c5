// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/known_templates.h"
#include "engine/records/templates/message_scanner.h"
#include "engine/records/templates/shape_table.h"
#include "engine/records/templates/template_groups.h"
#include <algorithm>

namespace faultline::records::templates
{

namespace
{

bool isList(TokenSpan span)
{
    return span.end - span.begin > 1;
}

/// How many constants of the pattern the shape meets, 0 when the pattern does not cover it: by the rules of grouping.
std::size_t constantsMet(const std::vector<Token>& pattern, const ShapeDictionary::Shape& shape)
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
        const bool namedByMask = token.kind == TokenKind::Variable && token.text != wildcard;
        if (namedByMask) {
            if (token.text != shape.tokens[at].text)
                return 0;
        } else if (!isList(expected[i]) && token.text != wildcard) {
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

} // namespace

TemplateArrays TemplateArrays::of(const TemplateSet& set)
{
    TemplateArrays all;
    all.templates.assign(set.templates.begin(), set.templates.end());
    set.forEachPattern([&](const TemplatePattern& pattern) { all.patterns.push_back(pattern); });
    std::stable_sort(all.patterns.begin(), all.patterns.end(),
                     [](const auto& a, const auto& b) { return a.templateIndex < b.templateIndex; });
    std::vector<std::pair<std::uint64_t, std::uint32_t>> shapes;
    const auto add = [&](const std::vector<std::uint64_t>& hashes, const std::vector<std::uint32_t>& templates) {
        for (std::size_t i = 0; i < hashes.size(); ++i)
            shapes.emplace_back(hashes[i], templates[i]);
    };
    if (set.known)
        add(set.known->arrays().shapeHash, set.known->arrays().shapeTemplate);
    add(set.shapeHash, set.shapeTemplate);
    std::sort(shapes.begin(), shapes.end());
    for (const auto& [hash, index] : shapes) {
        all.shapeHash.push_back(hash);
        all.shapeTemplate.push_back(index);
    }
    return all;
}

std::optional<PatternIndex> PatternIndex::of(const std::vector<TemplatePattern>& patterns, StopCheck& check)
{
    PatternIndex index;
    for (const auto& pattern : patterns) {
        if (check.stops(pattern.tokens.size() + 1))
            return std::nullopt;
        index.m_bySkeleton[skeletonKey(pattern.tokens)].push_back(&pattern);
    }
    return index;
}

PatternIndex::Cover PatternIndex::best(const ShapeDictionary::Shape& shape, Cover soFar, StopCheck& check) const
{
    const auto alike = m_bySkeleton.find(skeletonKey(shape.tokens));
    if (alike == m_bySkeleton.end())
        return soFar;
    for (const auto* pattern : alike->second) {
        if (check.stops(shape.tokens.size() + 1))
            break;
        if (const auto constants = constantsMet(pattern->tokens, shape); constants > soFar.constants)
            soFar = {.templateIndex = pattern->templateIndex, .constants = constants};
    }
    return soFar;
}

const KnownTemplates::Index* KnownTemplates::index(StopCheck& check) const
{
    const std::lock_guard lock(m_mutex);
    if (m_index)
        return m_index.get();
    auto patterns = PatternIndex::of(m_arrays.patterns, check);
    if (!patterns)
        return nullptr;
    auto index = std::make_unique<Index>();
    index->patterns = std::move(*patterns);
    for (std::uint32_t i = 0; i < m_arrays.templates.size(); ++i) {
        const auto& each = m_arrays.templates[i];
        if (check.stops(1 + each.text.size() / 16))
            return nullptr;
        index->byText.emplace(each.text, i);
        index->byCollapsedText.emplace(collapsedText(each.text), i);
        index->ids.insert(each.id);
    }
    m_index = std::move(index);
    return m_index.get();
}

TemplateSet sharedSet(TemplateArrays arrays, MessageMasksPtr masks)
{
    auto known = std::make_shared<const KnownTemplates>(std::move(arrays));
    TemplateSet set;
    set.templates = TemplateList({known, &known->arrays().templates});
    set.firstUnseen = static_cast<std::uint32_t>(set.size());
    set.masks = std::move(masks);
    set.known = std::move(known);
    return set;
}

std::optional<std::uint32_t> templateOfHash(std::span<const std::uint64_t> sorted,
                                            std::span<const std::uint32_t> templates, std::uint64_t hash)
{
    const auto exact = std::lower_bound(sorted.begin(), sorted.end(), hash);
    if (exact == sorted.end() || *exact != hash)
        return std::nullopt;
    return templates[static_cast<std::size_t>(exact - sorted.begin())];
}

void TemplateSet::forEachPattern(const std::function<void(const TemplatePattern&)>& take) const
{
    if (known)
        for (const auto& pattern : known->arrays().patterns)
            take(pattern);
    for (const auto& pattern : patterns)
        take(pattern);
}

} // namespace faultline::records::templates
