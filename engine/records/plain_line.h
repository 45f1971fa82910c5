// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline::records
{

/// A line without its terminal escapes (colours, cursor movements, titles; ECMA-48), and where each of its bytes stood.
/// Buffers are kept from line to line.
class PlainLine
{
public:
    /// The line itself when it has no escape, else a view into this object that the next call makes invalid.
    [[nodiscard]] std::string_view strip(std::string_view line);
    /// Where a byte of the stripped line (or its end) stands in the line that was given; an escape before it is passed.
    [[nodiscard]] std::size_t original(std::size_t position) const;

private:
    std::string m_text;
    std::vector<std::pair<std::size_t, std::size_t>> m_cuts; ///< stripped position, bytes dropped up to there
};

} // namespace faultline::records
