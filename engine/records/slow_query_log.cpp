// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/slow_query_log.h"
#include "engine/core/text.h"
#include "engine/records/clock_changes.h"
#include "engine/records/line_walk.h"
#include "engine/records/record_table.h"
#include "engine/records/time_pattern.h"
#include <algorithm>
#include <array>
#include <limits>

namespace faultline::records
{

namespace
{

constexpr std::string_view timeMark = "# Time:", userMark = "# User@Host:", queryMark = "# Query_time:",
                           stampMark = "SET timestamp=", commandMark = "# administrator command: ";
constexpr std::size_t statementBytes = 4096;
constexpr double sure = 0.99; // every line has its place, but a table of comments might look the same

struct Measure {
    std::string_view key, name, unit;
};

constexpr std::array measures{
    Measure{"Query_time:", "query_time", "s"},      Measure{"Lock_time:", "lock_time", "s"},
    Measure{"Rows_sent:", "rows_sent", ""},         Measure{"Rows_examined:", "rows_examined", ""},
    Measure{"Rows_affected:", "rows_affected", ""}, Measure{"Bytes_sent:", "bytes_sent", "bytes"}};

/// `mysqld, Version: ... started with:`, `Tcp port: ...`, `Time   Id Command   Argument`
bool isServerStart(std::string_view line)
{
    return line.ends_with("started with:") || line.starts_with("Tcp port:") || line.starts_with("TCP Port:") ||
           (line.starts_with("Time ") && line.find("Id Command") != std::string_view::npos);
}

bool isUse(std::string_view line)
{
    return (line.starts_with("use ") || line.starts_with("USE ")) && line.ends_with(';');
}

/// The user before the brackets of `app[app] @ shop-1 [10.0.0.4]`, and the host behind the @.
std::pair<std::string_view, std::string_view> userAndHost(std::string_view text)
{
    text = trim(text);
    const auto at = text.find(" @ ");
    const auto user = text.substr(0, std::min(text.find('['), at));
    auto host = at == std::string_view::npos ? std::string_view() : trim(text.substr(at + 3));
    const auto open = host.find('[');
    const auto name = trim(host.substr(0, open));
    if (name.empty() && open != std::string_view::npos)
        host = host.substr(open + 1, host.find(']', open) - open - 1);
    else
        host = name;
    return {trim(user), host};
}

} // namespace

class SlowQueryParser::Run
{
public:
    Run(const SlowQueryParser& parser, std::string_view bytes, std::uint64_t offset, bool firstBlock)
        : m_parser(parser), m_bytes(bytes), m_offset(offset), m_firstBlock(firstBlock), m_clock(parser.m_zone)
    {
        for (const auto& measure : measures)
            m_batch.fields.push_back({std::string(measure.name), std::string(measure.unit), {}});
        m_noEntity = m_batch.entities.intern("");
    }

    RecordBatch parse()
    {
        for (LineWalk walk(m_bytes, m_batch); walk.next();)
            takeLine(walk.line());
        settleStatement();
        return std::move(m_batch);
    }

private:
    void takeLine(std::string_view line)
    {
        if (isServerStart(line)) {
            ++m_batch.headerLines;
            return;
        }
        const bool isTime = line.starts_with(timeMark), isUser = line.starts_with(userMark);
        if (isTime || (isUser && !m_onlyTime))
            beginRecord(line, 0);
        else if (m_batch.time.empty() && m_firstBlock)
            beginRecord(line, NoHeader);
        else
            extendRecord(line);
        m_onlyTime = isTime;
        if (!m_batch.time.empty())
            readLine(line);
    }

    [[nodiscard]] std::uint64_t offsetOf(std::string_view line) const
    {
        return m_offset + static_cast<std::uint64_t>(line.data() - m_bytes.data());
    }

    void beginRecord(std::string_view line, std::uint8_t flags)
    {
        settleStatement();
        m_batch.time.push_back(noTime);
        m_batch.offset.push_back(offsetOf(line));
        m_batch.bytes.push_back(static_cast<std::uint32_t>(line.size()));
        m_batch.messageStart.push_back(0);
        m_batch.level.push_back(Level::None);
        m_batch.flags.push_back(flags);
        m_batch.entity.push_back(m_noEntity);
        m_batch.shape.push_back(templates::noShape);
    }

    void extendRecord(std::string_view line)
    {
        ++m_batch.continuationLines;
        const auto end = offsetOf(line) + line.size();
        if (m_batch.time.empty()) {
            m_batch.leadingContinuationBytes = end - m_offset;
            return;
        }
        const auto bytes = std::min<std::uint64_t>(end - m_batch.offset.back(), UINT32_MAX);
        m_batch.bytes.back() = static_cast<std::uint32_t>(bytes);
        m_batch.flags.back() |= Multiline;
    }

