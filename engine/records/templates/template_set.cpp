// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/known_templates.h"
#include <algorithm>

namespace faultline::records::templates
{

namespace
{

/// Strings as one run of bytes and their lengths.
struct PackedText {
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint32_t> lengths;

    void add(std::string_view text)
    {
        bytes.insert(bytes.end(), text.begin(), text.end());
        lengths.push_back(static_cast<std::uint32_t>(text.size()));
    }
    void save(TensorBundle& bundle, const std::string& name) const
    {
        bundle.put(name + "/bytes", bytes);
        bundle.put(name + "/lengths", lengths);
    }
};

[[nodiscard]] tl::unexpected<Error> damaged(const std::string& what)
{
    return fail({ErrorCode::Parse, "the saved templates are inconsistent: " + what, {}, "the model file is damaged"});
}

[[nodiscard]] Result<std::vector<std::string>> loadText(const TensorBundle& bundle, const std::string& name)
{
    const auto bytes = bundle.vector<std::uint8_t>(name + "/bytes");
    if (!bytes)
        return fail(bytes.error());
    const auto lengths = bundle.vector<std::uint32_t>(name + "/lengths");
    if (!lengths)
        return fail(lengths.error());
    std::vector<std::string> texts;
    texts.reserve(lengths->size());
    std::size_t at = 0;
    for (const auto length : *lengths) {
        if (length > bytes->size() - at)
            return damaged(name);
        const auto from = bytes->begin() + static_cast<std::ptrdiff_t>(at);
        texts.emplace_back(from, from + static_cast<std::ptrdiff_t>(length));
        at += length;
    }
    if (at != bytes->size())
        return damaged(name);
    return texts;
}

/// Rebuilds the patterns from token counts, token kinds (two to a token: kind, blank before) and texts.
[[nodiscard]] Result<std::vector<TemplatePattern>> loadPatterns(const TensorBundle& bundle, const std::string& prefix,
                                                                std::size_t templates)
{
    const auto owner = bundle.vector<std::uint32_t>(prefix + "/pattern_template");
    if (!owner)
        return fail(owner.error());
    const auto count = bundle.vector<std::uint32_t>(prefix + "/pattern_tokens", owner->size());
    if (!count)
        return fail(count.error());
    auto texts = loadText(bundle, prefix + "/token_text");
    if (!texts)
        return fail(texts.error());
    const auto kinds = bundle.vector<std::uint8_t>(prefix + "/token_kind", texts->size() * 2);
    if (!kinds)
        return fail(kinds.error());
    std::vector<TemplatePattern> patterns(owner->size());
    std::size_t at = 0;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if ((*owner)[i] >= templates || (*count)[i] > texts->size() - at)
            return damaged("patterns");
        patterns[i].templateIndex = (*owner)[i];
        for (std::uint32_t j = 0; j < (*count)[i]; ++j, ++at) {
            if ((*kinds)[2 * at] > static_cast<std::uint8_t>(TokenKind::Label))
                return damaged("token kinds");
            patterns[i].tokens.push_back({.kind = static_cast<TokenKind>((*kinds)[2 * at]),
                                          .spaceBefore = (*kinds)[2 * at + 1] != 0,
                                          .text = std::move((*texts)[at])});
        }
    }
    return at == texts->size() ? Result<std::vector<TemplatePattern>>(std::move(patterns)) : damaged("patterns");
}

void saveParameters(TensorBundle& bundle, const std::string& prefix, const std::vector<Template>& templates)
{
    std::vector<std::uint32_t> counts, types, examples;
    PackedText names;
    for (const auto& each : templates) {
        counts.push_back(static_cast<std::uint32_t>(each.parameters.size()));
        for (const auto& parameter : each.parameters) {
            types.push_back(parameter.types);
            examples.push_back(parameter.examples);
            names.add(parameter.name);
        }
    }
    bundle.put(prefix + "/count", counts);
    bundle.put(prefix + "/types", types);
    bundle.put(prefix + "/examples", examples);
    names.save(bundle, prefix + "/name");
}

[[nodiscard]] Result<void> loadParameters(const TensorBundle& bundle, const std::string& prefix,
                                          std::vector<Template>& templates)
{
    if (!bundle.contains(prefix + "/count"))
        return {}; // saved before templates had any
    const auto counts = bundle.vector<std::uint32_t>(prefix + "/count", templates.size());
    if (!counts)
        return fail(counts.error());
    auto names = loadText(bundle, prefix + "/name");
    if (!names)
        return fail(names.error());
    const auto types = bundle.vector<std::uint32_t>(prefix + "/types", names->size());
    if (!types)
        return fail(types.error());
    const auto examples = bundle.vector<std::uint32_t>(prefix + "/examples", names->size());
    if (!examples)
        return fail(examples.error());
    std::size_t at = 0;
    for (std::size_t i = 0; i < templates.size(); ++i) {
        if ((*counts)[i] > names->size() - at)
            return damaged("parameters");
        for (std::uint32_t n = 0; n < (*counts)[i]; ++n, ++at)
            templates[i].parameters.push_back({.types = static_cast<ParameterTypes>((*types)[at]),
                                               .name = std::move((*names)[at]),
                                               .examples = (*examples)[at]});
    }
    return at == names->size() ? Result<void>() : damaged("parameters");
}

[[nodiscard]] Result<void> loadShapes(const TensorBundle& bundle, const std::string& prefix, TemplateArrays& arrays)
{
    auto shapeTemplate = bundle.vector<std::uint32_t>(prefix + "/shape_template");
    if (!shapeTemplate)
        return fail(shapeTemplate.error());
    const auto hashes = bundle.vector<std::int64_t>(prefix + "/shape_hash", shapeTemplate->size());
    if (!hashes)
        return fail(hashes.error());
    arrays.shapeHash.assign(hashes->begin(), hashes->end()); // the bundle has no unsigned 64-bit type
    const auto beyond = [&](std::uint32_t index) { return index >= arrays.templates.size(); };
    if (std::any_of(shapeTemplate->begin(), shapeTemplate->end(), beyond))
        return damaged("shapes");
    if (!std::is_sorted(arrays.shapeHash.begin(), arrays.shapeHash.end()))
        return damaged("shape order");
    arrays.shapeTemplate = std::move(*shapeTemplate);
    return {};
}

void saveMasks(TensorBundle& bundle, const std::string& prefix, const MessageMasksPtr& masks)
{
    if (!masks)
        return;
    PackedText patterns, names;
    for (const auto& mask : masks->masks()) {
        patterns.add(mask.pattern);
        names.add(mask.name);
    }
    patterns.save(bundle, prefix + "/mask_pattern");
    names.save(bundle, prefix + "/mask_name");
}

[[nodiscard]] Result<MessageMasksPtr> loadMasks(const TensorBundle& bundle, const std::string& prefix)
{
    if (!bundle.contains(prefix + "/mask_pattern/lengths"))
        return MessageMasksPtr();
    auto patterns = loadText(bundle, prefix + "/mask_pattern");
    if (!patterns)
        return fail(patterns.error());
    auto names = loadText(bundle, prefix + "/mask_name");
    if (!names)
        return fail(names.error());
    if (names->size() != patterns->size())
        return damaged("masks");
    std::vector<Mask> masks;
    for (std::size_t i = 0; i < patterns->size(); ++i)
        masks.push_back({.pattern = std::move((*patterns)[i]), .name = std::move((*names)[i])});
    auto compiled = MessageMasks::compile(masks);
    return compiled ? std::move(*compiled) : Result<MessageMasksPtr>(damaged("masks"));
}

} // namespace

