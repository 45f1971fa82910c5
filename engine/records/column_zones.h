// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace faultline::records
{

/// The zones that a column names beside local times: `Europe/Berlin`, `CET`, `+01:00`, `+0100`, `UTC`. Thread-safe;
/// those of the sample are looked up without waiting for anybody.
class ColumnZones
{
public:
    /// nullopt unless every value that is not missing names a zone, and there are at most 200 of them.
    [[nodiscard]] static std::optional<ColumnZones> learn(std::span<const std::string_view> values);
    /// nullptr when the text names no zone, or the 1,000th that the sample has not.
    [[nodiscard]] const TimeZone* find(std::string_view text) const;
    [[nodiscard]] std::size_t sampled() const { return m_sampled.size(); } ///< different ones
    [[nodiscard]] bool allOffsets() const;                                 ///< of the sample: none has a name

private:
    struct Others {
        std::mutex mutex;
        std::unordered_map<std::string, std::optional<TimeZone>> zones; ///< grows only: values keep their place
    };
    std::unordered_map<std::string, TimeZone> m_sampled;
    std::shared_ptr<Others> m_others = std::make_shared<Others>(); // shared: copies of a layout read the same column
};

} // namespace faultline::records
