// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace faultline::sources
{

enum class Compression : std::uint8_t { None, Gzip, Zstd, Xz, Bzip2 };
/// How the text was written before it was made UTF-8. Windows1252 stands for Latin-1 as well, which it contains.
enum class Encoding : std::uint8_t { Utf8, Utf16Le, Utf16Be, Windows1252 };

/// "none", "gzip", "zstd", "xz", "bzip2".
[[nodiscard]] const char* compressionName(Compression compression);
/// "UTF-8", "UTF-16 LE", "UTF-16 BE", "Windows-1252".
[[nodiscard]] const char* encodingName(Encoding encoding);
/// By any of its usual names, in any case: utf-8, utf-16 (little endian), utf-16le, utf-16be, windows-1252, cp1252,
/// latin-1, iso-8859-1. Usage error for others, naming these.
[[nodiscard]] Result<Encoding> encodingNamed(std::string_view name);

/// How a source is to be opened.
struct OpenOptions {
    std::optional<Encoding> encoding{}; ///< decided from the first bytes when empty
    bool allowExpansion = false;        ///< compressed content may exceed the limits of ExpansionLimit
    std::stop_token stop{};             ///< ends the wait for a pipe that is silent
    std::string spoolFolder{};          ///< of the temporary copy (see Spool); "" = $TMPDIR, else /var/tmp
};

/// A run of bytes of the (decompressed) content: whole lines, each with its line end (the content's last line may lack
/// one); or, for a line longer than the block size, a piece of that line and nothing else.
struct Block {
    std::string_view bytes;        ///< valid as long as `owner` lives
    std::uint64_t offset = 0;      ///< position of the first byte in the decompressed content
    bool startsInsideLine = false; ///< a piece of a line longer than a block: not its first
    bool endsInsideLine = false;   ///< a piece of a line longer than a block: not its last
    bool unfinished = false; ///< half a line and nothing else: its writer was not done with it, or the rest is lost
    std::shared_ptr<const void> owner; ///< shared: keeps the bytes alive while parsers on other threads read them
};

/// Reads a source's content once, front to back, in blocks. One thread at a time.
class BlockReader
{
public:
    virtual ~BlockReader() = default;
    /// The next block; nullopt at the end of the content. Io error when nothing at all could be read, beyond the
    /// ExpansionLimit, and when the disk of the spool is full; Cancelled.
    [[nodiscard]] virtual Result<std::optional<Block>> next() = 0;
    /// Bytes of the file (compressed as they are) that have been consumed so far; for progress.
    [[nodiscard]] virtual std::uint64_t consumedFileBytes() const = 0;
};

/// An opened file or pipe. Content is addressed by position in the decompressed bytes, as UTF-8, without a byte order
/// mark.
///
/// Plain files are read with pread() and never mapped: a log that is cut short by its writer while it is read here
/// would be a SIGBUS, and mapped pages would count as this program's memory. What is appended after opening is not
/// seen. Compression is known by its magic bytes, whatever the file is called; members follow each other (gzip members,
/// zstd frames, xz and bzip2 streams), and a truncated or damaged file yields what could be decoded and a warning()
/// that says where it broke. Gzip is inflated as a stream; while streaming, an access point (32 KiB window) is kept
/// every 4 MiB of output, so that text can be read again anywhere without starting over. What cannot be addressed
/// cheaply (the other compressions, pipes, text in another encoding, lines that end in carriage returns) is read once
/// and kept in a Spool. Thread-safe: read() may be called from any thread, also while forEachBlock() runs on another.
class Source
{
public:
    /// `path`: a file, a named pipe, or "-" for standard input. What comes through a pipe can be had once only, so a
    /// pipe that is opened again is the same source, for as long as the program runs. Io error (with the reason and a
    /// remedy) when the path is absent, unreadable, a folder, a device, or an archive; Cancelled.
    [[nodiscard]] static Result<std::shared_ptr<Source>> open(const std::string& path, const OpenOptions& options = {});
    virtual ~Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    [[nodiscard]] virtual const std::string& path() const = 0;
    [[nodiscard]] virtual Compression compression() const = 0;
    [[nodiscard]] virtual Encoding encoding() const { return Encoding::Utf8; }
    /// 0 for a pipe.
    [[nodiscard]] virtual std::uint64_t fileBytes() const = 0;
    /// Modification time of the file; used to complete dates without a year.
    [[nodiscard]] virtual std::int64_t modifiedUs() const = 0;
    /// Size of the decompressed content as far as known: whole for plain files, what was read so far for others.
    [[nodiscard]] virtual std::uint64_t contentBytes() const = 0;
    /// Share of the file that has been consumed at decompressed position `offset`, 0..1 (for progress).
    [[nodiscard]] virtual double fractionAt(std::uint64_t offset) const = 0;
    /// Empty, or what was wrong with the file that did not prevent reading the rest ("gzip data ends early at byte N
    /// ...").
    [[nodiscard]] virtual std::string warning() const = 0;

    /// A reader at the start of the content, for blocks of at most `blockBytes`. The source must outlive it.
    [[nodiscard]] virtual std::unique_ptr<BlockReader> blocks(std::size_t blockBytes) = 0;
    /// Hands the content over in order. `take` returns false to stop early. Advances the job by the bytes of the file
    /// that were consumed. Cancelled when the job was stopped; errors of BlockReader::next().
    [[nodiscard]] Result<void> forEachBlock(std::size_t blockBytes, const std::function<bool(Block)>& take,
                                            JobContext& job);
    /// The bytes [offset, offset + bytes), fewer at the end of the content. For gzip at most 4 MiB are inflated to get
    /// there; of a spooled source, what lies before it is read first when nobody did.
    [[nodiscard]] virtual Result<std::string> read(std::uint64_t offset, std::size_t bytes) const = 0;
    /// The first `bytes` of the content (fewer when it is shorter).
    [[nodiscard]] Result<std::string> head(std::size_t bytes) const { return read(0, bytes); }

protected:
    Source() = default;
};

} // namespace faultline::sources
