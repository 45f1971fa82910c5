// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/text_parser.h"
#include "engine/core/text.h"
#include "engine/records/clock_changes.h"
#include "engine/records/header_match.h"
#include "engine/records/line_walk.h"
#include "engine/records/plain_line.h"
#include "engine/records/record_table.h"
#include <algorithm>
#include <charconv>
#include <cmath>

namespace faultline::records
{

namespace
{

constexpr std::size_t typicalLineBytes = 80; // for reserving; a wrong guess costs a reallocation or some spare memory

double numberOf(std::string_view text)
{
    double value = std::numeric_limits<double>::quiet_NaN();
    text.remove_prefix(text.starts_with('+') ? 1U : 0U);
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    return code == std::errc() && end == text.data() + text.size() ? value : std::numeric_limits<double>::quiet_NaN();
}

bool isMeasure(PartKind kind)
{
    return kind == PartKind::Measure || kind == PartKind::SlashMeasure || kind == PartKind::TrailingTime;
}

Level levelOfStatus(double status)
{
    if (std::isnan(status))
        return Level::None;
    return status >= 500 ? Level::Error : status >= 400 ? Level::Warn : Level::Info;
}

} // namespace

/// One call of parse(): the batch under construction and what is remembered from line to line.
class TextParser::Run
{
public:
    Run(const TextParser& parser, std::string_view bytes, std::uint64_t offset, bool firstBlock)
        : m_parser(parser), m_setup(parser.m_setup), m_bytes(bytes), m_offset(offset), m_firstBlock(firstBlock),
          m_hasEscape(bytes.find('\x1b') != std::string_view::npos), m_clock(parser.m_setup.zone)
    {
        reserve(bytes.size() / typicalLineBytes);
        for (const auto part : parser.m_measures)
            m_batch.fields.push_back({m_setup.layout.parts[part].name, m_setup.layout.parts[part].unit, {}});
        m_noEntity = m_batch.entities.intern("");
    }

    RecordBatch parse()
    {
        for (LineWalk walk(m_bytes, m_batch); walk.next();)
            takeLine(walk.line());
        settleMessage({});
        return std::move(m_batch);
    }

private:
    void reserve(std::size_t records)
    {
        m_batch.time.reserve(records);
        m_batch.offset.reserve(records);
        m_batch.bytes.reserve(records);
        m_batch.messageStart.reserve(records);
        m_batch.level.reserve(records);
        m_batch.flags.reserve(records);
        m_batch.entity.reserve(records);
        m_batch.shape.reserve(records);
    }

    void takeLine(std::string_view line)
    {
        const auto text = m_hasEscape ? m_plain.strip(line) : line;
        if (header::skipBlanks(text, 0) == text.size()) { // nothing but escapes
            ++m_batch.blankLines;
            return;
        }
        matchLine(m_setup.layout, text, m_setup.time, m_match);
        if (m_parser.m_stream >= 0 && joinsPartial(line, text))
            return;
        if (!beginsRecord(text) && m_parser.m_joins && sameStream(text))
            joinLine(line, text);
        else
            addRecord(line, text, m_match.hasTime() || m_match.complete ? std::uint8_t{0} : std::uint8_t{NoHeader});
    }

    [[nodiscard]] bool beginsRecord(std::string_view text) const
    {
        const auto& layout = m_setup.layout;
        if (m_match.continues || (layout.atMargin && header::isBlank(text.front())))
            return false;
        if (layout.wholeStarts)
            return m_match.whole;
        if (!m_parser.m_isTimed)
            return m_match.complete || !layout.headed;
        return m_match.hasTime();
    }

    /// Lines of several streams may alternate; those of another stream do not go on with the record before.
    [[nodiscard]] bool sameStream(std::string_view text) const
    {
        return m_parser.m_stream < 0 || (!m_batch.time.empty() && textOf(m_parser.m_stream, text) == m_lastStream);
    }

