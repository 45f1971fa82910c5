// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/unseen_templates.h"
#include <algorithm>

namespace faultline::records
{

UnseenTemplates unseenTemplates(const RecordSet& records)
{
    const auto known = records.templates.firstUnseen;
    const auto size = records.templates.size();
    UnseenTemplates unseen;
    if (known >= size)
        return unseen;
    unseen.templates.resize(size - known);
    const auto& table = records.table;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto id = table.templateId[i];
        if (id < known || id >= size)
            continue;
        auto& each = unseen.templates[id - known];
        if (each.records++ == 0) {
            each.templateId = id;
            each.path = records.reports[table.source[i]].path;
            each.line = records.lineNumber(i);
        }
        ++unseen.records;
    }
    std::erase_if(unseen.templates, [](const auto& each) { return each.records == 0; });
    std::stable_sort(unseen.templates.begin(), unseen.templates.end(),
                     [](const auto& a, const auto& b) { return a.records > b.records; });
    return unseen;
}

} // namespace faultline::records
