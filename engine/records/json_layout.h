// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/records/detection.h"
#include "engine/records/field_roles.h"
#include "engine/records/field_time.h"
#include "engine/records/quantity.h"
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// What a value says of the time of its record.
enum class TimePart : std::uint8_t {
    Whole,
    Date, ///< with Clock in another value
    Clock,
    Nanoseconds, ///< to be added to a time in whole seconds
    Zone,        ///< the zone of a local time, by name or offset
};

/// The keys that occur in a file's JSON objects, as a tree: nested objects are nodes with children. Built from a
/// sample, then read by many threads.
class JsonKeys
{
public:
    using Id = std::uint32_t;
    static constexpr Id root = 0;
    static constexpr Id none = ~Id{0};
    static constexpr std::size_t maxKeys = 4'000;
    static constexpr int maxDepth = 8; ///< objects that are nested deeper are not looked into
    static constexpr std::uint8_t notShown = 255;

    struct Node {
        std::string key;  ///< as written
        std::string path; ///< with the keys above it: `log.level`
        FieldRole role = FieldRole::Ignored;
        bool session = false;                         ///< its text is a session key
        bool status = false;                          ///< an HTTP status, which gives the level
        TimePart timePart = TimePart::Whole;          ///< Time only
        QuantityKind quantity = QuantityKind::Number; ///< Value only: what texts must be
        std::uint8_t shown = notShown;                ///< index in JsonLayout::shown
        std::uint32_t field = 0;                      ///< Value only: index of the numeric field
        std::vector<Id> children{};
        std::map<std::string, std::uint32_t, std::less<>> position{}; ///< key -> index in children
    };

    JsonKeys() : m_nodes{Node{.key = {}, .path = {}}} {}

    /// The child with this key. `next` is where in the order of the first object that had it the key is expected; it is
    /// moved behind what was found. Allocates nothing.
    [[nodiscard]] Id find(Id parent, std::string_view key, std::size_t& next) const;
    /// As find(), but makes the child when there is none; `none` when there are too many keys.
    [[nodiscard]] Id findOrAdd(Id parent, std::string_view key, std::size_t& next);

    [[nodiscard]] const Node& operator[](Id id) const { return m_nodes[id]; }
    [[nodiscard]] Node& operator[](Id id) { return m_nodes[id]; }
    [[nodiscard]] std::size_t size() const { return m_nodes.size(); }

private:
    std::vector<Node> m_nodes;
};

/// What each key of a file of JSON lines means, decided once from a sample. Immutable.
struct JsonLayout {
    static constexpr std::size_t maxFields = 500;
    static constexpr std::size_t maxShown = 6;
    static constexpr auto notShown = JsonKeys::notShown;

    JsonKeys keys;
    struct Field {
        std::string name, unit;
    };
    std::vector<Field> fields;
    std::optional<FieldTime> time;
    std::string messageKey; ///< as written in the lines, without the keys above it; "" when there is no message
    std::string zoneKey;    ///< path of the key that names the zone of each record's time; "" = none does
    bool labels = false;    ///< a label key was named
    /// Keys whose values, as `name=value`, are the message of records that have none.
    std::vector<std::string> shown;
    Level usualLevel = Level::None; ///< of records that say none
    bool levelsRise = false;        ///< level numbers go from 0, debug, to 4, fatal; else see levelOfNumber()
    [[nodiscard]] MissingDate missingDate() const { return time ? time->missingDate() : MissingDate::None; }
    /// See Detection::zone; "" without a time.
    [[nodiscard]] std::string zoneText() const
    {
        return !zoneKey.empty() ? '`' + zoneKey + "` (in each line)" : time ? time->zone() : std::string();
    }
    [[nodiscard]] bool hasMessage() const { return !messageKey.empty() || !shown.empty(); }
};

/// The scalar values of one key in the sample, as text.
struct JsonColumn {
    JsonKeys::Id key = JsonKeys::none;
    std::vector<std::string> values;
    std::size_t numbers = 0; ///< values that were JSON numbers, or texts to be read as such, not mere text
    QuantityKind quantity = QuantityKind::Number; ///< of those numbers
};

/// Decides the roles; adds to `reasons` why. Config error when the options name a key that does not occur.
[[nodiscard]] Result<JsonLayout> assignJsonRoles(JsonKeys keys, const std::vector<JsonColumn>& columns,
                                                 const ParseOptions& options, int assumedYear,
                                                 std::vector<std::string>& reasons);

} // namespace faultline::records
