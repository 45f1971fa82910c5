// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_roles.h"
#include "engine/core/text.h"
#include <algorithm>
#include <tuple>

namespace faultline::records
{

namespace
{
/// Mostly HTTP status codes.
bool holdsStatuses(const JsonColumn& column)
{
    const auto isStatus = [](const std::string& text) {
        const auto number = readNumber(text);
        return number && *number >= 100.0 && *number < 600.0;
    };
    const auto statuses = std::count_if(column.values.begin(), column.values.end(), isStatus);
    return statuses > 0 && static_cast<std::size_t>(statuses) * 10 >= column.values.size() * 9;
}

/// Numbers under `level` that stay below 5: as syslog's they would all be alarms, so that they rise instead.
bool risesToFour(const std::string& name, const JsonColumn& column)
{
    const auto rank = levelNameRank(name);
    const auto isLow = [](const std::string& text) {
        const auto number = readNumber(text);
        return number && *number >= 0.0 && *number <= 4.0;
    };
    return rank && rank == levelNameRank("level") && column.numbers == column.values.size() &&
           std::all_of(column.values.begin(), column.values.end(), isLow);
}
} // namespace

JsonRoleAssignment::JsonRoleAssignment(JsonKeys keys, const std::vector<JsonColumn>& columns,
                                       const ParseOptions& options, int assumedYear, std::vector<std::string>& reasons)
    : m_columns(columns), m_options(options), m_reasons(reasons), m_taken(columns.size(), false)
{
    m_layout.keys = std::move(keys);
    for (const auto& column : columns) {
        const std::vector<std::string_view> values(column.values.begin(), column.values.end());
        m_profiles.push_back(profileColumn(m_layout.keys[column.key].path, values, {options, assumedYear}));
    }
}

Result<JsonLayout> JsonRoleAssignment::run()
{
    if (auto done = takeNamed(); !done)
        return fail(std::move(done.error()));
    takeTime();
    takeTimeParts();
    takeZone();
    leaveOutVerdictsAndCounters();
    takeLevel();
    takeEntity();
    takeMessage();
    takeShown();
    takeValues();
    return std::move(m_layout);
}

Result<std::size_t> JsonRoleAssignment::resolve(const std::string& name, const char* option) const
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < m_profiles.size(); ++i) {
        if (m_profiles[i].name == name)
            return i;
        names.push_back(m_profiles[i].name);
    }
    const auto nearest = nearestWord(name, names);
    return fail({ErrorCode::Config,
                 "there is no key \"" + displayText(name) + "\" (asked for as the " + option + " field)",
                 {},
                 nearest ? "did you mean " + displayText(*nearest) + "?"
                         : "keys inside objects are written with a dot: log.level"});
}

/// Keys that the person named come first. The label goes before all others: nothing may use it.
Result<void> JsonRoleAssignment::takeNamed()
{
    if (!m_options.labelColumn.empty()) {
        const auto column = resolve(m_options.labelColumn, "label");
        if (!column)
            return fail(column.error());
        m_layout.labels = true;
        take(*column, FieldRole::Label);
        m_reasons.push_back("key " + quoted(*column) + " holds the labels: for evaluation only, never a feature");
    }
    for (const auto& name : m_options.valueColumns) {
        const auto column = resolve(name, "value");
        if (!column)
            return fail(column.error());
        if (!m_taken[*column])
            take(*column, FieldRole::Value);
    }
    if (!m_options.entityField.empty()) {
        const auto column = resolve(m_options.entityField, "entity");
        if (!column)
            return fail(column.error());
        if (node(*column).role == FieldRole::Label)
            return fail({ErrorCode::Config,
                         "key " + quoted(*column) + " cannot be both label and entity",
                         {},
                         "name two keys"});
        take(*column, FieldRole::Entity);
        m_reasons.push_back("key " + quoted(*column) + " names the entity, as asked");
    }
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        node(i).session = !m_options.sessionKey.empty() && m_profiles[i].name == m_options.sessionKey;
    return m_options.timeColumn.empty() ? Result<void>{} : takeNamedTime();
}

void JsonRoleAssignment::leaveOutVerdictsAndCounters()
{
    for (std::size_t i = 0; i < m_profiles.size(); ++i) {
        const auto& profile = m_profiles[i];
        if (m_taken[i] || isText(i))
            continue;
        const bool verdict = isTruthName(profile.name);
        if (verdict)
            m_reasons.push_back("key " + quoted(i) +
                                " is named like a verdict and is left out of the features; name it as the label column "
                                "to evaluate with it");
        if (verdict || (profile.countsUp && isCounterName(profile.name)))
            take(i, FieldRole::Ignored);
    }
}

