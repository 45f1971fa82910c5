// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <string>
#include <string_view>

namespace faultline::ui
{

/// What a person reads of a JSON log line whose message starts at `messageStart` (just behind its opening quote): the
/// message without escapes, then the fields behind it as `key=value`. Anything else comes back as it is from
/// `messageStart` on.
[[nodiscard]] std::string readableMessage(std::string_view line, std::size_t messageStart);

} // namespace faultline::ui
