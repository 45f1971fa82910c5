// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdlib>
#include <filesystem>

namespace faultline::test
{

/// Real labelled data, which is not part of the repository: $FAULTLINE_DATA, or beside the project. Tests that need it
/// are skipped where it is absent.
inline std::filesystem::path dataFolder()
{
    const char* given = std::getenv("FAULTLINE_DATA");
    return given != nullptr ? std::filesystem::path(given)
                            : std::filesystem::path(FAULTLINE_SOURCE_DIR) / ".." / "shared" / "data";
}

} // namespace faultline::test
