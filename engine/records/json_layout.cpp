// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_layout.h"
#include "engine/core/text.h"
#include "engine/records/delimited_sample.h"
#include <tuple>

namespace faultline::records
{

JsonKeys::Id JsonKeys::find(Id parent, std::string_view key, std::size_t& next) const
{
    const auto& node = m_nodes[parent];
    if (next < node.children.size() && m_nodes[node.children[next]].key == key)
        return node.children[next++];
    const auto found = node.position.find(key);
    if (found == node.position.end())
        return none;
    next = found->second + std::size_t{1};
    return node.children[found->second];
}

JsonKeys::Id JsonKeys::findOrAdd(Id parent, std::string_view key, std::size_t& next)
{
    if (const auto id = find(parent, key, next); id != none)
        return id;
    if (m_nodes.size() > maxKeys || key.size() > 256)
        return none;
    const auto id = static_cast<Id>(m_nodes.size());
    auto path = m_nodes[parent].path.empty() ? std::string(key) : m_nodes[parent].path + '.' + std::string(key);
    m_nodes.push_back({.key = std::string(key), .path = std::move(path)});
    auto& children = m_nodes[parent].children;
    m_nodes[parent].position.emplace(std::string(key), static_cast<std::uint32_t>(children.size()));
    children.push_back(id);
    next = children.size();
    return id;
}

namespace
{
/// Decides the roles key by key; each step takes only keys that no step before it took.
class JsonRoleAssignment
{
public:
    JsonRoleAssignment(JsonKeys keys, const std::vector<JsonColumn>& columns, const ParseOptions& options,
                       int assumedYear, std::vector<std::string>& reasons)
        : m_columns(columns), m_options(options), m_reasons(reasons), m_taken(columns.size(), false)
    {
        m_layout.keys = std::move(keys);
        for (const auto& column : columns) {
            const std::vector<std::string_view> values(column.values.begin(), column.values.end());
            m_profiles.push_back(profileColumn(m_layout.keys[column.key].path, values, options, assumedYear));
        }
    }

    Result<JsonLayout> run()
    {
        if (auto done = takeNamed(); !done)
            return fail(std::move(done.error()));
        takeTime();
        leaveOutVerdictsAndCounters();
        takeLevel();
        takeEntity();
        takeMessage();
        takeValues();
        return std::move(m_layout);
    }

private:
    Result<std::size_t> resolve(const std::string& name, const char* option) const;
    Result<void> takeNamed();
    Result<void> takeNamedTime();
    void takeTime();
    void setTime(std::size_t column, const FieldTime& time);
    void leaveOutVerdictsAndCounters();
    void takeLevel();
    void takeEntity();
    void takeMessage();
    void takeValues();
    void take(std::size_t column, FieldRole role)
    {
        m_taken[column] = true;
        node(column).role = role;
    }
    [[nodiscard]] JsonKeys::Node& node(std::size_t column) { return m_layout.keys[m_columns[column].key]; }
    [[nodiscard]] bool isText(std::size_t column) const
    {
        return m_columns[column].numbers * 10 < m_columns[column].values.size();
    }
    [[nodiscard]] std::string quoted(std::size_t column) const
    {
        return '`' + displayText(m_profiles[column].name.substr(0, 80)) + '`';
    }
    /// The free key with the lowest rank, the first of equals; Rank: column -> std::optional<comparable>.
    template <class Rank>
    [[nodiscard]] std::optional<std::size_t> best(const Rank& rank) const
    {
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < m_profiles.size(); ++i)
            if (!m_taken[i] && rank(i) && (!found || *rank(i) < *rank(*found)))
                found = i;
        return found;
    }

    const std::vector<JsonColumn>& m_columns;
    const ParseOptions& m_options;
    std::vector<std::string>& m_reasons;
    std::vector<ColumnProfile> m_profiles;
    std::vector<bool> m_taken;
    JsonLayout m_layout;
};

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

Result<void> JsonRoleAssignment::takeNamedTime()
{
    const auto column = resolve(m_options.timeColumn, "time");
    if (!column)
        return fail(column.error());
    if (!m_profiles[*column].time || m_taken[*column])
        return fail({ErrorCode::Config,
                     "key " + quoted(*column) + " does not hold times that can be read",
                     {},
                     "dates, or seconds, ms, us or ns since 1970, are read as times"});
    setTime(*column, *m_profiles[*column].time);
    return {};
}

void JsonRoleAssignment::setTime(std::size_t column, const FieldTime& time)
{
    take(column, FieldRole::Time);
    m_layout.time = time;
    m_reasons.push_back("key " + quoted(column) + " is the time (" + time.format() + ", read in " +
                        formatCount(time.fit().read) + " of " + formatCount(time.fit().present) + " sampled lines)");
}

void JsonRoleAssignment::takeTime()
{
    if (!m_layout.time) {
        using Rank = std::tuple<int, std::size_t>;
        const auto column = best([&](std::size_t i) -> std::optional<Rank> {
            const auto& profile = m_profiles[i];
            if (!profile.time || isTruthName(profile.name))
                return std::nullopt;
            // Present in few lines only: a fact about something else than the line.
            const bool rare = profile.present * 2 < m_profiles.front().values;
            return Rank{timeNameRank(profile.name).value_or(1'000) + (rare ? 10'000 : 0), i};
        });
        if (column)
            setTime(*column, *m_profiles[*column].time);
    }
    for (std::size_t i = 0; i < m_profiles.size(); ++i)
        if (!m_taken[i] && m_profiles[i].time)
            take(i, FieldRole::Ignored);
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
    if (!column)
        return;
    take(*column, FieldRole::Level);
    m_reasons.push_back("key " + quoted(*column) + " holds the level");
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
        const bool prose = profile.meanBytes >= 20.0 && profile.spaced * 2 >= profile.present;
        return prose ? std::optional(-profile.meanBytes / 1'000.0) : std::nullopt;
    });
    if (!column)
        return;
    take(*column, FieldRole::Message);
    m_layout.messageKey = node(*column).key;
    m_reasons.push_back("key " + quoted(*column) + " holds the message");
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
        m_layout.fields.push_back({.name = m_profiles[i].name, .unit = unitOfName(m_profiles[i].name)});
    }
    if (!m_layout.fields.empty())
        m_reasons.push_back(formatCount(m_layout.fields.size()) + " keys hold numbers");
    if (leftOut > 0)
        m_reasons.push_back(formatCount(leftOut) + " more keys with numbers are left out: too many");
}
} // namespace

Result<JsonLayout> assignJsonRoles(JsonKeys keys, const std::vector<JsonColumn>& columns, const ParseOptions& options,
                                   int assumedYear, std::vector<std::string>& reasons)
{
    return JsonRoleAssignment(std::move(keys), columns, options, assumedYear, reasons).run();
}

} // namespace faultline::records
