// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/long_rows.h"
#include <cmath>

namespace faultline::records
{

std::optional<std::size_t> LongRows::recordFor(const Key& key, std::optional<std::size_t> field)
{
    if (!m_last || !(key == m_lastKey)) {
        const auto found = m_records.find(key);
        if (found == m_records.end())
            return std::nullopt;
        m_lastKey = key;
        m_last = found->second;
    }
    if (field && !std::isnan(m_table.fields[*field][*m_last]))
        return std::nullopt;
    return m_last;
}

} // namespace faultline::records
