// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/pattern_trace.h"
#include "engine/core/text.h"
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <re2/re2.h>
#include <vector>

namespace faultline::records
{

namespace
{

constexpr std::size_t shownBytes = 40;
constexpr int deepestGroup = 8;

/// A part of a pattern's sequence: an atom with its quantifier.
struct Piece {
    enum class Kind { Literal, Class, Group, Other };
    Kind kind = Kind::Other;
    std::string text;    ///< as written, quantifier included
    std::string literal; ///< Literal: the character it stands for
    std::string inner;   ///< Group: what is within
    std::string name;    ///< Group: its name, if any
    bool quantified = false;
};

/// Cuts a pattern into alternatives of pieces. The pattern is known to be valid.
class PieceReader
{
public:
    explicit PieceReader(std::string_view pattern) : m_pattern(pattern) {}

    std::vector<std::vector<Piece>> alternatives()
    {
        std::vector<std::vector<Piece>> all(1);
        while (m_at < m_pattern.size()) {
            if (peek() == '|') {
                ++m_at;
                all.emplace_back();
                continue;
            }
            all.back().push_back(piece());
        }
        return all;
    }

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const
    {
        return m_at + ahead < m_pattern.size() ? m_pattern[m_at + ahead] : '\0';
    }

    Piece piece()
    {
        Piece out;
        const auto begin = m_at;
        switch (peek()) {
        case '\\':
            escape(out);
            break;
        case '[':
            out.kind = Piece::Kind::Class;
            m_at = classEnd(m_at);
            break;
        case '(':
            group(out);
            break;
        case '.':
            out.kind = Piece::Kind::Class;
            ++m_at;
            break;
        case '^':
        case '$':
            ++m_at;
            break;
        default:
            out.kind = Piece::Kind::Literal;
            ++m_at;
            while ((static_cast<unsigned char>(peek()) & 0xC0U) == 0x80U) // the rest of a UTF-8 character
                ++m_at;
            out.literal = std::string(m_pattern.substr(begin, m_at - begin));
        }
        out.quantified = quantifier();
        out.text = std::string(m_pattern.substr(begin, m_at - begin));
        return out;
    }

    void escape(Piece& out)
    {
        const char c = peek(1);
        const auto begin = m_at;
        if (c == 'Q') {
            const auto end = m_pattern.find("\\E", m_at);
            m_at = end == std::string_view::npos ? m_pattern.size() : end + 2;
            return;
        }
        m_at = std::min(m_pattern.size(), m_at + 2);
        if (c == 'x' && peek() == '{')
            m_at = std::min(m_pattern.size(), m_pattern.find('}', m_at)) + 1;
        else if (c == 'x')
            m_at += 2;
        else if ((c == 'p' || c == 'P') && peek() == '{')
            m_at = std::min(m_pattern.size(), m_pattern.find('}', m_at)) + 1;
        else if (c == 'p' || c == 'P')
            ++m_at;
        m_at = std::min(m_at, m_pattern.size());
        if (c != '\0' && std::strchr("dDsSwWpP", c) != nullptr) {
            out.kind = Piece::Kind::Class;
        } else if (std::ispunct(static_cast<unsigned char>(c)) != 0) {
            out.kind = Piece::Kind::Literal;
            out.literal = std::string(1, m_pattern[begin + 1]);
        }
    }

    [[nodiscard]] std::size_t classEnd(std::size_t at) const
    {
        ++at;
        if (at < m_pattern.size() && m_pattern[at] == '^')
            ++at;
        for (bool first = true; at < m_pattern.size(); first = false) {
            if (m_pattern[at] == ']' && !first)
                return at + 1;
            if (m_pattern[at] == '\\')
                at += 2;
            else if (m_pattern.substr(at).starts_with("[:") && m_pattern.find(":]", at) != std::string_view::npos)
                at = m_pattern.find(":]", at) + 2;
            else
                ++at;
        }
        return m_pattern.size();
    }

