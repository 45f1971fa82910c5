// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/line_tally.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace faultline::records
{

namespace
{

constexpr std::size_t keptHashes = 65'536;

std::uint64_t load(const char* p)
{
    std::uint64_t value;
    std::memcpy(&value, p, sizeof value);
    return value;
}

std::uint64_t fold(std::uint64_t a, std::uint64_t b)
{
    __extension__ using Wide = unsigned __int128;
    const auto product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Folded multiplication, 16 bytes at a time (as wyhash by Wang Yi does it). Not for hostile keys: lines made to
/// collide are counted as duplicates, no worse.
std::uint64_t lineHash(std::string_view line)
{
    std::uint64_t state = 0x9e3779b97f4a7c15ULL ^ line.size();
    const char* p = line.data();
    auto left = line.size();
    for (; left > 16; left -= 16, p += 16)
        state = fold(load(p) ^ 0xa0761d6478bd642fULL, load(p + 8) ^ state);
    char tail[16] = {};
    std::memcpy(tail, p, left);
    state = fold(load(tail) ^ 0xe7037ed1a0b428dbULL, load(tail + 8) ^ state);
    return fold(state ^ 0x8ebc6af09c88c6e3ULL, 0x589965cc75374cc3ULL);
}

bool isBlank(std::string_view line)
{
    return line.empty() || ((line.front() == ' ' || line.front() == '\t') &&
                            std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t'; }));
}

std::uint64_t countOf(std::string_view bytes, char wanted)
{
    return static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), wanted));
}

} // namespace

BlockLines blockLines(std::string_view bytes, const LineCuts& cuts)
{
    BlockLines out;
    out.cuts = cuts;
    auto& s = out.statistics;
    s.nulBytes = bytes.find('\0') == std::string_view::npos ? 0 : countOf(bytes, '\0');
    const bool anyReturn = bytes.find('\r') != std::string_view::npos;
    std::uint64_t line = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto end = std::min(bytes.find('\n', at), bytes.size());
        auto text = bytes.substr(at, end - at);
        const bool terminated = end < bytes.size();
        const bool crlf = anyReturn && terminated && text.ends_with('\r');
        if (crlf)
            text.remove_suffix(1);
        s.crlf += crlf ? 1U : 0U;
        s.lineFeeds += terminated && !crlf ? 1U : 0U;
        s.unfinished = !terminated && !cuts.endsInsideLine;
        const bool isHead = at == 0 && cuts.startsInsideLine, isTail = !terminated && cuts.endsInsideLine;
        at = end + 1;
        ++line;
        if (isHead || isTail) {
            (isHead ? out.headBytes : out.tailBytes) = text.size();
            out.insideOneLine = isHead && isTail;
            continue;
        }
        if (s.longestLine == 0 || text.size() > s.longestBytes) {
            s.longestBytes = text.size();
            s.longestLine = line;
        }
        if (!isBlank(text))
            out.hashes.push_back(lineHash(text));
    }
    s.carriageReturns = anyReturn ? countOf(bytes, '\r') - s.crlf : 0;
    return out;
}

void LineTally::offerLongest(std::uint64_t bytes, std::uint64_t line)
{
    if (m_total.longestLine != 0 && bytes <= m_total.longestBytes)
        return;
    m_total.longestBytes = bytes;
    m_total.longestLine = line;
}

void LineTally::addCutLines(const BlockLines& block, std::uint64_t linesBefore)
{
    if (block.cuts.startsInsideLine) {
        m_openBytes += block.headBytes;
        offerLongest(m_openBytes, linesBefore + 1);
    }
    if (block.cuts.endsInsideLine && !block.insideOneLine)
        m_openBytes = block.tailBytes;
}

void LineTally::add(const BlockLines& block, std::uint64_t linesBefore)
{
    const auto& s = block.statistics;
    addCutLines(block, linesBefore);
    if (s.longestLine != 0)
        offerLongest(s.longestBytes, linesBefore + s.longestLine);
    m_total.lineFeeds += s.lineFeeds;
    m_total.crlf += s.crlf;
    m_total.carriageReturns += s.carriageReturns;
    m_total.nulBytes += s.nulBytes;
    m_total.unfinished = s.unfinished;
    for (const auto hash : block.hashes) {
        m_total.repeatedLines += hash == m_lastHash ? 1U : 0U;
        m_lastHash = hash;
        m_total.contentHash += hash;
        count(hash);
    }
}

void LineTally::count(std::uint64_t hash)
{
    if (hash >= m_limit)
        return;
    if (2 * (m_distinct + 1) > m_counts.size())
        resize(std::max<std::size_t>(64, 2 * m_counts.size()));
    const auto mask = m_counts.size() - 1;
    auto slot = hash & mask;
    while (m_counts[slot].count != 0 && m_counts[slot].hash != hash)
        slot = (slot + 1) & mask;
    m_counts[slot].hash = hash;
    if (m_counts[slot].count++ == 0 && ++m_distinct == 2 * keptHashes)
        dropLargest();
}

/// Keeps those below the limit.
void LineTally::resize(std::size_t slots)
{
    const auto before = std::exchange(m_counts, std::vector<Counted>(slots));
    m_distinct = 0;
    for (const auto& counted : before) {
        if (counted.count == 0 || counted.hash >= m_limit)
            continue;
        auto slot = counted.hash & (slots - 1);
        while (m_counts[slot].count != 0)
            slot = (slot + 1) & (slots - 1);
        m_counts[slot] = counted;
        ++m_distinct;
    }
}

/// What stays has been counted from its first line on, because the limit only ever falls.
void LineTally::dropLargest()
{
    std::vector<std::uint64_t> hashes;
    hashes.reserve(m_distinct);
    for (const auto& counted : m_counts)
        if (counted.count != 0)
            hashes.push_back(counted.hash);
    const auto middle = hashes.begin() + static_cast<std::ptrdiff_t>(keptHashes);
    std::nth_element(hashes.begin(), middle, hashes.end());
    m_limit = *middle;
    resize(m_counts.size());
}

LineStatistics LineTally::finish() const
{
    auto out = m_total;
    std::uint64_t again = 0;
    for (const auto& counted : m_counts)
        again += counted.count == 0 ? 0 : counted.count - 1;
    out.duplicatesExact = m_limit == UINT64_MAX;
    const auto share = out.duplicatesExact ? 1.0 : static_cast<double>(m_limit) / std::pow(2.0, 64);
    out.duplicateLines = static_cast<std::uint64_t>(std::llround(static_cast<double>(again) / share));
    return out;
}

} // namespace faultline::records
