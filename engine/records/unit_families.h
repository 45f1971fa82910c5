// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline::records
{

/// Units that measure one thing, and what each is in the base.
struct UnitFamily {
    std::string base;
    std::vector<std::pair<std::string_view, double>> units;
    [[nodiscard]] std::optional<double> factorOf(std::string_view unit) const;
};

/// The family of the units that stand in the cells of one column ("" for cells without). One unit alone is its own
/// base, so that its values stay as they are written; a currency stands for itself; a word that is no known unit does
/// when it is the only one. nullopt when they measure different things.
[[nodiscard]] std::optional<UnitFamily> unitFamilyOf(std::span<const std::string> units);

/// `$`, `EUR`, ...: the only units that may stand in front of a number.
[[nodiscard]] bool isCurrency(std::string_view text);
/// Whether this is a unit that we know, alone or between brackets.
[[nodiscard]] bool isUnit(std::string_view text);

} // namespace faultline::records
