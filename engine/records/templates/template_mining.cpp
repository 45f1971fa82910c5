// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/hash.h"
#include "engine/records/templates/known_templates.h"
#include "engine/records/templates/message_scanner.h"
#include "engine/records/templates/pattern_parameters.h"
#include "engine/records/templates/template_edits.h"
#include "engine/records/templates/template_groups.h"
#include <algorithm>
#include <map>
#include <numeric>

namespace faultline::records::templates
{

namespace
{

/// Groups of one text, which are one template.
using GroupsByText = std::map<std::string, std::vector<ShapeGroup*>>;

/// Nothing when the job is told to stop.
std::optional<GroupsByText> byText(std::vector<ShapeGroup>& groups, StopCheck& check)
{
    GroupsByText sorted;
    for (auto& group : groups) {
        if (check.stops(4))
            return std::nullopt;
        sorted[group.text].push_back(&group);
    }
    for (auto& [text, members] : sorted)
        std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->pattern < b->pattern; });
    return sorted;
}

/// Short ids where they are unique; all new templates that would share one get the long form, so that order does not
/// matter. `taken` says which ids known templates have.
template <class Taken>
void nameTemplates(std::vector<Template>& added, std::size_t from, Taken&& taken)
{
    std::unordered_map<std::string, int> uses;
    for (auto i = from; i < added.size(); ++i)
        ++uses[added[i].id = templateId(added[i].text, TemplateIdForm::Short)];
    for (auto i = from; i < added.size(); ++i)
        if (uses[added[i].id] > 1 || taken(added[i].id))
            added[i].id = templateId(added[i].text, TemplateIdForm::Long);
}

