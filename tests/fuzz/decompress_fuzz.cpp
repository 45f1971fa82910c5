// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/sources/source.h"
#include "tests/fuzz/check.h"
#include <algorithm>
#include <sys/mman.h>
#include <unistd.h>

using namespace faultline;

namespace
{

constexpr std::size_t streamedBytes = 4U << 20; ///< a bomb is not followed further than this

/// A file in memory that has a path like any other.
class MemoryFile
{
public:
    explicit MemoryFile(std::string_view content) : m_file(::memfd_create("fuzz", MFD_CLOEXEC))
    {
        const auto written = ::write(m_file, content.data(), content.size());
        fuzz::require(written == static_cast<ssize_t>(content.size()), "the input is written into memory");
    }
    ~MemoryFile() { ::close(m_file); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(m_file); }

private:
    int m_file;
};

/// The content, front to back; what blocks promise of themselves is asserted on the way.
std::string streamed(sources::Source& source, std::size_t blockBytes)
{
    std::string content;
    bool inside = false;
    QuietJob job;
    const auto done = source.forEachBlock(
        blockBytes,
        [&](const sources::Block& block) {
            fuzz::require(block.offset == content.size(), "blocks follow each other without a gap");
            fuzz::require(!block.bytes.empty() && block.bytes.size() <= blockBytes,
                          "a block holds bytes, and not too many");
            fuzz::require(block.startsInsideLine == inside, "a piece of a line goes on where the one before stopped");
            inside = block.endsInsideLine;
            content += block.bytes;
            return content.size() < streamedBytes;
        },
        job);
    if (!done)
        fuzz::require(!done.error().message.empty(), "an error says what is wrong");
    return content;
}

} // namespace

/// Whatever the bytes are, what is read at any offset is what was streamed there.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::Bytes bytes(data, size);
    const std::size_t blockBytes = 16U + 64U * bytes.byte();
    Random random(bytes.byte());
    const MemoryFile file(bytes.rest());
    const auto source = sources::Source::open(file.path());
    if (!source) {
        fuzz::require(!source.error().message.empty(), "an error says what is wrong");
        return 0;
    }
    const auto content = streamed(**source, blockBytes);
    for (int i = 0; i < 8; ++i) {
        const auto offset = random.below(content.size() + 2);
        const auto count = static_cast<std::size_t>(random.below(300));
        const auto read = (*source)->read(offset, count);
        if (!read)
            continue; // reading behind damage may fail, with a reason
        const auto known = std::min<std::size_t>(content.size() - std::min<std::size_t>(offset, content.size()), count);
        fuzz::require(read->size() <= count && read->size() >= known, "as many bytes are read as were streamed");
        fuzz::require(std::string_view(*read).substr(0, known) ==
                          std::string_view(content).substr(std::min<std::size_t>(offset, content.size()), known),
                      "the bytes read are those streamed");
    }
    (void)(*source)->warning();
    return 0;
}
