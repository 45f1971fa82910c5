// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace faultline
{

/// Interns strings: equal text gets the same dense id, in order of first appearance. Views stay valid as long as the pool.
/// Costs about 80 bytes plus the text for each distinct string. Not thread-safe while interning.
class StringPool
{
public:
    StringPool() = default;
    StringPool(const StringPool& other) { *this = other; }
    StringPool& operator=(const StringPool& other)
    {
        if (this == &other)
            return *this;
        m_ids.clear();
        m_texts.clear();
        for (const auto& text : other.m_texts)
            intern(text);
        return *this;
    }
    StringPool(StringPool&&) noexcept = default;
    StringPool& operator=(StringPool&&) noexcept = default;

    std::uint32_t intern(std::string_view text)
    {
        if (const auto it = m_ids.find(text); it != m_ids.end())
            return it->second;
        const auto id = static_cast<std::uint32_t>(m_texts.size());
        m_texts.emplace_back(text);
        m_ids.emplace(m_texts.back(), id);
        return id;
    }
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const
    {
        const auto it = m_ids.find(text);
        return it == m_ids.end() ? std::nullopt : std::optional(it->second);
    }
    [[nodiscard]] const std::string& operator[](std::uint32_t id) const { return m_texts[id]; }
    [[nodiscard]] std::size_t size() const { return m_texts.size(); }
    [[nodiscard]] bool empty() const { return m_texts.empty(); }
    [[nodiscard]] std::vector<std::string> all() const { return {m_texts.begin(), m_texts.end()}; }

private:
    std::deque<std::string> m_texts; // a deque keeps addresses, which m_ids' keys view
    std::unordered_map<std::string_view, std::uint32_t> m_ids;
};

} // namespace faultline
