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

namespace
{
constexpr std::size_t wordsAtATime = 64;

/// For each of 64 words of 64 bytes, which of them are delimiters or line feeds, and which are line feeds.
struct MarkedWords {
    std::array<std::uint64_t, wordsAtATime> marks, lineFeeds;
};
using MarkWords = void (*)(const char* bytes, char delimiter, MarkedWords& out);

void markWords(const char* bytes, char delimiter, MarkedWords& out)
{
    for (std::size_t word = 0; word < wordsAtATime; ++word, bytes += 64) {
#if defined(__x86_64__)
        out.marks[word] = compareSse2(bytes, delimiter, '\n');
        out.lineFeeds[word] = compareSse2(bytes, '\n', '\n');
#else
        out.marks[word] = comparePlain(bytes, delimiter, '\n');
        out.lineFeeds[word] = comparePlain(bytes, '\n', '\n');
#endif
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void markWordsAvx2(const char* bytes, char delimiter, MarkedWords& out)
{
    for (std::size_t word = 0; word < wordsAtATime; ++word, bytes += 64) {
        out.marks[word] = compareAvx2(bytes, delimiter, '\n');
        out.lineFeeds[word] = compareAvx2(bytes, '\n', '\n');
    }
}
#endif

MarkWords bestMarkWords()
{
#if defined(__x86_64__)
    static const bool hasAvx2 = __builtin_cpu_supports("avx2") != 0;
    if (hasAvx2)
        return markWordsAvx2;
#endif
    return markWords;
}
} // namespace

DelimiterMarks::DelimiterMarks(std::string_view text, char delimiter)
    : m_marks(std::make_unique_for_overwrite<std::uint32_t[]>(text.size() + 8))
{
    constexpr auto bytesAtATime = 64 * wordsAtATime;
    const auto mark = bestMarkWords();
    MarkedWords words;
    std::array<char, bytesAtATime> last{};
    std::uint32_t* next = m_marks.get();
    for (std::size_t base = 0; base < text.size(); base += bytesAtATime) {
        const auto bytes = text.size() - base;
        const char* source = text.data() + base;
        if (bytes < bytesAtATime) {
            last.fill(delimiter == '\0' ? ' ' : '\0');
            std::memcpy(last.data(), source, bytes);
            source = last.data();
        }
        mark(source, delimiter, words);
        for (std::size_t word = 0; word < wordsAtATime; ++word) {
            const auto position = static_cast<std::uint32_t>(base + 64 * word);
            auto bits = words.marks[word];
            for (auto feeds = words.lineFeeds[word]; feeds != 0; feeds &= feeds - 1)
                m_lines.push_back(static_cast<std::uint32_t>(next - m_marks.get()) +
                                  static_cast<std::uint32_t>(std::popcount(bits & ((feeds & -feeds) - 1))));
            // Eight at once without asking how many there are: cheaper than a branch that is often wrong.
            for (std::uint32_t* to = next; bits != 0; to += 8)
                for (std::size_t i = 0; i < 8; ++i, bits &= bits - 1)
                    to[i] = position + static_cast<std::uint32_t>(std::countr_zero(bits));
            next += std::popcount(words.marks[word]);
        }
    }
}

} // namespace faultline::records
