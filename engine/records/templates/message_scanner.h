// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/address_rules.h"
#include "engine/records/templates/char_class.h"
#include "engine/records/templates/message_masks.h"
#include "engine/records/templates/quantity_rules.h"
#include "engine/records/templates/shape_dictionary.h"
#include "engine/records/templates/word_rules.h"
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

namespace faultline::records::templates
{

/// Tokens of one message that are told apart; what follows the last of them is one variable.
inline constexpr std::size_t maxTokens = 256;
/// A word longer than this is data, not vocabulary.
inline constexpr std::size_t maxWordBytes = 128;
/// One step of the scanner makes at most this many tokens.
inline constexpr std::size_t maxTokensOfAStep = 3;
inline constexpr std::string_view wildcard = "<*>";

/// What the scanner hands to a sink: text is `before`, then `<*>` if masked, then `after`. Views die with the message.
struct Piece {
    TokenKind kind = TokenKind::Word;
    bool spaceBefore = false;
    bool masked = false;
    std::string_view before{};
    std::string_view after{};
    std::string_view value{}; ///< what `<*>` stands for
    std::string_view shown = wildcard; ///< `<name>` where a person's mask took the value
};

/// Cuts a message into pieces, left to right, at word starts, without allocating. Words of letters alone, blanks and
/// plain delimiters are decided here; everything else goes through the rules, which are functions of their own.
template <class Sink>
class MessageScanner
{
public:
    MessageScanner(std::string_view message, Sink& sink) : m_text(message), m_sink(sink) {}

    void run()
    {
        while (m_at < m_text.size()) {
            const auto first = classOf(m_text[m_at]);
            if (first & char_class::space) {
                m_space = true;
                ++m_at;
                continue;
            }
            if (m_count >= maxTokens - 1) {
                variable(m_text.size());
                return;
            }
            if (first & char_class::delimiter)
                delimiter();
            else
                word();
        }
    }

    /// As run(), with variables where a person's masks took them; the rules read what stands between.
    void run(std::span<const MaskedSpan> spans)
    {
        const auto message = m_text;
        for (const auto& span : spans) {
            if (m_count >= maxTokens - 1)
                break;
            m_text = message.substr(0, span.begin);
            run();
            putMasked(message.substr(span.begin, span.end - span.begin), span.shown);
            m_at = span.end;
        }
        m_text = message;
        run();
    }

private:
    void putMasked(std::string_view value, std::string_view shown)
    {
        put({.kind = TokenKind::Variable, .spaceBefore = m_space, .masked = true, .value = value, .shown = shown});
    }
    void put(const Piece& piece)
    {
        m_sink(piece);
        m_space = false;
        m_afterEquals = false;
        ++m_count;
    }
    void putVariable(std::string_view value)
    {
        put({.kind = TokenKind::Variable, .spaceBefore = m_space, .masked = true, .value = value});
    }
    void variable(std::size_t end)
    {
        putVariable(m_text.substr(m_at, end - m_at));
        m_at = end;
    }
    void constant(TokenKind kind, std::string_view text)
    {
        if (text.size() > maxWordBytes)
            putVariable(text);
        else
            put({.kind = kind, .spaceBefore = m_space, .before = text});
    }
    /// Rules that reach over delimiters start where no word is being continued.
    [[nodiscard]] bool fresh() const { return m_at == 0 || !isWordChar(m_text[m_at - 1]); }
    [[nodiscard]] char charAt(std::size_t at) const { return at < m_text.size() ? m_text[at] : '\0'; }

    void word()
    {
        auto end = m_at;
        std::uint16_t seen = 0;
        for (; end < m_text.size(); ++end) {
            const auto c = classOf(m_text[end]);
            if (c & (char_class::space | char_class::delimiter))
                break;
            seen |= c;
        }
        const bool colon = charAt(end) == ':' && !(classOf(charAt(end + 1)) & char_class::space);
        const auto text = m_text.substr(m_at, end - m_at);
        const auto plain = char_class::letter | char_class::underscore | char_class::dash;
        if (!(seen & ~plain) && !colon && (seen & char_class::letter)) {
            plainWord(text, seen);
            return;
        }
        if (fresh() && span(end, seen))
            return;
        if (seen & char_class::digit)
            digitWord(text, seen);
        else
            otherWord(text);
    }

