// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/message_values.h"
#include "engine/records/templates/message_scanner.h"
#include "engine/records/templates/shape_table.h"

namespace faultline::records::templates
{

namespace
{

/// The tokens of a message with what they masked.
struct ScannedMessage {
    std::vector<Token> tokens;
    std::vector<std::string_view> values;
};

ScannedMessage scanWithValues(std::string_view message, const MessageMasks* masks)
{
    std::vector<MaskedSpan> spans;
    if (masks != nullptr)
        masks->find(message, spans);
    ScannedMessage scanned{.tokens = scanMessage(message, spans), .values = {}};
    scanPieces(message, spans,
               [&](const Piece& piece) { scanned.values.push_back(piece.masked ? piece.value : piece.before); });
    return scanned;
}

/// Fills in the values if the pattern covers the message.
bool readBy(const std::vector<Token>& pattern, const ScannedMessage& message, std::vector<std::string_view>& values)
{
    const auto ours = foldLists(pattern), theirs = foldLists(message.tokens);
    if (ours.size() != theirs.size())
        return false;
    values.clear();
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const bool sameLength = ours[i].end - ours[i].begin == theirs[i].end - theirs[i].begin;
        for (auto p = ours[i].begin; p < ours[i].end; ++p) {
            const auto at = theirs[i].begin + (p - ours[i].begin);
            const bool isVariable = pattern[p].holdsVariable();
            if (isVariable)
                values.push_back(sameLength ? message.values[at] : std::string_view());
            if ((!isVariable || pattern[p].text != wildcard) &&
                (!sameLength || pattern[p].text != message.tokens[at].text))
                return false;
        }
    }
    return true;
}

} // namespace

MessageValues::MessageValues(const TemplateSet& set) : m_set(set), m_patterns(set.size())
{
    set.forEachPattern([&](const TemplatePattern& pattern) { m_patterns[pattern.templateIndex].push_back(&pattern); });
}

std::vector<std::string_view> MessageValues::valuesOf(std::uint32_t templateIndex, std::string_view message) const
{
    const auto scanned = scanWithValues(message, m_set.masks.get());
    std::vector<std::string_view> values;
    for (const auto* pattern : m_patterns[templateIndex])
        if (readBy(pattern->tokens, scanned, values) &&
            values.size() == m_set.templates[templateIndex].parameters.size())
            return values;
    return {};
}

} // namespace faultline::records::templates
