// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/fuzz/mutation.h"
#include <algorithm>
#include <array>
#include <string_view>

namespace faultline::fuzz
{

namespace
{

using namespace std::string_view_literals;

/// What parsers stumble over.
constexpr std::array breakers{"\0"sv,
                              "\n"sv,
                              "\r\n"sv,
                              "\r"sv,
                              "\""sv,
                              "\"\""sv,
                              ","sv,
                              ";"sv,
                              "\t"sv,
                              "\\"sv,
                              "{"sv,
                              "}"sv,
                              "[["sv,
                              ": "sv,
                              "- "sv,
                              "&a *a"sv,
                              "%"sv,
                              "\xFF"sv,
                              "\xED\xA0"sv,
                              "\xEF\xBB\xBF"sv,
                              "nan"sv,
                              "1e400"sv,
                              "-1"sv,
                              "9999"sv,
                              ":60"sv,
                              "-00:00"sv,
                              "99999999999999999999"sv};

std::size_t below(Random& random, std::size_t bound)
{
    return static_cast<std::size_t>(random.below(std::max<std::size_t>(bound, 1)));
}

std::string pieceOf(const std::string& text, Random& random)
{
    const auto start = below(random, text.size() + 1);
    return text.substr(start, 1 + below(random, std::min<std::size_t>(64, text.size() - start + 1)));
}

void edit(std::string& text, std::span<const std::string> inputs, Random& random)
{
    const auto at = below(random, text.size() + 1);
    switch (random.below(7)) {
    case 0:
        if (at < text.size())
            text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
        return;
    case 1:
        if (at < text.size())
            text[at] = static_cast<char>(random.below(256));
        return;
    case 2:
        text.insert(at, breakers[below(random, breakers.size())]);
        return;
    case 3:
        text.erase(at, 1 + below(random, 16));
        return;
    case 4:
        text.insert(at, pieceOf(text, random));
        return;
    case 5:
        text.insert(at, pieceOf(inputs[below(random, inputs.size())], random));
        return;
    default:
        if (random.below(4) == 0)
            text.resize(at);
        return;
    }
}

} // namespace

std::string mutated(std::span<const std::string> inputs, Random& random, std::size_t limitBytes)
{
    if (inputs.empty())
        return {};
    auto text = inputs[below(random, inputs.size())];
    for (auto edits = 1 + random.below(8); edits > 0; --edits)
        edit(text, inputs, random);
    text.resize(std::min(text.size(), limitBytes));
    return text;
}

} // namespace faultline::fuzz
