// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <initializer_list>
#include <string>

namespace faultline::pipeline::html
{

/// Text from data, made safe for HTML: markup escaped, control characters shown.
[[nodiscard]] std::string escape(const std::string& raw);
/// <name class="style">content</name>
[[nodiscard]] std::string tag(const std::string& name, const std::string& content, const std::string& style = {});
/// A table row of such cells.
[[nodiscard]] std::string row(std::initializer_list<std::string> cells, const std::string& cell = "td");

} // namespace faultline::pipeline::html
