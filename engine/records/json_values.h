// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/structured_batch.h"
#include <simdjson.h>

namespace faultline::records
{

/// Gives the values of JSON objects to a batch, by the batch's layout. Texts are valid until the next object.
class JsonValues
{
public:
    JsonValues(const JsonLayout& layout, StructuredBatch& batch) : m_layout(layout), m_batch(batch) {}
    void take(simdjson::dom::object object);

private:
    void takeObject(JsonKeys::Id parent, simdjson::dom::object object, int depth);
    void takeScalar(const JsonKeys::Node& node, simdjson::dom::element value);
    void takeArray(const JsonKeys::Node& node, simdjson::dom::array array);

    const JsonLayout& m_layout;
    StructuredBatch& m_batch;
    std::vector<std::string> m_texts; ///< made of arrays, one for each array of the object
    std::size_t m_usedTexts = 0;
};

/// What an array of scalars comes to: the mean of its numbers, or its texts with commas between. Numbers that are the
/// bytes of a text (as journald writes texts that are not UTF-8) are that text when `bytesAllowed`.
struct JsonArrayValue {
    std::optional<double> mean{};
    std::string text{};
};
[[nodiscard]] JsonArrayValue summarize(simdjson::dom::array array, bool bytesAllowed);

} // namespace faultline::records
