// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/explain/explanation.h"
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::explain
{

/// At most `characters` (code points), the last one an ellipsis when something was left out.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t characters);
[[nodiscard]] std::size_t characters(std::string_view text); ///< code points

/// "a", "a and b", "a, b and c".
[[nodiscard]] std::string joined(std::span<const std::string> parts);
/// "1 template", "3 templates".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

/// A template's text in backquotes, shortened; its number when the texts are not at hand.
[[nodiscard]] std::string quotedTemplate(std::uint32_t templateId, const ExplainInput& input, std::size_t characters);

enum class Direction : std::uint8_t { Rise, Fall, Within, Missing };
/// Where the actual value lies beside the typical range.
[[nodiscard]] Direction directionOf(const FeatureReason& reason);

/// A feature's name as a sentence needs it: safe to show, a template column by its template's text.
[[nodiscard]] std::string featureName(const FeatureReason& reason, const ExplainInput& input);
/// "188 per 60 s", "1,912 ms", "none" for missing.
[[nodiscard]] std::string actualText(const FeatureReason& reason, const ExplainInput& input);
/// "typical 0-5", "typical 3", "typical -2 to 4".
[[nodiscard]] std::string typicalText(const FeatureReason& reason, const ExplainInput& input);
/// "rise", "rises", "fall", "falls": as the name's number wants it.
[[nodiscard]] std::string verb(const FeatureReason& reason, const ExplainInput& input);

} // namespace faultline::explain
