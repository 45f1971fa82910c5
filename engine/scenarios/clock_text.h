// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <array>
#include <string_view>

namespace faultline::scenarios
{

/// Dates and times of day as text. Lines of a log share their seconds, so the last few are kept.
class ClockText
{
public:
    struct Second {
        TimeUs second = -1;               ///< seconds since 1970
        std::array<char, 19> iso{};       ///< 2026-03-12T14:03:30
        std::array<char, 20> accessLog{}; ///< 12/Mar/2026:14:03:30

        [[nodiscard]] std::string_view date() const { return {iso.data(), 10}; }
        [[nodiscard]] std::string_view timeOfDay() const { return {iso.data() + 11, 8}; }
        [[nodiscard]] std::string_view accessLogTime() const { return {accessLog.data(), accessLog.size()}; }
    };
    /// Valid until the 64th other second is asked for.
    [[nodiscard]] const Second& at(TimeUs time_us);

private:
    std::array<Second, 64> m_seconds;
};

} // namespace faultline::scenarios
