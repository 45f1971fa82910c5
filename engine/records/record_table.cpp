// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/record_table.h"

namespace faultline::records
{

int RecordTable::fieldIndex(std::string_view name) const
{
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (fields[i].name() == name)
            return static_cast<int>(i);
    return -1;
}

} // namespace faultline::records
