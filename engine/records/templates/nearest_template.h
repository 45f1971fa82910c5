// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/stop_check.h"
#include <cstddef>
#include <string>
#include <string_view>

namespace faultline::records::templates
{

/// The known template that is most like a name nobody has: by its id where the name looks like one (`T-...`), else by
/// the first 200 bytes of its text, in edit distance. For error messages. Cost: 40 us a template at worst; asks the
/// job.
class NearestTemplate
{
public:
    NearestTemplate(std::string_view name, const JobContext& job);
    void offer(std::string_view id, std::string_view text);
    /// A hint: "the nearest is T-3f2a9c01 `took <*>`".
    [[nodiscard]] std::string hint() const;

private:
    std::string_view m_name;
    StopCheck m_check;
    bool m_isId;
    std::size_t m_least;
    std::string m_nearest;
};

} // namespace faultline::records::templates
