// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/log_format.h"
#include "engine/core/text.h"
#include <algorithm>
#include <array>
#include <cctype>

namespace faultline::records
{

namespace
{

enum class Content : std::uint8_t {
    Word,   ///< up to what follows it in the layout
    Number, ///< a number or -
    Sum,    ///< numbers between commas and colons, one for each server that was tried
    List,   ///< the same of words
    Clf,    ///< 17/May/2015:10:05:03 +0000
    Iso,
    Epoch,
    Request,
};

struct Variable {
    std::string_view name;  ///< as the server calls it
    std::string_view group; ///< what the group is called
    Content content = Content::Word;
    std::string_view unit{};
    double scale = 1.0;
};

constexpr std::array nginxVariables{
    Variable{"remote_addr", "client"},
    Variable{"remote_user", "user"},
    Variable{"time_local", "time", Content::Clf},
    Variable{"time_iso8601", "time", Content::Iso},
    Variable{"msec", "time", Content::Epoch},
    Variable{"request", "message", Content::Request},
    Variable{"status", "status", Content::Number},
    Variable{"body_bytes_sent", "bytes", Content::Number, "bytes"},
    Variable{"bytes_sent", "bytes_sent", Content::Number, "bytes"},
    Variable{"request_length", "request_length", Content::Number, "bytes"},
    Variable{"content_length", "content_length", Content::Number, "bytes"},
    Variable{"http_content_length", "content_length", Content::Number, "bytes"},
    Variable{"upstream_bytes_received", "upstream_bytes_received", Content::Sum, "bytes"},
    Variable{"upstream_bytes_sent", "upstream_bytes_sent", Content::Sum, "bytes"},
    Variable{"upstream_response_length", "upstream_response_length", Content::Sum, "bytes"},
    Variable{"request_time", "request_time", Content::Number, "s"},
    Variable{"upstream_response_time", "upstream_response_time", Content::Sum, "s"},
    Variable{"upstream_connect_time", "upstream_connect_time", Content::Sum, "s"},
    Variable{"upstream_header_time", "upstream_header_time", Content::Sum, "s"},
    Variable{"upstream_queue_time", "upstream_queue_time", Content::Sum, "s"},
    Variable{"session_time", "session_time", Content::Number, "s"},
    Variable{"gzip_ratio", "gzip_ratio", Content::Number},
    Variable{"connections_active", "connections_active", Content::Number},
    Variable{"connection_requests", "connection_requests", Content::Number},
    Variable{"tcpinfo_rtt", "tcpinfo_rtt", Content::Number, "s", 1e-6},
    Variable{"tcpinfo_rttvar", "tcpinfo_rttvar", Content::Number, "s", 1e-6},
    Variable{"http_referer", "referer"},
    Variable{"http_user_agent", "agent"},
    Variable{"http_x_forwarded_for", "forwarded_for", Content::List},
};

/// By the directive's letter, without `{...}`, `>` and `<`.
struct Directive {
    char letter = '\0';
    Variable variable{};
};
constexpr std::array apacheDirectives{
    Directive{'h', {"", "client"}},
    Directive{'a', {"", "client"}},
    Directive{'A', {"", "local_address"}},
    Directive{'l', {"", "ident"}},
    Directive{'u', {"", "user"}},
    Directive{'t', {"", "time", Content::Clf}},
    Directive{'r', {"", "message", Content::Request}},
    Directive{'s', {"", "status", Content::Number}},
    Directive{'b', {"", "bytes", Content::Number, "bytes"}},
    Directive{'B', {"", "bytes", Content::Number, "bytes"}},
    Directive{'I', {"", "bytes_received", Content::Number, "bytes"}},
    Directive{'O', {"", "bytes_sent", Content::Number, "bytes"}},
    Directive{'S', {"", "bytes_transferred", Content::Number, "bytes"}},
    Directive{'D', {"", "request_time", Content::Number, "s", 1e-6}},
    Directive{'T', {"", "request_time", Content::Number, "s"}},
    Directive{'F', {"", "ttfb", Content::Number, "s", 1e-6}},
    Directive{'k', {"", "keepalive_requests", Content::Number}},
    Directive{'p', {"", "port"}},
    Directive{'P', {"", "pid"}},
    Directive{'v', {"", "host"}},
    Directive{'V', {"", "host"}},
    Directive{'U', {"", "path"}},
    Directive{'q', {"", "query"}},
    Directive{'m', {"", "method"}},
    Directive{'H', {"", "protocol"}},
    Directive{'f', {"", "file"}},
    Directive{'X', {"", "connection_state"}},
    Directive{'L', {"", "log_id"}},
    Directive{'R', {"", "handler"}},
    Directive{'i', {}},
    Directive{'o', {}},
    Directive{'e', {}},
    Directive{'n', {}},
    Directive{'C', {}},
};

bool isWord(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// A name that RE2 takes for a group.
std::string groupName(std::string_view text)
{
    std::string out;
    for (const char c : text.substr(0, 64))
        out += isWord(c) ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : '_';
    return out.empty() || std::isdigit(static_cast<unsigned char>(out.front())) != 0 ? "v_" + out : out;
}

class LogFormatCompiler
{
public:
    LogFormatCompiler(std::string_view layout, SourcePos where) : m_layout(layout), m_where(std::move(where)) {}

    Result<UserFormat> compile()
    {
        m_format.description = "lines written with " + displayText(m_layout.substr(0, 200));
        m_format.unmatched = Unmatched::Record;
        const bool nginx = hasNginxVariable();
        m_format.name = nginx ? "nginx_access_custom" : "apache_custom";
        for (m_at = 0; m_at < m_layout.size() && !m_error;) {
            const char c = m_layout[m_at];
            if (nginx && c == '$')
                nginxVariable();
            else if (!nginx && c == '%')
                apacheDirective();
            else
                literal(c);
        }
        if (m_error)
            return tl::unexpected(*m_error);
        if (m_format.fields.empty())
            return refused("the log format `" + displayText(m_layout.substr(0, 60)) + "` has no variable", 0,
                           "write the string that stands in the server's configuration, or @FILE:NAME");
        m_format.levelFromStatus = std::find(m_used.begin(), m_used.end(), "status") != m_used.end();
        for (auto& time : m_times) {
            auto compiled = TimeFormat::compile(time);
            if (!compiled)
                return refused(compiled.error().message, 0, compiled.error().hint);
            m_format.times.push_back(std::move(*compiled));
        }
        if (auto added = addPattern(m_format, m_pattern, m_where); !added)
            return tl::unexpected(added.error());
        return std::move(m_format);
    }

private:
    [[nodiscard]] bool hasNginxVariable() const
    {
        for (std::size_t i = 0; i + 1 < m_layout.size(); ++i)
            if (m_layout[i] == '$' && (isWord(m_layout[i + 1]) || m_layout[i + 1] == '{'))
                return true;
        return false;
    }

    tl::unexpected<Error> refused(std::string message, std::size_t at, std::string hint) const
    {
        auto where = m_where;
        if (where.file.empty() || where.line == 0)
            message += " (column " + std::to_string(at + 1) + " of the layout)";
        return fail({ErrorCode::Config, std::move(message), std::move(where), std::move(hint)});
    }

    void literal(char c)
    {
        if (c == '\\' && m_at + 1 < m_layout.size()) { // Apache writes \" within its quotes, and \t
            c = m_layout[++m_at];
            c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
        }
        ++m_at;
        m_pattern += c == ' ' ? std::string(" ") : RE2::QuoteMeta(re2::StringPiece(&c, 1));
    }

    /// What stands behind the variable in the layout ends it.
    [[nodiscard]] std::string wordUntilNext() const
    {
        const char next =
            m_at < m_layout.size()
                ? (m_layout[m_at] == '\\' && m_at + 1 < m_layout.size() ? m_layout[m_at + 1] : m_layout[m_at])
                : '\0';
        if (next == '\0')
            return ".*";
        if (next == '"')
            return R"((?:[^"\\]|\\.)*)";
        if (next == ' ')
            return R"(\S*)";
        if (next == '$' || next == '%')
            return R"(\S*?)";
        return "[^" + RE2::QuoteMeta(re2::StringPiece(&next, 1)) + "]*";
    }

