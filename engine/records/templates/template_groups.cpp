// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/template_groups.h"
#include "engine/records/templates/message_scanner.h"
#include "engine/records/templates/pattern_parameters.h"
#include "engine/records/templates/shape_table.h"
#include "engine/records/templates/stop_check.h"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace faultline::records::templates
{

namespace
{

/// Values of the slot with the fewest, beyond which no further split is tried: no program has so many statements of one
/// form.
constexpr std::uint32_t freeText = 1000;
/// Passes over all tables; what is data grows from pass to pass and settles after two or three.
constexpr int maxPasses = 8;

constexpr std::uint32_t bit(TokenKind kind)
{
    return 1U << static_cast<unsigned>(kind);
}

/// What one column holds over some rows.
struct ColumnFacts {
    std::uint32_t distinct = 0;
    std::uint32_t kinds = 0; ///< set of bit(kind)
    std::uint32_t known = 0; ///< distinct values that are data elsewhere
    double vocabulary = 0;   ///< over distinct values, see vocabularyShare()
    bool sameButDigits = true;
    ValueId first = 0;
};

class TableSplitter
{
public:
    TableSplitter(const ValuePool& pool, const std::vector<ShapeDictionary::Shape>& shapes,
                  const MiningOptions& options, StopCheck& check)
        : m_pool(pool), m_shapes(shapes), m_options(options), m_check(check), m_known(pool.size()),
          m_found(pool.size()), m_knownKeys(pool.size()), m_foundKeys(pool.size()), m_stamp(pool.size())
    {
    }

    /// Groups of rows for all tables, split with what earlier passes found to be data; false when told to stop.
    [[nodiscard]] bool pass(const std::vector<ShapeTable>& tables)
    {
        m_groups.clear();
        for (const auto& table : tables) {
            if (m_check.stops())
                return false;
            m_table = &table;
            std::vector<std::uint32_t> rows(table.shapes.size());
            std::iota(rows.begin(), rows.end(), 0U);
            split(rows);
        }
        return !m_check.stops();
    }
    /// Takes what the last pass found to be data as known; false if that is nothing new.
    bool learn()
    {
        const bool grew = m_known != m_found || m_knownKeys != m_foundKeys;
        m_known = m_found;
        m_knownKeys = m_foundKeys;
        return grew;
    }
    [[nodiscard]] std::vector<ShapeGroup> takeGroups() { return std::move(m_groups); }

private:
    void split(std::span<std::uint32_t> rows)
    {
        const auto facts = columnFacts(rows);
        if (m_check.stops())
            return;
        std::size_t constants = 0, varied = 0;
        std::size_t fewest = facts.size();
        for (std::size_t c = 0; c < facts.size(); ++c) {
            if (facts[c].distinct == 1) {
                constants += facts[c].kinds != bit(TokenKind::Variable);
                continue;
            }
            ++varied;
            if (fewest == facts.size() || facts[c].distinct < facts[fewest].distinct)
                fewest = c;
        }
        const auto words = mostLikelyWords(facts, constants);
        if (words < facts.size())
            splitBy(rows, words);
        else if (varied &&
                 static_cast<double>(constants) + 1e-9 <
                     m_options.similarity * static_cast<double>(constants + varied) &&
                 facts[fewest].distinct <= freeText)
            splitBy(rows, fewest);
        else
            emit(rows, facts);
    }

    /// The varied column that speaks most for being words of statements, or the number of columns if all hold data.
    [[nodiscard]] std::size_t mostLikelyWords(const std::vector<ColumnFacts>& facts, std::size_t constants) const
    {
        auto best = facts.size();
        double least = 0.0;
        for (std::size_t c = 0; c < facts.size(); ++c) {
            if (facts[c].distinct == 1 || isDataByForm(facts[c], c))
                continue;
            const auto evidence = evidenceOfData(facts[c], c, constants);
            if (evidence < least) {
                least = evidence;
                best = c;
            }
        }
        return best;
    }

    [[nodiscard]] bool isDataByForm(const ColumnFacts& facts, std::size_t column) const
    {
        constexpr auto soft = bit(TokenKind::Soft) | bit(TokenKind::Variable);
        constexpr auto words = bit(TokenKind::Word) | bit(TokenKind::Capitals);
        if (m_table->afterEquals[column])
            return true;
        if (!(facts.kinds & ~soft) && column > 0) // a quoted text at the start is the statement itself
            return true;
        if ((facts.kinds & bit(TokenKind::Variable)) && (column > 0 || !(facts.kinds & words)))
            return true; // a number may well stand where a sentence begins
        return facts.kinds == bit(TokenKind::Alphanumeric) && facts.sameButDigits;
    }

    /// Bits for data minus bits for words of statements.
    [[nodiscard]] double evidenceOfData(const ColumnFacts& facts, std::size_t column, std::size_t constants) const
    {
        const auto& rules = m_options.grouping;
        const auto distinct = static_cast<double>(facts.distinct);
        return std::log2(distinct * (1.0 + static_cast<double>(constants))) +
               rules.dataElsewhere * static_cast<double>(facts.known) / distinct -
               rules.vocabulary * facts.vocabulary / distinct - rules.doubt - (column == 0 ? rules.firstWord : 0.0);
    }

    [[nodiscard]] std::vector<ColumnFacts> columnFacts(std::span<const std::uint32_t> rows)
    {
        std::vector<ColumnFacts> facts(m_table->columns());
        for (std::size_t c = 0; c < facts.size(); ++c) {
            if (m_check.stops(rows.size() / 8 + 1)) // a look at a value takes a tenth of a microsecond
                return facts;
            ++m_now;
            auto& fact = facts[c];
            fact.first = m_table->row(rows[0])[c];
            for (const auto r : rows) {
                const auto value = m_table->row(r)[c];
                if (m_stamp[value] == m_now)
                    continue;
                m_stamp[value] = m_now;
                ++fact.distinct;
                fact.kinds |= bit(m_pool[value].kind);
                fact.known += m_known[value];
                fact.vocabulary += static_cast<double>(m_pool[value].vocabulary);
                fact.sameButDigits = fact.sameButDigits && m_pool[value].digitless == m_pool[fact.first].digitless;
            }
        }
        return facts;
    }

    void splitBy(std::span<std::uint32_t> rows, std::size_t column)
    {
        const auto value = [&](std::uint32_t r) { return m_table->row(r)[column]; };
        std::sort(rows.begin(), rows.end(), [&](auto a, auto b) { return value(a) < value(b); });
        for (std::size_t from = 0; from < rows.size();) {
            auto to = from + 1;
            while (to < rows.size() && value(rows[to]) == value(rows[from]))
                ++to;
            split(rows.subspan(from, to - from));
            from = to;
        }
    }

    void emit(std::span<const std::uint32_t> rows, const std::vector<ColumnFacts>& facts)
    {
        if (m_check.stops(rows.size() * facts.size() / 2))
            return;
        ShapeGroup group;
        for (const auto r : rows)
            group.shapes.push_back(m_table->shapes[r]);
        std::size_t c = 0;
        for (std::size_t p = 0; p < m_table->skeleton.size(); ++p)
            if (c < facts.size() && m_table->positions[c] == p)
                addColumn(group.pattern, rows, facts, c++);
            else
                group.pattern.push_back(m_table->skeleton[p]);
        group.text = templateText(group.pattern);
        group.parameters = parametersOf(group.pattern, m_shapes, group.shapes);
        m_groups.push_back(std::move(group));
    }

    void addColumn(std::vector<Token>& pattern, std::span<const std::uint32_t> rows,
                   const std::vector<ColumnFacts>& facts, std::size_t c)
    {
        auto token = m_table->skeleton[m_table->positions[c]];
        const auto& value = m_pool[facts[c].first];
        const bool keyed = m_table->afterKey[c] && facts[c - 1].distinct == 1;
        const bool words =
            facts[c].distinct > 1 || (keyed && value.kind != TokenKind::Variable && m_knownKeys[facts[c - 1].first]);
        token.kind = words ? TokenKind::Soft : value.kind;
        token.text = words ? std::string(wildcard) : value.text;
        const auto length = commonLength(rows, c);
        if (facts[c].distinct == 1 && length > 1)
            addList(pattern, rows, c, length);
        else
            pattern.push_back(std::move(token));
        if (facts[c].distinct == 1)
            return;
        for (const auto r : rows)
            m_found[m_table->row(r)[c]] = m_pool[m_table->row(r)[c]].kind != TokenKind::Variable;
        if (keyed)
            m_foundKeys[facts[c - 1].first] = true;
    }

    /// Tokens of the column in every row, 0 if they differ.
    [[nodiscard]] std::uint32_t commonLength(std::span<const std::uint32_t> rows, std::size_t c) const
    {
        const auto lengthOf = [&](std::uint32_t r) {
            const auto span = m_table->span(r, c);
            return span.end - span.begin;
        };
        const auto length = lengthOf(rows[0]);
        return std::all_of(rows.begin(), rows.end(), [&](auto r) { return lengthOf(r) == length; }) ? length : 0;
    }

    /// A list that has the same length in all rows keeps its items.
    void addList(std::vector<Token>& pattern, std::span<const std::uint32_t> rows, std::size_t c, std::uint32_t length)
    {
        for (std::uint32_t i = 0; i < length; ++i) {
            const auto& first = m_shapes[m_table->shapes[rows[0]]];
            auto token = first.tokens[m_table->span(rows[0], c).begin + i];
            const bool differs = std::any_of(rows.begin(), rows.end(), [&](auto r) {
                const auto& shape = m_shapes[m_table->shapes[r]];
                const auto at = m_table->span(r, c).begin + i;
                return shape.varies[at] || shape.tokens[at].text != token.text;
            });
            if (differs) {
                token.kind = TokenKind::Soft;
                token.text = wildcard;
            }
            pattern.push_back(std::move(token));
        }
    }

    const ValuePool& m_pool;
    const std::vector<ShapeDictionary::Shape>& m_shapes;
    const MiningOptions& m_options;
    StopCheck& m_check;
    std::vector<bool> m_known, m_found;         ///< by value: it is data
    std::vector<bool> m_knownKeys, m_foundKeys; ///< by value: it is a key whose values are data
    std::vector<std::uint64_t> m_stamp;         ///< by value: the count it was last seen in
    std::uint64_t m_now = 0;
    const ShapeTable* m_table = nullptr;
    std::vector<ShapeGroup> m_groups;
};

/// Where a list of variables begins in the text and how long it is in bytes.
struct List {
    std::size_t at = 0, bytes = 0, items = 1;
};

/// The lists of variables in a text; one variable is a list.
std::vector<List> listsIn(const std::string& text)
{
    std::vector<List> lists;
    for (auto at = text.find(wildcard); at != std::string::npos;
         at = text.find(wildcard, lists.back().at + lists.back().bytes)) {
        auto end = at + wildcard.size();
        std::size_t items = 1;
        while (true) {
            const auto comma = end < text.size() && text[end] == ',' ? 1U : 0U;
            const auto blank = end + comma < text.size() && text[end + comma] == ' ' ? 1U : 0U;
            const auto next = end + comma + blank;
            if (next == end || text.compare(next, wildcard.size(), wildcard) != 0)
                break;
            end = next + wildcard.size();
            ++items;
        }
        lists.push_back({.at = at, .bytes = end - at, .items = items});
    }
    return lists;
}

/// The text with those of its lists as one variable that `which` names.
std::string withoutLists(const std::string& text, const std::vector<List>& lists, const std::vector<bool>& which)
{
    std::string result;
    std::size_t at = 0;
    for (std::size_t i = 0; i < lists.size(); ++i) {
        result.append(text, at, lists[i].at - at);
        result += which[i] ? std::string(wildcard) : text.substr(lists[i].at, lists[i].bytes);
        at = lists[i].at + lists[i].bytes;
    }
    return result + text.substr(at);
}

/// The variables that are left when the lists that `which` names are one variable each. Those of a person's masks are
/// in no list.
std::vector<Parameter> withoutLists(const std::vector<Parameter>& parameters, const std::vector<List>& lists,
                                    const std::vector<bool>& which)
{
    std::vector<Parameter> result;
    auto at = parameters.begin();
    const auto takeNamed = [&] {
        while (at != parameters.end() && at->named)
            result.push_back(*at++);
    };
    for (std::size_t i = 0; i < lists.size(); ++i) {
        takeNamed();
        const auto items = static_cast<std::ptrdiff_t>(lists[i].items);
        if (parameters.end() - at < items)
            break;
        if (which[i] && items > 1)
            result.push_back({.types = bitOf(ParameterType::List), .name = at->name, .examples = at->examples});
        else
            result.insert(result.end(), at, at + items);
        at += items;
    }
    takeNamed();
    return result;
}

/// Templates that differ in the lengths of lists alone become one; lists of one length keep it. Half done when the job
/// is told to stop.
void collapseLists(std::vector<ShapeGroup>& groups, StopCheck& check)
{
    std::unordered_map<std::string, std::vector<ShapeGroup*>> alike;
    for (auto& group : groups) {
        if (check.stops(2))
            return;
        alike[collapsedText(group.text)].push_back(&group);
    }
    for (auto& [collapsed, members] : alike) {
        if (check.stops(8 * members.size()))
            return;
        const auto text = members[0]->text;
        const auto lists = listsIn(text);
        std::vector<bool> differ(lists.size());
        for (const auto* member : members) {
            const auto theirs = listsIn(member->text);
            for (std::size_t i = 0; i < lists.size(); ++i)
                if (member->text.compare(theirs[i].at, theirs[i].bytes, text, lists[i].at, lists[i].bytes) != 0)
                    differ[i] = true;
        }
        for (auto* member : members) {
            member->parameters = withoutLists(member->parameters, listsIn(member->text), differ);
            member->text = withoutLists(text, lists, differ);
        }
    }
}

} // namespace

std::string collapsedText(const std::string& text)
{
    const auto lists = listsIn(text);
    return withoutLists(text, lists, std::vector<bool>(lists.size(), true));
}

Result<std::vector<ShapeGroup>> groupShapes(const std::vector<ShapeDictionary::Shape>& shapes,
                                            const std::vector<ShapeId>& chosen, const MiningOptions& options,
                                            JobContext& job)
{
    StopCheck check(job);
    ValuePool pool;
    const auto tables = tablesBySkeleton(shapes, chosen, pool, check);
    TableSplitter splitter(pool, shapes, options, check);
    for (int i = 0; i < maxPasses; ++i) {
        if (!splitter.pass(tables))
            return cancelled();
        if (!splitter.learn())
            break;
    }
    auto groups = splitter.takeGroups();
    collapseLists(groups, check);
    if (check.stops())
        return cancelled();
    return groups;
}

} // namespace faultline::records::templates
