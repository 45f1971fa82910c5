// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// The names and values of one record. Views are of the line that was read, or of texts kept here.
class KeyValueRecord
{
public:
    struct Pair {
        std::string_view key, value;
    };
    static constexpr std::size_t maxPairs = 1'000; ///< of one record; those beyond are ignored

    void clear()
    {
        m_pairs.clear();
        m_usedTexts = 0;
        message = {};
    }
    void add(std::string_view key, std::string_view value)
    {
        if (m_pairs.size() < maxPairs)
            m_pairs.push_back({key, value});
    }
    /// A text that lives as long as the record's content.
    [[nodiscard]] std::string& text();
    [[nodiscard]] const std::vector<Pair>& pairs() const { return m_pairs; }
    [[nodiscard]] std::vector<Pair>& pairs() { return m_pairs; }
    /// The value of a key; "" when there is none.
    [[nodiscard]] std::string_view operator[](std::string_view key) const;

    std::string_view message; ///< "" when a value is the message

private:
    std::vector<Pair> m_pairs;
    std::deque<std::string> m_texts; ///< used again from record to record
    std::size_t m_usedTexts = 0;
};

/// A value without its escapes: \\n, \\t, \\r and any other escaped byte as it is.
[[nodiscard]] std::string_view unescaped(std::string_view value, KeyValueRecord& record);

} // namespace faultline::records