void JsonRoleAssignment::takeLevel()
{
    const auto column = best([&](std::size_t i) -> std::optional<int> {
        const auto rank = levelNameRank(m_profiles[i].name);
        if (!rank || m_profiles[i].present == 0)
            return std::nullopt;
        std::size_t levels = 0;
        for (const auto& value : m_columns[i].values)
            levels += readLevel(value) ? 1U : 0U;
        return levels * 2 >= m_profiles[i].present ? rank : std::nullopt;
    });
    if (column) {
        take(*column, FieldRole::Level);
        if (node(*column).key == "@l") // compact log events of Serilog leave it out where it is Information
            m_layout.usualLevel = Level::Info;
        m_layout.levelsRise = risesToFour(m_profiles[*column].name, m_columns[*column]);
        m_reasons.push_back("key " + quoted(*column) + " holds the level");
        return;
    }
    for (std::size_t i = 0; i < m_profiles.size(); ++i) {
        if (m_taken[i] || !isStatusName(m_profiles[i].name) || !holdsStatuses(m_columns[i]))
            continue;
        node(i).status = true;
        m_reasons.push_back("levels follow the status in " + quoted(i) + ": 5xx error, 4xx warn, others info");
        return;
    }
}

void JsonRoleAssignment::takeEntity()
{
    if (!m_options.entityField.empty())
        return;
    using Rank = std::tuple<bool, int>;
    const auto column = best([&](std::size_t i) -> std::optional<Rank> {
        const auto& profile = m_profiles[i];
        const auto rank = entityNameRank(profile.name);
        const bool repeats = profile.distinct * 2 <= profile.present || profile.present < 10;
        if (!rank || !isText(i) || !repeats || profile.spaced * 5 > profile.present || profile.meanBytes > 100.0)
            return std::nullopt;
        return Rank{profile.distinct < 2, *rank};
    });
    if (!column)
        return;
    take(*column, FieldRole::Entity);
    m_reasons.push_back("key " + quoted(*column) + " names the entity (" + formatCount(m_profiles[*column].distinct) +
                        " different in the sample)");
}

void JsonRoleAssignment::takeMessage()
{
    const auto column = best([&](std::size_t i) -> std::optional<double> {
        const auto& profile = m_profiles[i];
        if (!isText(i) || profile.present == 0 || profile.booleans)
            return std::nullopt;
        if (const auto rank = messageNameRank(profile.name))
            return *rank - 1'000.0;
        const bool prose =
            !isClientName(profile.name) && profile.meanBytes >= 20.0 && profile.spaced * 2 >= profile.present;
        return prose ? std::optional(-profile.meanBytes / 1'000.0) : std::nullopt;
    });
    if (!column)
        return;
    take(*column, FieldRole::Message);
    m_layout.messageKey = node(*column).key;
    m_reasons.push_back("key " + quoted(*column) + " holds the message");
}

/// Events without a message are told apart by their texts that repeat. Rows of measures are no events: they have more
/// numbers than texts, and nothing named after an event.
void JsonRoleAssignment::takeShown()
{
    if (!m_layout.messageKey.empty() || !m_time)
        return;
    std::vector<std::size_t> shown;
    bool named = false;
    std::size_t texts = 0, numbers = 0;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const auto& profile = m_profiles[i];
        numbers += !m_taken[i] && !isText(i) ? 1U : 0U;
        const bool repeats = profile.distinct <= 20 || profile.distinct * 2 <= profile.present;
        const bool usual = profile.present * 2 >= m_profiles[*m_time].present;
        if (m_taken[i] || !isText(i) || profile.booleans || !repeats || !usual || profile.meanBytes > 100.0)
            continue;
        ++texts;
        const bool event = isEventName(profile.name);
        named |= event;
        if (event)
            shown.insert(shown.begin(), i);
        else
            shown.push_back(i);
    }
    if (shown.empty() || (!named && texts < 2) || (!named && texts < numbers))
        return;
    shown.resize(std::min(shown.size(), JsonLayout::maxShown));
    std::sort(shown.begin(), shown.end());
    std::string names;
    for (const auto column : shown) {
        node(column).shown = static_cast<std::uint8_t>(m_layout.shown.size());
        m_layout.shown.push_back(m_profiles[column].name);
        names += (names.empty() ? "" : ", ") + quoted(column);
    }
    m_reasons.push_back("no key holds a message; it is made of " + names);
}

void JsonRoleAssignment::takeValues()
{
    std::size_t leftOut = 0;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const bool wanted = !m_taken[i] && m_options.valueColumns.empty() && m_columns[i].numbers > 0;
        if (wanted && m_layout.fields.size() >= JsonLayout::maxFields)
            ++leftOut;
        else if (wanted)
            take(i, FieldRole::Value);
        if (node(i).role != FieldRole::Value)
            continue;
        node(i).field = static_cast<std::uint32_t>(m_layout.fields.size());
        node(i).quantity = m_columns[i].quantity;
        const auto unit = m_columns[i].quantity == QuantityKind::Number
                              ? unitOfName(m_profiles[i].name)
                              : std::string(quantityUnit(m_columns[i].quantity));
        m_layout.fields.push_back({.name = m_profiles[i].name, .unit = unit});
    }
    if (!m_layout.fields.empty())
        m_reasons.push_back(formatCount(m_layout.fields.size()) + " keys hold numbers");
    if (leftOut > 0)
        m_reasons.push_back(formatCount(leftOut) + " more keys with numbers are left out: too many");
}

Result<JsonLayout> assignJsonRoles(JsonKeys keys, const std::vector<JsonColumn>& columns, const ParseOptions& options,
                                   int assumedYear, std::vector<std::string>& reasons)
{
    return JsonRoleAssignment(std::move(keys), columns, options, assumedYear, reasons).run();
}

} // namespace faultline::records