    void plainWord(std::string_view text, std::uint16_t seen)
    {
        if (text.size() == 3 && (seen & char_class::upper) && startsDate(text) && fresh())
            if (const auto end = endOfDate(m_text, m_at)) {
                variable(end);
                return;
            }
        const auto end = m_at + text.size();
        if ((text.size() == 4 || text.size() == 5 || (text.size() >= 8 && isHex(text[0]))) && isValueOfLetters(text))
            variable(end);
        else if (text.size() > 1 && !(seen & char_class::lower))
            constant(TokenKind::Capitals, text);
        else
            constant(TokenKind::Word, text);
        m_at = end;
    }

    /// Variables that may reach over delimiters; true when one was found.
    bool span(std::size_t wordEnd, std::uint16_t seen)
    {
        const char first = m_text[m_at];
        const char next = charAt(wordEnd);
        std::size_t end = 0;
        if (isDigit(first)) {
            end = endOfDate(m_text, m_at);
            if (end) {
                variable(end);
                return true;
            }
        }
        if ((isDigit(first) || first == '+' || first == '-') && quantity())
            return true;
        if (isLetter(first) && next == ':')
            end = endOfUrl(m_text, m_at, wordEnd);
        if (first == '/')
            end = endOfRequestTarget(m_text, m_at);
        if (!end && first == '/' && wordEnd < m_text.size())
            end = endOfQuery(m_text, m_at, wordEnd);
        if (!end && isDigit(first) && next == ',')
            end = endOfNumberList(m_text, m_at);
        if (!end && (next == ':' || (seen & char_class::dash)) && (isHex(first) || first == '/'))
            end = endOfColonGroups(m_text, m_at);
        if (end)
            variable(end);
        return end != 0;
    }

    bool quantity()
    {
        const auto found = quantityAt(m_text, m_at);
        if (!found.end)
            return false;
        if (found.unitWord.empty())
            variable(found.end);
        else
            put({.kind = TokenKind::Soft,
                 .spaceBefore = m_space,
                 .masked = true,
                 .after = found.unitWord,
                 .value = m_text.substr(m_at, found.end - m_at)});
        m_at = found.end;
        return true;
    }

    static constexpr char leadingMarks[] = "#@$&*~^!?%`\\";

    void digitWord(std::string_view text, std::uint16_t seen)
    {
        while (text.size() > 1 && isOneOf(text.back(), ".!?"))
            text.remove_suffix(1);
        auto end = m_at + text.size();
        if (charAt(end) == ':' && hostWithPort(text, true))
            return;
        if (isOneOf(text[0], leadingMarks)) {
            const auto lead = text.find_first_not_of(leadingMarks);
            constant(TokenKind::Delimiter, text.substr(0, lead));
            text.remove_prefix(lead);
        }
        const auto form = formWithDigits(text, seen);
        if (charAt(end) == ':' && (form.kind == TokenKind::Variable || form.kind == TokenKind::Prefixed))
            end = endOfColonTail(m_text, end);
        const auto whole = m_text.substr(static_cast<std::size_t>(text.data() - m_text.data()));
        const auto value = whole.substr(0, end - (m_text.size() - whole.size()));
        if (form.kind == TokenKind::Variable)
            putVariable(value);
        else if (form.prefix)
            prefixed(form.kind, text.substr(0, form.prefix), value.substr(form.prefix));
        else
            constant(form.kind, text);
        m_at = end;
    }

    void otherWord(std::string_view text)
    {
        if (text[0] == '/')
            while (text.size() > 1 && isOneOf(text.back(), ".!?"))
                text.remove_suffix(1);
        auto end = m_at + text.size();
        if (charAt(end) == ':') {
            if (hostWithPort(text, false))
                return;
            const auto number = classOf(text[0]) & char_class::alnum ? endOfLabelledNumber(m_text, end) : 0;
            if (number) {
                prefixed(TokenKind::Prefixed, m_text.substr(m_at, text.size() + 1),
                         m_text.substr(end + 1, number - end - 1));
                m_at = number;
                return;
            }
        }
        const auto kind = kindWithoutDigits(text, m_afterEquals);
        if (kind == TokenKind::Variable)
            putVariable(text);
        else
            constant(kind, text);
        m_at = end;
    }

