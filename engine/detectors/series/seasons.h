// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <cstddef>
#include <span>
#include <vector>

namespace faultline::detectors
{

/// The seasons of a series, in rows: the day and the week where times say that rows are even, days have 12 to 20,000
/// rows and two of each fit; else `period`, where it is 2 at least and fits twice. Ascending.
[[nodiscard]] std::vector<std::size_t> seasonsOf(std::span<const TimeUs> time, std::size_t period);
/// Whether each row lies on a weekend (UTC); all false where a time is unknown.
[[nodiscard]] std::vector<bool> weekends(std::span<const TimeUs> time);
/// Rows a day by the median step; 0 where times are unknown, do not rise or steps differ widely.
[[nodiscard]] std::size_t rowsOfDay(std::span<const TimeUs> time);

} // namespace faultline::detectors
