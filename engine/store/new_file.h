// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <string>
#include <utility>

namespace faultline::store
{

/// A file that is being made under a temporary name beside its final one. Removed again unless moveIntoPlace()
/// succeeded.
class NewFile
{
public:
    /// An empty file beside `path`. Io error when `path` exists or nothing can be written there.
    [[nodiscard]] static Result<NewFile> beside(const std::string& path);
    ~NewFile();
    NewFile(NewFile&& other) noexcept
        : m_path(std::move(other.m_path)), m_temporary(std::exchange(other.m_temporary, {}))
    {
    }
    NewFile& operator=(NewFile&&) = delete;

    [[nodiscard]] const std::string& temporaryPath() const { return m_temporary; }
    /// Gives the file its final name, durably; Io error when that name has been taken meanwhile.
    [[nodiscard]] Result<void> moveIntoPlace();

private:
    NewFile(std::string path, std::string temporary) : m_path(std::move(path)), m_temporary(std::move(temporary)) {}
    std::string m_path, m_temporary;
};

} // namespace faultline::store
