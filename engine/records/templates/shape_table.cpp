// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/shape_table.h"
#include "engine/records/templates/message_scanner.h"
#include "engine/records/templates/vocabulary.h"
#include <utility>

namespace faultline::records::templates
{

namespace
{

/// A label is the program's own word, whatever it says.
double vocabularyOf(TokenKind kind, std::string_view text)
{
    if (kind == TokenKind::Label)
        return 1.0;
    if (kind == TokenKind::Variable || kind == TokenKind::Delimiter)
        return 0.0;
    if (text.ends_with(wildcard))
        text.remove_suffix(wildcard.size());
    return vocabularyShare(text);
}

std::string withoutDigits(const std::string& text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (!isDigit(text[i]))
            result += text[i];
        else if (i == 0 || !isDigit(text[i - 1]))
            result += '#';
    return result;
}

bool isDelimiter(const std::vector<Token>& tokens, std::size_t at, char c)
{
    return at < tokens.size() && tokens[at].kind == TokenKind::Delimiter && tokens[at].text.size() == 1 &&
           tokens[at].text[0] == c;
}

bool isItem(const std::vector<Token>& tokens, std::size_t at)
{
    if (at >= tokens.size() || isDelimiter(tokens, at + 1, '=') || isDelimiter(tokens, at + 1, ':'))
        return false;
    const auto& token = tokens[at];
    if (token.kind == TokenKind::Variable || token.text == wildcard)
        return true;
    const bool wordLike = token.kind == TokenKind::Word || token.kind == TokenKind::Alphanumeric ||
                          token.kind == TokenKind::Soft || token.kind == TokenKind::Prefixed;
    return wordLike && vocabularyShare(token.text) < compoundWeight;
}

bool isComma(const std::vector<Token>& tokens, std::size_t at)
{
    return isDelimiter(tokens, at, ',') && !tokens[at].spaceBefore;
}

std::vector<Token> folded(const std::vector<Token>& tokens, const std::vector<TokenSpan>& spans)
{
    std::vector<Token> result;
    for (const auto& span : spans) {
        result.push_back(tokens[span.begin]);
        if (span.end - span.begin > 1) {
            result.back().kind = TokenKind::Variable;
            result.back().text = wildcard;
        }
    }
    return result;
}

ShapeTable emptyTable(std::vector<Token> tokens)
{
    ShapeTable table;
    for (std::size_t p = 0; p < tokens.size(); ++p) {
        if (tokens[p].kind == TokenKind::Delimiter)
            continue;
        table.positions.push_back(static_cast<std::uint32_t>(p));
        const bool equals = p > 0 && isDelimiter(tokens, p - 1, '=');
        table.afterEquals.push_back(equals && !(p > 1 && isDelimiter(tokens, p - 2, '='))); // `a == b` compares
        table.afterKey.push_back(table.afterEquals.back() && p > 1 && tokens[p - 2].kind != TokenKind::Delimiter);
    }
    table.skeleton = std::move(tokens);
    return table;
}

} // namespace

ValueId ValuePool::intern(const Token& token, bool varies)
{
    if (varies)
        return intern(TokenKind::Variable, std::string(wildcard));
    const auto id = intern(token.kind, token.text);
    if (token.kind == TokenKind::Alphanumeric && m_values[id].digitless == id) {
        const auto common = intern(TokenKind::Delimiter, withoutDigits(token.text)); // no value is a delimiter
        m_values[id].digitless = common;
    }
    return id;
}

ValueId ValuePool::intern(TokenKind kind, const std::string& text)
{
    const auto id = static_cast<ValueId>(m_values.size());
    const auto [at, isNew] = m_ids.emplace(static_cast<char>('0' + static_cast<int>(kind)) + text, id);
    if (isNew)
        m_values.push_back(
            {.kind = kind, .text = text, .digitless = id, .vocabulary = static_cast<float>(vocabularyOf(kind, text))});
    return at->second;
}

std::vector<TokenSpan> foldLists(const std::vector<Token>& tokens)
{
    std::vector<TokenSpan> spans;
    for (std::size_t at = 0; at < tokens.size();) {
        auto end = at + 1;
        if (tokens[at].kind != TokenKind::Delimiter && isComma(tokens, end) && isItem(tokens, at))
            while (isComma(tokens, end) && isItem(tokens, end + 1))
                end += 2;
        spans.push_back({.begin = static_cast<std::uint32_t>(at), .end = static_cast<std::uint32_t>(end)});
        at = end;
    }
    return spans;
}

std::string skeletonKey(const std::vector<Token>& tokens)
{
    std::string key;
    key.reserve(2 * tokens.size());
    for (const auto& span : foldLists(tokens)) {
        const auto& token = tokens[span.begin];
        key += token.spaceBefore ? ' ' : '\0';
        if (token.kind == TokenKind::Delimiter)
            key += token.text;
        else
            key += '\x01';
    }
    return key;
}

std::vector<ShapeTable> tablesBySkeleton(const std::vector<ShapeDictionary::Shape>& shapes,
                                         const std::vector<ShapeId>& chosen, ValuePool& pool,
                                         StopCheck& check)
{
    static const Token list{.kind = TokenKind::Variable, .text = std::string(wildcard)};
    std::vector<ShapeTable> tables;
    std::unordered_map<std::string, std::size_t> bySkeleton;
    for (const auto id : chosen) {
        const auto& shape = shapes[id];
        if (check.stops(2 * shape.tokens.size() + 1))
            break;
        const auto spans = foldLists(shape.tokens);
        const auto [at, isNew] = bySkeleton.emplace(skeletonKey(shape.tokens), tables.size());
        if (isNew)
            tables.push_back(emptyTable(folded(shape.tokens, spans)));
        auto& table = tables[at->second];
        table.shapes.push_back(id);
        for (const auto p : table.positions) {
            const auto span = spans[p];
            const bool isList = span.end - span.begin > 1;
            table.values.push_back(
                pool.intern(isList ? list : shape.tokens[span.begin], !isList && shape.varies[span.begin]));
            table.spans.push_back(span);
        }
    }
    return tables;
}

} // namespace faultline::records::templates
