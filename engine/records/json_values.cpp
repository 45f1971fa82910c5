// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_values.h"

namespace faultline::records
{

JsonArrayValue summarize(simdjson::dom::array array, bool bytesAllowed)
{
    constexpr std::size_t longestText = 64 * 1'024;
    JsonArrayValue value;
    std::string bytes;
    double sum = 0.0;
    std::size_t numbers = 0, texts = 0;
    for (const auto element : array) {
        std::string_view text;
        double number = 0.0;
        if (element.get(text) == simdjson::SUCCESS) {
            if (value.text.size() < longestText)
                value.text.append(texts == 0 ? "" : ",").append(text);
            ++texts;
        } else if (element.get(number) == simdjson::SUCCESS) {
            sum += number;
            ++numbers;
            if (bytesAllowed && number >= 0.0 && number < 256.0 && bytes.size() < longestText)
                bytes += static_cast<char>(static_cast<unsigned char>(number));
        }
    }
    if (bytesAllowed && numbers > 0 && texts == 0)
        value.text = std::move(bytes);
    else if (numbers > 0 && texts == 0)
        value.mean = sum / static_cast<double>(numbers);
    return value;
}

void JsonValues::take(simdjson::dom::object object)
{
    m_usedTexts = 0;
    m_texts.reserve(64); // views of earlier ones must stay valid
    takeObject(JsonKeys::root, object, 0);
}

void JsonValues::takeObject(JsonKeys::Id parent, simdjson::dom::object object, int depth)
{
    std::size_t next = 0;
    for (const auto [key, value] : object) {
        const auto id = m_layout.keys.find(parent, key, next);
        if (id == JsonKeys::none)
            continue;
        const auto& node = m_layout.keys[id];
        simdjson::dom::object inner;
        if (!node.children.empty() && depth < JsonKeys::maxDepth && value.get(inner) == simdjson::SUCCESS)
            takeObject(id, inner, depth + 1);
        else if (node.role != FieldRole::Ignored || node.session || node.status || node.shown != JsonKeys::notShown)
            takeScalar(node, value);
    }
}

void JsonValues::takeScalar(const JsonKeys::Node& node, simdjson::dom::element value)
{
    std::string_view text;
    std::int64_t whole = 0;
    double number = 0.0;
    bool truth = false;
    simdjson::dom::array array;
    if (value.get(text) == simdjson::SUCCESS)
        m_batch.take(node, text);
    else if (value.get(whole) == simdjson::SUCCESS)
        m_batch.take(node, whole);
    else if (value.get(number) == simdjson::SUCCESS)
        m_batch.take(node, number);
    else if (value.get(truth) == simdjson::SUCCESS)
        m_batch.take(node, std::string_view(truth ? "true" : "false"));
    else if (value.get(array) == simdjson::SUCCESS)
        takeArray(node, array);
}

void JsonValues::takeArray(const JsonKeys::Node& node, simdjson::dom::array array)
{
    auto value = summarize(array, node.role == FieldRole::Message);
    if (value.mean)
        m_batch.take(node, *value.mean);
    else if (!value.text.empty() && m_usedTexts < 64) {
        if (m_usedTexts == m_texts.size())
            m_texts.emplace_back();
        auto& text = m_texts[m_usedTexts++];
        text = std::move(value.text);
        m_batch.take(node, std::string_view(text));
    }
}

} // namespace faultline::records
