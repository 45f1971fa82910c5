// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstdint>
#include <string>
#include <string_view>

namespace faultline
{

/// Largest resident memory of this process so far, in bytes.
[[nodiscard]] std::uint64_t peakMemoryBytes();

/// Writes a file so that a crash or a full disk leaves either the old content or the new: a temporary file beside it, fsync,
/// rename, fsync of the directory. Io error with path and reason.
[[nodiscard]] Result<void> writeFileAtomically(const std::string& path, std::string_view content);

/// The whole content of a small file. Io error when absent, unreadable, a folder, or larger than `limitBytes`.
[[nodiscard]] Result<std::string> readSmallFile(const std::string& path, std::uint64_t limitBytes);

} // namespace faultline
