// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/index_file.h"
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <zstd.h>

namespace faultline::pipeline
{

namespace
{

constexpr std::string_view magic = "FLINDEX1";
constexpr std::uint64_t mostContentBytes = 1ULL << 30; // raw; millions of blocks would fit

struct Trailer {
    std::uint64_t position = 0, bytes = 0, rawBytes = 0;
};

Error ioError(const std::string& path, const std::string& what)
{
    return {ErrorCode::Io, what + ": " + std::strerror(errno), {path, 0, 0}, "check the disk and its free space"};
}

bool readAll(int file, std::uint64_t position, void* target, std::size_t count)
{
    auto* at = static_cast<char*>(target);
    while (count > 0) {
        const auto got = ::pread(file, at, count, static_cast<off_t>(position));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        position += static_cast<std::uint64_t>(got);
        count -= static_cast<std::size_t>(got);
    }
    return true;
}

} // namespace

std::string compressBlock(std::span<const std::byte> bytes)
{
    const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 1);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    std::string frame(ZSTD_compressBound(bytes.size()), '\0');
    frame.resize(ZSTD_compress2(context.get(), frame.data(), frame.size(), bytes.data(), bytes.size()));
    return frame;
}

Result<IndexFileWriter> IndexFileWriter::create(const std::string& path)
{
    IndexFileWriter out;
    out.m_path = path;
    out.m_temporary = path + ".new-XXXXXX";
    out.m_file = ::mkostemp(out.m_temporary.data(), O_CLOEXEC);
    if (out.m_file < 0)
        return fail(ioError(path, "the index cannot be written here"));
    if (auto done = out.write(magic.data(), magic.size()); !done)
        return fail(done.error());
    return out;
}

IndexFileWriter::IndexFileWriter(IndexFileWriter&& other) noexcept
    : m_path(std::move(other.m_path)), m_temporary(std::move(other.m_temporary)),
      m_file(std::exchange(other.m_file, -1)), m_position(other.m_position), m_blocks(std::move(other.m_blocks))
{
}

IndexFileWriter::~IndexFileWriter()
{
    if (m_file < 0)
        return;
    ::close(m_file);
    ::unlink(m_temporary.c_str());
}

Result<void> IndexFileWriter::write(const void* bytes, std::size_t count)
{
    const auto* at = static_cast<const char*>(bytes);
    while (count > 0) {
        const auto put = ::write(m_file, at, count);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return fail(ioError(m_path, "the index could not be written"));
        at += put;
        count -= static_cast<std::size_t>(put);
        m_position += static_cast<std::uint64_t>(put);
    }
    return {};
}

Result<std::size_t> IndexFileWriter::append(const std::string& frame, std::size_t rawBytes)
{
    m_blocks.push_back({m_position, frame.size(), rawBytes});
    if (auto done = write(frame.data(), frame.size()); !done)
        return fail(done.error());
    return m_blocks.size() - 1;
}

Result<void> IndexFileWriter::finish(const nlohmann::json& facts)
{
    const auto text = nlohmann::json{{"facts", facts}, {"blocks", m_blocks}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
    const auto frame = compressBlock(std::as_bytes(std::span(text)));
    const Trailer trailer{m_position, frame.size(), text.size()};
    if (auto done = write(frame.data(), frame.size()); !done)
        return done;
    if (auto done = write(&trailer, sizeof trailer); !done)
        return done;
    if (::fsync(m_file) != 0 || ::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        return fail(ioError(m_path, "the index could not be put in place"));
    ::close(std::exchange(m_file, -1));
    const auto parent = std::filesystem::path(m_path).parent_path();
    if (const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

Result<IndexFileReader> IndexFileReader::open(const std::string& path)
{
    IndexFileReader in;
    in.m_path = path;
    in.m_file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {
    };
    if (in.m_file < 0 || ::fstat(in.m_file, &status) != 0)
        return fail(ioError(path, "the index cannot be read"));
    std::array<char, 8> head{};
    Trailer trailer;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size < magic.size() + sizeof trailer || !readAll(in.m_file, 0, head.data(), head.size()) ||
        std::string_view(head.data(), head.size()) != magic ||
        !readAll(in.m_file, size - sizeof trailer, &trailer, sizeof trailer))
        return fail(in.damaged("it is no index of this version"));
    if (trailer.rawBytes > mostContentBytes || trailer.position > size || trailer.bytes > size - trailer.position)
        return fail(in.damaged("its table of contents lies outside of it"));
    in.m_blocks = {{trailer.position, trailer.bytes, trailer.rawBytes}};
    std::string text(trailer.rawBytes, '\0');
    if (auto done = in.read(0, std::as_writable_bytes(std::span(text))); !done)
        return fail(done.error());
    in.m_blocks.clear();
    try {
        auto contents = nlohmann::json::parse(text);
        for (const auto& entry : contents.at("blocks")) {
            const Block block{entry.at(0), entry.at(1), entry.at(2)};
            if (block.position > size || block.bytes > size - block.position)
                return fail(in.damaged("a block lies outside of it"));
            in.m_blocks.push_back(block);
        }
        in.m_facts = std::move(contents.at("facts"));
    } catch (const nlohmann::json::exception&) {
        return fail(in.damaged("its table of contents cannot be read"));
    }
    return in;
}

IndexFileReader::IndexFileReader(IndexFileReader&& other) noexcept
    : m_path(std::move(other.m_path)), m_file(std::exchange(other.m_file, -1)), m_facts(std::move(other.m_facts)),
      m_blocks(std::move(other.m_blocks))
{
}

IndexFileReader::~IndexFileReader()
{
    if (m_file >= 0)
        ::close(m_file);
}

Error IndexFileReader::damaged(const std::string& what) const
{
    return {ErrorCode::Store, "the index is damaged: " + what, {m_path, 0, 0}, "delete it; the sources are read again"};
}

Result<void> IndexFileReader::read(std::size_t block, std::span<std::byte> target) const
{
    if (block >= m_blocks.size() || m_blocks[block].rawBytes != target.size())
        return fail(damaged("a block is missing or of another size"));
    std::string frame(m_blocks[block].bytes, '\0');
    if (!readAll(m_file, m_blocks[block].position, frame.data(), frame.size()))
        return fail(damaged("it ends early"));
    const auto got = ZSTD_decompress(target.data(), target.size(), frame.data(), frame.size());
    if (ZSTD_isError(got) != 0 || got != target.size())
        return fail(damaged("a block's checksum does not fit"));
    return {};
}

} // namespace faultline::pipeline
