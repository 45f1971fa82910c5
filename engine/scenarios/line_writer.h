// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace faultline::scenarios
{

/// A number with a fixed count of decimals, rounded half up; not negative, below 1e15.
struct Decimal {
    double value = 0.0;
    int digits = 0; ///< 0..6
};
/// The lowest digits of a number in base 16, lower case.
struct Hex {
    std::uint64_t value = 0;
    int digits = 8;
};
/// A number filled up with zeros from the left.
struct Zeros {
    std::uint64_t value = 0;
    int width = 2;
};

/// Appends text and numbers to a string, without locale, streams or temporary strings: a generator of a hundred million
/// lines spends most of its time here.
class LineWriter
{
public:
    explicit LineWriter(std::string& out) : m_out(&out) {}

    LineWriter& operator<<(std::string_view text)
    {
        m_out->append(text);
        return *this;
    }
    LineWriter& operator<<(const char* text) { return *this << std::string_view(text); }
    LineWriter& operator<<(char c)
    {
        m_out->push_back(c);
        return *this;
    }
    template <std::unsigned_integral T>
    LineWriter& operator<<(T value)
    {
        char digits[20];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        m_out->append(digits, end);
        return *this;
    }
    LineWriter& operator<<(Zeros number)
    {
        char digits[20];
        const auto end = std::to_chars(digits, digits + sizeof digits, number.value).ptr;
        const auto length = static_cast<int>(end - digits);
        if (length < number.width)
            m_out->append(static_cast<std::size_t>(number.width - length), '0');
        m_out->append(digits, end);
        return *this;
    }
    LineWriter& operator<<(Decimal number)
    {
        constexpr std::uint64_t powers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};
        const auto scale = powers[number.digits];
        const auto scaled = static_cast<std::uint64_t>(number.value * static_cast<double>(scale) + 0.5);
        *this << scaled / scale;
        if (number.digits > 0)
            *this << '.' << Zeros{scaled % scale, number.digits};
        return *this;
    }
    LineWriter& operator<<(Hex number)
    {
        for (int shift = 4 * (number.digits - 1); shift >= 0; shift -= 4)
            m_out->push_back("0123456789abcdef"[(number.value >> shift) & 15U]);
        return *this;
    }

private:
    std::string* m_out; // a pointer, so that writers can be assigned
};

} // namespace faultline::scenarios