/// Sorted by hash.
void sortShapes(std::vector<std::pair<std::uint64_t, std::uint32_t>> shapes, std::vector<std::uint64_t>& hashes,
                std::vector<std::uint32_t>& templates)
{
    std::sort(shapes.begin(), shapes.end());
    hashes.clear();
    templates.clear();
    for (const auto& [hash, index] : shapes) {
        hashes.push_back(hash);
        templates.push_back(index);
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

/// The groups as templates in the order of their texts.
Result<MiningResult> templatesOf(const ShapeDictionary& shapes, std::vector<ShapeGroup> groups, StopCheck& check)
{
    auto sorted = byText(groups, check);
    if (!sorted)
        return cancelled();
    MiningResult result;
    result.templateOfShape.resize(shapes.size());
    TemplateArrays arrays;
    for (auto& [text, members] : *sorted) {
        if (check.stops(4 * members.size()))
            return cancelled();
        const auto index = static_cast<std::uint32_t>(arrays.templates.size());
        auto& added =
            arrays.templates.emplace_back(Template{.text = text, .id = {}, .parameters = members[0]->parameters});
        for (auto* group : members) {
            if (group != members[0])
                joinParameters(added.parameters, group->parameters);
            for (const auto shape : group->shapes)
                result.templateOfShape[shape] = index;
            arrays.patterns.push_back({.templateIndex = index, .tokens = std::move(group->pattern)});
        }
    }
    nameTemplates(arrays.templates, 0, [](const std::string&) { return false; });
    std::vector<std::pair<std::uint64_t, std::uint32_t>> met;
    for (ShapeId id = 0; id < shapes.size(); ++id)
        met.emplace_back(shapes.shapes()[id].hash, result.templateOfShape[id]);
    sortShapes(std::move(met), arrays.shapeHash, arrays.shapeTemplate);
    if (check.stops())
        return cancelled();
    result.set = sharedSet(std::move(arrays), shapes.masks());
    return result;
}

/// Assigns shapes to templates of a frozen set, and adds what is new behind them.
class Matcher
{
public:
    Matcher(const ShapeDictionary& shapes, const TemplateSet& frozen, JobContext& job)
        : m_shapes(shapes.shapes()), m_job(job), m_check(job)
    {
        m_result.set = growable(frozen);
        m_result.set.firstUnseen = static_cast<std::uint32_t>(frozen.size());
        m_result.templateOfShape.resize(shapes.size());
    }

    Result<MiningResult> run()
    {
        m_known = m_result.set.known->index(m_check);
        const auto ownPatterns = m_result.set.patterns; // the index borrows them, and the set's own list grows
        const auto own = PatternIndex::of(ownPatterns, m_check);
        if (m_known == nullptr || !own)
            return cancelled();
        findKnown(*own);
        if (m_check.stops())
            return cancelled();
        auto groups = groupShapes(m_shapes, m_strangers, MiningOptions{}, m_job);
        if (!groups)
            return fail(groups.error());
        if (!add(std::move(*groups)))
            return cancelled();
        return std::move(m_result);
    }

private:
    /// A copy that shares what is frozen. What was added to it call by call is made a shared part of its own when there
    /// is much of it, so that copies stay small and each template is moved a few times at most.
    static TemplateSet growable(const TemplateSet& frozen)
    {
        if (!frozen.known)
            return sharedSet(TemplateArrays::of(frozen), frozen.masks);
        const auto known = frozen.known->arrays().shapeHash.size();
        return frozen.shapeHash.size() <= 256 + known / 4 ? frozen
                                                          : sharedSet(TemplateArrays::of(frozen), frozen.masks);
    }

    void findKnown(const PatternIndex& own)
    {
        for (ShapeId id = 0; id < m_shapes.size() && !m_check.stops(); ++id) {
            const auto found = templateOf(id, own);
            if (found)
                m_result.templateOfShape[id] = *found;
            else
                m_strangers.push_back(id);
        }
    }

    [[nodiscard]] std::optional<std::uint32_t> templateOf(ShapeId id, const PatternIndex& own)
    {
        const auto& shape = m_shapes[id];
        const auto& set = m_result.set;
        const auto& arrays = set.known->arrays();
        if (const auto exact = templateOfHash(arrays.shapeHash, arrays.shapeTemplate, shape.hash))
            return exact;
        if (const auto exact = templateOfHash(set.shapeHash, set.shapeTemplate, shape.hash))
            return exact;
        const auto cover = own.best(shape, m_known->patterns.best(shape, {}, m_check), m_check);
        m_unmet.push_back(id);
        return cover.constants > 0 ? std::optional(cover.templateIndex) : std::nullopt;
    }

    /// The template of a text: also one that differs in the lengths of its lists of variables alone.
    [[nodiscard]] std::optional<std::uint32_t> templateOfText(const std::string& text) const
    {
        const auto find = [](const auto& map, const auto& key) {
            const auto found = map.find(key);
            return found == map.end() ? std::nullopt : std::optional(found->second);
        };
        if (const auto same = find(m_known->byText, text))
            return same;
        if (const auto same = find(m_ownByText, text))
            return same;
        const auto collapsed = collapsedText(text);
        const auto same = find(m_known->byCollapsedText, collapsed);
        return same ? same : find(m_ownByCollapsedText, collapsed);
    }

    /// False when the job is told to stop.
    [[nodiscard]] bool add(std::vector<ShapeGroup> groups)
    {
        auto& set = m_result.set;
        auto& own = set.templates.own();
        const auto before = own.size(), shared = set.size() - before;
        for (std::size_t i = 0; i < before; ++i) {
            m_ownByText.emplace(own[i].text, static_cast<std::uint32_t>(shared + i));
            m_ownByCollapsedText.emplace(collapsedText(own[i].text), static_cast<std::uint32_t>(shared + i));
        }
        auto sorted = byText(groups, m_check);
        if (!sorted)
            return false;
        for (auto& [text, members] : *sorted) {
            if (m_check.stops(4 * members.size()))
                return false;
            addTemplate(text, members);
        }
        nameTemplates(own, before, [&](const std::string& id) {
            return m_known->ids.contains(id) ||
                   std::any_of(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(before),
                               [&](const Template& each) { return each.id == id; });
        });
        recordShapes();
        return true;
    }

    void addTemplate(const std::string& text, const std::vector<ShapeGroup*>& members)
    {
        auto& set = m_result.set;
        const auto found = templateOfText(text);
        const auto index = found.value_or(static_cast<std::uint32_t>(set.size()));
        if (!found) {
            set.templates.push_back({.text = text, .id = {}, .parameters = members[0]->parameters});
            m_ownByText.emplace(text, index);
        }
        for (auto* group : members) {
            if (!found && group != members[0])
                joinParameters(set.templates.own().back().parameters, group->parameters);
            for (const auto shape : group->shapes)
                m_result.templateOfShape[shape] = index;
            set.patterns.push_back({.templateIndex = index, .tokens = std::move(group->pattern)});
        }
    }

    void recordShapes()
    {
        auto& set = m_result.set;
        std::vector<std::pair<std::uint64_t, std::uint32_t>> met;
        for (std::size_t i = 0; i < set.shapeHash.size(); ++i)
            met.emplace_back(set.shapeHash[i], set.shapeTemplate[i]);
        for (const auto id : m_unmet)
            met.emplace_back(m_shapes[id].hash, m_result.templateOfShape[id]);
        sortShapes(std::move(met), set.shapeHash, set.shapeTemplate);
    }

    const std::vector<ShapeDictionary::Shape>& m_shapes;
    JobContext& m_job;
    StopCheck m_check;
    MiningResult m_result;
    const KnownTemplates::Index* m_known = nullptr;
    std::vector<ShapeId> m_unmet;     ///< shapes that the frozen set had not met
    std::vector<ShapeId> m_strangers; ///< of these, the ones that none of its patterns covers
    std::unordered_map<std::string, std::uint32_t> m_ownByText, m_ownByCollapsedText;
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
    const MaskScope scope(shapes.masks()); // of the dictionaries that read a person's examples
    StopCheck check(job);
    std::vector<ShapeId> all(shapes.size());
    std::iota(all.begin(), all.end(), ShapeId{0});
    auto groups = options.group ? groupShapes(shapes.shapes(), all, options, job) : ungrouped(shapes.shapes());
    if (!groups)
        return fail(groups.error());
    if (auto done = editTemplates(*groups, shapes.shapes(), options, job); !done)
        return fail(done.error());
    return templatesOf(shapes, std::move(*groups), check);
}

Result<MiningResult> matchTemplates(const ShapeDictionary& shapes, const TemplateSet& frozen, JobContext& job)
{
    return Matcher(shapes, frozen, job).run();
}

} // namespace faultline::records::templates
