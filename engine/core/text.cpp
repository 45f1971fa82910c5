// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace faultline
{

namespace
{
struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;
    bool valid = false; ///< else `bytes` is the length of the ill-formed piece
};

/// Decodes one code point (RFC 3629); an ill-formed piece is the longest prefix of a well-formed one, at least one
/// byte.
CodePoint decode(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4)
        return {};
    // The second byte's range shuts out overlong forms, surrogates and values above U+10FFFF.
    const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    char32_t value = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if (i >= text.size() || byte(i) < (i == 1 ? low : 0x80U) || byte(i) > (i == 1 ? high : 0xBFU))
            return {0, i, false};
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    return {value, length, true};
}

bool isHiddenControl(char32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xFEFF;
}

/// Control pictures begin at U+2400; delete is U+2421.
void appendPicture(std::string& out, char32_t control)
{
    const auto picture = control == 0x7F ? 0x21U : static_cast<unsigned>(control);
    out += "\xE2\x90";
    out += static_cast<char>(0x80U + picture);
}

std::string fixedDigits(double value, int decimals)
{
    std::array<char, 400> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
    return {text.data(), end.ptr};
}

/// Three significant digits of 0.001 <= value < 1,000.
std::string threeDigits(double value, bool keepZeros)
{
    const int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(value))), 0, 5);
    auto text = fixedDigits(value, decimals);
    if (!keepZeros && text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.')
            text.pop_back();
    }
    return text;
}

/// `value` in the largest of the units (each 1,000 times the one before) of which there is at least one.
template <std::size_t N>
std::string inUnits(double value, const std::array<const char*, N>& units)
{
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < N) {
        value /= 1'000.0;
        ++unit;
    }
    return threeDigits(value, true) + units[unit];
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}
} // namespace

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

std::optional<std::string> nearestWord(std::string_view typed, std::span<const std::string> known)
{
    typed = typed.substr(0, 256); // what a person types; a pasted file would take O(n^2)
    const auto limit = std::max<std::size_t>(1, typed.size() / 3);
    const std::string* best = nullptr;
    std::size_t bestDistance = limit + 1;
    for (const auto& word : known) {
        const auto gap = word.size() > typed.size() ? word.size() - typed.size() : typed.size() - word.size();
        if (gap >= bestDistance)
            continue;
        if (const auto distance = editDistance(typed, word); distance < bestDistance) {
            best = &word;
            bestDistance = distance;
        }
    }
    return best != nullptr ? std::optional(*best) : std::nullopt;
}

std::size_t invalidUtf8Bytes(std::string_view text)
{
    std::size_t invalid = 0;
    while (!text.empty()) {
        const auto point = decode(text);
        if (!point.valid)
            invalid += point.bytes;
        text.remove_prefix(point.bytes);
    }
    return invalid;
}

std::string displayText(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto point = decode(text);
        if (!point.valid || (point.value >= 0x80 && point.value < 0xA0)) {
            out += "\xEF\xBF\xBD"; // U+FFFD; C1 controls have no pictures of their own
        } else if ((point.value < 0x20 && point.value != '\t') || point.value == 0x7F) {
            appendPicture(out, point.value);
        } else if (isHiddenControl(point.value)) {
            std::array<char, 16> name{};
            std::snprintf(name.data(), name.size(), "<U+%04X>", static_cast<unsigned>(point.value));
            out += name.data();
        } else {
            out += text.substr(0, point.bytes);
        }
        text.remove_prefix(point.bytes);
    }
    return out;
}

std::string csvText(std::string_view text)
{
    std::string content;
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        content = '\'';
    content += text;
    if (content.find_first_of(",\"\r\n") == std::string::npos)
        return content;
    std::string out = "\"";
    for (const char c : content)
        out.append(c == '"' ? 2 : 1, c);
    return out + '"';
}

std::string formatNumber(double value)
{
    if (std::isnan(value))
        return "nan";
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end.ptr};
}

std::string formatMeasure(double value)
{
    if (!std::isfinite(value) || value == 0.0)
        return value == 0.0 ? "0" : formatNumber(value);
    const double size = std::abs(value);
    const std::string sign = value < 0.0 ? "-" : "";
    if (size >= 999'500.0 && size < 999.5e12)
        return sign + inUnits(size / 1e6, std::array{" M", " G", " T"});
    if (size < 999.5e12 && size >= 999.5)
        return sign + formatCount(static_cast<std::uint64_t>(std::llround(size)));
    if (size < 999.5 && size >= 0.001)
        return sign + threeDigits(size, false);
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific, 1);
    return {text.data(), end.ptr};
}

std::string formatCount(std::uint64_t value)
{
    auto text = std::to_string(value);
    for (auto place = text.size(); place > 3; place -= 3)
        text.insert(place - 3, 1, ',');
    return text;
}

std::string formatBytes(std::uint64_t bytes)
{
    if (bytes < 1'000)
        return std::to_string(bytes) + " B";
    double value = static_cast<double>(bytes);
    constexpr std::array units{" B", " kB", " MB", " GB", " TB", " PB", " EB"};
    std::size_t unit = 0;
    while (value >= 999.95 && unit + 1 < units.size()) {
        value /= 1'000.0;
        ++unit;
    }
    return fixedDigits(value, 1) + units[unit];
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::string_view trim(std::string_view text)
{
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::optional<double> parseNumber(std::string_view text)
{
    text = trim(text);
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    double value = 0.0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem == std::errc::invalid_argument || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    if (problem == std::errc::result_out_of_range) {
        // Too small counts as zero, too large is no number we can work with.
        const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
        const bool tiny = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos ||
                          digits.starts_with("0.") || digits.starts_with('.');
        return tiny ? std::optional(0.0) : std::nullopt;
    }
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

} // namespace faultline
