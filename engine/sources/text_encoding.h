// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/byte_stream.h"
#include "engine/sources/source.h"

namespace faultline::sources
{

struct DetectedEncoding {
    Encoding encoding = Encoding::Utf8;
    std::size_t markBytes = 0; ///< of the byte order mark at the start
};

/// From the first bytes: a byte order mark; else NUL bytes at every second position (the ASCII in UTF-16); else bytes
/// over 0x7F that are mostly no UTF-8 but letters and signs of Windows-1252, in text without control characters, one in
/// 4,000 bytes or one in the first line. A few broken bytes leave it UTF-8. `forced` decides all but the mark.
[[nodiscard]] DetectedEncoding detectEncoding(std::string_view head, std::optional<Encoding> forced);

/// `below` as UTF-8, its first `skipBytes` left out. Surrogates without their partner and half characters at the end
/// become U+FFFD; problem() counts them. The five bytes that Windows-1252 leaves open become the C1 controls of the
/// same number (WHATWG Encoding, "windows-1252").
[[nodiscard]] std::unique_ptr<ByteStream> transcoded(std::unique_ptr<ByteStream> below, Encoding encoding,
                                                     std::size_t skipBytes);

/// The text ends its lines with carriage returns alone, as on old Macs: some are there, and no line feed.
[[nodiscard]] bool hasLoneReturns(std::string_view head);
/// `below` with each carriage return that no line feed follows as a line feed; positions stay.
[[nodiscard]] std::unique_ptr<ByteStream> withLineFeeds(std::unique_ptr<ByteStream> below);

/// Control characters other than tab, line ends, form feed and escape: text has next to none, unless it is well-formed,
/// has no NUL, and half of it stands in longer runs of printable characters (a captured terminal). A run of NULs counts
/// once.
[[nodiscard]] bool looksBinary(std::string_view sample);

} // namespace faultline::sources
