// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/line_layout.h"
#include <vector>

namespace faultline::records
{

/// The layouts that are known by name, the more particular before the more general. Several may share a name: versions
/// and settings of one program.
[[nodiscard]] const std::vector<LineLayout>& namedLayouts();
/// Headers that stand before lines of some other layout: container runtimes, docker compose.
[[nodiscard]] const std::vector<LineLayout>& envelopes();

} // namespace faultline::records
