// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_message.h"
#include "engine/core/text.h"
#include "engine/records/field_roles.h"
#include <algorithm>
#include <array>
#include <simdjson.h>
#include <string>

namespace faultline::records
{

namespace
{
struct Inner {
    std::string_view text;
    int rank = 1'000;
    Level level = Level::None;
};

Inner innerMessage(simdjson::dom::object object)
{
    Inner inner;
    for (const auto [key, value] : object) {
        std::string_view text;
        std::int64_t number = 0;
        if (value.get(text) == simdjson::SUCCESS) {
            if (const auto rank = messageNameRank(key); rank && *rank < inner.rank) {
                inner.rank = *rank;
                inner.text = text;
            } else if (levelNameRank(key)) {
                inner.level = readLevel(text).value_or(inner.level);
            }
        } else if (value.get(number) == simdjson::SUCCESS && levelNameRank(key)) {
            inner.level = levelOfNumber(static_cast<double>(number));
        }
    }
    return inner;
}
} // namespace

/// A layer's texts must live on while the layer below is read, so each has a parser of its own.
struct JsonMessage::Layers {
    struct Layer {
        simdjson::dom::parser parser;
        std::string padded;
    };
    std::array<Layer, 3> all;
};

JsonMessage::JsonMessage() : m_layers(std::make_unique<Layers>()) {}

JsonMessage::~JsonMessage() = default;

JsonMessage::Content JsonMessage::unwrap(std::string_view message)
{
    Content content{.text = trim(message)};
    for (auto& layer : m_layers->all) {
        if (!content.text.starts_with('{') || !content.text.ends_with('}'))
            break;
        layer.padded.reserve(content.text.size() + simdjson::SIMDJSON_PADDING);
        layer.padded.assign(content.text);
        simdjson::dom::object object;
        if (layer.parser.parse(layer.padded.data(), layer.padded.size(), false).get(object) != simdjson::SUCCESS)
            break;
        const auto inner = innerMessage(object);
        if (inner.level != Level::None)
            content.level = inner.level;
        if (inner.rank == 1'000)
            break;
        content.text = trim(inner.text);
    }
    return content;
}

Level levelInText(std::string_view message)
{
    message = message.substr(0, 80);
    const auto isCapital = [](char c) { return c >= 'A' && c <= 'Z'; };
    int words = 0;
    for (std::size_t at = 0; at < message.size() && words < 6; ++words) {
        const auto end = std::min(message.find_first_of(" \t[]|:", at), message.size());
        const auto word = message.substr(at, end - at);
        at = end + 1;
        if (word.empty())
            --words;
        else if (word.size() >= 4 && std::all_of(word.begin(), word.end(), isCapital))
            if (const auto level = parseLevel(word))
                return *level;
    }
    return Level::None;
}

} // namespace faultline::records
