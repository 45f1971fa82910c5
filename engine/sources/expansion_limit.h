// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstdint>
#include <string>

namespace faultline::sources
{

/// How much content may come out of compressed bytes before a person has to say that it is meant: a few kilobytes that
/// never stop growing (a decompression bomb) must not fill a disk. Counts decompressed bytes. Logs compress to between
/// 1:5 and 1:100, the emptiest of them to 1:1,000; short content may be as regular as it likes.
struct ExpansionLimit {
    static constexpr std::uint64_t contentBytes = 64ULL << 30;
    static constexpr std::uint64_t ratio = 2'000;
    static constexpr std::uint64_t ratioFrom = 64ULL << 20; ///< content, from which on the ratio counts

    /// `packedBytes`: of the whole file, or what has been read of it where its size is not known.
    [[nodiscard]] static bool exceeded(std::uint64_t content, std::uint64_t packedBytes)
    {
        return content > contentBytes || (content > ratioFrom && content / ratio > packedBytes);
    }
    [[nodiscard]] static Error error(const std::string& path, std::uint64_t content, std::uint64_t packedBytes);
};

} // namespace faultline::sources
