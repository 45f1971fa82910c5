// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/message_scanner.h"
#include <cstdint>
#include <cstring>
#include <string_view>

namespace faultline::records::templates
{

/// The 64-bit hash of a shape, fed piece by piece. Saved with models, so it must not change: little-endian loads,
/// folded 64x64 multiplication. Not for hostile keys: whoever can choose messages could make two shapes share an id, no
/// worse.
class ShapeHash
{
public:
    void feed(const Piece& piece)
    {
        const auto head = static_cast<std::uint64_t>(piece.kind) << 2 | std::uint64_t{piece.spaceBefore} << 1 |
                          std::uint64_t{piece.masked};
        const auto text = piece.kind == TokenKind::Alphanumeric ? digitlessHash(piece.before) : textHash(piece.before);
        m_state = fold(m_state ^ text, 0x9e3779b97f4a7c15ULL + (head << 1));
        if (!piece.after.empty())
            m_state = fold(m_state ^ textHash(piece.after), 0xd6e8feb86659fd93ULL);
        if (piece.masked && piece.shown.data() != wildcard.data() && piece.shown != wildcard)
            m_state = fold(m_state ^ textHash(piece.shown), 0xff51afd7ed558ccdULL);
    }
    [[nodiscard]] std::uint64_t value() const { return m_state; }

    /// The text with each run of digits as one `#`.
    [[nodiscard]] static std::uint64_t digitlessHash(std::string_view text)
    {
        std::uint64_t state = text.size() ? 0x2545f4914f6cdd1dULL : 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const auto c = static_cast<unsigned char>(text[i]);
            const bool digit = c >= '0' && c <= '9';
            if (digit && i > 0 && text[i - 1] >= '0' && text[i - 1] <= '9')
                continue;
            state = (state ^ (digit ? '#' : c)) * 0x100000001b3ULL;
        }
        return state;
    }

private:
    static std::uint64_t fold(std::uint64_t a, std::uint64_t b)
    {
        __extension__ using Wide = unsigned __int128;
        const auto product = static_cast<Wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
    template <class T>
    static std::uint64_t load(const char* p)
    {
        T value;
        std::memcpy(&value, p, sizeof value);
        return value;
    }
    static std::uint64_t textHash(std::string_view text)
    {
        const auto n = text.size();
        const char* p = text.data();
        if (n == 0)
            return 0;
        if (n < 4)
            return n << 56 | load<std::uint8_t>(p) << 16 | load<std::uint8_t>(p + n / 2) << 8 |
                   load<std::uint8_t>(p + n - 1);
        if (n <= 8)
            return (n << 58) ^ (load<std::uint32_t>(p) << 32 | load<std::uint32_t>(p + n - 4));
        std::uint64_t state = n * 0xa0761d6478bd642fULL;
        for (std::size_t i = 0; i + 8 < n; i += 8)
            state = fold(state ^ load<std::uint64_t>(p + i), 0xe7037ed1a0b428dbULL);
        return fold(state ^ load<std::uint64_t>(p + n - 8), 0x8ebc6af09c88c6e3ULL);
    }

    std::uint64_t m_state = 0x8bb84b93962eacc9ULL;
};

} // namespace faultline::records::templates
