// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::records
{

/// The clocks of the zones that a file's records name, each looked up once. Not shared between threads.
class NamedZones
{
public:
    /// Null for a name that nobody knows, and when there are more names than zones in the world.
    [[nodiscard]] LocalClock* find(std::string_view name)
    {
        constexpr std::size_t mostNames = 1'000;
        if (name.empty())
            return nullptr;
        auto known = m_clocks.find(name);
        if (known == m_clocks.end()) {
            if (m_clocks.size() >= mostNames)
                return nullptr;
            const auto zone = TimeZone::named(name);
            known = m_clocks.emplace(name, zone ? std::optional(LocalClock(*zone)) : std::nullopt).first;
        }
        return known->second ? &*known->second : nullptr;
    }

private:
    std::map<std::string, std::optional<LocalClock>, std::less<>> m_clocks;
};

} // namespace faultline::records
