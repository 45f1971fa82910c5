// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/json_layout.h"
#include "engine/records/json_parser.h"
#include <simdjson.h>

namespace faultline::records
{

/// Keys and values of the first objects of a file.
class JsonSample
{
public:
    static constexpr std::size_t maxUnits = 2'000; ///< objects and other lines

    /// As one object a line.
    [[nodiscard]] static JsonSample ofLines(std::string_view text, JsonLineStart start = JsonLineStart::Object);
    /// As objects anywhere.
    [[nodiscard]] static JsonSample ofDocuments(std::string_view text, const std::vector<std::string>& path);

    [[nodiscard]] std::size_t units() const { return m_units; }
    [[nodiscard]] std::size_t objects() const { return m_objects; }
    [[nodiscard]] std::size_t texts() const { return m_texts; } ///< lines of words, neither JSON nor broken JSON
    /// Of the lines (or of the objects and what stands between them) that could be read.
    [[nodiscard]] double share() const
    {
        return m_units == 0 ? 0.0 : static_cast<double>(m_objects) / static_cast<double>(m_units);
    }
    [[nodiscard]] const JsonKeys& keys() const { return m_keys; }
    [[nodiscard]] const std::vector<JsonColumn>& columns() const { return m_columns; }
    [[nodiscard]] bool has(std::string_view path) const;
    [[nodiscard]] bool tooManyKeys() const { return m_tooManyKeys; }

private:
    void collect(JsonKeys::Id parent, simdjson::dom::object object, int depth);
    void add(JsonKeys::Id id, simdjson::dom::element value);

    std::size_t m_units = 0, m_objects = 0, m_texts = 0;
    JsonKeys m_keys;
    std::vector<JsonColumn> m_columns;
    std::vector<std::size_t> m_columnOf; ///< of each key; max_size(): none yet
    bool m_tooManyKeys = false;
};

/// The keys that lead to the array of records in the first object of a text that is such an array's shell; empty when
/// the objects themselves are the records.
[[nodiscard]] std::vector<std::string> shellPath(std::string_view text);

/// The name of the program or standard that writes these keys: "bunyan", "ecs", "cloudtrail", ...; "" when none is
/// known.
[[nodiscard]] std::string jsonFlavour(const JsonSample& sample);

} // namespace faultline::records
