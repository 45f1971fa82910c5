// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace faultline::records
{

/// How far a pattern, anchored at the start, matches a line.
struct PatternStop {
    bool matches = false;
    std::size_t column = 0; ///< bytes of the line that the longest matching beginning of the pattern takes
    std::string group;      ///< the named group within which it stopped; "" for none
    std::string expected;   ///< what would match there: "the text `[` followed by word characters (`\w+`)"
    std::string found;      ///< what stands there: "`INFO starting`" or "the end of the line"
};

/// Where a valid RE2 pattern stops matching a line, and what would match there: the longest beginning of the pattern
/// (cut between the parts of its top-level sequence, then within the group that failed) that still matches. Of
/// alternatives, the one that reaches furthest. For messages: some dozens of compilations.
[[nodiscard]] PatternStop whereMatchingStops(const std::string& pattern, std::string_view line);

/// For people: "it stops at column 21, where the text `[` is expected and `INFO starting` is found".
[[nodiscard]] std::string stopText(const PatternStop& stop);

} // namespace faultline::records
