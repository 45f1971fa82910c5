// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_layout.h"
#include "engine/core/text.h"
#include <algorithm>
#include <charconv>
#include <deque>
#include <numeric>
#include <tuple>

namespace faultline::records
{

namespace
{
/// Decides the roles column by column; each step takes only columns that no step before it took.
class RoleAssignment
{
public:
    RoleAssignment(const DelimitedSample& sample, const std::vector<ColumnProfile>& profiles,
                   const ParseOptions& options, int assumedYear, std::vector<std::string>& reasons)
        : m_sample(sample), m_profiles(profiles), m_options(options), m_assumedYear(assumedYear), m_reasons(reasons),
          m_taken(profiles.size(), false)
    {
        m_layout.delimiter = sample.delimiter;
        m_layout.hasHeader = sample.hasHeader;
        for (const auto& profile : profiles)
            m_layout.columns.push_back({.name = profile.name, .unit = unitOfName(profile.name)});
    }

    Result<DelimitedLayout> run()
    {
        for (auto step : {&RoleAssignment::takeNamed, &RoleAssignment::takeTime})
            if (auto done = (this->*step)(); !done)
                return fail(std::move(done.error()));
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
    Result<void> takeNamedEntity();
    Result<void> takeTime();
    void leaveOutOtherTimes();
    void takeSplitTime();
    [[nodiscard]] std::optional<FieldTime> joinedTime(const std::vector<std::size_t>& columns) const;
    void leaveOutVerdictsAndCounters();
    void takeLevel();
    void takeEntity();
    void takeMessage();
    void takeValues();
    void take(std::size_t column, FieldRole role)
    {
        m_taken[column] = true;
        m_layout.columns[column].role = role;
    }
    void setTime(std::vector<std::size_t> columns, FieldTime time);
    [[nodiscard]] std::string quoted(std::size_t column) const
    {
        return '`' + displayText(m_layout.columns[column].name.substr(0, 80)) + '`';
    }
    /// The free column with the lowest rank, the first of equals; Rank: column -> std::optional<comparable>.
    template <class Rank>
    [[nodiscard]] std::optional<std::size_t> best(const Rank& rank) const
    {
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < m_profiles.size(); ++i) {
            if (m_taken[i] || !rank(i))
                continue;
            if (!found || *rank(i) < *rank(*found))
                found = i;
        }
        return found;
    }

