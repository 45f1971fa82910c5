// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/file_handle.h"
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <zlib.h>

namespace faultline::sources
{

/// A place in a gzip file where inflating can begin again: the end of a deflate block.
struct AccessPoint {
    std::uint64_t out = 0;    ///< position in the content
    std::uint64_t in = 0;     ///< position in the file of the first byte that is not used up
    int bits = 0;             ///< of the byte before `in`, bits that still belong to what follows
    bool memberStart = false; ///< a gzip header follows; there is no window
    std::string window{};     ///< up to 32 KiB of content before `out`
};

/// The access points of one file, at least `spacing` apart. Thread-safe: any inflater that passes new ground adds to
/// it.
class AccessIndex
{
public:
    static constexpr std::uint64_t spacing = 4ULL << 20;

    AccessIndex() { m_points.push_back({.memberStart = true}); }
    [[nodiscard]] bool wants(std::uint64_t out) const;
    void add(AccessPoint point);
    [[nodiscard]] AccessPoint nearest(std::uint64_t out) const;
    /// Where in the file the content at `out` comes from, interpolated between points.
    [[nodiscard]] double filePosition(std::uint64_t out, std::uint64_t contentBytes, std::uint64_t fileBytes) const;

private:
    mutable std::mutex m_mutex;
    std::vector<AccessPoint> m_points; ///< sorted by `out`; the first is the start of the file
};

/// Inflates a gzip file of any number of members from an access point on (Deutsch 1996, RFC 1951 and 1952; the way to
/// begin inside a stream follows the zlib manual: inflatePrime and inflateSetDictionary). Checksums are checked for
/// members that were begun at their start.
class Inflater
{
public:
    Inflater(const FileHandle& file, AccessIndex& index, const AccessPoint& from);
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Fills `target`; fewer bytes only at the end or where the data is damaged, see problem().
    [[nodiscard]] std::size_t fill(std::span<char> target);
    [[nodiscard]] std::uint64_t position() const { return m_out; }
    [[nodiscard]] std::uint64_t consumedFileBytes() const { return m_in - m_stream.avail_in; }
    /// Empty, or why the content ends before it should.
    [[nodiscard]] const std::string& problem() const { return m_problem; }

private:
    [[nodiscard]] bool refill();
    [[nodiscard]] bool nextMember();
    [[nodiscard]] bool skip(std::size_t bytes);
    void addPoint();
    void stopAt(const std::string& what);

    const FileHandle* m_file;
    AccessIndex* m_index;
    z_stream m_stream{};
    std::vector<unsigned char> m_input;
    std::uint64_t m_in = 0;  ///< file position behind the input buffer
    std::uint64_t m_out = 0; ///< content position
    bool m_raw = false;      ///< begun inside a member: no header, no checksum
    bool m_done = false;
    std::string m_problem;
};

} // namespace faultline::sources
