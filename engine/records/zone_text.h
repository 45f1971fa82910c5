// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <string>
#include <string_view>

namespace faultline::records
{

/// The zone that a time's text names, for people: "+02:00", "CEST", "UTC" for Z and for a time that names none.
[[nodiscard]] std::string zoneInText(std::string_view time);

} // namespace faultline::records
