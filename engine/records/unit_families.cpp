// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/unit_families.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

namespace
{
constexpr double ki = 1024.0;

const std::vector<UnitFamily>& families()
{
    static const std::vector<UnitFamily> all{
        {"s",
         {{"ns", 1e-9},
          {"us", 1e-6},
          {"\xC2\xB5s", 1e-6},
          {"\xCE\xBCs", 1e-6},
          {"ms", 1e-3},
          {"msec", 1e-3},
          {"millis", 1e-3},
          {"s", 1},
          {"sec", 1},
          {"secs", 1},
          {"seconds", 1},
          {"min", 60},
          {"mins", 60},
          {"minutes", 60},
          {"h", 3'600},
          {"hr", 3'600},
          {"hours", 3'600},
          {"d", 86'400},
          {"days", 86'400}}},
        {"B",
         {{"B", 1},
          {"bytes", 1},
          {"kB", 1e3},
          {"KB", 1e3},
          {"MB", 1e6},
          {"GB", 1e9},
          {"TB", 1e12},
          {"KiB", ki},
          {"MiB", ki * ki},
          {"GiB", ki * ki * ki},
          {"TiB", ki * ki * ki * ki},
          {"Ki", ki},
          {"Mi", ki * ki},
          {"Gi", ki * ki * ki}}},
        {"B/s",
         {{"B/s", 1},
          {"kB/s", 1e3},
          {"KB/s", 1e3},
          {"MB/s", 1e6},
          {"GB/s", 1e9},
          {"KiB/s", ki},
          {"MiB/s", ki * ki},
          {"GiB/s", ki * ki * ki}}},
        {"bit/s",
         {{"bps", 1},
          {"bit/s", 1},
          {"kbps", 1e3},
          {"Kbps", 1e3},
          {"kbit/s", 1e3},
          {"Mbps", 1e6},
          {"Mbit/s", 1e6},
          {"Gbps", 1e9},
          {"Gbit/s", 1e9}}},
        {"Hz", {{"Hz", 1}, {"kHz", 1e3}, {"MHz", 1e6}, {"GHz", 1e9}}},
        {"W", {{"mW", 1e-3}, {"W", 1}, {"kW", 1e3}, {"MW", 1e6}}},
        {"V", {{"mV", 1e-3}, {"V", 1}, {"kV", 1e3}}},
        {"A", {{"mA", 1e-3}, {"A", 1}, {"kA", 1e3}}},
        {"", {{"", 1}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"B", 1e9}, {"T", 1e12}}},
        {"%", {{"%", 1}}},
    };
    return all;
}

constexpr std::array<std::string_view, 34> single{"%",
                                                  "\xC2\xB0"
                                                  "C",
                                                  "\xC2\xB0"
                                                  "F",
                                                  "C",
                                                  "F",
                                                  "K",
                                                  "rpm",
                                                  "RPM",
                                                  "dB",
                                                  "dBm",
                                                  "Pa",
                                                  "kPa",
                                                  "bar",
                                                  "psi",
                                                  "req/s",
                                                  "ops/s",
                                                  "rps",
                                                  "qps",
                                                  "/s",
                                                  "ops",
                                                  "Ops",
                                                  "req",
                                                  "m/s",
                                                  "l/min",
                                                  "count",
                                                  "Count",
                                                  "m",
                                                  "mm",
                                                  "cm",
                                                  "km",
                                                  "kg",
                                                  "g",
                                                  "Mi/s",
                                                  "percent"};
constexpr std::array<std::string_view, 12> currencies{"$",   "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5", "USD", "EUR",
                                                      "GBP", "JPY",          "CHF",      "CNY",      "INR", "US$"};

template <class Units>
bool holds(const Units& units, std::string_view unit)
{
    return std::find(units.begin(), units.end(), unit) != units.end();
}

bool looksLikeUnit(std::string_view word)
{
    return word.size() <= 12 && std::all_of(word.begin(), word.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '%' ||
                      (static_cast<unsigned char>(c) & 0x80U) != 0;
           });
}
} // namespace

std::optional<double> UnitFamily::factorOf(std::string_view unit) const
{
    for (const auto& [name, factor] : units)
        if (name == unit)
            return factor;
    return std::nullopt;
}

std::optional<UnitFamily> unitFamilyOf(std::span<const std::string> affixes)
{
    std::vector<std::string> named(affixes.begin(), affixes.end());
    std::erase(named, "");
    if (named.empty())
        return std::nullopt;
    const bool bare = named.size() < affixes.size();
    if (named.size() == 1 && (!bare || named.front() == "%" || holds(currencies, named.front())) &&
        (holds(currencies, named.front()) || looksLikeUnit(named.front())))
        return UnitFamily{.base = named.front(), .units = {}};
    for (const auto& family : families())
        if (std::all_of(affixes.begin(), affixes.end(),
                        [&](const std::string& unit) { return family.factorOf(unit).has_value(); }))
            return family;
    return std::nullopt;
}

bool isCurrency(std::string_view text)
{
    return holds(currencies, text);
}

bool isUnit(std::string_view text)
{
    if (text.size() >= 2 &&
        ((text.front() == '[' && text.back() == ']') || (text.front() == '(' && text.back() == ')')))
        text = text.substr(1, text.size() - 2);
    if (text.empty())
        return false;
    return holds(single, text) || holds(currencies, text) ||
           std::any_of(families().begin(), families().end(),
                       [&](const UnitFamily& family) { return family.factorOf(text).has_value(); });
}

} // namespace faultline::records
