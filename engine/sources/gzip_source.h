// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/inflater.h"
#include "engine/sources/source.h"
#include <atomic>
#include <list>
#include <mutex>

namespace faultline::sources
{

/// A gzip file. Random reads inflate from the nearest access point and keep what they inflated of the last four
/// stretches (at most 16 MiB each), so that paging through neighbouring records inflates once.
class GzipSource final : public Source
{
public:
    GzipSource(FileHandle file, bool allowExpansion) : m_file(std::move(file)), m_allowExpansion(allowExpansion) {}

    [[nodiscard]] const std::string& path() const override { return m_file.path(); }
    [[nodiscard]] Compression compression() const override { return Compression::Gzip; }
    [[nodiscard]] std::uint64_t fileBytes() const override { return m_file.bytes(); }
    [[nodiscard]] std::int64_t modifiedUs() const override { return m_file.modifiedUs(); }
    [[nodiscard]] std::uint64_t contentBytes() const override { return m_contentBytes; }
    [[nodiscard]] double fractionAt(std::uint64_t offset) const override;
    [[nodiscard]] std::string warning() const override;
    [[nodiscard]] std::unique_ptr<BlockReader> blocks(std::size_t blockBytes) override;
    [[nodiscard]] Result<std::string> read(std::uint64_t offset, std::size_t bytes) const override;

private:
    class Stream;
    struct Stretch {
        std::uint64_t start = 0;
        std::string bytes;
        std::unique_ptr<Inflater> inflater; ///< stands at the end of `bytes`
    };
    Stretch& stretchAt(const AccessPoint& point) const;

    FileHandle m_file;
    bool m_allowExpansion;
    mutable AccessIndex m_index;
    std::atomic<std::uint64_t> m_contentBytes{0};
    mutable std::mutex m_mutex; ///< guards what follows
    mutable std::list<Stretch> m_recent;
    std::string m_warning;
};

} // namespace faultline::sources
