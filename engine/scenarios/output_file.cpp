// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/output_file.h"
#include <cerrno>
#include <system_error>

namespace faultline::scenarios
{

Result<OutputFile> OutputFile::create(std::string path)
{
    OutputFile file;
    file.m_path = std::move(path);
    file.m_partialPath = file.m_path + ".partial";
    errno = 0;
    file.m_file.reset(std::fopen(file.m_partialPath.c_str(), "wb"));
    if (!file.m_file) {
        file.m_errno = errno;
        return fail(file.error());
    }
    std::setvbuf(file.m_file.get(), nullptr, _IONBF, 0); // m_buffer is the buffer
    return file;
}

OutputFile::~OutputFile()
{
    if (!m_file)
        return;
    m_file.reset();
    std::remove(m_partialPath.c_str());
}

void OutputFile::flush()
{
    errno = 0;
    if (m_errno == 0 && std::fwrite(m_buffer.data(), 1, m_buffer.size(), m_file.get()) != m_buffer.size())
        m_errno = errno != 0 ? errno : EIO;
    m_written += m_buffer.size();
    m_buffer.clear();
}

Result<void> OutputFile::complete()
{
    flush();
    if (m_errno != 0)
        return fail(error());
    if (std::fclose(m_file.release()) != 0 || std::rename(m_partialPath.c_str(), m_path.c_str()) != 0) {
        m_errno = errno;
        std::remove(m_partialPath.c_str());
        return fail(error());
    }
    return {};
}

Error OutputFile::error() const
{
    return {.code = ErrorCode::Io,
            .message = "cannot write the file: " + std::generic_category().message(m_errno),
            .where = {.file = m_path},
            .hint = "choose a folder that you may write to, with enough free space"};
}

} // namespace faultline::scenarios
