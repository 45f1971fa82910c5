// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/file_stream.h"

namespace faultline::sources
{

Result<std::size_t> FileStream::fill(std::span<char> target)
{
    const auto got = m_file->readAt(m_position, target);
    if (!got && m_position == 0)
        return got;
    m_position += got.value_or(0);
    if (!got)
        m_problem = "the file cannot be read beyond byte " + std::to_string(m_position);
    else if (*got < target.size() && m_position < m_file->bytes())
        m_problem = "the file was cut short while it was read, at byte " + std::to_string(m_position) + " of " +
                    std::to_string(m_file->bytes());
    else if (*got < target.size() && m_file->replaced())
        m_problem = rotationWarning;
    return got.value_or(0);
}

} // namespace faultline::sources
