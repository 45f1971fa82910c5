// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/hash.h"
#include "engine/records/loader.h"
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace faultline::testing
{

/// What a test says of one record.
struct RecordLine {
    TimeUs time = noTime;
    std::string entity;
    std::string message; ///< its template; empty: a metric record
    records::Level level = records::Level::Info;
    std::vector<std::pair<std::string, double>> fields;
    std::string session; ///< "": none
};

/// Makes a RecordSet without files. Templates get ids in order of first appearance; those named first keep the same ids
/// in every set, as matching against a frozen set does.
class RecordSetBuilder
{
public:
    RecordSetBuilder() { m_set.table.entities.intern(""); }
    explicit RecordSetBuilder(const std::vector<std::string>& knownTemplates) : RecordSetBuilder()
    {
        for (const auto& text : knownTemplates)
            templateId(text);
        m_set.templates.firstUnseen = static_cast<std::uint32_t>(knownTemplates.size());
        m_frozen = true;
    }

    RecordSetBuilder& add(const RecordLine& line)
    {
        auto& table = m_set.table;
        const auto record = table.size();
        table.time.push_back(line.time);
        table.offset.push_back(0);
        table.bytes.push_back(0);
        table.templateId.push_back(line.message.empty() ? records::noTemplate : templateId(line.message));
        table.entity.push_back(table.entities.intern(line.entity));
        table.messageStart.push_back(0);
        table.source.push_back(0);
        table.level.push_back(line.level);
        table.flags.push_back(0);
        for (const auto& [name, value] : line.fields)
            field(name).set(record, value);
        if (!line.session.empty()) {
            const auto key = m_set.sessions.keys.intern(line.session);
            m_members.resize(std::max<std::size_t>(m_members.size(), key + std::size_t{1}));
            m_members[key].push_back(static_cast<std::uint32_t>(record));
        }
        return *this;
    }

    [[nodiscard]] records::RecordSet build()
    {
        if (!m_members.empty())
            m_set.sessions.begin.push_back(0);
        for (const auto& members : m_members) {
            m_set.sessions.records.insert(m_set.sessions.records.end(), members.begin(), members.end());
            m_set.sessions.begin.push_back(m_set.sessions.records.size());
        }
        if (!m_frozen)
            m_set.templates.firstUnseen = static_cast<std::uint32_t>(m_set.templates.size());
        return std::move(m_set);
    }

private:
    std::uint32_t templateId(const std::string& text)
    {
        const auto id = m_texts.intern(text);
        if (id == m_set.templates.templates.size()) {
            char stable[16];
            std::snprintf(stable, sizeof stable, "T-%08x", static_cast<unsigned>(stableHash(text) & 0xffffffffU));
            m_set.templates.templates.push_back({.text = text, .id = stable});
        }
        return id;
    }
    records::NumericField& field(const std::string& name)
    {
        for (auto& each : m_set.table.fields)
            if (each.name() == name)
                return each;
        return m_set.table.fields.emplace_back(name, "");
    }

    records::RecordSet m_set;
    StringPool m_texts;
    std::vector<std::vector<std::uint32_t>> m_members;
    bool m_frozen = false;
};

} // namespace faultline::testing
