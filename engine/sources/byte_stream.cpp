// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/byte_stream.h"
#include <algorithm>
#include <cstring>

namespace faultline::sources
{

Result<std::size_t> LazyStream::fill(std::span<char> target)
{
    if (!m_made) {
        auto made = m_make();
        if (!made)
            return tl::unexpected(made.error());
        m_made = std::move(*made);
    }
    return m_made->fill(target);
}

Result<std::string_view> PeekStream::peek(std::size_t bytes)
{
    m_held.erase(0, m_taken);
    m_taken = 0;
    if (m_held.size() < bytes && !m_atEnd) {
        const auto held = m_held.size();
        m_held.resize(bytes);
        const auto added = m_below->fill({m_held.data() + held, bytes - held});
        m_held.resize(held + added.value_or(0));
        if (!added)
            return tl::unexpected(added.error());
        m_atEnd = m_held.size() < bytes;
    }
    return std::string_view(m_held).substr(0, bytes);
}

Result<std::size_t> PeekStream::fill(std::span<char> target)
{
    const auto held = std::min(target.size(), m_held.size() - m_taken);
    std::memcpy(target.data(), m_held.data() + m_taken, held);
    m_taken += held;
    if (m_taken == m_held.size() && m_taken != 0) {
        m_held = {};
        m_taken = 0;
    }
    if (held == target.size() || m_atEnd)
        return held;
    const auto added = m_below->fill(target.subspan(held));
    if (!added)
        return added;
    return held + *added;
}

} // namespace faultline::sources
