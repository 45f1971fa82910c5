// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/record_table.h"
#include <algorithm>
#include <cmath>

namespace faultline::records
{

void NumericField::setRange(std::size_t first, std::span<const double> values)
{
    while (!values.empty()) {
        const auto part = values.first(std::min(values.size(), chunkSize - first % chunkSize));
        const auto isMissing = [](double value) { return std::isnan(value); };
        const auto present = std::find_if_not(part.begin(), part.end(), isMissing);
        if (present != part.end()) {
            set(first + static_cast<std::size_t>(present - part.begin()), *present); // makes the chunk
            double* const target = m_chunks[first / chunkSize].get() + first % chunkSize;
            for (std::size_t i = 0; i < part.size(); ++i)
                target[i] = isMissing(part[i]) ? target[i] : part[i];
        }
        first += part.size();
        values = values.subspan(part.size());
    }
}

int RecordTable::fieldIndex(std::string_view name) const
{
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (fields[i].name() == name)
            return static_cast<int>(i);
    return -1;
}

} // namespace faultline::records
