// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <QString>
#include <string_view>

namespace faultline::ui
{

/// Numbers and times as the workbench writes them, in UTC. Unknown is an en dash, none is 0.
[[nodiscard]] QString clockText(TimeUs time);      ///< 14:08:30
[[nodiscard]] QString clockTextMs(TimeUs time);    ///< 14:08:30.022
[[nodiscard]] QString dayText(TimeUs time);        ///< Thu 12 Mar
[[nodiscard]] QString dateText(TimeUs time);       ///< 12 Mar 2026
[[nodiscard]] QString onsetText(TimeUs time);      ///< 12 Mar 14:03:30
[[nodiscard]] QString shortOnsetText(TimeUs time); ///< 12 Mar 14:03
[[nodiscard]] QString durationText(DurationUs duration);
[[nodiscard]] QString shortDurationText(DurationUs duration); ///< 16 min, 2.2 h: one unit

/// "00:41 left"; empty for a negative, which is not known yet.
[[nodiscard]] QString timeLeftText(double seconds);

[[nodiscard]] QString countText(std::uint64_t count); ///< 1,234,567; in millions from 10 M on
[[nodiscard]] QString measureText(double value);      ///< three significant figures; en dash for NaN
[[nodiscard]] QString scoreText(double score);        ///< one decimal
[[nodiscard]] QString thresholdText(double score);    ///< two decimals
[[nodiscard]] QString shareText(double share);        ///< 31 %
[[nodiscard]] QString probabilityText(double p);      ///< 1.6e−10, .08, <1e−12
[[nodiscard]] QString shortProbabilityText(double p); ///< 2e−10: one figure, for the readout gutter
/// "1 episode", "3 episodes".
[[nodiscard]] QString countOf(std::uint64_t count, const QString& one, const QString& many);

/// Text from data, safe to show: ill-formed UTF-8, control and bidirectional characters made visible.
[[nodiscard]] QString safeText(std::string_view text);

} // namespace faultline::ui
