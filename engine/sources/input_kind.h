// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace faultline::sources
{

/// Why a file that nobody named should not be taken for data, from its name and the first bytes of its content; nullopt
/// for all that may hold records: empty and binary files, documents and programs (by their endings), web pages, what
/// this program wrote, and labels. `pathInFolder`: below the folder or pattern that led to it.
[[nodiscard]] std::optional<std::string> whyNoData(std::string_view pathInFolder, std::string_view head);

/// A table that says what was an anomaly: each of its columns is a key, a row, a range or a label.
[[nodiscard]] bool isLabelTable(std::string_view head);

} // namespace faultline::sources
