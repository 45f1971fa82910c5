// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/user_format_parser.h"
#include "engine/core/text.h"
#include "engine/records/clock_changes.h"
#include "engine/records/header_match.h"
#include "engine/records/line_walk.h"
#include "engine/records/named_zones.h"
#include "engine/records/zone_text.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace faultline::records
{

namespace
{

constexpr std::size_t typicalLineBytes = 120; // for reserving; a wrong guess costs a reallocation or some spare memory

bool found(const RE2& pattern, std::string_view line)
{
    return pattern.Match({line.data(), line.size()}, 0, line.size(), RE2::UNANCHORED, nullptr, 0);
}

/// The line says itself that it belongs to the record before.
bool isContinuation(const UserFormat& format, std::string_view line)
{
    return (format.continuation && found(*format.continuation, line)) ||
           (format.starts && !found(*format.starts, line));
}

} // namespace

bool joinsRecordBefore(const UserFormat& format, std::string_view line)
{
    return isContinuation(format, line) || format.unmatched == Unmatched::Join;
}

/// One call of parse(): the batch under construction and what is remembered from line to line.
class UserFormatParser::Run
{
public:
    Run(const Setup& setup, std::string_view bytes, std::uint64_t offset, bool firstBlock)
        : m_setup(setup), m_format(*setup.format), m_roles(setup.roles), m_bytes(bytes), m_offset(offset),
          m_firstBlock(firstBlock), m_matcher(m_format), m_clock(setup.zone)
    {
        const auto records = bytes.size() / typicalLineBytes;
        m_batch.time.reserve(records);
        m_batch.offset.reserve(records);
        m_batch.bytes.reserve(records);
        m_batch.messageStart.reserve(records);
        m_batch.level.reserve(records);
        m_batch.flags.reserve(records);
        m_batch.entity.reserve(records);
        m_batch.shape.reserve(records);
        for (const auto& number : m_roles.numbers)
            m_batch.fields.push_back({.name = number.name, .unit = number.unit, .values = {}});
        m_batch.entities.intern("");
    }

    RecordBatch parse()
    {
        for (LineWalk walk(m_bytes, m_batch); walk.next();)
            takeLine(walk.line());
        return std::move(m_batch);
    }

private:
    void takeLine(std::string_view line)
    {
        const bool continues = isContinuation(m_format, line);
        if (!continues && m_matcher.match(line))
            addMatched(line);
        else if (continues || m_format.unmatched == Unmatched::Join)
            join(line);
        else if (m_format.unmatched == Unmatched::Record)
            addPlain(line);
        else
            m_batch.rejected.push_back({m_batch.lines, "the line does not match the format"});
    }

    [[nodiscard]] std::uint64_t offsetOf(std::string_view line) const
    {
        return m_offset + static_cast<std::uint64_t>(line.data() - m_bytes.data());
    }

    void join(std::string_view line)
    {
        if (m_batch.time.empty() && m_firstBlock)
            addPlain(line);
        else
            continueRecord(m_batch, m_offset, static_cast<std::size_t>(line.data() - m_bytes.data()) + line.size());
    }

    void addPlain(std::string_view line)
    {
        add(line, noTime, NoHeader, line, Level::None, 0);
        if (m_roles.label >= 0)
            m_batch.labels.emplace_back();
    }

    void addMatched(std::string_view line)
    {
        std::uint8_t flags = 0;
        const auto time_us = readTime(flags);
        m_batch.linesWithTime += time_us != noTime ? 1U : 0U;
        auto message = m_roles.message >= 0 ? m_matcher.text(m_roles.message) : line.substr(m_matcher.length());
        if (message.data() == nullptr)
            message = line.substr(line.size());
        if (m_roles.message < 0) {
            message.remove_prefix(header::skipBlanks(message, 0));
            if (message.empty())
                message = line; // the pattern takes all of it
        }
        const auto record = m_batch.time.size();
        const auto level = addNumbers(record);
        const auto entity = m_roles.entity >= 0 ? m_batch.entities.intern(m_matcher.text(m_roles.entity)) : 0;
        add(line, time_us, flags, message, level, entity);
        if (m_roles.session >= 0)
            if (const auto key = m_matcher.text(m_roles.session); !key.empty())
                m_batch.keyHits.push_back({static_cast<std::uint32_t>(record), m_batch.keys.intern(key)});
        if (m_roles.label >= 0)
            m_batch.labels.emplace_back(m_matcher.text(m_roles.label));
    }

    void add(std::string_view line, TimeUs time_us, std::uint8_t flags, std::string_view message, Level level,
             std::uint32_t entity)
    {
        m_batch.time.push_back(time_us);
        m_batch.offset.push_back(offsetOf(line));
        m_batch.bytes.push_back(static_cast<std::uint32_t>(line.size()));
        const auto start = static_cast<std::size_t>(message.data() - line.data());
        m_batch.messageStart.push_back(static_cast<std::uint16_t>(std::min<std::size_t>(start, UINT16_MAX)));
        m_batch.flags.push_back(flags);
        while (!message.empty() && header::isBlank(message.back()))
            message.remove_suffix(1);
        m_batch.shape.push_back(m_batch.shapes.add(message));
        m_batch.level.push_back(level);
        m_batch.entity.push_back(entity);
    }

    TimeUs readTime(std::uint8_t& flags)
    {
        if (m_roles.time < 0 && m_roles.date < 0)
            return noTime;
        const auto reading = m_setup.times.read(timeTextOf(m_matcher, m_roles, m_scratch));
        if (!reading)
            return noTime;
        if (reading->hasZone || m_setup.times.missingDate() != MissingDate::None)
            return reading->time_us;
        const auto local = clock().read(reading->time_us);
        flags |= clockFlags(local);
        return local.utc_us;
    }

    /// Of the zone that the line names, or of the source.
    LocalClock& clock()
    {
        const auto name = m_matcher.text(m_roles.zone);
        auto* const named = m_zones.find(name);
        return named != nullptr ? *named : m_clock;
    }

    /// Adds the numeric fields; returns the record's level.
    Level addNumbers(std::size_t record)
    {
        auto level = levelOf(m_matcher.text(m_roles.level));
        for (std::size_t i = 0; i < m_roles.numbers.size(); ++i) {
            const auto value = numberOf(m_matcher.text(m_roles.numbers[i].column), m_roles.numbers[i]);
            if (std::isnan(value))
                continue;
            if (static_cast<int>(i) == m_roles.status && m_format.levelFromStatus)
                level = value >= 500 ? Level::Error : value >= 400 ? Level::Warn : Level::Info;
            auto& values = m_batch.fields[i].values;
            values.resize(record, std::numeric_limits<double>::quiet_NaN());
            values.push_back(value);
        }
        return level;
    }

    [[nodiscard]] Level levelOf(std::string_view word) const
    {
        if (word.empty())
            return Level::None;
        if (!m_format.levels.empty())
            if (const auto it = m_format.levels.find(std::string(word)); it != m_format.levels.end())
                return it->second;
        return parseLevel(word).value_or(Level::None);
    }

    const Setup& m_setup;
    const UserFormat& m_format;
    const FormatRoles& m_roles;
    std::string_view m_bytes;
    std::uint64_t m_offset;
    bool m_firstBlock;
    RecordBatch m_batch;
    FormatMatcher m_matcher;
    LocalClock m_clock;
    NamedZones m_zones;
    std::string m_scratch;
};

RecordBatch UserFormatParser::parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const
{
    return Run(m_setup, bytes, offset, firstBlock).parse();
}

namespace
{

constexpr std::size_t sampleLines = 2'000;
constexpr std::size_t cutSampleBytes = 128 * 1024; // a sample at least this long was probably cut from a longer file

struct SampleTally {
    std::size_t lines = 0, matched = 0, joined = 0;
    std::string_view firstUnmatched;
    std::uint64_t firstUnmatchedLine = 0;
    std::vector<std::string> times;

    [[nodiscard]] double share() const
    {
        const auto judged = lines - joined;
        return judged == 0 ? 0.0 : static_cast<double>(matched) / static_cast<double>(judged);
    }
};

SampleTally tallyOf(const UserFormat& format, const FormatRoles& roles, std::string_view sample)
{
    SampleTally tally;
    FormatMatcher matcher(format);
    std::string scratch;
    if (sample.size() >= cutSampleBytes && sample.find('\n') != std::string_view::npos)
        sample = sample.substr(0, sample.rfind('\n'));
    std::uint64_t number = 0;
    for (auto line : split(sample, '\n')) {
        ++number;
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (header::skipBlanks(line, 0) == line.size())
            continue;
        if (++tally.lines > sampleLines) {
            --tally.lines;
            break;
        }
        if (isContinuation(format, line)) {
            ++tally.joined;
        } else if (matcher.match(line)) {
            ++tally.matched;
            if (format.hasTime())
                tally.times.emplace_back(timeTextOf(matcher, roles, scratch));
        } else {
            // Indented lines under a format that joins what it does not match are traces, not misfits.
            tally.joined += format.unmatched == Unmatched::Join && header::isBlank(line.front()) ? 1U : 0U;
            if (tally.firstUnmatchedLine == 0) {
                tally.firstUnmatchedLine = number;
                tally.firstUnmatched = line;
            }
        }
    }
    return tally;
}

} // namespace

Candidate detectUserFormat(const std::shared_ptr<const UserFormat>& format, std::string_view sample,
                           const ParseOptions& options, const FileFacts& file)
{
    const auto roles = rolesOf(*format, options);
    const auto tally = tallyOf(*format, roles, sample);
    Detection detection{.kind = Kind::TextLog, .format = format->name, .confidence = tally.share()};
    if (tally.matched == 0) {
        std::uint32_t column = 0;
        auto why = whyUnmatched(*format, tally.firstUnmatched, column);
        return {std::move(detection), nullptr,
                Error{ErrorCode::Config,
                      "no line matches the format `" + format->name + "`; here " + why,
                      {file.path, tally.firstUnmatchedLine, column},
                      "change the pattern, or leave the format out to have it detected"}};
    }
    const auto zone = options.zoneGiven ? options.zone : format->zone.value_or(TimeZone());
    const std::vector<std::string_view> values(tally.times.begin(), tally.times.end());
    auto times = FormatTimes::learn(
        *format, values, {.zone = zone, .assumedYear = file.modified_us == 0 ? 1970 : toCivil(file.modified_us).year});
    detection.columns = format->columns;
    if (roles.message < 0)
        detection.columns.emplace_back("message");
    detection.reasons.push_back(
        "a format of your own" +
        (format->description.empty() ? std::string() : " (" + displayText(format->description) + ")") + ": " +
        formatCount(tally.matched) + " of " + formatCount(tally.lines) + " sampled lines match");
    if (format->hasTime()) {
        detection.timeFormat = times.description();
        detection.zone = roles.zone >= 0      ? "named (in each line)"
                         : times.zoneInText() ? zoneInText(values.front()) + " (in each line)"
                         : options.zoneGiven || format->zone.has_value() ? zone.name() + " (given)"
                                                                         : "UTC (assumed)";
        const auto unread = std::count_if(values.begin(), values.end(), [&](auto value) { return !times.read(value); });
        if (unread > 0)
            detection.reasons.push_back(formatCount(static_cast<std::uint64_t>(unread)) +
                                        " of their times do not read as " + detection.timeFormat);
    }
    if (tally.firstUnmatchedLine != 0) {
        std::uint32_t column = 0;
        const auto why = whyUnmatched(*format, tally.firstUnmatched, column);
        detection.reasons.push_back("line " + formatCount(tally.firstUnmatchedLine) + ": " + why);
    }
    return {std::move(detection),
            std::make_shared<UserFormatParser>(
                UserFormatParser::Setup{.format = format, .times = std::move(times), .roles = roles, .zone = zone}),
            {}};
}

} // namespace faultline::records
