// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/user_format.h"
#include "engine/core/text.h"
#include "engine/records/pattern_trace.h"
#include <algorithm>
#include <charconv>
#include <limits>

namespace faultline::records
{

namespace
{

constexpr std::size_t longestPattern = 4'000;
constexpr std::int64_t programBytes = 4 << 20; // of a compiled pattern

/// Python, PCRE and Go 1.22 write (?<name>...), RE2 of Debian 12 wants (?P<name>...).
std::string withNamedGroups(const std::string& pattern)
{
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        out += pattern[i];
        if (pattern[i] == '\\' && i + 1 < pattern.size())
            out += pattern[++i];
        else if (pattern.compare(i, 3, "(?<") == 0 && i + 3 < pattern.size() && pattern[i + 3] != '=' &&
                 pattern[i + 3] != '!') {
            out += "?P<";
            i += 2;
        }
    }
    return out;
}

double plainNumber(std::string_view text)
{
    double value = 0.0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = code == std::errc() && end == text.data() + text.size() && value - value == 0.0;
    return whole ? value : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

int UserFormat::column(std::string_view group) const
{
    const auto it = std::find(columns.begin(), columns.end(), group);
    return group.empty() || it == columns.end() ? -1 : static_cast<int>(it - columns.begin());
}

Result<std::shared_ptr<const RE2>> compilePattern(const std::string& text, const SourcePos& where)
{
    if (text.size() > longestPattern)
        return fail(
            {ErrorCode::Config, "a pattern is longer than 4,000 characters", where, "split it into several patterns"});
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(programBytes);
    auto compiled = std::make_shared<const RE2>(withNamedGroups(text), options);
    if (!compiled->ok())
        return fail({ErrorCode::Config, "this is not a valid pattern: " + displayText(compiled->error()), where,
                     "patterns follow RE2's syntax, with named groups as in (?P<level>\\w+)"});
    return std::shared_ptr<const RE2>(std::move(compiled));
}

Result<void> addPattern(UserFormat& format, const std::string& text, const SourcePos& where)
{
    auto compiled = compilePattern(text, where);
    if (!compiled)
        return tl::unexpected(compiled.error());
    const auto groups = static_cast<std::size_t>((*compiled)->NumberOfCapturingGroups());
    if (groups > UserFormat::maxGroups)
        return fail({ErrorCode::Config, "a pattern has more than 60 groups", where,
                     "write groups that need no name as (?:...)"});
    if ((*compiled)->Match("", 0, 0, RE2::ANCHOR_START, nullptr, 0))
        return fail({ErrorCode::Config, "the pattern matches an empty line, so it says nothing about the lines", where,
                     "begin it with something that every record has, such as its time"});
    FormatPattern pattern{.text = (*compiled)->pattern(), .where = where, .compiled = *compiled, .columns = {}};
    pattern.columns.assign(groups, -1);
    for (const auto& [index, name] : (*compiled)->CapturingGroupNames()) {
        auto column = format.column(name);
        if (column < 0) {
            column = static_cast<int>(format.columns.size());
            format.columns.push_back(name);
        }
        pattern.columns[static_cast<std::size_t>(index) - 1] = column;
    }
    format.patterns.push_back(std::move(pattern));
    return {};
}

FormatMatcher::FormatMatcher(const UserFormat& format)
    : m_format(format), m_groups(UserFormat::maxGroups + 1), m_texts(format.columns.size())
{
}

bool FormatMatcher::match(std::string_view line)
{
    const re2::StringPiece input(line.data(), line.size());
    for (const auto& pattern : m_format.patterns) {
        const auto groups = pattern.columns.size();
        if (!pattern.compiled->Match(input, 0, line.size(), RE2::ANCHOR_START, m_groups.data(),
                                     static_cast<int>(groups) + 1))
            continue;
        m_length = m_groups[0].size();
        std::fill(m_texts.begin(), m_texts.end(), std::string_view());
        for (std::size_t g = 0; g < groups; ++g)
            if (pattern.columns[g] >= 0 && m_groups[g + 1].data() != nullptr)
                m_texts[static_cast<std::size_t>(pattern.columns[g])] = {m_groups[g + 1].data(),
                                                                         m_groups[g + 1].size()};
        return true;
    }
    return false;
}

FormatRoles rolesOf(const UserFormat& format, const ParseOptions& options)
{
    const auto chosen = [&](const std::string& asked, const std::string& own, const char* usual) {
        if (const auto column = format.column(asked); column >= 0)
            return column;
        return format.column(own.empty() ? usual : own);
    };
    FormatRoles roles{.time = chosen(options.timeColumn, {}, "time"),
                      .date = format.column("date"),
                      .zone = format.column("zone"),
                      .level = format.column("level"),
                      .message = format.column("message"),
                      .entity = chosen(options.entityField, format.entity, "entity"),
                      .session = chosen(options.sessionKey, format.session, "session"),
                      .label = chosen(options.labelColumn, format.label, "label"),
                      .numbers = {}};
    for (const auto& name : format.columns) {
        const auto it = format.fields.find(name);
        auto field = it == format.fields.end() ? FormatField{} : it->second;
        const auto& wanted = options.valueColumns;
        const bool listed = std::find(wanted.begin(), wanted.end(), name) != wanted.end();
        if (listed && field.type != FieldType::Sum)
            field.type = FieldType::Number;
        const bool number = field.type == FieldType::Number || field.type == FieldType::Sum;
        const auto column = format.column(name);
        if (!number || (!wanted.empty() && !listed) || column == roles.label)
            continue;
        if (name == "status")
            roles.status = static_cast<int>(roles.numbers.size());
        roles.numbers.push_back({.column = column,
                                 .name = name,
                                 .unit = field.unit,
                                 .scale = field.scale,
                                 .sum = field.type == FieldType::Sum});
    }
    return roles;
}

double numberOf(std::string_view text, const FormatRoles::Number& field)
{
    if (!field.sum)
        return plainNumber(trim(text)) * field.scale;
    double sum = 0.0;
    bool any = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = std::min(text.find_first_not_of(",: ", at), text.size());
        const auto end = std::min(text.find_first_of(",: ", begin), text.size());
        if (const auto value = plainNumber(text.substr(begin, end - begin)); value - value == 0.0) {
            sum += value;
            any = true;
        }
        at = end + (end == begin ? 1 : 0);
    }
    return any ? sum * field.scale : std::numeric_limits<double>::quiet_NaN();
}

std::string whyUnmatched(const UserFormat& format, std::string_view line, std::uint32_t& column)
{
    PatternStop best;
    std::size_t pattern = 0;
    for (std::size_t i = 0; i < format.patterns.size(); ++i) {
        auto stop = whereMatchingStops(format.patterns[i].text, line);
        if (i > 0 && stop.column <= best.column)
            continue;
        best = std::move(stop);
        pattern = i;
    }
    column = static_cast<std::uint32_t>(best.column + 1);
    return (format.patterns.size() > 1
                ? "no pattern matches; pattern " + std::to_string(pattern + 1) + " comes furthest: "
                : "the pattern does not match: ") +
           stopText(best);
}

} // namespace faultline::records
