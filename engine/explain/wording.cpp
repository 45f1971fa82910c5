// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/wording.h"
#include "engine/core/text.h"
#include "engine/explain/feature_reasons.h"
#include "engine/explain/nearest_session.h"
#include "engine/explain/phrases.h"
#include <algorithm>
#include <cmath>
#include <optional>

namespace faultline::explain
{

namespace
{
using features::ColumnRole;
using features::UnitKind;
constexpr std::size_t titleCharacters = 60;
constexpr std::size_t quotedCharacters = 40;

/// The `records` column of a window in which an entity that usually writes says nothing.
std::optional<FeatureReason> silence(const decisions::Episode& episode, const ExplainInput& input)
{
    const auto& columns = input.table->columns;
    const auto records =
        std::ranges::find_if(columns, [](const auto& c) { return c.name == "records" && c.role == ColumnRole::Count; });
    if (input.table->kind != UnitKind::Window || records == columns.end())
        return std::nullopt;
    const auto reason = reasonFor(episode.peakUnit, static_cast<std::size_t>(records - columns.begin()), input);
    return reason.actual == 0.0 && reason.typicalLow >= 0.5 ? std::optional(reason) : std::nullopt;
}

/// How long the episode's windows without records are, taken together.
DurationUs silentTime(const decisions::Episode& episode, const FeatureReason& records, const ExplainInput& input)
{
    const auto& table = *input.table;
    DurationUs silent = 0;
    for (auto unit = episode.firstUnit; unit <= episode.lastUnit; ++unit)
        if (table.entity[unit] == episode.entity && table.row(unit)[records.column] == 0.0)
            silent += table.end[unit] - table.start[unit];
    return silent;
}

/// What the episode is about: its entity, session, or row numbers; empty when there is nothing to name.
std::string subject(const decisions::Episode& episode, const ExplainInput& input)
{
    const auto& table = *input.table;
    if (table.kind == UnitKind::Session)
        return "session " + (episode.peakUnit < table.keys.size() ? displayText(table.keys[episode.peakUnit])
                                                                  : formatCount(episode.peakUnit));
    const auto entity =
        episode.entity < table.entities.size() ? displayText(table.entities[episode.entity]) : std::string();
    if (table.kind != UnitKind::Row || table.start[episode.peakUnit] != noTime)
        return entity;
    const auto number = [&](std::uint64_t unit) {
        return formatCount(unit < table.record.size() ? table.record[unit] : unit);
    };
    const auto rows = episode.firstUnit == episode.lastUnit
                          ? "row " + number(episode.firstUnit)
                          : "rows " + number(episode.firstUnit) + '-' + number(episode.lastUnit);
    return entity.empty() ? rows : entity + ' ' + rows;
}

/// The facts that sentences are made of, in words without the subject.
class Sentences
{
public:
    Sentences(const Explanation& explanation, const decisions::Episode& episode, const ExplainInput& input,
              const TemplateComparison& comparison)
        : m_explanation(explanation), m_input(input), m_silence(silence(episode, input))
    {
        const bool session = input.table->kind == UnitKind::Session;
        m_noun = session ? "event" : "template";
        for (const auto& change : comparison.changes) {
            const auto& compared = comparison.templates.at(change.templateId);
            m_neverBefore += compared.neverBefore ? 1U : 0U;
            m_newHere += compared.isNew && !compared.neverBefore ? 1U : 0U;
            m_gone += change.kind == TemplateChangeKind::Gone ? 1U : 0U;
        }
        if (m_silence)
            m_silent = formatDuration(silentTime(episode, *m_silence, input));
        if (session)
            m_nearest = nearestNormal(episode.peakUnit, input).value_or(std::vector<SessionDifference>());
        std::erase_if(m_nearest, [&](const SessionDifference& d) {
            const auto found = comparison.templates.find(d.templateId);
            return found != comparison.templates.end() && found->second.isNew; // said already
        });
        const auto& entity = input.table->entities;
        m_entity = !session && episode.entity < entity.size() ? displayText(entity[episode.entity]) : std::string();
        chooseFeatures();
    }

