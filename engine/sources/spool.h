// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::sources
{

/// Content that cannot be had again cheaply (or at all), kept so that any part of it can: zstd frames (level 1) of 1
/// MiB each in an unlinked file of $TMPDIR, else /var/tmp, with their positions in memory. Logs take about a tenth of
/// their size there. What packs to less than 256 KiB stays in memory and needs no file. Not thread-safe.
class Spool
{
public:
    static constexpr std::size_t frameBytes = 1U << 20;

    /// `folder`: "" for the default.
    explicit Spool(std::string folder);
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    /// Io error when the temporary file cannot be made or written (disk full), with what to do.
    [[nodiscard]] Result<void> append(std::string_view bytes);
    /// After the last append: packs the last frame and gives back the memory it took.
    [[nodiscard]] Result<void> finish();
    [[nodiscard]] std::uint64_t bytes() const { return m_packedContent + m_open.size(); }
    /// The bytes from `position` on, fewer at the end. Inflates each frame that is touched; the last two stay inflated.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t position, std::span<char> target);

private:
    struct Frame {
        std::uint64_t position = 0; ///< in the spool's file
        std::uint32_t packedBytes = 0;
    };
    struct Inflated {
        std::size_t frame = 0;
        std::string bytes;
    };
    [[nodiscard]] Result<void> seal();
    [[nodiscard]] Result<void> store(std::string_view packed);
    [[nodiscard]] Result<void> createFile();
    [[nodiscard]] Result<void> write(std::string_view bytes, std::uint64_t position);
    [[nodiscard]] Result<std::string> packedFrame(const Frame& frame) const;
    [[nodiscard]] Result<const std::string*> inflated(std::size_t frame);

    std::string m_folder;
    int m_descriptor = -1;
    std::uint64_t m_packedContent = 0; ///< content in sealed frames: all of frameBytes but the last one
    std::uint64_t m_storedBytes = 0;
    std::vector<Frame> m_frames;
    std::string m_open;   ///< content behind the sealed frames
    std::string m_memory; ///< what is stored, while there is no file
    std::string m_packed; ///< buffer
    struct Packer;
    std::unique_ptr<Packer> m_packer; ///< from the first frame to finish()
    std::list<Inflated> m_recent;
};

} // namespace faultline::sources
