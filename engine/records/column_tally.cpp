// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/column_tally.h"
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace faultline::records
{

namespace
{
/// The finaliser of MurmurHash3 (Appleby): every bit of the result depends on every bit that goes in.
std::uint64_t mixed(std::uint64_t x)
{
    x ^= x >> 33U;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33U;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return x ^ (x >> 33U);
}

} // namespace

std::uint64_t ColumnTally::hashOf(double value)
{
    return mixed(std::bit_cast<std::uint64_t>(value + 0.0) + 0x9e3779b97f4a7c15ULL); // -0 and 0 are one value
}

std::uint64_t ColumnTally::hashOf(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL ^ text.size();
    for (; text.size() > 8; text.remove_prefix(8)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), 8);
        hash = std::rotl((hash ^ word) * 0x9e3779b97f4a7c15ULL, 31);
    }
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), text.size());
    return mixed(hash ^ word);
}

void DistinctCount::rebuild(std::size_t slots)
{
    const auto before = std::move(m_slots);
    m_slots.assign(slots, 0);
    m_size = 0;
    for (const auto hash : before)
        if (hash != 0 && hash <= m_limit)
            insert(hash);
}

void DistinctCount::insert(std::uint64_t hash)
{
    if (2 * (m_size + 1) > m_slots.size())
        rebuild(std::max<std::size_t>(16, 2 * m_slots.size()));
    const auto mask = m_slots.size() - 1;
    auto slot = (hash >> 1U) & mask;
    for (; m_slots[slot] != 0; slot = (slot + 1) & mask)
        if (m_slots[slot] == hash)
            return;
    m_slots[slot] = hash;
    for (++m_size; m_size > kept;) {
        m_limit >>= 1U;
        ++m_halvings;
        rebuild(m_slots.size());
    }
}

void DistinctCount::merge(const DistinctCount& other)
{
    if (other.m_halvings > m_halvings) {
        m_limit = other.m_limit;
        m_halvings = other.m_halvings;
        rebuild(std::max<std::size_t>(16, m_slots.size()));
    }
    for (const auto hash : other.m_slots)
        if (hash != 0)
            add(hash);
}

void ColumnTally::addNumbers(std::span<const double> numbers)
{
    for (const double value : numbers) {
        if (std::isnan(value))
            continue;
        ++values;
        addRange(value);
        distinct.add(hashOf(value));
    }
}

void ColumnTally::merge(const ColumnTally& other)
{
    values += other.values;
    missing += other.missing;
    unreadable += other.unreadable;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    distinct.merge(other.distinct);
}

} // namespace faultline::records