    /// Headlines, the best first; the first one that fits becomes the title.
    [[nodiscard]] std::vector<std::string> headlines() const
    {
        std::vector<std::string> all;
        if (m_silence) {
            all.push_back("no records (" + typicalText(*m_silence, m_input) + unitOf(*m_silence) + ')');
            all.push_back("no records");
        }
        const bool session = m_input.table->kind == UnitKind::Session;
        if (session)
            addTemplateHeadlines(all);
        if (m_features.size() > 1 && !m_unusual)
            all.push_back("unusual combination of " + joined(names()));
        if (!m_features.empty()) {
            const auto& first = *m_features.front();
            const auto fact = featureName(first, m_input) + ' ' + actualText(first, m_input);
            all.push_back(fact + " (" + typicalText(first, m_input) + ')');
            all.push_back(fact);
            all.push_back(shorten(featureName(first, m_input), 18) + ' ' + actualText(first, m_input));
        }
        if (!session)
            addTemplateHeadlines(all);
        all.push_back(detectorHeadline());
        return all;
    }

    /// The summary's clauses, most telling first.
    [[nodiscard]] std::vector<std::string> clauses() const
    {
        std::vector<std::string> all;
        const bool session = m_input.table->kind == UnitKind::Session;
        if (m_silence)
            all.push_back("no records (" + typicalText(*m_silence, m_input) + unitOf(*m_silence) + ") for " + m_silent);
        else if (!session)
            addTo(all, featureClause());
        addTo(all, templateClause());
        if (session) {
            addTo(all, nearestClause());
            if (all.size() < 2)
                addTo(all, featureClause());
        }
        if (all.empty())
            addTo(all, detectorClause());
        return all;
    }

private:
    const Explanation& m_explanation;
    const ExplainInput& m_input;
    std::optional<FeatureReason> m_silence;
    std::string m_silent, m_noun, m_entity;
    std::uint64_t m_neverBefore = 0, m_newHere = 0, m_gone = 0;
    std::vector<SessionDifference> m_nearest;
    std::vector<const FeatureReason*> m_features; // worth a sentence, at most 3
    bool m_unusual = false;                       // at least one of them lies outside of its typical range

    static void addTo(std::vector<std::string>& all, std::string clause)
    {
        if (!clause.empty())
            all.push_back(std::move(clause));
    }
    [[nodiscard]] std::string unitOf(const FeatureReason& reason) const
    {
        return reason.unit.empty() ? std::string() : ' ' + displayText(reason.unit);
    }
    [[nodiscard]] std::vector<std::string> names() const
    {
        std::vector<std::string> all;
        for (const auto* feature : m_features)
            all.push_back(featureName(*feature, m_input));
        return all;
    }

    /// The largest shares, one feature per field, those outside of their typical range if there are any.
    void chooseFeatures()
    {
        const auto outside = [](const FeatureReason& f) { return directionOf(f) != Direction::Within; };
        m_unusual = std::ranges::any_of(m_explanation.features, outside);
        std::vector<std::string> fields;
        for (const auto& feature : m_explanation.features) {
            const auto& column = m_input.table->columns[feature.column];
            if ((m_unusual && !outside(feature)) || (!m_features.empty() && feature.share < 0.05) ||
                m_features.size() == 3)
                continue;
            if (column.role == ColumnRole::Novelty && m_neverBefore + m_newHere > 0)
                continue; // the templates themselves say it better
            const auto field =
                column.templateId == records::noTemplate ? column.name.substr(0, column.name.find(' ')) : column.name;
            if (std::ranges::find(fields, field) != fields.end())
                continue;
            fields.push_back(field);
            m_features.push_back(&feature);
        }
    }

    /// "errors rise to 188 per 60 s (typical 0-5), latency_ms p95 to 1,912 ms (typical 70-240) and records fall to ..."
    [[nodiscard]] std::string featureClause() const
    {
        std::vector<std::string> parts;
        std::string lastStem;
        for (const auto* feature : m_features) {
            const auto fact = actualText(*feature, m_input) + " (" + typicalText(*feature, m_input) + ')';
            const bool missing = directionOf(*feature) == Direction::Missing;
            const auto word = m_unusual && !missing ? verb(*feature, m_input) + " to" : std::string();
            const auto stem = word.substr(0, 4); // "rise" and "rises" share a verb
            const auto link = missing ? " is " : word.empty() ? " " : stem == lastStem ? " to " : ' ' + word + ' ';
            parts.push_back(featureName(*feature, m_input) + link + fact);
            lastStem = stem;
        }
        return (m_unusual || parts.size() < 2 ? "" : "an unusual combination: ") + joined(parts);
    }

