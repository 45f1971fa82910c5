// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/line_layout.h"
#include <string_view>
#include <vector>

namespace faultline::records
{

/// The layouts that are known by name, the more particular before the more general.
[[nodiscard]] const std::vector<LineLayout>& namedLayouts();
/// The layout of this name, or null.
[[nodiscard]] const LineLayout* namedLayout(std::string_view name);

} // namespace faultline::records
