// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// Counts different values by the smallest `kept` of their hashes (Bar-Yossef et al. 2002, "Counting distinct elements
/// in a data stream"): exact up to `kept`, else with a standard error of 6 %. What comes out does not depend on order
/// or on how the values were divided and merged. At most 5 KB.
class DistinctCount
{
public:
    static constexpr std::size_t kept = 256;

    void add(std::uint64_t hash)
    {
        if (hash >= m_limit || m_recent[hash % m_recent.size()] == hash)
            return;
        m_recent[hash % m_recent.size()] = hash;
        m_hashes.push_back(hash);
        if (m_hashes.size() == 2 * kept)
            compact();
    }
    void merge(const DistinctCount& other);
    struct Count {
        std::uint64_t distinct = 0;
        bool exact = true;
    };
    [[nodiscard]] Count count() const;

private:
    void compact();

    std::uint64_t m_limit = std::numeric_limits<std::uint64_t>::max(); ///< hashes from here on do not matter any more
    std::array<std::uint64_t, 16> m_recent{};
    std::vector<std::uint64_t> m_hashes; ///< not sorted, may hold repeats until compacted
};

/// What the values of one column of a table came to, in one block or over all of them.
struct ColumnTally {
    std::uint64_t values = 0;
    std::uint64_t missing = 0;
    std::uint64_t unreadable = 0; ///< of a column of numbers: neither missing nor a finite number
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    DistinctCount distinct;

    void addNumber(double value)
    {
        ++values;
        min = value < min ? value : min;
        max = value > max ? value : max;
        distinct.add(hashOf(value));
    }
    void addText(std::string_view text)
    {
        ++values;
        distinct.add(hashOf(text));
    }
    void addMissing() { ++values, ++missing; }
    void addUnreadable() { ++values, ++unreadable; }
    void merge(const ColumnTally& other);

    [[nodiscard]] static std::uint64_t hashOf(double value);
    [[nodiscard]] static std::uint64_t hashOf(std::string_view text);
};

} // namespace faultline::records
