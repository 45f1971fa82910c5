// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_table.h"
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace faultline::records
{

/// Which record a row of a long table belongs to: the newest one of its time and entity, wherever in the file that
/// stands, unless that has a value of the row's series already; then the row begins another record of the same time, as
/// a repeated row of a wide table would. So rows in order of time, in order of series, or in none make the same records
/// (up to their order). Cost: about 50 bytes a record while a source is read.
class LongRows
{
public:
    explicit LongRows(const RecordTable& table) : m_table(table) {}

    struct Key {
        TimeUs time_us = noTime;
        EntityId entity = 0;
        friend bool operator==(const Key&, const Key&) = default;
    };
    /// The record for a value of `field` (none: a missing value), or nullopt: the caller appends one and says so with
    /// appended().
    [[nodiscard]] std::optional<std::size_t> recordFor(const Key& key, std::optional<std::size_t> field);
    void appended(const Key& key, std::size_t record)
    {
        m_records.insert_or_assign(key, record);
        m_lastKey = key;
        m_last = record;
    }
    void clear()
    {
        m_records.clear();
        m_last.reset();
    }

private:
    struct Hash {
        std::size_t operator()(const Key& key) const
        {
            return (static_cast<std::size_t>(key.time_us) * 0x9e3779b97f4a7c15ULL) ^
                   (key.entity * 0xc4ceb9fe1a85ec53ULL);
        }
    };
    const RecordTable& m_table;
    std::unordered_map<Key, std::size_t, Hash> m_records;
    Key m_lastKey; ///< rows of one time mostly follow each other
    std::optional<std::size_t> m_last;
};

} // namespace faultline::records
