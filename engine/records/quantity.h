// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace faultline::records
{

enum class QuantityKind : std::uint8_t {
    Number,
    Duration, ///< in ms
    Bytes,
    Percent,
};

/// A number with its unit, brought to the unit of its kind.
struct Quantity {
    double value = 0.0;
    QuantityKind kind = QuantityKind::Number;
};

/// `12`, `-0.5`, `12ms`, `1m30.5s` (as Go writes durations), `4.2 KiB`, `10MB`, `93%`; nullopt for anything else. KB is
/// 1,000 and KiB 1,024 bytes.
[[nodiscard]] std::optional<Quantity> readQuantity(std::string_view text);
/// "", "ms", "B", "%".
[[nodiscard]] std::string_view quantityUnit(QuantityKind kind);

} // namespace faultline::records
