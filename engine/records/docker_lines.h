// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_cutter.h"
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline::records
{

/// What a line of Docker's json-file says of its place among others, read without a JSON parser.
struct DockerLine {
    std::string_view text; ///< the value of `log` with its escapes; empty when the line has none
    bool whole = true;     ///< the text ends with a line end
    bool goesOn = false;   ///< the text is that of a line that continues the one above
    std::size_t stream = 0;
};
[[nodiscard]] DockerLine readDockerLine(std::string_view line);

/// Puts lines together that make one record. A line for which cutBefore() holds does not depend on any before it.
class DockerGroups
{
public:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    static constexpr std::size_t maxBytes = std::size_t{1} << 20;

    /// The index of the group (of all since the start) that the line joins, or `none` when it begins a new one.
    std::size_t add(std::string_view line);
    [[nodiscard]] bool cutBefore(std::string_view line) const;

private:
    struct Open {
        std::size_t group = none; ///< whose text has not ended
        std::size_t bytes = 0;
    };
    [[nodiscard]] bool joinsLast(const DockerLine& line) const;

    std::array<Open, 2> m_open;
    std::size_t m_groups = 0, m_lastGroup = none, m_lastStream = 0;
    std::vector<std::size_t> m_bytes; ///< of each group
};

/// Cuts between groups.
class DockerCutter final : public RecordCutter
{
public:
    [[nodiscard]] Cut cut(std::string_view pending, std::size_t examined) override;
    void giveUp() override { m_givenUp = true; }

private:
    DockerGroups m_groups;
    std::size_t m_cut = 0;
    bool m_givenUp = false;
};

} // namespace faultline::records