    /// A line of a stream whose last line was written in part belongs to that record, also when another stream's lines
    /// stand between them.
    bool joinsPartial(std::string_view line, std::string_view text)
    {
        if (!m_match.complete || (m_partials.empty() && !m_match.partial))
            return false;
        const std::string stream(textOf(m_parser.m_stream, text)); // few and short: no memory is taken
        const auto open = std::find_if(m_partials.begin(), m_partials.end(),
                                       [&](const Partial& each) { return each.stream == stream; });
        if (open == m_partials.end()) {
            if (m_match.partial && m_partials.size() < mostPartials)
                m_partials.push_back({stream, m_batch.time.size()}); // the record that this line becomes
            return false;
        }
        extend(open->record, line);
        if (!m_match.partial)
            m_partials.erase(open);
        return true;
    }

    [[nodiscard]] std::uint64_t offsetOf(std::string_view line) const
    {
        return m_offset + static_cast<std::uint64_t>(line.data() - m_bytes.data());
    }

    void extend(std::size_t record, std::string_view line)
    {
        ++m_batch.continuationLines;
        const auto bytes = offsetOf(line) + line.size() - m_batch.offset[record];
        m_batch.bytes[record] = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, UINT32_MAX));
        m_batch.flags[record] |= Multiline;
    }

    void joinLine(std::string_view line, std::string_view text)
    {
        if (!m_batch.time.empty()) {
            extend(m_batch.time.size() - 1, line);
            if (m_messageOpen)
                takeMessage(line, text);
        } else if (m_firstBlock) {
            addRecord(line, text, NoHeader);
        } else {
            ++m_batch.continuationLines;
            m_batch.leadingContinuationBytes = offsetOf(line) + line.size() - m_offset;
        }
    }

    /// The first line of the record was all header: its message begins here. java.util.logging puts the level here,
    /// too.
    void takeMessage(std::string_view line, std::string_view text)
    {
        auto begin = header::skipBlanks(text, 0);
        auto& level = m_batch.level.back();
        if (level == Level::None)
            if (const auto end = header::level(text, begin, level); end != header::nowhere)
                begin = header::skipBlanks(text, end);
        const auto at = offsetOf(line) - m_batch.offset.back() + originalOf(begin);
        m_batch.messageStart.back() = static_cast<std::uint16_t>(std::min<std::uint64_t>(at, UINT16_MAX));
        settleMessage(text.substr(begin));
    }

    /// The shape of a message that was not known when its record was begun.
    void settleMessage(std::string_view message)
    {
        if (!m_messageOpen)
            return;
        m_messageOpen = false;
        m_batch.shape.back() = m_batch.shapes.add(trimmedBack(message));
    }

    [[nodiscard]] std::size_t originalOf(std::size_t position) const
    {
        return m_hasEscape ? m_plain.original(position) : position;
    }

    static std::string_view trimmedBack(std::string_view message)
    {
        while (!message.empty() && header::isBlank(message.back()))
            message.remove_suffix(1);
        return message;
    }

    /// `line` as it stands in the content, `text` without escapes.
    void addRecord(std::string_view line, std::string_view text, std::uint8_t flags)
    {
        settleMessage({});
        if ((flags & NoHeader) != 0)
            m_match.messageBegin = 0, m_match.messageEnd = static_cast<std::uint32_t>(text.size());
        const auto record = m_batch.time.size();
        m_batch.linesWithTime += m_match.hasTime() ? 1U : 0U;
        m_batch.time.push_back(m_match.hasTime() ? timeOfMatch(flags) : noTime);
        m_batch.offset.push_back(offsetOf(line));
        m_batch.bytes.push_back(static_cast<std::uint32_t>(line.size()));
        const auto messageStart = originalOf(m_match.messageBegin);
        m_batch.messageStart.push_back(static_cast<std::uint16_t>(std::min<std::size_t>(messageStart, UINT16_MAX)));
        m_batch.flags.push_back(flags);
        const auto message = trimmedBack(text.substr(m_match.messageBegin, m_match.messageEnd - m_match.messageBegin));
        m_messageOpen = message.empty() && m_parser.m_joins;
        m_batch.shape.push_back(m_messageOpen ? templates::noShape : m_batch.shapes.add(message));
        m_batch.entity.push_back(entityOf(text));
        addMeasures(text, record);
        m_batch.level.push_back(m_match.level);
        if (m_parser.m_key >= 0)
            if (const auto key = textOf(m_parser.m_key, text); !key.empty())
                m_batch.keyHits.push_back({static_cast<std::uint32_t>(record), m_batch.keys.intern(key)});
        if (m_parser.m_label >= 0)
            m_batch.labels.emplace_back(textOf(m_parser.m_label, text));
        if (m_parser.m_stream >= 0)
            m_lastStream = textOf(m_parser.m_stream, text);
    }

    [[nodiscard]] std::string_view textOf(int part, std::string_view line) const
    {
        const auto index = static_cast<std::size_t>(part);
        if (index >= m_match.reached)
            return {};
        const auto where = m_match.parts[index];
        return partText(m_setup.layout.parts[index], line.substr(where.begin, where.end - where.begin));
    }

    std::uint32_t entityOf(std::string_view line)
    {
        if (m_parser.m_entity < 0)
            return m_noEntity;
        const auto name = textOf(m_parser.m_entity, line);
        if (name != m_lastEntityName) { // neighbours mostly speak of the same entity
            m_lastEntity = m_batch.entities.intern(name);
            m_lastEntityName = m_batch.entities[m_lastEntity];
        }
        return m_lastEntityName.empty() ? m_noEntity : m_lastEntity;
    }

    void addMeasures(std::string_view line, std::size_t record)
    {
        for (std::size_t i = 0; i < m_parser.m_measures.size(); ++i) {
            const auto value = numberOf(textOf(static_cast<int>(m_parser.m_measures[i]), line));
            if (i == m_parser.m_status && m_setup.layout.levelFromStatus)
                m_match.level = levelOfStatus(value);
            if (std::isnan(value) || value < 0.0) // HAProxy's -1: it never came to that
                continue;
            auto& values = m_batch.fields[i].values;
            values.resize(record, std::numeric_limits<double>::quiet_NaN());
            values.push_back(value);
        }
    }

    /// To UTC, or to the placeholder year or day that DateCompletion expects.
    TimeUs timeOfMatch(std::uint8_t& flags)
    {
        const auto& time = m_match.time;
        if (m_setup.missing == MissingDate::Day)
            return ((time.time_us % day_us) + day_us) % day_us;
        if (m_setup.missing == MissingDate::Year) {
            if (!time.hasYear)
                return time.time_us;
            auto civil = toCivil(time.time_us);
            civil.year = 2000;
            return fromCivil(civil);
        }
        if (time.hasZone || m_parser.m_zoneIsUtc)
            return time.time_us;
        const auto reading = m_clock.read(time.time_us);
        flags |= clockFlags(reading);
        return reading.utc_us;
    }

    const TextParser& m_parser;
    const TextParserSetup& m_setup;
    std::string_view m_bytes;
    std::uint64_t m_offset;
    bool m_firstBlock;
    bool m_hasEscape; ///< terminal colours and the like
    RecordBatch m_batch;
    LineMatch m_match;
    PlainLine m_plain;
    bool m_messageOpen = false; ///< the last record's message begins in a line that is still to come
    struct Partial {
        std::string stream;
        std::size_t record = 0;
    };
    static constexpr std::size_t mostPartials = 16; // streams have two names; others come from hostile input
    std::vector<Partial> m_partials;
    std::string m_lastStream;
    std::uint32_t m_noEntity = 0, m_lastEntity = 0;
    std::string_view m_lastEntityName;
    LocalClock m_clock;
};

TextParser::TextParser(TextParserSetup setup)
    : m_setup(std::move(setup)), m_isTimed(m_setup.layout.hasTime()),
      m_joins(m_setup.layout.joinsLines && (m_isTimed || m_setup.layout.headed || m_setup.layout.atMargin)),
      m_zoneIsUtc(m_setup.zone.name() == "UTC"), m_entity(m_setup.layout.partIndex(m_setup.entityPart)),
      m_key(m_setup.layout.partIndex(m_setup.keyPart)), m_label(m_setup.layout.partIndex(m_setup.labelPart)),
      m_stream(m_setup.layout.partIndex(m_setup.layout.streamPart))
{
    const auto& parts = m_setup.layout.parts;
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (isMeasure(parts[i].kind))
            m_measures.push_back(i);
    m_status = m_measures.size();
    for (std::size_t i = 0; i < m_measures.size(); ++i)
        if (parts[m_measures[i]].name == "status")
            m_status = i;
}

RecordBatch TextParser::parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const
{
    return Run(*this, bytes, offset, firstBlock).parse();
}

} // namespace faultline::records
