// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/quantity.h"
#include "engine/records/field_roles.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

namespace
{
struct Unit {
    std::string_view name;
    double factor;
    QuantityKind kind;
};

constexpr std::array units{
    Unit{"ns", 1e-6, QuantityKind::Duration},
    Unit{"us", 1e-3, QuantityKind::Duration},
    Unit{"\u00b5s", 1e-3, QuantityKind::Duration},
    Unit{"\u03bcs", 1e-3, QuantityKind::Duration},
    Unit{"ms", 1.0, QuantityKind::Duration},
    Unit{"s", 1e3, QuantityKind::Duration},
    Unit{"m", 6e4, QuantityKind::Duration},
    Unit{"h", 3.6e6, QuantityKind::Duration},
    Unit{"B", 1.0, QuantityKind::Bytes},
    Unit{"kB", 1e3, QuantityKind::Bytes},
    Unit{"KB", 1e3, QuantityKind::Bytes},
    Unit{"MB", 1e6, QuantityKind::Bytes},
    Unit{"GB", 1e9, QuantityKind::Bytes},
    Unit{"TB", 1e12, QuantityKind::Bytes},
    Unit{"KiB", 1024.0, QuantityKind::Bytes},
    Unit{"MiB", 1048576.0, QuantityKind::Bytes},
    Unit{"GiB", 1073741824.0, QuantityKind::Bytes},
    Unit{"%", 1.0, QuantityKind::Percent},
};

std::size_t numberEnd(std::string_view text)
{
    return std::min(text.find_first_not_of("0123456789.+-"), text.size());
}
} // namespace

std::optional<Quantity> readQuantity(std::string_view text)
{
    if (text.empty() || text.size() > 64)
        return std::nullopt;
    const bool digitFirst = text.front() >= '0' && text.front() <= '9';
    if (!digitFirst && std::string_view("+-. ").find(text.front()) == std::string_view::npos)
        return std::nullopt;
    if (const auto number = readNumber(text))
        return Quantity{*number, QuantityKind::Number};
    const bool negative = text.front() == '-';
    if (negative)
        text.remove_prefix(1);
    if (text.find_first_of("+-") != std::string_view::npos)
        return std::nullopt;
    std::optional<Quantity> sum;
    while (!text.empty()) {
        const auto end = numberEnd(text);
        const auto number = readNumber(text.substr(0, end));
        if (!number || end == text.size())
            return std::nullopt;
        text.remove_prefix(end);
        if (text.front() == ' ')
            text.remove_prefix(1);
        const auto unitEnd = std::min(text.find_first_of("0123456789."), text.size());
        const auto unit = std::find_if(units.begin(), units.end(),
                                       [&](const Unit& known) { return known.name == text.substr(0, unitEnd); });
        if (unit == units.end() || (sum && (sum->kind != unit->kind || unit->kind != QuantityKind::Duration)))
            return std::nullopt;
        sum = Quantity{(sum ? sum->value : 0.0) + *number * unit->factor, unit->kind};
        text.remove_prefix(unitEnd);
    }
    if (sum && negative)
        sum->value = -sum->value;
    return sum;
}

std::string_view quantityUnit(QuantityKind kind)
{
    constexpr std::array<std::string_view, 4> names{"", "ms", "B", "%"};
    return names[static_cast<std::size_t>(kind)];
}

} // namespace faultline::records
