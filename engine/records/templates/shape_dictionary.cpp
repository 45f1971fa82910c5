// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/shape_dictionary.h"
#include "engine/records/templates/message_scanner.h"
#include "engine/records/templates/shape_hash.h"
#include <algorithm>
#include <array>

namespace faultline::records::templates
{

namespace
{

std::string pieceText(const Piece& piece)
{
    std::string text(piece.before);
    if (piece.masked)
        text += piece.shown;
    text += piece.after;
    return text;
}

/// Hashes pieces and keeps the literal text of alphanumeric words, which the hash leaves out.
struct HashingSink {
    struct Literal {
        const char* data;
        std::uint32_t bytes;
        std::uint32_t position;
        [[nodiscard]] std::string_view text() const { return {data, bytes}; }
    };
    ShapeHash hash;
    std::array<Literal, maxTokens + maxTokensOfAStep> literals; // not initialised: only the first literalCount are read
    std::uint32_t literalCount = 0;
    std::uint32_t position = 0;

    void operator()(const Piece& piece)
    {
        if (piece.kind == TokenKind::Alphanumeric)
            literals[literalCount++] = {.data = piece.before.data(),
                                        .bytes = static_cast<std::uint32_t>(piece.before.size()),
                                        .position = position};
        hash.feed(piece);
        ++position;
    }
};

/// Delimiters stay, each run of other tokens becomes one variable.
std::vector<Token> coarsened(std::vector<Token> tokens)
{
    std::vector<Token> coarse;
    for (auto& token : tokens) {
        if (token.kind == TokenKind::Delimiter)
            coarse.push_back(std::move(token));
        else if (coarse.empty() || coarse.back().kind == TokenKind::Delimiter)
            coarse.push_back(
                {.kind = TokenKind::Variable, .spaceBefore = token.spaceBefore, .text = std::string(wildcard)});
    }
    return coarse;
}

/// As the scanner would feed it, from another start: a coarse shape never meets a fine one.
std::uint64_t coarseHash(const std::vector<Token>& tokens)
{
    ShapeHash hash;
    hash.feed({.kind = TokenKind::Variable, .before = "coarse"});
    for (const auto& token : tokens)
        hash.feed({.kind = token.kind, .spaceBefore = token.spaceBefore, .before = token.text});
    return hash.value();
}

} // namespace

std::vector<Token> scanMessage(std::string_view message, std::span<const MaskedSpan> spans)
{
    std::vector<Token> tokens;
    scanPieces(message, spans, [&](const Piece& piece) {
        tokens.push_back({.kind = piece.kind, .spaceBefore = piece.spaceBefore, .text = pieceText(piece)});
    });
    return tokens;
}

ShapeId ShapeDictionary::add(std::string_view message)
{
    HashingSink sink;
    if (m_masks)
        scanPieces(message, masked(message), sink);
    else
        scanPieces(message, sink);
    const auto id = find(sink.hash.value());
    if (id == noShape)
        return addNew(message, sink.hash.value());
    auto& shape = m_shapes[id];
    ++shape.count;
    if (shape.examples < examplesPerShape)
        learnTypes(shape, message);
    for (std::uint32_t i = 0; i < sink.literalCount; ++i) {
        const auto& literal = sink.literals[i];
        if (literal.position < shape.tokens.size() && !shape.varies[literal.position] &&
            shape.tokens[literal.position].text != literal.text())
            shape.varies[literal.position] = true;
    }
    return id;
}

std::span<const MaskedSpan> ShapeDictionary::masked(std::string_view message)
{
    m_masks->find(message, m_spans);
    return m_spans;
}

std::vector<ShapeId> ShapeDictionary::merge(const ShapeDictionary& other)
{
    std::vector<ShapeId> ids;
    ids.reserve(other.size());
    for (const auto& theirs : other.m_shapes) {
        const auto id = find(theirs.hash);
        ids.push_back(id);
        if (id == noShape) {
            ids.back() = full(theirs.tokens.size()) ? addCoarse(theirs.tokens, theirs.count) : insert(theirs);
            continue;
        }
        auto& ours = m_shapes[id];
        ours.count += theirs.count;
        ours.examples += theirs.examples;
        for (std::size_t p = 0; p < std::min(ours.types.size(), theirs.types.size()); ++p)
            ours.types[p] = static_cast<ParameterTypes>(ours.types[p] | theirs.types[p]);
        for (std::size_t p = 0; p < std::min(ours.tokens.size(), theirs.tokens.size()); ++p)
            if (theirs.varies[p] || ours.tokens[p].text != theirs.tokens[p].text)
                ours.varies[p] = true;
    }
    return ids;
}

ShapeId ShapeDictionary::find(std::uint64_t hash) const
{
    if (m_slots.empty())
        return noShape;
    const auto mask = m_slots.size() - 1;
    for (auto at = static_cast<std::size_t>(hash) & mask;; at = (at + 1) & mask) {
        if (m_slots[at].id == noShape || m_slots[at].hash == hash)
            return m_slots[at].id;
    }
}

bool ShapeDictionary::full(std::size_t tokens) const
{
    return m_shapes.size() >= m_limits.shapes || m_tokens + tokens > m_limits.tokens;
}

ShapeId ShapeDictionary::addNew(std::string_view message, std::uint64_t hash)
{
    auto tokens = scanMessage(message, m_spans);
    if (full(tokens.size()))
        return addCoarse(std::move(tokens), 1);
    const auto n = tokens.size();
    Shape shape{.hash = hash,
                .count = 1,
                .tokens = std::move(tokens),
                .varies = std::vector<bool>(n),
                .types = std::vector<ParameterTypes>(n)};
    learnTypes(shape, message);
    return insert(std::move(shape));
}

ShapeId ShapeDictionary::addCoarse(std::vector<Token> tokens, std::uint64_t count)
{
    auto coarse = coarsened(std::move(tokens));
    auto hash = coarseHash(coarse);
    auto id = find(hash);
    const bool noRoom = m_shapes.size() >= m_limits.shapes + m_limits.shapes / 4 ||
                        m_tokens + coarse.size() > m_limits.tokens + m_limits.tokens / 4;
    if (id == noShape && noRoom) {
        coarse = {{.kind = TokenKind::Variable, .text = std::string(wildcard)}};
        hash = coarseHash(coarse);
        id = find(hash);
    }
    if (id == noShape) {
        const auto n = coarse.size();
        return insert({.hash = hash,
                       .count = count,
                       .tokens = std::move(coarse),
                       .varies = std::vector<bool>(n),
                       .types = std::vector<ParameterTypes>(n)});
    }
    m_shapes[id].count += count;
    return id;
}

void ShapeDictionary::learnTypes(Shape& shape, std::string_view message) const
{
    ++shape.examples;
    std::size_t at = 0;
    scanPieces(message, m_spans, [&](const Piece& piece) {
        const auto value = piece.masked                                ? piece.value
                           : piece.kind == TokenKind::Alphanumeric ? piece.before
                                                                   : std::string_view();
        if (const auto type = typeOfValue(value); type && at < shape.types.size())
            shape.types[at] = static_cast<ParameterTypes>(shape.types[at] | bitOf(*type));
        ++at;
    });
}

ShapeId ShapeDictionary::insert(Shape shape)
{
    if (2 * (m_shapes.size() + 1) > m_slots.size())
        grow();
    const auto id = static_cast<ShapeId>(m_shapes.size());
    const auto mask = m_slots.size() - 1;
    auto at = static_cast<std::size_t>(shape.hash) & mask;
    while (m_slots[at].id != noShape)
        at = (at + 1) & mask;
    m_slots[at] = {.hash = shape.hash, .id = id};
    m_tokens += shape.tokens.size();
    m_shapes.push_back(std::move(shape));
    return id;
}

void ShapeDictionary::grow()
{
    std::vector<Slot> slots(std::max<std::size_t>(64, m_slots.size() * 2));
    const auto mask = slots.size() - 1;
    for (const auto& slot : m_slots) {
        if (slot.id == noShape)
            continue;
        auto at = static_cast<std::size_t>(slot.hash) & mask;
        while (slots[at].id != noShape)
            at = (at + 1) & mask;
        slots[at] = slot;
    }
    m_slots = std::move(slots);
}

} // namespace faultline::records::templates
