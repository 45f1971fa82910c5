// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimiter_scan.h"
#include <array>
#include <cstring>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace faultline::records
{

namespace
{
#if defined(__x86_64__)
std::uint64_t compareSse2(const char* bytes, char delimiter, char quote)
{
    const auto delimiters = _mm_set1_epi8(delimiter);
    const auto quotes = _mm_set1_epi8(quote);
    const auto lineFeeds = _mm_set1_epi8('\n');
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const auto chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
        const auto found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(chunk, delimiters), _mm_cmpeq_epi8(chunk, quotes)),
                                        _mm_cmpeq_epi8(chunk, lineFeeds));
        bits |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found))) << (16 * i);
    }
    return bits;
}

__attribute__((target("avx2"))) std::uint64_t compareAvx2(const char* bytes, char delimiter, char quote)
{
    const auto delimiters = _mm256_set1_epi8(delimiter);
    const auto quotes = _mm256_set1_epi8(quote);
    const auto lineFeeds = _mm256_set1_epi8('\n');
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 2; ++i) {
        const auto chunk = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32 * i));
        const auto found =
            _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(chunk, delimiters), _mm256_cmpeq_epi8(chunk, quotes)),
                            _mm256_cmpeq_epi8(chunk, lineFeeds));
        bits |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm256_movemask_epi8(found))) << (32 * i);
    }
    return bits;
}
#else
std::uint64_t comparePlain(const char* bytes, char delimiter, char quote)
{
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 64; ++i) {
        const bool found = bytes[i] == delimiter || bytes[i] == quote || bytes[i] == '\n';
        bits |= static_cast<std::uint64_t>(found) << i;
    }
    return bits;
}
#endif

auto bestCompare()
{
#if defined(__x86_64__)
    static const bool hasAvx2 = __builtin_cpu_supports("avx2") != 0;
    return hasAvx2 ? compareAvx2 : compareSse2;
#else
    return comparePlain;
#endif
}
} // namespace

DelimiterScan::DelimiterScan(std::string_view text, char delimiter)
    : m_text(text), m_delimiter(delimiter == '\0' ? '\n' : delimiter), m_quote(text.find('"') == npos ? '\n' : '"'),
      m_compare(bestCompare())
{
    restart(0);
}

std::uint64_t DelimiterScan::loadTail(std::size_t position) const
{
    std::array<char, 64> padded{};
    const auto bytes = m_text.size() - position;
    std::memcpy(padded.data(), m_text.data() + position, bytes);
    const auto mask = (std::uint64_t{1} << bytes) - 1; // the padding may equal the delimiter
    return m_compare(padded.data(), m_delimiter, m_quote) & mask;
}

} // namespace faultline::records