    [[nodiscard]] std::string patternOf(Content content) const
    {
        switch (content) {
        case Content::Number:
            return R"(-?[\d.]*)";
        case Content::Sum:
            return R"([\d.\-]+(?:(?:, ?| : )[\d.\-]+)*)";
        case Content::Clf:
            return R"(\d{1,2}/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})";
        case Content::Iso:
            return R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))";
        case Content::Epoch:
            return R"(\d+(?:\.\d+)?)";
        case Content::Request: {
            auto word = wordUntilNext();
            return word == R"(\S*)" ? R"(\S+(?: \S+ HTTP/[\d.]+)?)" : word;
        }
        case Content::List: {
            auto word = wordUntilNext();
            return word == R"(\S*)" ? R"([^\s,]+(?:(?:, ?| : )[^\s,]+)*)" : word;
        }
        case Content::Word:
            break;
        }
        return wordUntilNext();
    }

    void variable(const Variable& known)
    {
        const std::string name(known.group);
        const bool again = std::find(m_used.begin(), m_used.end(), name) != m_used.end();
        const bool time =
            known.content == Content::Clf || known.content == Content::Iso || known.content == Content::Epoch;
        m_pattern += again ? "(?:" : "(?P<" + name + ">";
        m_pattern += patternOf(known.content) + ")";
        if (again)
            return;
        m_used.push_back(name);
        FormatField field{.type = FieldType::Text, .unit = std::string(known.unit), .scale = known.scale};
        if (known.content == Content::Number || known.content == Content::Sum)
            field.type = known.content == Content::Sum ? FieldType::Sum : FieldType::Number;
        m_format.fields[name] = field;
        if (time)
            m_times.emplace_back(known.content == Content::Clf   ? "%d/%b/%Y:%H:%M:%S %z"
                                 : known.content == Content::Iso ? "%Y-%m-%dT%H:%M:%S%z"
                                                                 : "epoch s");
    }

    void nginxVariable()
    {
        const auto begin = m_at++;
        const bool braced = m_at < m_layout.size() && m_layout[m_at] == '{';
        m_at += braced ? 1 : 0;
        const auto nameBegin = m_at;
        while (m_at < m_layout.size() && isWord(m_layout[m_at]))
            ++m_at;
        const auto name = m_layout.substr(nameBegin, m_at - nameBegin);
        if (braced && m_at < m_layout.size() && m_layout[m_at] == '}')
            ++m_at;
        if (name.empty()) {
            m_at = begin;
            return literal('$');
        }
        for (const auto& known : nginxVariables)
            if (known.name == name)
                return variable(known);
        const auto group = groupName(name);
        variable(
            {.name = name, .group = group, .content = name.starts_with("upstream_") ? Content::List : Content::Word});
    }

    void apacheDirective()
    {
        const auto begin = m_at++;
        while (m_at < m_layout.size() && (std::isdigit(static_cast<unsigned char>(m_layout[m_at])) != 0 ||
                                          std::string_view("!,<>").find(m_layout[m_at]) != std::string_view::npos))
            ++m_at; // conditions such as %!200,304,302{Referer}i, and the first or last of redirected requests
        std::string_view argument;
        if (m_at < m_layout.size() && m_layout[m_at] == '{') {
            const auto end = std::min(m_layout.find('}', m_at), m_layout.size());
            argument = m_layout.substr(m_at + 1, end - m_at - 1);
            m_at = std::min(end + 1, m_layout.size());
        }
        const char letter = m_at < m_layout.size() ? m_layout[m_at] : '\0';
        if (letter == '%')
            return literal('%');
        m_at += letter == '^' ? 3 : 1; // %^FB, %^ti
        m_at = std::min(m_at, m_layout.size());
        const auto known = std::find_if(apacheDirectives.begin(), apacheDirectives.end(), [&](const Directive& each) {
            return each.letter == (letter == '^' ? 'F' : letter);
        });
        if (letter == '\0' || known == apacheDirectives.end()) {
            m_error = refused("the log format has an unknown directive `" +
                                  displayText(m_layout.substr(begin, m_at - begin)) + "`",
                              begin, "see mod_log_config; a percent sign alone is written %%")
                          .value();
            return;
        }
        directive(known->letter, known->variable, argument);
    }

    void directive(char letter, Variable known, std::string_view argument)
    {
        if (letter == 't' && !argument.empty())
            return apacheTime(argument);
        if (letter == 't') { // brackets come with it
            m_pattern += R"(\[)";
            variable(known);
            m_pattern += R"(\])";
            return;
        }
        if (letter == 'T' && !argument.empty())
            known.scale = argument == "ms" ? 1e-3 : argument == "us" ? 1e-6 : 1.0;
        if (letter == 'p' || letter == 'P' || known.group.empty()) {
            const auto lower = groupName(argument);
            const std::string_view group = lower == "referer"      ? "referer"
                                           : lower == "user_agent" ? "agent"
                                           : known.group.empty()   ? lower
                                                                   : known.group;
            return variable({.name = known.name, .group = group});
        }
        variable(known);
    }

    /// %{sec}t and its kin, or a strftime layout.
    void apacheTime(std::string_view argument)
    {
        for (const std::string_view when : {"begin:", "end:"})
            if (argument.starts_with(when))
                argument.remove_prefix(when.size());
        if (argument == "msec_frac" || argument == "usec_frac") {
            m_pattern += R"(\d+)";
            return;
        }
        struct Unit {
            std::string_view word, format;
        };
        constexpr std::array units{Unit{"sec", "epoch s"}, Unit{"msec", "epoch ms"}, Unit{"usec", "epoch us"}};
        std::string format(argument);
        for (const auto& unit : units)
            if (unit.word == argument)
                format = unit.format;
        const bool again = std::find(m_used.begin(), m_used.end(), "time") != m_used.end();
        const bool epoch = format.starts_with("epoch");
        m_pattern += (again ? "(?:" : "(?P<time>") + (epoch ? std::string(R"(\d+)") : strftimePattern(format)) + ")";
        if (again)
            return;
        m_used.emplace_back("time");
        m_format.fields["time"] = {};
        m_times.push_back(std::move(format));
    }

    /// What strftime writes: blanks where the layout has them, anything else between.
    static std::string strftimePattern(std::string_view format)
    {
        std::string out;
        for (std::size_t i = 0; i < format.size(); ++i) {
            if (format[i] == '%' && i + 1 < format.size()) {
                ++i;
                out += format[i] == 'e' ? R"( ?\d{1,2})" : R"([^\s\]"]+?)";
            } else {
                out += RE2::QuoteMeta(re2::StringPiece(&format[i], 1));
            }
        }
        return out;
    }

    std::string_view m_layout;
    SourcePos m_where;
    std::size_t m_at = 0;
    std::string m_pattern;
    std::vector<std::string> m_used, m_times;
    std::optional<Error> m_error;
    UserFormat m_format;
};

} // namespace

Result<UserFormat> compileLogFormat(std::string_view layout, const SourcePos& where)
{
    if (layout.size() > 2'000)
        return fail(
            {ErrorCode::Config, "the log format is longer than 2,000 characters", where, "is this the right text?"});
    return LogFormatCompiler(layout, where).compile();
}

} // namespace faultline::records
