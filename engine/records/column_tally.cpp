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

DistinctCount DistinctCount::sampling(unsigned halvings)
{
    DistinctCount count;
    count.m_halvings = halvings;
    count.m_limit >>= halvings;
    count.m_slots.resize(4 * kept);
    return count;
}

/// Were all of them different, some `halvings` would be the outcome. From one more on, limits are tried downwards until
/// one lets too many in: then the one before is what add() ends with. Hashes above the lowest such limit are not
/// touched.
void DistinctCount::addAll(std::span<const std::uint64_t> hashes)
{
    constexpr unsigned tried = 3;
    const auto expected = static_cast<unsigned>(std::bit_width(hashes.size() / kept));
    if (m_halvings == 0 && m_size == 0 && expected > tried) {
        const auto lowest = expected + 1 - tried;
        std::vector<std::uint64_t> low(hashes.size());
        std::size_t lows = 0;
        for (const auto hash : hashes) {
            low[lows] = hash;
            lows += hash <= m_limit >> lowest ? 1U : 0U;
        }
        low.resize(lows);
        auto before = sampling(expected + 1);
        for (auto halvings = expected + 1; halvings >= lowest; --halvings) {
            auto count = sampling(halvings);
            for (const auto hash : low)
                count.add(hash);
            if (count.m_halvings > halvings) {
                *this = halvings == expected + 1 ? std::move(count) : std::move(before);
                return;
            }
            before = std::move(count);
        }
    }
    for (const auto hash : hashes)
        add(hash);
}

void ColumnTally::addNumbers(std::span<const double> numbers)
{
    std::vector<std::uint64_t> hashes(numbers.size());
    std::size_t present = 0;
    for (const double value : numbers) {
        addRange(value); // NaN is neither less nor more
        hashes[present] = hashOf(value);
        present += std::isnan(value) ? 0U : 1U;
    }
    values += present;
    distinct.addAll(std::span(hashes).first(present));
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
