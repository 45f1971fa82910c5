// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records::templates
{

/// What a person says is a variable: each match of the pattern, or of its first group where it has one.
struct Mask {
    std::string pattern; ///< RE2, searched anywhere in the message
    std::string name;    ///< shown as `<name>`: a letter, then up to 39 letters, digits, `_`, `-`; "": `<*>`

    friend bool operator==(const Mask&, const Mask&) = default;
};

/// A part of a message that a mask took.
struct MaskedSpan {
    std::size_t begin = 0, end = 0; ///< bytes, end > begin
    std::string_view shown{};       ///< `<name>` or `<*>`
};

/// Masks, compiled. Immutable; thread-safe.
class MessageMasks
{
public:
    static constexpr std::size_t most = 64, longestPattern = 4'000;
    /// More than the scanner tells apart: what masks would take behind them is read as if there were none.
    static constexpr std::size_t mostSpans = 256;

    /// Null for no masks. Config error for a pattern that is none, is too long or matches where there is nothing, for
    /// a name that is none, and for too many; it names the pattern and what is wrong in it.
    [[nodiscard]] static Result<std::shared_ptr<const MessageMasks>> compile(const std::vector<Mask>& masks);

    /// What the masks take of a message, in its order. An earlier mask goes before a later one: what overlaps with what
    /// is taken already is left. Cost: each mask searches the message once more for each span that it finds, linear in
    /// its length each time; about 50 ns for each mask that does not match a short message.
    void find(std::string_view message, std::vector<MaskedSpan>& spans) const;
    [[nodiscard]] const std::vector<Mask>& masks() const { return m_masks; }

    ~MessageMasks();
    MessageMasks(const MessageMasks&) = delete;
    MessageMasks& operator=(const MessageMasks&) = delete;

private:
    struct Compiled;
    MessageMasks();

    std::vector<Mask> m_masks;
    std::vector<Compiled> m_compiled; ///< parallel
};
using MessageMasksPtr = std::shared_ptr<const MessageMasks>; // shared: by dictionaries on all threads, and sets

/// The masks of all dictionaries that this thread makes while the scope lives. Parsers make their batches deep in their
/// own code, and what a person masks is none of their business.
class MaskScope
{
public:
    explicit MaskScope(MessageMasksPtr masks);
    ~MaskScope();
    MaskScope(const MaskScope&) = delete;
    MaskScope& operator=(const MaskScope&) = delete;
    [[nodiscard]] static const MessageMasksPtr& current();

private:
    MessageMasksPtr m_before;
};

} // namespace faultline::records::templates