    const DelimitedSample& m_sample;
    const std::vector<ColumnProfile>& m_profiles;
    const ParseOptions& m_options;
    int m_assumedYear;
    std::vector<std::string>& m_reasons;
    std::vector<bool> m_taken;
    DelimitedLayout m_layout;
};

Result<std::size_t> RoleAssignment::resolve(const std::string& name, const char* option) const
{
    for (std::size_t i = 0; i < m_profiles.size(); ++i)
        if (m_profiles[i].name == name)
            return i;
    std::size_t index = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (!m_layout.hasHeader && problem == std::errc{} && end == name.data() + name.size() && index < m_profiles.size())
        return index;
    std::vector<std::string> names;
    for (const auto& profile : m_profiles)
        names.push_back(profile.name);
    std::string hint;
    if (const auto nearest = nearestWord(name, names)) {
        hint = "did you mean " + displayText(*nearest) + "?";
    } else {
        hint = "the columns are ";
        for (std::size_t i = 0; i < names.size() && i < 12; ++i)
            hint += (i == 0 ? "" : ", ") + displayText(names[i].substr(0, 60));
        hint += names.size() > 12 ? ", ..." : "";
    }
    return fail({ErrorCode::Config,
                 "there is no column \"" + displayText(name) + "\" (asked for as the " + option + " column)",
                 {},
                 hint});
}

/// Columns that the person named come first. The label column goes before all others: nothing may use it.
Result<void> RoleAssignment::takeNamed()
{
    if (!m_options.labelColumn.empty()) {
        const auto column = resolve(m_options.labelColumn, "label");
        if (!column)
            return fail(column.error());
        m_layout.label = *column;
        take(*column, FieldRole::Label);
        m_reasons.push_back("column " + quoted(*column) + " holds the labels: for evaluation only, never a feature");
    }
    for (const auto& name : m_options.valueColumns) {
        const auto column = resolve(name, "value");
        if (!column)
            return fail(column.error());
        if (m_taken[*column])
            continue;
        if (m_profiles[*column].present > 0 && !m_profiles[*column].numeric())
            return fail({ErrorCode::Config,
                         "column " + quoted(*column) + " does not hold numbers",
                         {},
                         "name columns of numbers"});
        take(*column, FieldRole::Value);
    }
    if (!m_options.sessionKey.empty()) // else it is a pattern
        for (std::size_t i = 0; i < m_profiles.size(); ++i)
            if (m_profiles[i].name == m_options.sessionKey)
                m_layout.session = i;
    return m_options.entityField.empty() ? Result<void>{} : takeNamedEntity();
}

Result<void> RoleAssignment::takeNamedEntity()
{
    const auto column = resolve(m_options.entityField, "entity");
    if (!column)
        return fail(column.error());
    if (m_layout.label == *column)
        return fail({ErrorCode::Config,
                     "column " + quoted(*column) + " cannot be both label and entity",
                     {},
                     "name two columns"});
    m_layout.entity = *column;
    take(*column, FieldRole::Entity);
    m_reasons.push_back("column " + quoted(*column) + " names the entity, as asked");
    return {};
}

void RoleAssignment::setTime(std::vector<std::size_t> columns, FieldTime time)
{
    std::string names;
    for (const auto column : columns) {
        take(column, FieldRole::Time);
        names += (names.empty() ? "" : " and ") + quoted(column);
    }
    const auto& fit = time.fit();
    m_reasons.push_back((columns.size() > 1 ? "columns " : "column ") + names +
                        (columns.size() > 1 ? " are the time" : " is the time") + " (" + time.format() + ", read in " +
                        formatCount(fit.read) + " of " + formatCount(fit.present) + " sampled rows)");
    if (time.ambiguousDayMonth())
        m_reasons.push_back("no sampled date tells day from month: read as day first");
    m_layout.timeColumns = std::move(columns);
    m_layout.time = std::move(time);
}

Result<void> RoleAssignment::takeTime()
{
    if (!m_options.timeColumn.empty()) {
        const auto column = resolve(m_options.timeColumn, "time");
        if (!column)
            return fail(column.error());
        const auto& values = m_sample.columns[*column];
        const auto time =
            FieldTime::learn({.values = std::span(values).first(std::min<std::size_t>(values.size(), 1'000)),
                              .assumedYear = m_assumedYear,
                              .tailAllowed = true,
                              .options = &m_options});
        if (!time || m_taken[*column])
            return fail({ErrorCode::Config,
                         "column " + quoted(*column) +
                             (time ? " is already used otherwise" : " does not hold times that can be read"),
                         {},
                         "dates, or seconds, ms, us or ns since 1970, are read as times"});
        setTime({*column}, *time);
    } else {
        using Rank = std::tuple<int, bool>;
        const auto column = best([&](std::size_t i) -> std::optional<Rank> {
            const auto& profile = m_profiles[i];
            if (!profile.time || isTruthName(profile.name) ||
                (profile.time->format() == timeShapeName(TimeShape::DateOnly)))
                return std::nullopt;
            return Rank{timeNameRank(profile.name).value_or(1'000), profile.time->isEpoch()};
        });
        if (column)
            setTime({*column}, *m_profiles[*column].time);
        else
            takeSplitTime();
    }
    leaveOutOtherTimes();
    return {};
}

void RoleAssignment::leaveOutOtherTimes()
{
    for (std::size_t i = 0; i < m_profiles.size(); ++i) {
        if (m_taken[i] || !m_profiles[i].time)
            continue;
        take(i, FieldRole::Ignored);
        m_reasons.push_back("column " + quoted(i) + " reads as a time too and is left out");
    }
}

/// The time that these columns, side by side and named after parts of a time, make up together.
std::optional<FieldTime> RoleAssignment::joinedTime(const std::vector<std::size_t>& columns) const
{
    for (const auto i : columns) {
        if (i >= m_profiles.size() || m_taken[i])
            return std::nullopt;
        const auto& name = m_profiles[i].name;
        if (!timeNameRank(name) && name != "Month" && name != "Day")
            return std::nullopt;
    }
    std::deque<std::string> joined;
    std::vector<std::string_view> values;
    for (std::size_t row = 0; row < std::min<std::size_t>(m_sample.columns[columns.front()].size(), 1'000); ++row) {
        auto& text = joined.emplace_back();
        for (const auto i : columns)
            text.append(text.empty() ? "" : " ").append(trim(m_sample.columns[i][row]));
        values.push_back(text);
    }
    return FieldTime::learn({.values = values, .assumedYear = m_assumedYear, .options = &m_options});
}

/// Date and time of day in columns side by side (Date,Time or Month,Date,Time); else a date alone.
void RoleAssignment::takeSplitTime()
{
    for (std::size_t first = 0; first < m_profiles.size(); ++first) {
        for (const std::size_t count : {std::size_t{3}, std::size_t{2}}) {
            std::vector<std::size_t> columns(count);
            std::iota(columns.begin(), columns.end(), first);
            if (const auto time = joinedTime(columns)) {
                setTime(std::move(columns), *time);
                return;
            }
        }
    }
    const auto date = best([&](std::size_t i) { return m_profiles[i].time ? std::optional(0) : std::nullopt; });
    if (date)
        setTime({*date}, *m_profiles[*date].time);
}

void RoleAssignment::leaveOutVerdictsAndCounters()
{
    bool others = false;
    for (std::size_t i = 0; i < m_profiles.size(); ++i)
        others = others || (!m_taken[i] && m_profiles[i].numeric() && !m_profiles[i].countsUp);
    for (std::size_t i = 0; i < m_profiles.size(); ++i) {
        const auto& profile = m_profiles[i];
        if (m_taken[i])
            continue;
        const bool verdict =
            m_layout.hasHeader && isTruthName(profile.name) && profile.distinct <= 50 && profile.spaced == 0;
        const bool counter = profile.countsUp && (others || isCounterName(profile.name)) &&
                             (!m_layout.hasHeader || isCounterName(profile.name) || timeNameRank(profile.name));
        if (verdict)
            m_reasons.push_back("column " + quoted(i) +
                                " is named like a verdict and is left out of the features; name it as the label column "
                                "to evaluate with it");
        if (counter)
            m_reasons.push_back("column " + quoted(i) + " only counts the rows and is left out");
        if (verdict || counter)
            take(i, FieldRole::Ignored);
    }
}

void RoleAssignment::takeLevel()
{
    const auto column = best([&](std::size_t i) -> std::optional<int> {
        const auto& profile = m_profiles[i];
        const auto rank = levelNameRank(profile.name);
        const bool named = rank && profile.levels > 0 && profile.levels * 2 >= profile.present;
        const bool plain = profile.levels > 0 && profile.levels * 10 >= profile.present * 9 && profile.meanBytes >= 3.0;
        return named || plain ? std::optional(rank.value_or(100)) : std::nullopt;
    });
    if (!column)
        return;
    m_layout.level = *column;
    take(*column, FieldRole::Level);
    m_reasons.push_back("column " + quoted(*column) + " holds the level");
}

void RoleAssignment::takeEntity()
{
    if (m_layout.entity)
        return;
    using Rank = std::tuple<bool, int>;
    const auto column = best([&](std::size_t i) -> std::optional<Rank> {
        const auto& profile = m_profiles[i];
        const auto rank = m_layout.hasHeader ? entityNameRank(profile.name) : std::nullopt;
        const bool repeats = profile.distinct * 2 <= profile.present;
        const bool numberedId =
            rank && profile.numeric() && profile.wholeNumbers && profile.fewDistinct() && profile.name.size() > 3;
        const bool text = profile.textual() && profile.spaced * 5 <= profile.present && !profile.booleans &&
                          profile.meanBytes <= 100.0;
        if (!(rank ? (text && repeats) || numberedId : text && profile.fewDistinct()))
            return std::nullopt;
        return Rank{profile.distinct < 2, rank.value_or(1'000)};
    });
    if (!column)
        return;
    m_layout.entity = *column;
    take(*column, FieldRole::Entity);
    m_reasons.push_back("column " + quoted(*column) + " names the entity (" +
                        formatCount(m_profiles[*column].distinct) + " different in the sample)");
}

void RoleAssignment::takeMessage()
{
    const auto column = best([&](std::size_t i) -> std::optional<double> {
        const auto& profile = m_profiles[i];
        if (!profile.textual() || profile.booleans)
            return std::nullopt;
        if (const auto rank = m_layout.hasHeader ? messageNameRank(profile.name) : std::nullopt)
            return *rank - 1'000.0;
        const bool prose = profile.meanBytes >= 20.0 && profile.spaced * 2 >= profile.present;
        return prose ? std::optional(-profile.meanBytes / 1'000.0) : std::nullopt;
    });
    if (!column)
        return;
    m_layout.message = *column;
    take(*column, FieldRole::Message);
    m_reasons.push_back("column " + quoted(*column) + " holds the message");
}

void RoleAssignment::takeValues()
{
    std::string shown;
    std::size_t others = 0;
    for (std::size_t i = 0; i < m_profiles.size(); ++i) {
        const auto& profile = m_profiles[i];
        const bool unknown = profile.present == 0 && !profile.name.empty(); // numbers may follow
        if (!m_taken[i] && m_options.valueColumns.empty() && (profile.numeric() || unknown))
            take(i, FieldRole::Value);
        if (m_layout.columns[i].role != FieldRole::Value)
            continue;
        m_layout.values.push_back(i);
        if (m_layout.values.size() <= 5)
            shown += (shown.empty() ? "" : ", ") + quoted(i);
        else
            ++others;
    }
    if (shown.empty())
        return;
    const bool one = m_layout.values.size() == 1;
    m_reasons.push_back((one ? "column " : "columns ") + shown +
                        (others > 0 ? " and " + formatCount(others) + " more" : "") +
                        (one ? " holds numbers" : " hold numbers"));
}
} // namespace

Result<DelimitedLayout> assignRoles(const DelimitedSample& sample, const std::vector<ColumnProfile>& profiles,
                                    const ParseOptions& options, int assumedYear, std::vector<std::string>& reasons)
{
    return RoleAssignment(sample, profiles, options, assumedYear, reasons).run();
}

} // namespace faultline::records
