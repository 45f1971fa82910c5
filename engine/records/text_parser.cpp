// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/text_parser.h"
#include "engine/core/text.h"
#include "engine/records/clock_changes.h"
#include "engine/records/header_match.h"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace faultline::records
{

namespace
{

constexpr std::size_t typicalLineBytes = 80; // for reserving; a wrong guess costs a reallocation or some spare memory

/// Facts about a block that most blocks have for all of their lines, so that lines need not be asked one by one.
struct BlockFacts {
    bool hasNul = false;
    bool allAscii = true;
};

BlockFacts factsOf(std::string_view bytes)
{
    unsigned char any = 0;
    for (const char c : bytes) // vectorised by the compiler
        any |= static_cast<unsigned char>(c);
    return {.hasNul = std::memchr(bytes.data(), 0, bytes.size()) != nullptr, .allAscii = any < 0x80};
}

double numberOf(std::string_view text)
{
    double value = std::numeric_limits<double>::quiet_NaN();
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    return code == std::errc() && end == text.data() + text.size() ? value : std::numeric_limits<double>::quiet_NaN();
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
          m_facts(factsOf(bytes)), m_clock(parser.m_setup.zone)
    {
        reserve(bytes.size() / typicalLineBytes);
        for (const auto part : parser.m_measures)
            m_batch.fields.push_back({m_setup.layout.parts[part].name, m_setup.layout.parts[part].unit, {}});
        m_noEntity = m_batch.entities.intern("");
    }

    RecordBatch parse()
    {
        const char* at = m_bytes.data();
        const char* const end = at + m_bytes.size();
        if (m_firstBlock && m_bytes.starts_with("\xEF\xBB\xBF"))
            at += 3; // byte order mark
        while (at < end) {
            const auto* lineEnd = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
            const char* next = lineEnd == nullptr ? end : lineEnd + 1;
            const char* stop = lineEnd == nullptr ? end : lineEnd;
            if (stop > at && stop[-1] == '\r')
                --stop;
            takeLine({at, static_cast<std::size_t>(stop - at)});
            at = next;
        }
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
        ++m_batch.lines;
        m_batch.longestLineBytes = std::max<std::uint64_t>(m_batch.longestLineBytes, line.size());
        if (header::skipBlanks(line, 0) == line.size()) {
            ++m_batch.blankLines;
            return;
        }
        if (m_facts.hasNul && line.find('\0') != std::string_view::npos) {
            m_batch.rejected.push_back({m_batch.lines, "NUL bytes (binary content)"});
            return;
        }
        if (!m_facts.allAscii && invalidUtf8Bytes(line) > 0)
            ++m_batch.invalidUtf8Lines;
        matchLine(m_setup.layout, line, m_setup.time, m_match);
        if (m_match.hasTime())
            addRecord(line, 0);
        else if (m_parser.m_joins)
            joinLine(line);
        else
            addRecord(line, m_match.complete ? std::uint8_t{0} : std::uint8_t{NoHeader});
    }

    [[nodiscard]] std::uint64_t offsetOf(std::string_view line) const
    {
        return m_offset + static_cast<std::uint64_t>(line.data() - m_bytes.data());
    }

    void joinLine(std::string_view line)
    {
        const auto lineEnd = offsetOf(line) + line.size();
        if (!m_batch.time.empty()) {
            ++m_batch.continuationLines;
            const auto bytes = lineEnd - m_batch.offset.back();
            m_batch.bytes.back() = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, UINT32_MAX));
            m_batch.flags.back() |= Multiline;
        } else if (m_firstBlock) {
            addRecord(line, NoHeader);
        } else {
            ++m_batch.continuationLines;
            m_batch.leadingContinuationBytes = lineEnd - m_offset;
        }
    }

    void addRecord(std::string_view line, std::uint8_t flags)
    {
        if ((flags & NoHeader) != 0)
            m_match.messageBegin = 0, m_match.messageEnd = static_cast<std::uint32_t>(line.size());
        const auto record = m_batch.time.size();
        m_batch.linesWithTime += m_match.hasTime() ? 1U : 0U;
        m_batch.time.push_back(m_match.hasTime() ? timeOfMatch(flags) : noTime);
        m_batch.offset.push_back(offsetOf(line));
        m_batch.bytes.push_back(static_cast<std::uint32_t>(line.size()));
        m_batch.messageStart.push_back(
            static_cast<std::uint16_t>(std::min<std::uint32_t>(m_match.messageBegin, UINT16_MAX)));
        m_batch.flags.push_back(flags);
        auto message = line.substr(m_match.messageBegin, m_match.messageEnd - m_match.messageBegin);
        while (!message.empty() && header::isBlank(message.back()))
            message.remove_suffix(1);
        m_batch.shape.push_back(m_batch.shapes.add(message));
        m_batch.entity.push_back(entityOf(line));
        addMeasures(line, record);
        m_batch.level.push_back(m_match.level);
        if (m_parser.m_key >= 0)
            if (const auto key = textOf(m_parser.m_key, line); !key.empty())
                m_batch.keyHits.push_back({static_cast<std::uint32_t>(record), m_batch.keys.intern(key)});
        if (m_parser.m_label >= 0)
            m_batch.labels.emplace_back(textOf(m_parser.m_label, line));
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
            if (std::isnan(value))
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
    BlockFacts m_facts;
    RecordBatch m_batch;
    LineMatch m_match;
    std::uint32_t m_noEntity = 0, m_lastEntity = 0;
    std::string_view m_lastEntityName;
    LocalClock m_clock;
};

TextParser::TextParser(TextParserSetup setup)
    : m_setup(std::move(setup)), m_joins(m_setup.layout.hasTime() && m_setup.layout.joinsLines),
      m_zoneIsUtc(m_setup.zone.name() == "UTC"), m_entity(m_setup.layout.partIndex(m_setup.entityPart)),
      m_key(m_setup.layout.partIndex(m_setup.keyPart)), m_label(m_setup.layout.partIndex(m_setup.labelPart))
{
    const auto& parts = m_setup.layout.parts;
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i].kind == PartKind::Measure)
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
