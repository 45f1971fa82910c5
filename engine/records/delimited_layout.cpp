// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_layout.h"
#include "engine/core/text.h"
#include "engine/records/column_choice.h"
#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace faultline::records
{

namespace
{
/// Decides the roles column by column; each step takes only columns that no step before it took.
class RoleAssignment
{
public:
    RoleAssignment(const TableEvidence& table, const DelimitedHeader& header, std::vector<std::string>& reasons)
        : m_table(table), m_profiles(table.profiles), m_options(table.options), m_reasons(reasons),
          m_taken(table.profiles.size(), false)
    {
        m_layout.dialect = table.sample.dialect;
        m_layout.hasHeader = table.sample.hasHeader;
        m_layout.headBytes = table.sample.headBytes;
        m_layout.header = table.sample.header;
        for (std::size_t i = 0; i < m_profiles.size(); ++i) {
            const auto& profile = m_profiles[i];
            auto unit = profile.style.unit();
            if (unit.empty())
                unit = !header.columns[i].unit.empty() ? header.columns[i].unit : unitOfName(profile.name);
            m_layout.columns.push_back({.name = profile.name,
                                        .unit = std::move(unit),
                                        .style = profile.style,
                                        .note = profile.style.description()});
        }
    }

    Result<DelimitedLayout> run()
    {
        for (auto step : {&RoleAssignment::takeNamed, &RoleAssignment::takeTime})
            if (auto done = (this->*step)(); !done)
                return fail(std::move(done.error()));
        leaveOutVerdicts();
        leaveOutCounters();
        takeLevel();
        if (auto done = takeSeries(); !done)
            return fail(std::move(done.error()));
        takeEntity();
        takeMessage();
        takeValues();
        for (std::size_t i = 0; i < m_profiles.size(); ++i)
            m_layout.columns[i].numbers = m_profiles[i].numeric() || m_layout.columns[i].role == FieldRole::Value;
        return std::move(m_layout);
    }

private:
    Result<void> takeNamed();
    Result<void> takeNamedEntity();
    Result<void> takeTime();
    Result<void> takeSeries();
    void takeZones(TableTime& time);
    void leaveOutMistakenTime(const ChosenTime& chosen);
    void leaveOutVerdicts();
    void leaveOutCounters();
    void takeLevel();
    void takeEntity();
    void takeMessage();
    void takeValues();
    void say(std::string text, const std::vector<std::size_t>& columns);
    [[nodiscard]] std::optional<std::size_t> namedEntity() const;
    [[nodiscard]] std::vector<std::size_t> freeNumbers() const;
    void take(std::size_t column, FieldRole role)
    {
        m_taken[column] = true;
        m_layout.columns[column].role = role;
    }
    void leaveOut(std::size_t column, std::string why)
    {
        take(column, FieldRole::Ignored);
        m_layout.columns[column].note = why;
        m_reasons.push_back("column " + quoted(column) + ' ' + why);
    }
    [[nodiscard]] std::string quoted(std::size_t column) const { return quotedName(m_profiles[column]); }
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

    const TableEvidence& m_table;
    const std::vector<ColumnProfile>& m_profiles;
    const ParseOptions& m_options;
    std::vector<std::string>& m_reasons;
    std::vector<bool> m_taken;
    DelimitedLayout m_layout;
};

/// Columns that the person named come first. The label column goes before all others: nothing may use it.
Result<void> RoleAssignment::takeNamed()
{
    if (!m_options.labelColumn.empty()) {
        const auto column = columnNamed(m_table, m_options.labelColumn, "label");
        if (!column)
            return fail(column.error());
        m_layout.label = *column;
        take(*column, FieldRole::Label);
        m_reasons.push_back("column " + quoted(*column) + " holds the labels: for evaluation only, never a feature");
    }
    for (const auto& name : m_options.valueColumns) {
        const auto column = columnNamed(m_table, name, "value");
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
    const auto columns = columnsNamed(m_table, m_options.entityField, "entity");
    if (!columns)
        return fail(columns.error());
    for (const auto column : *columns) {
        if (m_layout.label == column)
            return fail({ErrorCode::Config,
                         "column " + quoted(column) + " cannot be both label and entity",
                         {},
                         "name two columns"});
        take(column, FieldRole::Entity);
    }
    m_layout.entity = *columns;
    say(columns->size() == 1 ? "names the entity, as asked" : "name the entity together, as asked", *columns);
    return {};
}

void RoleAssignment::say(std::string text, const std::vector<std::size_t>& columns)
{
    std::string names;
    for (const auto column : columns)
        names += (names.empty() ? "" : " and ") + quoted(column);
    m_reasons.push_back((columns.size() == 1 ? "column " : "columns ") + names + ' ' + std::move(text));
}

Result<void> RoleAssignment::takeTime()
{
    std::optional<TableTime> time;
    if (m_options.timeColumn.empty()) {
        if (auto chosen = chooseTime(m_table, m_taken)) {
            if (chosen->mistaken)
                leaveOutMistakenTime(*chosen);
            time = std::move(chosen->time);
        }
    } else {
        const auto columns = columnsNamed(m_table, m_options.timeColumn, "time");
        if (!columns)
            return fail(columns.error());
        for (const auto column : *columns)
            if (m_taken[column])
                return fail({ErrorCode::Config,
                             "column " + quoted(column) + " is already used otherwise",
                             {},
                             "name another column for the time"});
        auto named = timeInColumns(m_table, *columns);
        if (!named)
            return fail(named.error());
        time = std::move(*named);
    }
    std::vector<std::size_t> columns;
    if (time) {
        for (const auto& part : time->parts()) {
            columns.push_back(part.column);
            take(part.column, FieldRole::Time);
        }
        const auto& fit = time->field().fit();
        say((columns.size() == 1 ? "reads as " : "together read as ") + time->format() + " in " +
                formatCount(fit.read) + " of " + formatCount(fit.present) + " sampled values",
            columns);
        if (time->field().ambiguousDayMonth())
            m_reasons.push_back("no sampled date tells day from month: read as day first");
        takeZones(*time);
        m_layout.time = std::move(time);
    }
    for (std::size_t i = 0; i < m_profiles.size(); ++i)
        if (!m_taken[i] && m_profiles[i].time)
            leaveOut(i, "reads as a time too and is left out");
    return {};
}

void RoleAssignment::takeZones(TableTime& time)
{
    const auto& field = time.field();
    if (field.isEpoch() || field.namesZones() || field.missingDate() != MissingDate::None)
        return;
    auto choice = chooseZones(m_table, m_taken);
    if (!choice)
        return;
    take(choice->column, FieldRole::Time);
    say("names the zone of each row's time (" + formatCount(choice->zones.sampled()) + " different in the sample)",
        {choice->column});
    time.readZonesFrom(choice->column, std::move(choice->zones));
}

void RoleAssignment::leaveOutMistakenTime(const ChosenTime& chosen)
{
    leaveOut(*chosen.mistaken, "reads as a time too, in step with " + quoted(chosen.time.parts().front().column) +
                                   " but " + formatDuration(std::abs(chosen.ahead_us)) +
                                   (chosen.ahead_us > 0 ? " ahead" : " behind") +
                                   ": it does not count from 1970, so the written date is taken");
}

void RoleAssignment::leaveOutVerdicts()
{
    for (std::size_t i = 0; i < m_profiles.size(); ++i) {
        if (!m_taken[i] && m_layout.hasHeader && holdsVerdicts(m_table, i))
            leaveOut(i, "is named like a verdict and is left out of the features; name it as the label column to "
                        "evaluate with it");
    }
}

/// Counts of the rows, and ids that tell each row from all others, measure nothing.
void RoleAssignment::leaveOutCounters()
{
    bool others = false;
    for (std::size_t i = 0; i < m_profiles.size(); ++i)
        others = others || (!m_taken[i] && m_profiles[i].numeric() && !m_profiles[i].countsUp);
    for (std::size_t i = 0; i < m_profiles.size(); ++i) {
        const auto& profile = m_profiles[i];
        if (m_taken[i])
            continue;
        const bool counter = profile.countsUp && (others || isCounterName(profile.name)) &&
                             (!m_layout.hasHeader || isCounterName(profile.name) || timeNameRank(profile.name));
        const bool id = m_layout.hasHeader && isIdName(profile.name) && profile.numeric() && profile.wholeNumbers &&
                        profile.present >= 20 &&
                        profile.distinct * 10 >= std::min<std::size_t>(profile.present, 1'000) * 9;
        if (counter)
            leaveOut(i, "only counts the rows and is left out");
        else if (id)
            leaveOut(i, "is an identifier, another one in each row, and is left out");
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

/// The text or numbered id that is named like an entity.
std::optional<std::size_t> RoleAssignment::namedEntity() const
{
    using Rank = std::tuple<bool, int>;
    return best([&](std::size_t i) -> std::optional<Rank> {
        const auto& profile = m_profiles[i];
        const auto rank = m_layout.hasHeader ? entityNameRank(profile.name) : std::nullopt;
        const bool text = profile.textual() && profile.spaced * 5 <= profile.present && !profile.booleans &&
                          profile.meanBytes <= 100.0 && profile.distinct * 2 <= profile.present;
        const bool numberedId =
            profile.numeric() && profile.wholeNumbers && profile.fewDistinct() && profile.name.size() > 3;
        return rank && (text || numberedId) ? std::optional(Rank{profile.distinct < 2, *rank}) : std::nullopt;
    });
}

std::vector<std::size_t> RoleAssignment::freeNumbers() const
{
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < m_profiles.size(); ++i) {
        const auto& profile = m_profiles[i];
        const bool index = profile.wholeNumbers && profile.ordered && profile.fewDistinct();
        const bool value = m_layout.columns[i].role == FieldRole::Value;
        if (value || (!m_taken[i] && m_options.valueColumns.empty() && profile.numeric() &&
                      (!index || isSeriesValueName(profile.name))))
            numbers.push_back(i);
    }
    return numbers;
}

Result<void> RoleAssignment::takeSeries()
{
    auto taken = m_taken;
    SeriesQuestion question{.table = m_table, .taken = taken, .numbers = freeNumbers(), .keys = m_layout.entity};
    const auto entity = m_layout.entity.empty() ? namedEntity() : std::nullopt;
    if (entity) {
        taken[*entity] = true;
        question.keys.push_back(*entity);
    }
    if (m_layout.time)
        for (const auto& part : m_layout.time->parts())
            question.keys.push_back(part.column);
    std::vector<std::size_t> series;
    if (!m_options.seriesColumn.empty()) {
        const auto named = columnsNamed(m_table, m_options.seriesColumn, "series");
        if (!named)
            return fail(named.error());
        series = *named;
        say("the series of a long table, as asked", series);
    } else {
        series = chooseSeries(question, m_reasons);
    }
    if (series.empty() && m_options.layout != TableLayout::Long)
        return {};
    if (series.empty() || question.numbers.size() != 1)
        return fail({ErrorCode::Config,
                     series.empty()
                         ? "no column names the series of a long table"
                         : "a long table has one column of values, here are " + formatCount(question.numbers.size()),
                     {},
                     series.empty() ? "name it as the series column" : "name it as the value column"});
    for (const auto column : series)
        take(column, FieldRole::Series);
    if (!m_taken[question.numbers.front()])
        take(question.numbers.front(), FieldRole::Value);
    m_layout.series = std::move(series);
    return {};
}

void RoleAssignment::takeEntity()
{
    if (!m_layout.entity.empty())
        return;
    auto column = namedEntity();
    if (!column && m_layout.series.empty())
        column = best([&](std::size_t i) -> std::optional<bool> {
            const auto& profile = m_profiles[i];
            const bool text = profile.textual() && profile.spaced * 5 <= profile.present && !profile.booleans &&
                              profile.meanBytes <= 100.0;
            return text && profile.fewDistinct() ? std::optional(profile.distinct < 2) : std::nullopt;
        });
    if (!column)
        return;
    m_layout.entity = {*column};
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
        if (!m_taken[i] && m_options.valueColumns.empty() && m_layout.series.empty() && (profile.numeric() || unknown))
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

Result<DelimitedLayout> assignRoles(const TableEvidence& table, const DelimitedHeader& header,
                                    std::vector<std::string>& reasons)
{
    return RoleAssignment(table, header, reasons).run();
}

namespace
{
ColumnType typeOf(const ColumnProfile& profile, FieldRole role)
{
    if (profile.present == 0)
        return ColumnType::Empty;
    if (role == FieldRole::Time || profile.time)
        return ColumnType::Time;
    if (profile.booleans)
        return ColumnType::Boolean;
    const bool own =
        profile.present >= 20 && profile.distinct * 10 >= std::min<std::size_t>(profile.present, 1'000) * 9;
    if (profile.numeric())
        return profile.countsUp || (own && profile.wholeNumbers && isIdName(profile.name)) ? ColumnType::Identifier
                                                                                           : ColumnType::Number;
    if (profile.fewDistinct() || role == FieldRole::Entity || role == FieldRole::Series || role == FieldRole::Level)
        return ColumnType::Category;
    return own && profile.spaced == 0 ? ColumnType::Identifier : ColumnType::Text;
}
} // namespace

std::vector<ColumnReport> columnReports(const DelimitedLayout& layout, const std::vector<ColumnProfile>& profiles)
{
    std::vector<ColumnReport> reports;
    for (std::size_t i = 0; i < profiles.size(); ++i) {
        const auto& profile = profiles[i];
        const auto& column = layout.columns[i];
        reports.push_back({.name = column.name,
                           .unit = column.unit,
                           .role = column.role,
                           .type = typeOf(profile, column.role),
                           .values = profile.values,
                           .missing = profile.values - profile.present,
                           .unreadable = column.numbers ? profile.present - profile.numbers : 0,
                           .distinct = profile.distinct,
                           .distinctExact = profile.distinct <= ColumnProfile::maxDistinct,
                           .note = column.note});
    }
    return reports;
}

} // namespace faultline::records
