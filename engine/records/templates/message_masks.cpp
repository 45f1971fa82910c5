// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/message_masks.h"
#include "engine/core/text.h"
#include "engine/records/templates/char_class.h"
#include <algorithm>
#include <re2/re2.h>

namespace faultline::records::templates
{

struct MessageMasks::Compiled {
    std::shared_ptr<const RE2> pattern; // shared: makes it movable
    std::string shown;
    int group = 0; ///< the one that is masked
};

namespace
{

thread_local MessageMasksPtr masksOfThread;

constexpr std::int64_t programBytes = 1 << 20; ///< of one compiled pattern and its automaton

tl::unexpected<Error> refused(std::string message, std::string hint)
{
    return fail({ErrorCode::Config, std::move(message), {}, std::move(hint)});
}

bool isName(std::string_view name)
{
    return name.size() <= 40 && isLetter(name[0]) && std::all_of(name.begin(), name.end(), [](char c) {
               return isLetter(c) || isDigit(c) || c == '_' || c == '-';
           });
}

/// Does it find nothing at all somewhere? `x*` does in any text, `\b` does before a word.
bool matchesNothing(const RE2& pattern)
{
    for (const char* probe : {"", "a", "0", " ", "."}) {
        re2::StringPiece found;
        if (pattern.Match(probe, 0, std::string_view(probe).size(), RE2::UNANCHORED, &found, 1) && found.empty())
            return true;
    }
    return false;
}

Result<std::shared_ptr<const RE2>> compiledPattern(const std::string& text)
{
    if (text.size() > MessageMasks::longestPattern)
        return refused("a mask is longer than 4,000 characters", "split it into several masks");
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(programBytes);
    auto compiled = std::make_shared<const RE2>(text, options);
    const auto shown = '`' + displayText(text.substr(0, 80)) + '`';
    if (!compiled->ok()) {
        const auto at = text.find(compiled->error_arg());
        const bool inside = !compiled->error_arg().empty() && at != std::string::npos;
        return refused("the mask " + shown + " is not a valid pattern: " + displayText(compiled->error()) +
                           (inside ? ", at its character " + std::to_string(at + 1) : ""),
                       "masks follow RE2's syntax, for example order-(\\d+)");
    }
    if (matchesNothing(*compiled))
        return refused("the mask " + shown + " also matches where there is nothing",
                       "write + instead of *, for example");
    return std::shared_ptr<const RE2>(std::move(compiled));
}

bool isFree(const std::vector<MaskedSpan>& spans, std::size_t begin, std::size_t end)
{
    return std::none_of(spans.begin(), spans.end(),
                        [&](const MaskedSpan& span) { return begin < span.end && span.begin < end; });
}

} // namespace

MessageMasks::MessageMasks() = default;
MessageMasks::~MessageMasks() = default;

Result<MessageMasksPtr> MessageMasks::compile(const std::vector<Mask>& masks)
{
    if (masks.empty())
        return MessageMasksPtr();
    if (masks.size() > most)
        return refused("there are more than 64 masks", "join patterns with |");
    const std::shared_ptr<MessageMasks> result(new MessageMasks());
    for (const auto& mask : masks) {
        if (!mask.name.empty() && !isName(mask.name))
            return refused("`" + displayText(mask.name) + "` cannot be the name of a mask",
                           "a letter, then up to 39 letters, digits, _ or -");
        auto pattern = compiledPattern(mask.pattern);
        if (!pattern)
            return fail(pattern.error());
        const int group = std::min(1, (*pattern)->NumberOfCapturingGroups());
        result->m_compiled.push_back(
            {std::move(*pattern), mask.name.empty() ? std::string("<*>") : '<' + mask.name + '>', group});
    }
    result->m_masks = masks;
    return MessageMasksPtr(result);
}

void MessageMasks::find(std::string_view message, std::vector<MaskedSpan>& spans) const
{
    spans.clear();
    const re2::StringPiece input(message.data(), message.size());
    for (const auto& mask : m_compiled) {
        re2::StringPiece found[2];
        std::size_t at = 0;
        while (at < message.size() && spans.size() < mostSpans &&
               mask.pattern->Match(input, at, message.size(), RE2::UNANCHORED, found, mask.group + 1)) {
            const auto& part = found[mask.group];
            const auto matchEnd = static_cast<std::size_t>(found[0].data() - message.data()) + found[0].size();
            at = std::max(matchEnd, at + 1);
            if (part.empty())
                continue;
            const auto begin = static_cast<std::size_t>(part.data() - message.data());
            if (isFree(spans, begin, begin + part.size()))
                spans.push_back({.begin = begin, .end = begin + part.size(), .shown = mask.shown});
        }
    }
    std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
}

MaskScope::MaskScope(MessageMasksPtr masks) : m_before(std::move(masksOfThread))
{
    masksOfThread = std::move(masks);
}

MaskScope::~MaskScope()
{
    masksOfThread = std::move(m_before);
}

const MessageMasksPtr& MaskScope::current()
{
    return masksOfThread;
}

} // namespace faultline::records::templates
