// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/source.h"
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace faultline::sources
{

/// The decoder of one compression, fed by hand. A compressed file is a sequence of members (gzip's word; frames in
/// zstd, streams in xz and bzip2), each of which begins with its magic bytes.
class Codec
{
public:
    enum class Outcome : std::uint8_t { More, MemberEnd, Damaged };

    virtual ~Codec() = default;
    /// Prepares for a member's first byte; false when there is no memory for it.
    [[nodiscard]] virtual bool begin() = 0;
    /// Decodes from the front of `input` into the front of `output` and takes what was used off both. Without input or
    /// without room it may still hand out what it holds.
    [[nodiscard]] virtual Outcome decode(std::span<const unsigned char>& input, std::span<unsigned char>& output) = 0;
    /// Why the outcome was Damaged.
    [[nodiscard]] virtual std::string reason() const = 0;
};

/// For any compression but None. Memory: zlib 64 KiB, bzip2 4 MB, zstd up to a window of 128 MiB, xz up to 256 MiB;
/// what asks for more is damage with a reason that says so.
[[nodiscard]] std::unique_ptr<Codec> makeCodec(Compression compression);
/// The compression whose member begins with these bytes (six are enough); None for all others.
[[nodiscard]] Compression compressionOf(std::string_view head);

} // namespace faultline::sources