    void group(Piece& out)
    {
        const auto begin = m_at + 1;
        int depth = 0;
        while (m_at < m_pattern.size()) {
            const char c = m_pattern[m_at];
            if (c == '\\' && peek(1) == 'Q') {
                const auto end = m_pattern.find("\\E", m_at);
                m_at = end == std::string_view::npos ? m_pattern.size() : end + 2;
                continue;
            }
            if (c == '\\') {
                m_at += 2;
                continue;
            }
            if (c == '[') {
                m_at = classEnd(m_at);
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            ++m_at;
            if (depth == 0)
                break;
        }
        m_at = std::min(m_at, m_pattern.size());
        auto inner = m_pattern.substr(begin, std::max(m_at, begin + 1) - 1 - begin);
        if (inner.starts_with("?P<")) {
            const auto end = inner.find('>');
            out.name = std::string(inner.substr(3, end - 3));
            inner.remove_prefix(end + 1);
        } else if (inner.starts_with("?:")) {
            inner.remove_prefix(2);
        } else if (inner.starts_with("?")) {
            return; // flags: a part of its own
        }
        out.kind = Piece::Kind::Group;
        out.inner = std::string(inner);
    }

    bool quantifier()
    {
        const auto begin = m_at;
        if (peek() == '*' || peek() == '+' || peek() == '?') {
            ++m_at;
        } else if (peek() == '{' && peek(1) >= '0' && peek(1) <= '9') {
            const auto end = m_pattern.find('}', m_at);
            if (end != std::string_view::npos &&
                m_pattern.substr(m_at + 1, end - m_at - 1).find_first_not_of("0123456789,") == std::string_view::npos)
                m_at = end + 1;
        }
        if (m_at > begin && peek() == '?')
            ++m_at;
        return m_at > begin;
    }

    std::string_view m_pattern;
    std::size_t m_at = 0;
};

/// Bytes that a pattern takes from the start of the line; nullopt when it does not match there.
std::optional<std::size_t> taken(const std::string& pattern, std::string_view line)
{
    RE2::Options options;
    options.set_log_errors(false);
    const RE2 compiled(pattern, options);
    re2::StringPiece whole;
    const re2::StringPiece input(line.data(), line.size());
    if (!compiled.ok() || !compiled.Match(input, 0, line.size(), RE2::ANCHOR_START, &whole, 1))
        return std::nullopt;
    return whole.size();
}

std::string meaningOf(const Piece& piece)
{
    struct Known {
        std::string_view begin, meaning;
    };
    constexpr std::array known{Known{"\\d", "a digit"},
                               Known{"[0-9]", "a digit"},
                               Known{"\\s", "a blank"},
                               Known{"\\S", "anything but a blank"},
                               Known{"\\w", "a letter, digit or underscore"},
                               Known{"[A-Z]", "a capital letter"},
                               Known{"[a-z]", "a small letter"},
                               Known{"[A-Za-z]", "a letter"},
                               Known{".", "any character"},
                               Known{"$", "the end of the line"}};
    for (const auto& each : known)
        if (piece.text.starts_with(each.begin) && (piece.kind == Piece::Kind::Class || each.begin == "$"))
            return std::string(each.meaning) + " (`" + piece.text + "`)";
    return "`" + piece.text + "`";
}

/// From the piece that failed on: literals as text, and the part behind them.
std::string expectation(const std::vector<Piece>& pieces, std::size_t from)
{
    std::string literal;
    auto i = from;
    for (; i < pieces.size() && pieces[i].kind == Piece::Kind::Literal && !pieces[i].quantified; ++i)
        literal += pieces[i].literal;
    if (literal.empty())
        return meaningOf(pieces[from]);
    std::string out = "the text `" + literal + "`";
    if (i < pieces.size())
        out += " followed by " + meaningOf(pieces[i]);
    return out;
}

PatternStop trace(const std::string& before, std::string_view pattern, std::string_view line, int depth);

PatternStop traceSequence(const std::string& before, const std::vector<Piece>& pieces, std::string_view line, int depth)
{
    const auto upTo = [&](std::size_t count) {
        auto out = before;
        for (std::size_t i = 0; i < count; ++i)
            out += pieces[i].text;
        return out;
    };
    if (const auto all = taken(upTo(pieces.size()), line))
        return {.matches = true, .column = *all, .group = {}, .expected = {}, .found = {}};
    // A longer beginning matches only where every shorter one does.
    std::size_t good = 0, bad = pieces.size();
    while (bad - good > 1) {
        const auto middle = good + (bad - good) / 2;
        (taken(upTo(middle), line) ? good : bad) = middle;
    }
    const auto& failed = pieces[good];
    if (failed.kind == Piece::Kind::Group && depth < deepestGroup &&
        (!failed.quantified || failed.text.ends_with('+'))) {
        auto stop = trace(upTo(good), failed.inner, line, depth + 1);
        if (!stop.matches) {
            if (stop.group.empty())
                stop.group = failed.name;
            return stop;
        }
    }
    return {.matches = false,
            .column = taken(upTo(good), line).value_or(0),
            .group = failed.name,
            .expected = expectation(pieces, good),
            .found = {}};
}

PatternStop trace(const std::string& before, std::string_view pattern, std::string_view line, int depth)
{
    const auto alternatives = PieceReader(pattern).alternatives();
    std::optional<PatternStop> best;
    for (const auto& pieces : alternatives) {
        auto stop = traceSequence(before, pieces, line, depth);
        if (stop.matches)
            return stop;
        if (best && stop.column == best->column) {
            if (best->expected.size() < 200)
                best->expected += " or " + stop.expected;
            continue;
        }
        if (!best || stop.column > best->column)
            best = std::move(stop);
    }
    return *best;
}

} // namespace

PatternStop whereMatchingStops(const std::string& pattern, std::string_view line)
{
    auto stop = trace({}, pattern, line, 0);
    const auto rest = line.substr(std::min(stop.column, line.size()));
    stop.found = rest.empty()
                     ? "the end of the line"
                     : "`" + displayText(rest.substr(0, shownBytes)) + (rest.size() > shownBytes ? "..." : "") + "`";
    return stop;
}

std::string stopText(const PatternStop& stop)
{
    if (stop.matches)
        return "it matches";
    return "it stops at column " + std::to_string(stop.column + 1) +
           (stop.group.empty() ? "" : ", in the group `" + stop.group + "`") + ": expected " +
           displayText(stop.expected) + ", found " + stop.found;
}

} // namespace faultline::records