    /// What the line says about the record that it is part of.
    void readLine(std::string_view line)
    {
        if (line.starts_with(timeMark))
            return readTime(trim(line.substr(timeMark.size())));
        if (line.starts_with(userMark))
            return readUser(line.substr(userMark.size()));
        if (line.starts_with(commandMark))
            return takeStatement(line, commandMark.size());
        if (line.starts_with('#'))
            return readMeasures(line);
        if (m_statement.empty() && isUse(line))
            return;
        if (m_statement.empty() && line.starts_with(stampMark)) {
            auto& time_us = m_batch.time.back();
            const auto stamp = parseTime(TimeShape::Epoch, line.substr(stampMark.size()));
            if (time_us == noTime && stamp)
                setTime(stamp->time_us);
            return;
        }
        takeStatement(line, 0);
    }

    void setTime(TimeUs time_us)
    {
        m_batch.linesWithTime += m_batch.time.back() == noTime ? 1U : 0U;
        m_batch.time.back() = time_us;
    }

    void readTime(std::string_view text)
    {
        const auto found = parseAnyTime(text);
        if (!found || !found->second.hasYear)
            return;
        const auto& time = found->second;
        if (time.hasZone)
            return setTime(time.time_us);
        const auto reading = m_clock.read(time.time_us);
        m_batch.flags.back() |= clockFlags(reading);
        setTime(reading.utc_us);
    }

    void readUser(std::string_view text)
    {
        const auto [user, host] = userAndHost(text);
        const auto name = m_parser.m_entityField == "user"   ? user
                          : m_parser.m_entityField == "host" ? host
                                                             : std::string_view();
        if (!name.empty())
            m_batch.entity.back() = m_batch.entities.intern(name);
    }

    void readMeasures(std::string_view line)
    {
        const auto record = m_batch.time.size() - 1;
        for (std::size_t i = 0; i < measures.size(); ++i) {
            const auto at = line.find(measures[i].key);
            if (at == std::string_view::npos)
                continue;
            const auto rest = trim(line.substr(at + measures[i].key.size()));
            const auto value = parseNumber(rest.substr(0, rest.find(' ')));
            auto& values = m_batch.fields[i].values;
            if (!value || values.size() > record)
                continue;
            values.resize(record, std::numeric_limits<double>::quiet_NaN());
            values.push_back(*value);
        }
    }

    void takeStatement(std::string_view line, std::size_t skip)
    {
        if (m_statement.empty()) {
            const auto start = offsetOf(line) + skip - m_batch.offset.back();
            m_batch.messageStart.back() = static_cast<std::uint16_t>(std::min<std::uint64_t>(start, UINT16_MAX));
        } else {
            m_statement += ' ';
        }
        const auto room = statementBytes - std::min(statementBytes, m_statement.size());
        m_statement += trim(line.substr(skip)).substr(0, room);
    }

    void settleStatement()
    {
        if (!m_batch.shape.empty() && m_batch.shape.back() == templates::noShape)
            m_batch.shape.back() = m_batch.shapes.add(m_statement);
        m_statement.clear();
    }

    const SlowQueryParser& m_parser;
    std::string_view m_bytes;
    std::uint64_t m_offset;
    bool m_firstBlock;
    bool m_onlyTime = false; ///< the line before was `# Time:`
    LocalClock m_clock;
    RecordBatch m_batch;
    std::string m_statement; ///< of the last record, its lines joined
    std::uint32_t m_noEntity = 0;
};

RecordBatch SlowQueryParser::parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const
{
    return Run(*this, bytes, offset, firstBlock).parse();
}

std::optional<Candidate> detectSlowQueries(const std::vector<std::string_view>& lines, const ParseOptions& options)
{
    constexpr std::string_view name = "mysql_slow";
    const auto count = [&](std::string_view mark) {
        return std::count_if(lines.begin(), lines.end(), [&](auto line) { return line.starts_with(mark); });
    };
    const auto statements = count(queryMark);
    const bool looksLike = options.format.empty() && statements > 0 && count(userMark) > 0;
    if (options.format != name && !looksLike)
        return std::nullopt;
    Detection detection{.format = std::string(name), .confidence = statements > 0 ? sure : 0.0};
    detection.reasons.push_back(
        "MySQL slow query log: " + formatCount(static_cast<std::uint64_t>(statements)) +
        " `# Query_time:` lines in the sample; a record is a statement with the lines before it");
    detection.columns = {"time", "user", "host"};
    for (const auto& measure : measures)
        detection.columns.emplace_back(measure.name);
    detection.columns.emplace_back("message");
    const auto timeLine =
        std::find_if(lines.begin(), lines.end(), [&](auto line) { return line.starts_with(timeMark); });
    detection.zone = "UTC (epoch)";
    detection.timeFormat = "epoch seconds";
    if (timeLine != lines.end()) {
        const auto text = trim(timeLine->substr(timeMark.size()));
        if (const auto found = parseAnyTime(text)) {
            detection.timeFormat = timePattern(found->first, text, {});
            detection.zone = found->second.hasZone ? zoneInLines(text)
                             : options.zoneGiven   ? options.zone.name() + " (given)"
                                                   : "UTC (assumed)";
        }
    }
    return Candidate{std::move(detection), std::make_shared<SlowQueryParser>(options.zone, options.entityField), {}};
}

} // namespace faultline::records
