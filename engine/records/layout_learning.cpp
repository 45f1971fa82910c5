// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_learning.h"
#include "engine/records/header_match.h"
#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace faultline::records
{

namespace
{

using header::nowhere;
using Positions = std::vector<std::size_t>;
using Matcher = std::function<std::size_t(std::string_view, std::size_t)>;

constexpr double usual = 0.9, usualComponent = 0.85, usualNumber = 0.95;
constexpr std::size_t gapBeforeTime = 6, gapBeforeLevel = 4;

std::size_t levelAt(std::string_view line, std::size_t position)
{
    Level ignored{};
    return header::level(line, position, ignored);
}

/// A time, with what a bracket or comma around it adds; the shapes are found out.
struct AnyTime {
    TimestampOptions options;

    std::size_t operator()(std::string_view line, std::size_t position) const
    {
        TimeShape ignored{};
        return at(line, position, ignored);
    }
    std::size_t at(std::string_view line, std::size_t position, TimeShape& shape) const
    {
        const bool marked = position < line.size() && (header::isOpening(line[position]) || line[position] == '*');
        const auto start = position + (marked ? 1 : 0);
        if (start >= line.size())
            return nowhere;
        const auto found = parseAnyTime(line.substr(start), options);
        if (!found)
            return nowhere;
        shape = found->first;
        ParsedTime time;
        return matchTime(line, position, {shape}, options, time, shape);
    }
};

class Learner
{
public:
    Learner(std::vector<std::string_view> lines, const TimestampOptions& options)
        : m_time{options}, m_lines(std::move(lines))
    {
    }

    std::vector<HeaderPart> learn()
    {
        keepLinesWithTime();
        m_positions = starts();
        m_live.assign(m_lines.size(), true);
        while (m_parts.size() < LineLayout::maxParts - gapBeforeTime && !m_lines.empty())
            if (!step())
                break;
        return std::move(m_parts);
    }

private:
    [[nodiscard]] Positions starts() const
    {
        Positions positions(m_lines.size());
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            positions[i] = header::skipBlanks(m_lines[i], 0);
        return positions;
    }

    /// Lines that go on with the record before them would outvote the header.
    void keepLinesWithTime()
    {
        auto positions = starts();
        m_live.assign(m_lines.size(), true);
        std::vector<std::string_view> best;
        for (std::size_t gap = 0; gap <= gapBeforeTime; ++gap) {
            std::vector<std::string_view> timed;
            for (std::size_t i = 0; i < m_lines.size(); ++i)
                if (m_time(m_lines[i], positions[i]) != nowhere)
                    timed.push_back(m_lines[i]);
            // A later position must be clearly better: a message may hold a time as well.
            if (timed.size() > best.size() + m_lines.size() / 20)
                best = std::move(timed);
            positions = after(header::token, positions);
        }
        if (best.size() * 10 >= m_lines.size() && !best.empty())
            m_lines = std::move(best);
    }

    [[nodiscard]] double share(const Matcher& matcher, const Positions& positions) const
    {
        std::size_t hits = 0;
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            hits += m_live[i] && matcher(m_lines[i], positions[i]) != nowhere ? 1U : 0U;
        return static_cast<double>(hits) / static_cast<double>(m_lines.size());
    }

    [[nodiscard]] Positions after(const Matcher& matcher, const Positions& positions) const
    {
        auto next = positions;
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            if (m_live[i])
                if (const auto end = matcher(m_lines[i], positions[i]); end != nowhere)
                    next[i] = header::skipBlanks(m_lines[i], end);
        return next;
    }

    [[nodiscard]] std::size_t distinct(const Matcher& matcher) const
    {
        std::set<std::string_view> values;
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            if (m_live[i])
                if (const auto end = matcher(m_lines[i], m_positions[i]); end != nowhere)
                    values.insert(m_lines[i].substr(m_positions[i], end - m_positions[i]));
        return values.size();
    }

    bool take(PartKind kind, const Matcher& matcher)
    {
        HeaderPart part{.kind = kind};
        if (kind == PartKind::Time)
            part.shapes = shapesHere();
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            if (!m_live[i])
                continue;
            const auto end = matcher(m_lines[i], m_positions[i]);
            m_live[i] = end != nowhere;
            if (m_live[i])
                m_positions[i] = header::skipBlanks(m_lines[i], end);
        }
        m_parts.push_back(std::move(part));
        return true;
    }

    [[nodiscard]] std::vector<TimeShape> shapesHere() const
    {
        std::map<TimeShape, std::size_t> counts;
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            if (TimeShape shape{}; m_live[i] && m_time.at(m_lines[i], m_positions[i], shape) != nowhere)
                ++counts[shape];
        std::vector<TimeShape> shapes;
        for (const auto& [shape, count] : counts)
            shapes.push_back(shape);
        std::stable_sort(shapes.begin(), shapes.end(), [&](TimeShape a, TimeShape b) { return counts[a] > counts[b]; });
        shapes.resize(std::min<std::size_t>(shapes.size(), 3));
        return shapes;
    }

    /// The fewest tokens after which `holds`, 0 when there is no such number up to `limit`; takes them as parts.
    bool takeGap(std::size_t limit, const std::function<bool(const Positions&)>& holds)
    {
        auto positions = m_positions;
        for (std::size_t gap = 1; gap <= limit; ++gap) {
            if (share(header::token, positions) < usual)
                return false;
            positions = after(header::token, positions);
            if (!holds(positions))
                continue;
            for (std::size_t i = 0; i < gap; ++i)
                take(PartKind::Token, header::token);
            return true;
        }
        return false;
    }

    [[nodiscard]] bool has(PartKind kind) const
    {
        return std::any_of(m_parts.begin(), m_parts.end(), [&](const HeaderPart& part) { return part.kind == kind; });
    }
    [[nodiscard]] bool lastIs(PartKind kind) const { return !m_parts.empty() && m_parts.back().kind == kind; }

    bool step()
    {
        if (share(m_time, m_positions) >= usual)
            return take(PartKind::Time, m_time);
        if (share(levelAt, m_positions) >= usual)
            return take(PartKind::Level, levelAt);
        if (pipeGoesOn())
            return take(PartKind::Piped, header::piped);
        if (!m_parts.empty() && share(header::separator, m_positions) >= usual)
            return take(PartKind::Separator, header::separator);
        if (!has(PartKind::Time) &&
            takeGap(gapBeforeTime, [&](const Positions& at) { return share(m_time, at) >= usual; }))
            return true;
        return !m_parts.empty() && stepWithin();
    }

    /// What is a header field only because a time or level stands before it.
    bool stepWithin()
    {
        if (numberIsField())
            return take(PartKind::Number, header::number);
        if (share(header::bracketed, m_positions) >= usual)
            return take(PartKind::Bracketed, header::bracketed);
        if (share(header::componentWord, m_positions) >= usualComponent) {
            take(PartKind::Component, header::component);
            return false; // the message follows
        }
        if (takeGap(gapBeforeLevel,
                    [&](const Positions& at) { return share(m_time, at) >= usual || share(levelAt, at) >= usual; }))
            return true;
        if (tokenIsField())
            return take(PartKind::Token, header::token);
        const bool mayDash = lastIs(PartKind::Time) || lastIs(PartKind::Level) || lastIs(PartKind::Bracketed) ||
                             lastIs(PartKind::Number);
        if (mayDash && !has(PartKind::Separator) && share(header::dashed, m_positions) >= usual) {
            take(PartKind::Dashed, header::dashed);
            return false;
        }
        if (lastIs(PartKind::Level) && share(header::padded, m_positions) >= usual && distinct(header::padded) <= 30)
            return take(PartKind::Padded, header::padded);
        return false;
    }

    [[nodiscard]] bool pipeGoesOn() const
    {
        if (!(lastIs(PartKind::Time) || lastIs(PartKind::Piped)) || share(header::piped, m_positions) < usualNumber)
            return false;
        if (lastIs(PartKind::Piped))
            return true;
        const auto barBefore = [](std::string_view line, std::size_t position) {
            return position > 0 && line[position - 1] == '|' ? position : nowhere;
        };
        return share(barBefore, m_positions) >= usual;
    }

    [[nodiscard]] bool numberIsField() const
    {
        if (share(header::number, m_positions) < usualNumber)
            return false;
        const auto next = after(header::number, m_positions);
        return share(levelAt, next) >= usual || share(header::number, next) >= usualNumber ||
               share(header::bracketed, next) >= usual || share(header::componentWord, next) >= usualComponent ||
               distinct(header::number) <= 3 || (has(PartKind::Number) && share(m_time, next) >= usual);
    }

    /// A host before a component, or one of a few words before a bracketed part.
    [[nodiscard]] bool tokenIsField() const
    {
        if (has(PartKind::Component) || share(header::token, m_positions) < usual)
            return false;
        const auto next = after(header::token, m_positions);
        if (share(header::componentWord, next) >= usualComponent && lastIs(PartKind::Time))
            return true;
        return share(header::bracketed, next) >= usual &&
               distinct(header::token) <= std::max<std::size_t>(5, m_lines.size() / 10);
    }

    AnyTime m_time;
    std::vector<std::string_view> m_lines;
    Positions m_positions;
    std::vector<bool> m_live; ///< lines that matched all parts so far
    std::vector<HeaderPart> m_parts;
};

void nameParts(std::vector<HeaderPart>& parts)
{
    std::map<std::string, int> seen;
    for (auto& part : parts) {
        switch (part.kind) {
        case PartKind::Time:
        case PartKind::Level:
        case PartKind::Component:
            part.name = part.kind == PartKind::Time ? "time" : part.kind == PartKind::Level ? "level" : "component";
            if (const auto count = ++seen[part.name]; count > 1)
                part.name += std::to_string(count);
            break;
        case PartKind::Separator:
            break;
        default: {
            const std::string base = part.kind == PartKind::Bracketed ? "bracket"
                                     : part.kind == PartKind::Number  ? "number"
                                                                      : "token";
            part.name = base + std::to_string(++seen[base]);
        }
        }
    }
}

} // namespace

LineLayout learnLayout(std::vector<std::string_view> lines, const TimestampOptions& options)
{
    LineLayout layout{.name = "generic", .parts = Learner(std::move(lines), options).learn()};
    nameParts(layout.parts);
    return layout;
}

} // namespace faultline::records
