// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/text.h"
#include "engine/records/delimited_sample.h"
#include "engine/records/json_layout.h"
#include <optional>

namespace faultline::records
{

/// Decides the roles key by key; each step takes only keys that no step before it took.
class JsonRoleAssignment
{
public:
    JsonRoleAssignment(JsonKeys keys, const std::vector<JsonColumn>& columns, const ParseOptions& options,
                       int assumedYear, std::vector<std::string>& reasons);
    Result<JsonLayout> run();

private:
    Result<std::size_t> resolve(const std::string& name, const char* option) const;
    Result<void> takeNamed();
    Result<void> takeNamedTime();
    void takeTime();
    void takeTimeParts();
    void takeClock(std::size_t date);
    void takeFraction(std::size_t seconds);
    void takeZone();
    void takeShown();
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
    std::optional<std::size_t> m_time; ///< column
    JsonLayout m_layout;
};

} // namespace faultline::records
