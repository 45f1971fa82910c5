// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/template_set.h"
#include <string_view>
#include <unordered_map>
#include <vector>

namespace faultline::records::templates
{

/// Reads what a message shows where its template has variables. Borrows the set. Thread-safe.
class MessageValues
{
public:
    explicit MessageValues(const TemplateSet& set);

    /// A value for each `<*>` of the template's text, in order; views into the message, empty where a list stands. No
    /// values at all when the message is not of the template, or when the template joins lists of different lengths.
    [[nodiscard]] std::vector<std::string_view> valuesOf(std::uint32_t templateIndex, std::string_view message) const;

private:
    const TemplateSet& m_set;
    std::vector<std::vector<const TemplatePattern*>> m_patterns; ///< by template
};

} // namespace faultline::records::templates