    /// "3 templates never seen before, 1 new to payments, 1 falls silent; `x` 94 times as often as usual"
    [[nodiscard]] std::string templateClause() const
    {
        std::vector<std::string> parts;
        const auto amount = [&](std::uint64_t count) {
            return parts.empty() ? counted(count, m_noun) : formatCount(count);
        };
        if (m_neverBefore > 0)
            parts.push_back(amount(m_neverBefore) + " never seen before");
        if (m_newHere > 0)
            parts.push_back(amount(m_newHere) + newHere());
        const bool session = m_input.table->kind == UnitKind::Session;
        if (m_gone > 0 && !m_silence && !session)
            parts.push_back(amount(m_gone) + (m_gone == 1 ? " falls silent" : " fall silent"));
        if (parts.empty() && !session)
            addTo(parts, moreClause());
        std::string text;
        for (const auto& part : parts)
            text += (text.empty() ? "" : ", ") + part;
        return text;
    }
    [[nodiscard]] std::string newHere() const
    {
        if (m_input.table->kind == UnitKind::Session)
            return " seen in no other session";
        return m_entity.empty() ? " seen only here" : " new to " + shorten(m_entity, quotedCharacters);
    }
    [[nodiscard]] std::string moreClause() const
    {
        for (const auto& change : m_explanation.templates)
            if (change.kind == TemplateChangeKind::More && change.expected > 0.0)
                return quotedTemplate(change.templateId, m_input, quotedCharacters) + ' ' +
                       formatMeasure(static_cast<double>(change.count) / change.expected) + " times as often as usual";
        return {};
    }
    /// "3 more `Receiving block <*>` and 1 fewer `x` than the nearest normal session"
    [[nodiscard]] std::string nearestClause() const
    {
        std::vector<std::string> parts;
        for (const auto& difference : m_nearest) {
            if (parts.size() == 2)
                break;
            const auto count = formatCount(static_cast<std::uint64_t>(std::abs(difference.more)));
            parts.push_back(count + (difference.more > 0 ? " more " : " fewer ") +
                            quotedTemplate(difference.templateId, m_input, quotedCharacters));
        }
        return parts.empty() ? std::string() : joined(parts) + " than the nearest normal session";
    }

    void addTemplateHeadlines(std::vector<std::string>& all) const
    {
        if (m_neverBefore > 0)
            all.push_back(counted(m_neverBefore, m_noun) + " never seen before");
        if (m_newHere > 0)
            all.push_back(counted(m_newHere, m_noun) + newHere());
        if (!m_nearest.empty()) {
            const auto& first = m_nearest.front();
            all.push_back(formatCount(static_cast<std::uint64_t>(std::abs(first.more))) +
                          (first.more > 0 ? " more " : " fewer ") + quotedTemplate(first.templateId, m_input, 24));
        }
        if (m_input.table->kind != UnitKind::Session && m_features.empty())
            addTo(all, moreClause());
    }

    [[nodiscard]] std::string detectorHeadline() const
    {
        std::vector<std::string> detectors;
        for (const auto& detector : m_explanation.detectors)
            if (detector.share >= 0.2 && detectors.size() < 2)
                detectors.push_back(detector.detector);
        return detectors.empty() ? "unusual" : "unusual to " + joined(detectors);
    }
    /// "isolation_forest gives 62 % of the score and lof 38 %"
    [[nodiscard]] std::string detectorClause() const
    {
        std::vector<std::string> parts;
        for (const auto& detector : m_explanation.detectors) {
            if (detector.share < 0.05 || parts.size() == 3)
                continue;
            const auto share = formatMeasure(std::round(100.0 * detector.share)) + " %";
            parts.push_back(detector.detector + (parts.empty() ? " gives " + share + " of the score" : ' ' + share));
        }
        return joined(parts);
    }
};
} // namespace

void putIntoWords(Explanation& explanation, const decisions::Episode& episode, const ExplainInput& input,
                  const TemplateComparison& comparison)
{
    const Sentences sentences(explanation, episode, input, comparison);
    const auto name = subject(episode, input);
    const auto headlines = sentences.headlines();
    // A long name gives way to the facts, but keeps at least 20 characters.
    const auto prefix = name.empty() ? std::string() : shorten(name, 28) + ": ";
    const auto room = titleCharacters - characters(prefix);
    const auto fits = std::ranges::find_if(headlines, [&](const auto& text) { return characters(text) <= room; });
    explanation.title = prefix + shorten(fits == headlines.end() ? headlines.front() : *fits, room);

    std::string text;
    for (const auto& clause : sentences.clauses())
        text += (text.empty() ? "" : "; ") + clause;
    if (text.empty())
        text = "the score is " + formatMeasure(episode.score);
    const bool named = input.table->kind == UnitKind::Session || input.table->start[episode.peakUnit] == noTime;
    explanation.summary = (named ? name + ": " : std::string()) + text + '.';
}

} // namespace faultline::explain
