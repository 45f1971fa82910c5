// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/hash.h"
#include "engine/store/case_file.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sys/stat.h>

namespace faultline::store
{

Result<StoredSource> describeSource(const std::string& path)
{
    constexpr std::uint64_t partBytes = 1ULL << 20;
    struct stat status {
    };
    const auto unreadable = [&](const std::string& why) {
        return fail(
            {ErrorCode::Io, "cannot read the file: " + why, {.file = path}, "check the path and its permissions"});
    };
    if (::stat(path.c_str(), &status) != 0)
        return unreadable(std::strerror(errno));
    if (!S_ISREG(status.st_mode))
        return unreadable("it is not a regular file");
    StoredSource source{.path = path, .bytes = static_cast<std::uint64_t>(status.st_size)};
    source.modified_us = status.st_mtim.tv_sec * second_us + status.st_mtim.tv_nsec / 1'000;
    std::ifstream file(path, std::ios::binary);
    const auto first = std::min(source.bytes, partBytes);
    const auto last = std::min(source.bytes - first, partBytes);
    std::string parts(first + last, '\0');
    file.read(parts.data(), static_cast<std::streamsize>(first));
    file.seekg(static_cast<std::streamoff>(source.bytes - last));
    file.read(parts.data() + first, static_cast<std::streamsize>(last));
    if (!file)
        return unreadable("it ended early or may not be read");
    parts += std::to_string(source.bytes);
    source.sha256 = sha256Hex(std::as_bytes(std::span(parts)));
    return source;
}

} // namespace faultline::store
