// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace faultline
{

/// FNV-1a, 64 bits: stable across platforms and versions, for ids that are stored. Not for hostile keys.
[[nodiscard]] constexpr std::uint64_t stableHash(std::string_view text, std::uint64_t seed = 0xcbf29ce484222325ULL)
{
    for (const char c : text)
        seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return seed;
}

/// SHA-256 (FIPS 180-4) as 64 lower-case hex digits.
[[nodiscard]] std::string sha256Hex(std::span<const std::byte> bytes);

} // namespace faultline