    void prefixed(TokenKind kind, std::string_view before, std::string_view value)
    {
        if (before.size() > maxWordBytes)
            putVariable(value);
        else
            put({.kind = kind, .spaceBefore = m_space, .masked = true, .before = before, .value = value});
    }

    bool hostWithPort(std::string_view text, bool hasDigits)
    {
        const auto end = endOfPort(m_text, m_at + text.size());
        if (!end || !looksLikeHost(text, hasDigits))
            return false;
        variable(end);
        return true;
    }

    void delimiter()
    {
        const char c = m_text[m_at];
        const char next = charAt(m_at + 1);
        if ((c == '<' || c == '>') && (isDigit(next) || next == '+' || next == '-') && fresh() && quantity())
            return;
        if ((c == '"' || c == '\'') && fresh() && quoted(c))
            return;
        if (((c == '(' && next == ')') || (c == '[' && next == ']')) && fresh()) {
            enclosed(TokenKind::Variable, m_at + 1, 0);
            return;
        }
        constant(TokenKind::Delimiter, m_text.substr(m_at, 1));
        m_afterEquals = c == '=';
        ++m_at;
    }

    /// Quoted text with a digit, a path or nothing in it is a variable, else it stays as a soft constant. A quoted
    /// phrase with a digit is read like the rest of the message: in access logs it is the request.
    bool quoted(char quote)
    {
        constexpr std::size_t longest = 120;
        if (const auto end = endOfUserAgent(m_text, m_at + 1, quote)) {
            enclosed(TokenKind::Variable, m_at + 1, end - m_at - 1);
            return true;
        }
        const auto inner = m_text.substr(m_at + 1, longest + 1);
        const auto length = inner.find(quote);
        if (length == std::string_view::npos)
            return false;
        const char behind = charAt(m_at + length + 2);
        if (isLetter(behind) || isDigit(behind))
            return false;
        std::uint16_t seen = 0;
        for (std::size_t i = 0; i < length; ++i)
            seen |= classOf(inner[i]);
        if ((seen & char_class::digit) && (seen & char_class::space))
            return false;
        if (behind == ':' && !(seen & char_class::digit) && length > 0) {
            enclosed(TokenKind::Word, m_at + 1, length); // a key, as in JSON
            return true;
        }
        const bool variable = length == 0 || (inner[0] == '/' && length > 1) || (seen & char_class::digit);
        enclosed(variable ? TokenKind::Variable : TokenKind::Soft, m_at + 1, length);
        return true;
    }

    /// The delimiter before `from`, what is enclosed, the delimiter behind.
    void enclosed(TokenKind kind, std::size_t from, std::size_t length)
    {
        constant(TokenKind::Delimiter, m_text.substr(from - 1, 1));
        if (kind == TokenKind::Variable)
            put({.kind = kind, .masked = true, .value = m_text.substr(from, length)});
        else
            constant(kind, m_text.substr(from, length));
        constant(TokenKind::Delimiter, m_text.substr(from + length, 1));
        m_at = from + length + 1;
    }

    std::string_view m_text;
    Sink& m_sink;
    std::size_t m_at = 0;
    std::size_t m_count = 0;
    bool m_space = false;
    bool m_afterEquals = false; ///< the last piece was a `=`
};

/// Calls sink(Piece) for each token of the message, in order: at most maxTokens + maxTokensOfAStep.
template <class Sink>
void scanPieces(std::string_view message, Sink&& sink)
{
    MessageScanner<std::remove_reference_t<Sink>>(message, sink).run();
}
template <class Sink>
void scanPieces(std::string_view message, std::span<const MaskedSpan> spans, Sink&& sink)
{
    MessageScanner<std::remove_reference_t<Sink>>(message, sink).run(spans);
}

} // namespace faultline::records::templates
