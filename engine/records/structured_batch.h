// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/json_layout.h"
#include "engine/records/json_message.h"
#include "engine/records/named_zones.h"
#include "engine/records/record_batch.h"
#include <array>

namespace faultline::records
{

/// Builds a batch out of records that are names and values, by a layout that was decided beforehand: begin(), one take
/// for each value, append(). Views that are given must live until append().
class StructuredBatch
{
public:
    /// Where a record stands.
    struct Place {
        std::uint64_t offset = 0;
        std::uint32_t bytes = 0;
        std::uint8_t flags = 0;
    };

    explicit StructuredBatch(const JsonLayout& layout);
    void begin() { m_record = {}; }
    void take(const JsonKeys::Node& node, std::string_view text);
    void take(const JsonKeys::Node& node, std::int64_t whole);
    void take(const JsonKeys::Node& node, double number);
    /// The text that is the message, as take() or a caller that knows better found it.
    void setMessage(std::string_view text) { m_record.message = text, m_record.hasMessage = true; }
    /// Unless a value said one.
    void setLevel(Level level)
    {
        if (m_record.level == Level::None)
            m_record.level = level;
    }
    void setEntity(std::string_view name) { m_record.entity = m_batch.entities.intern(name); }
    [[nodiscard]] std::string_view message() const { return m_record.message; }
    void append(const Place& place, std::uint16_t messageStart);
    void reject(std::uint64_t line, const char* reason) { m_batch.rejected.push_back({line, reason}); }
    [[nodiscard]] std::size_t records() const { return m_batch.time.size(); }
    [[nodiscard]] RecordBatch& batch() { return m_batch; }

private:
    static constexpr std::size_t maxShown = JsonLayout::maxShown;
    struct Record {
        ZonedTime time;
        std::int64_t fraction_ns = 0;
        std::string_view date, clock; ///< of a time in two values
        std::string_view local, zone; ///< of a time whose zone is another value
        Level level = Level::None;
        double status = 0.0;
        std::uint32_t entity = 0;
        std::string_view message;
        bool hasMessage = false;
        std::array<std::string_view, maxShown> shown{};
    };
    void takeTime(const JsonKeys::Node& node, std::string_view text);
    void takeOther(const JsonKeys::Node& node, std::string_view text);
    [[nodiscard]] Level levelOf(double number) const;
    void setField(std::uint32_t field, double number);
    [[nodiscard]] ZonedTime timeOfRecord();
    [[nodiscard]] ZonedTime timeInNamedZone();
    void renderMessage();
    void addShape();

    const JsonLayout& m_layout;
    RecordBatch m_batch;
    Record m_record;
    JsonMessage m_unwrapper;
    NamedZones m_zones;
    std::string m_joined, m_rendered;
    std::array<char, 32> m_number{};
};

} // namespace faultline::records
