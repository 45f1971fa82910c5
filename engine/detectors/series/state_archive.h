// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace faultline::detectors
{

/// Collects a running state as plain numbers, in the order in which its parts name them. A part has a static
/// `fields(self, archive)` that passes its members to the archive, so one list serves for writing and for reading.
class StateWriter
{
public:
    template <class... Fields>
    void operator()(const Fields&... fields)
    {
        (write(fields), ...);
    }
    std::vector<double> numbers;
    std::vector<std::int64_t> counts;

private:
    void write(double value) { numbers.push_back(value); }
    template <std::integral T>
    void write(T value)
    {
        counts.push_back(static_cast<std::int64_t>(value));
    }
    void write(const std::vector<double>& values)
    {
        write(values.size());
        numbers.insert(numbers.end(), values.begin(), values.end());
    }
    void write(const std::vector<std::int64_t>& values)
    {
        write(values.size());
        counts.insert(counts.end(), values.begin(), values.end());
    }
    template <class Part>
    void write(const std::vector<Part>& parts)
    {
        write(parts.size());
        for (const auto& part : parts)
            write(part);
    }
    template <class Part>
    requires std::is_class_v<Part>
    void write(const Part& part) { Part::fields(part, *this); }
};

/// Hands a StateWriter's numbers back. The content is hostile: ok() is false once more was asked for than there is, or
/// a number was not finite or absurd; what was read then is zero. Ranges are checked by each part's isSound().
class StateReader
{
public:
    StateReader(std::vector<double> numbers, std::vector<std::int64_t> counts)
        : m_numbers(std::move(numbers)), m_counts(std::move(counts))
    {
    }
    template <class... Fields>
    void operator()(Fields&... fields)
    {
        (read(fields), ...);
    }
    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] bool atEnd() const { return m_number == m_numbers.size() && m_count == m_counts.size(); }

private:
    void read(double& value)
    {
        m_ok = m_ok && m_number < m_numbers.size() && std::abs(m_numbers[m_number]) <= largestNumber;
        value = m_ok ? m_numbers[m_number++] : 0.0;
    }
    template <std::integral T>
    void read(T& value)
    {
        m_ok = m_ok && m_count < m_counts.size();
        value = m_ok ? static_cast<T>(m_counts[m_count++]) : T{};
    }
    template <class Value>
    void read(std::vector<Value>& values)
    {
        std::size_t size = 0;
        read(size);
        // Each element takes one number at least, so a size beyond what is left is a lie.
        m_ok = m_ok && size <= m_numbers.size() - m_number + m_counts.size() - m_count;
        values.assign(m_ok ? size : 0, Value{});
        for (auto& value : values)
            read(value);
    }
    template <class Part>
    requires std::is_class_v<Part>
    void read(Part& part) { Part::fields(part, *this); }

    static constexpr double largestNumber = 1e152; ///< beyond what any state holds; its square is finite
    std::vector<double> m_numbers;
    std::vector<std::int64_t> m_counts;
    std::size_t m_number = 0, m_count = 0;
    bool m_ok = true;
};

} // namespace faultline::detectors