std::string templateText(const std::vector<Token>& tokens)
{
    std::string text;
    for (const auto& token : tokens) {
        if (token.spaceBefore && !text.empty())
            text += ' ';
        text += token.text;
    }
    return text;
}

void TemplateSet::save(TensorBundle& bundle, const std::string& prefix) const
{
    const auto all = TemplateArrays::of(*this);
    PackedText texts, ids, tokens;
    for (const auto& each : all.templates) {
        texts.add(each.text);
        ids.add(each.id);
    }
    std::vector<std::uint32_t> owner, count;
    std::vector<std::uint8_t> kinds;
    for (const auto& pattern : all.patterns) {
        owner.push_back(pattern.templateIndex);
        count.push_back(static_cast<std::uint32_t>(pattern.tokens.size()));
        for (const auto& token : pattern.tokens) {
            kinds.push_back(static_cast<std::uint8_t>(token.kind));
            kinds.push_back(token.spaceBefore ? 1 : 0);
            tokens.add(token.text);
        }
    }
    saveParameters(bundle, prefix + "/parameters", all.templates);
    saveMasks(bundle, prefix, masks);
    texts.save(bundle, prefix + "/text");
    ids.save(bundle, prefix + "/id");
    tokens.save(bundle, prefix + "/token_text");
    bundle.put(prefix + "/token_kind", kinds);
    bundle.put(prefix + "/pattern_template", owner);
    bundle.put(prefix + "/pattern_tokens", count);
    bundle.put(prefix + "/first_unseen", std::vector<std::uint32_t>{firstUnseen});
    bundle.put(prefix + "/shape_template", all.shapeTemplate);
    bundle.put(prefix + "/shape_hash", std::vector<std::int64_t>(all.shapeHash.begin(), all.shapeHash.end()));
}

Result<TemplateSet> TemplateSet::load(const TensorBundle& bundle, const std::string& prefix)
{
    auto texts = loadText(bundle, prefix + "/text");
    if (!texts)
        return fail(texts.error());
    auto ids = loadText(bundle, prefix + "/id");
    if (!ids)
        return fail(ids.error());
    const auto unseen = bundle.vector<std::uint32_t>(prefix + "/first_unseen", 1);
    if (!unseen)
        return fail(unseen.error());
    if (ids->size() != texts->size() || unseen->front() > texts->size())
        return damaged("counts");
    TemplateArrays arrays;
    for (std::size_t i = 0; i < texts->size(); ++i)
        arrays.templates.push_back({.text = std::move((*texts)[i]), .id = std::move((*ids)[i]), .parameters = {}});
    if (auto done = loadShapes(bundle, prefix, arrays); !done)
        return fail(done.error());
    if (auto done = loadParameters(bundle, prefix + "/parameters", arrays.templates); !done)
        return fail(done.error());
    auto patterns = loadPatterns(bundle, prefix, arrays.templates.size());
    if (!patterns)
        return fail(patterns.error());
    arrays.patterns = std::move(*patterns);
    auto masks = loadMasks(bundle, prefix);
    if (!masks)
        return fail(masks.error());
    auto set = sharedSet(std::move(arrays), std::move(*masks));
    set.firstUnseen = unseen->front();
    return set;
}

} // namespace faultline::records::templates
