// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <string_view>

namespace faultline::records::templates
{

/// What a compound of known words (`onSleep`, `network-changed`) counts: it may be a statement's word or a thing's
/// name. Anything from 0.5 to 1 gives the same templates but for single ones.
inline constexpr double compoundWeight = 0.75;

/// How far a word belongs to the language in which programs describe what they do, 0..1: 1 for `started`, `memory`,
/// `failed` and for marks of one or two letters, up to compoundWeight for compounds, 0 for names (`alice`, `eth0`,
/// `sparkWorker` counts a half). Looked up by stem in a list of some 1,400 English words; its jargon was completed by
/// what the labelled systems lacked. Words in other languages are names. Cost: about a microsecond.
[[nodiscard]] double vocabularyShare(std::string_view word);

} // namespace faultline::records::templates
