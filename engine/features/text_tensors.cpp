// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/text_tensors.h"

namespace faultline::features
{

void putTexts(TensorBundle& bundle, const std::string& name, const std::vector<std::string>& texts)
{
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint32_t> lengths;
    for (const auto& text : texts) {
        bytes.insert(bytes.end(), text.begin(), text.end());
        lengths.push_back(static_cast<std::uint32_t>(text.size()));
    }
    bundle.put(name + "/bytes", bytes);
    bundle.put(name + "/lengths", lengths);
}

Result<std::vector<std::string>> takeTexts(const TensorBundle& bundle, const std::string& name)
{
    const auto bytes = bundle.vector<std::uint8_t>(name + "/bytes");
    if (!bytes)
        return fail(bytes.error());
    const auto lengths = bundle.vector<std::uint32_t>(name + "/lengths");
    if (!lengths)
        return fail(lengths.error());
    std::vector<std::string> texts;
    std::size_t at = 0;
    for (const std::size_t length : *lengths) {
        if (length > bytes->size() - at)
            return fail(damagedModel(name, "ends early"));
        texts.emplace_back(reinterpret_cast<const char*>(bytes->data()) + at, length);
        at += length;
    }
    if (at != bytes->size())
        return fail(damagedModel(name, "is longer than its parts"));
    return texts;
}

Error damagedModel(const std::string& name, const std::string& what)
{
    return {ErrorCode::Parse, "the model's " + name + ' ' + what, {}, "the file is damaged or of another version"};
}

} // namespace faultline::features
