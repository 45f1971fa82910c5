// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::sources
{

/// What a file is that holds no lines of its own, and how to get at them.
struct Refusal {
    std::string what;   ///< "is a zip archive"
    std::string remedy; ///< "unpack it with `unzip` and name the files in it"
};

/// Archives, compressions that are not read here, and databases, by their first bytes; nullopt for all else. Needs 512
/// bytes to know a tar archive.
[[nodiscard]] std::optional<Refusal> refusalOf(std::string_view head);

} // namespace faultline::sources
