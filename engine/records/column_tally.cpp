// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/column_tally.h"
#include <algorithm>
#include <bit>
#include <cmath>

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

void sortUnique(std::vector<std::uint64_t>& hashes)
{
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}
} // namespace

std::uint64_t ColumnTally::hashOf(double value)
{
    return mixed(std::bit_cast<std::uint64_t>(value + 0.0) + 0x9e3779b97f4a7c15ULL); // -0 and 0 are one value
}

std::uint64_t ColumnTally::hashOf(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL; // FNV-1a
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return mixed(hash);
}

void DistinctCount::compact()
{
    sortUnique(m_hashes);
    if (m_hashes.size() <= kept)
        return;
    m_hashes.resize(kept + 1); // one more, to know that there were more
    m_limit = m_hashes.back();
}

void DistinctCount::merge(const DistinctCount& other)
{
    for (const auto hash : other.m_hashes)
        add(hash);
}

DistinctCount::Count DistinctCount::count() const
{
    auto hashes = m_hashes;
    sortUnique(hashes);
    if (hashes.size() <= kept)
        return {.distinct = hashes.size(), .exact = true};
    const auto share = static_cast<double>(hashes[kept - 1]) / std::pow(2.0, 64);
    return {.distinct = static_cast<std::uint64_t>(std::llround((static_cast<double>(kept) - 1.0) / share)),
            .exact = false};
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
