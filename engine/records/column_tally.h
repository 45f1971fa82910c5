// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// Counts different values by adaptive sampling (Flajolet 1990, "On adaptive sampling"): hashes are kept while they are
/// below a limit, which is halved whenever more than `kept` remain. Exact up to `kept`, else with a standard error of
/// 8 %. What comes out does not depend on order or on how the values were divided and merged. At most 4 KB; a few
/// nanoseconds a value.
class DistinctCount
{
public:
    static constexpr std::size_t kept = 256;

    void add(std::uint64_t hash)
    {
        if (hash <= m_limit)
            insert(hash | 1U); // 0 marks an empty slot
    }
    /// As add() for each, several times as fast where many values are different.
    void addAll(std::span<const std::uint64_t> hashes);
    void merge(const DistinctCount& other);
    struct Count {
        std::uint64_t distinct = 0;
        bool exact = true;
    };
    [[nodiscard]] Count count() const { return {m_size << m_halvings, m_halvings == 0}; }

private:
    [[nodiscard]] static DistinctCount sampling(unsigned halvings);
    void insert(std::uint64_t hash);
    void rebuild(std::size_t slots);

    std::uint64_t m_limit = std::numeric_limits<std::uint64_t>::max();
    unsigned m_halvings = 0;
    std::size_t m_size = 0;
    std::vector<std::uint64_t> m_slots; ///< open addressing; a power of two, at most half full
};

/// What the values of one column of a table came to, in one block or over all of them.
struct ColumnTally {
    std::uint64_t values = 0;
    std::uint64_t missing = 0;
    std::uint64_t unreadable = 0; ///< of a column of numbers: neither missing nor a finite number
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    DistinctCount distinct;

    /// NaN is left to addMissing() and addUnreadable().
    void addNumbers(std::span<const double> numbers);
    /// What the value of a text, added as such, is as a number.
    void addRange(double value)
    {
        min = value < min ? value : min;
        max = value > max ? value : max;
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
