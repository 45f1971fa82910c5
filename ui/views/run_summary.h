// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/selection.h"
#include <QString>

namespace faultline::ui
{

/// "11 episodes in 7.6 days"
[[nodiscard]] QString runTitle(const Selection& selection);
/// What was decided and why, as rich text: recipe, threshold, detectors, notices, measures against labels. Data is
/// escaped.
[[nodiscard]] QString runText(const Selection& selection);

} // namespace faultline::ui
