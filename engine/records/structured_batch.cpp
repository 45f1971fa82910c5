// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/structured_batch.h"
#include "engine/core/text.h"
#include "engine/records/quantity.h"
#include <charconv>
#include <limits>

namespace faultline::records
{

StructuredBatch::StructuredBatch(const JsonLayout& layout) : m_layout(layout)
{
    for (const auto& field : layout.fields)
        m_batch.fields.push_back({.name = field.name, .unit = field.unit, .values = {}});
    m_batch.entities.intern("");
}

void StructuredBatch::take(const JsonKeys::Node& node, std::string_view text)
{
    switch (node.role) {
    case FieldRole::Time:
        takeTime(node, text);
        break;
    case FieldRole::Value:
        if (const auto quantity = readQuantity(text); quantity && quantity->kind == node.quantity)
            setField(node.field, quantity->value);
        break;
    case FieldRole::Level:
        m_record.level = readLevel(text).value_or(Level::None);
        break;
    case FieldRole::Message:
        setMessage(text);
        break;
    default:
        takeOther(node, text);
    }
    if (node.shown != JsonLayout::notShown)
        m_record.shown[node.shown] = text;
    if (node.status)
        m_record.status = readNumber(text).value_or(0.0);
    if (node.session && !text.empty())
        m_batch.keyHits.push_back({static_cast<std::uint32_t>(records()), m_batch.keys.intern(text)});
}

void StructuredBatch::takeOther(const JsonKeys::Node& node, std::string_view text)
{
    if (node.role == FieldRole::Entity) {
        m_record.entity = m_batch.entities.intern(text);
    } else if (node.role == FieldRole::Label) {
        m_batch.labels.resize(records() + 1);
        m_batch.labels.back() = text;
    }
}

void StructuredBatch::takeTime(const JsonKeys::Node& node, std::string_view text)
{
    switch (node.timePart) {
    case TimePart::Whole:
        m_record.local = text;
        if (m_layout.zoneKey.empty())
            m_record.time = m_layout.time->readZoned(text).value_or(ZonedTime{});
        break;
    case TimePart::Date:
        m_record.date = text;
        break;
    case TimePart::Clock:
        m_record.clock = text;
        break;
    case TimePart::Nanoseconds:
        m_record.fraction_ns = static_cast<std::int64_t>(readNumber(text).value_or(0.0));
        break;
    case TimePart::Zone:
        m_record.zone = text;
        break;
    }
}

void StructuredBatch::take(const JsonKeys::Node& node, std::int64_t whole)
{
    if (node.status)
        m_record.status = static_cast<double>(whole);
    if (node.role == FieldRole::Time && node.timePart == TimePart::Whole) {
        m_record.time = {m_layout.time->read(whole).value_or(noTime)};
    } else if (node.role == FieldRole::Time && node.timePart == TimePart::Nanoseconds) {
        m_record.fraction_ns = whole;
    } else if (node.role == FieldRole::Value) {
        setField(node.field, static_cast<double>(whole));
    } else if (node.role == FieldRole::Level) {
        m_record.level = levelOf(static_cast<double>(whole));
    }
    if (node.session || node.role == FieldRole::Entity || node.role == FieldRole::Label) {
        const auto end = std::to_chars(m_number.data(), m_number.data() + m_number.size(), whole).ptr;
        const std::string_view text(m_number.data(), static_cast<std::size_t>(end - m_number.data()));
        takeOther(node, text);
        if (node.session)
            m_batch.keyHits.push_back({static_cast<std::uint32_t>(records()), m_batch.keys.intern(text)});
    }
}

void StructuredBatch::take(const JsonKeys::Node& node, double number)
{
    if (node.role == FieldRole::Time && node.timePart == TimePart::Whole)
        m_record.time = {m_layout.time->read(number).value_or(noTime)};
    else if (node.role == FieldRole::Value)
        setField(node.field, number);
    else if (node.role == FieldRole::Level)
        m_record.level = levelOf(number);
    if (node.status)
        m_record.status = number;
    if (node.session || node.role == FieldRole::Entity || node.role == FieldRole::Label) {
        const auto end = std::to_chars(m_number.data(), m_number.data() + m_number.size(), number).ptr;
        const std::string_view text(m_number.data(), static_cast<std::size_t>(end - m_number.data()));
        takeOther(node, text);
        if (node.session)
            m_batch.keyHits.push_back({static_cast<std::uint32_t>(records()), m_batch.keys.intern(text)});
    }
}

Level StructuredBatch::levelOf(double number) const
{
    constexpr std::array steps{Level::Debug, Level::Info, Level::Warn, Level::Error, Level::Fatal};
    return m_layout.levelsRise && number >= 0.0 && number < 5.0 ? steps[static_cast<std::size_t>(number)]
                                                                : levelOfNumber(number);
}

void StructuredBatch::setField(std::uint32_t field, double number)
{
    auto& values = m_batch.fields[field].values;
    if (values.size() <= records()) // else the key stands twice in the record: the last one counts
        values.resize(records() + 1, std::numeric_limits<double>::quiet_NaN());
    values.back() = number;
}

/// A zone that nobody knows leaves the time to the zone of the source.
ZonedTime StructuredBatch::timeInNamedZone()
{
    const auto reading = m_layout.time->readLocal(m_record.local);
    auto* clock = reading && !reading->hasZone ? m_zones.find(m_record.zone) : nullptr;
    if (clock == nullptr)
        return m_layout.time->readZoned(m_record.local).value_or(ZonedTime{});
    return {clock->read(reading->time_us).utc_us};
}

ZonedTime StructuredBatch::timeOfRecord()
{
    if (!m_layout.zoneKey.empty() && !m_record.local.empty())
        return timeInNamedZone();
    if (!m_record.date.empty() && m_layout.time) {
        m_joined.assign(m_record.date).append(1, ' ').append(m_record.clock);
        return m_layout.time->readZoned(m_joined).value_or(ZonedTime{});
    }
    auto time = m_record.time;
    if (time.time_us != noTime && m_record.fraction_ns > 0 && m_record.fraction_ns < 1'000'000'000)
        time.time_us += m_record.fraction_ns / 1'000;
    return time;
}

/// `name=value` of the values that tell events apart, in the layout's order, whatever the order in the record.
void StructuredBatch::renderMessage()
{
    m_rendered.clear();
    for (std::size_t i = 0; i < m_layout.shown.size(); ++i) {
        if (m_record.shown[i].empty())
            continue;
        if (!m_rendered.empty())
            m_rendered += ' ';
        m_rendered.append(m_layout.shown[i]).append(1, '=').append(m_record.shown[i].substr(0, 256));
    }
    if (!m_rendered.empty())
        setMessage(m_rendered);
}

void StructuredBatch::addShape()
{
    if (!m_record.hasMessage && !m_layout.shown.empty())
        renderMessage();
    if (!m_record.hasMessage) {
        m_batch.shape.push_back(templates::noShape);
        return;
    }
    const auto content = m_unwrapper.unwrap(m_record.message);
    if (m_record.level == Level::None)
        m_record.level = content.level != Level::None ? content.level : levelInText(content.text);
    m_batch.shape.push_back(m_batch.shapes.add(content.text));
}

void StructuredBatch::append(const Place& place, std::uint16_t messageStart)
{
    const auto time = timeOfRecord();
    addShape();
    if (m_record.level == Level::None && m_record.status >= 100.0)
        m_record.level = m_record.status >= 500.0 ? Level::Error : m_record.status >= 400.0 ? Level::Warn : Level::Info;
    if (m_record.level == Level::None)
        m_record.level = m_layout.usualLevel;
    m_batch.linesWithTime += time.time_us != noTime ? 1U : 0U;
    m_batch.messageStart.push_back(messageStart);
    m_batch.offset.push_back(place.offset);
    m_batch.bytes.push_back(place.bytes);
    m_batch.level.push_back(m_record.level);
    m_batch.flags.push_back(place.flags | time.flags);
    m_batch.entity.push_back(m_record.entity);
    if (m_layout.labels)
        m_batch.labels.resize(records() + 1);
    m_batch.time.push_back(time.time_us);
}

} // namespace faultline::records
