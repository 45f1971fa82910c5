// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/shape_table.h"
#include "engine/records/templates/message_scanner.h"

namespace faultline::records::templates
{

namespace
{

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

ShapeTable emptyTable(const std::vector<Token>& tokens)
{
    ShapeTable table{
        .skeleton = tokens, .positions = {}, .afterEquals = {}, .afterKey = {}, .shapes = {}, .values = {}};
    for (std::size_t p = 0; p < tokens.size(); ++p) {
        if (tokens[p].kind == TokenKind::Delimiter)
            continue;
        table.positions.push_back(static_cast<std::uint32_t>(p));
        const bool equals = p > 0 && isDelimiter(tokens, p - 1, '=');
        table.afterEquals.push_back(equals && !(p > 1 && isDelimiter(tokens, p - 2, '='))); // `a == b` compares
        table.afterKey.push_back(table.afterEquals.back() && p > 1 && tokens[p - 2].kind != TokenKind::Delimiter);
    }
    return table;
}

} // namespace

ValueId ValuePool::intern(const Token& token, bool varies)
{
    if (varies || token.kind == TokenKind::Variable)
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
        m_values.push_back({.kind = kind, .text = text, .digitless = id});
    return at->second;
}

std::string skeletonKey(const std::vector<Token>& tokens)
{
    std::string key;
    key.reserve(2 * tokens.size());
    for (const auto& token : tokens) {
        key += token.spaceBefore ? ' ' : '\0';
        if (token.kind == TokenKind::Delimiter)
            key += token.text;
        else
            key += '\x01';
    }
    return key;
}

std::vector<ShapeTable> tablesBySkeleton(const std::vector<ShapeDictionary::Shape>& shapes,
                                         const std::vector<ShapeId>& chosen, ValuePool& pool)
{
    std::vector<ShapeTable> tables;
    std::unordered_map<std::string, std::size_t> bySkeleton;
    for (const auto id : chosen) {
        const auto& shape = shapes[id];
        const auto [at, isNew] = bySkeleton.emplace(skeletonKey(shape.tokens), tables.size());
        if (isNew)
            tables.push_back(emptyTable(shape.tokens));
        auto& table = tables[at->second];
        table.shapes.push_back(id);
        for (const auto p : table.positions)
            table.values.push_back(pool.intern(shape.tokens[p], shape.varies[p]));
    }
    return tables;
}

} // namespace faultline::records::templates
