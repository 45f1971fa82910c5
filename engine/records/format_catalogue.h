// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/user_format.h"
#include <memory>
#include <string>
#include <vector>

namespace faultline::records
{

/// A format that `--format` can name.
struct FormatDescription {
    std::string name;
    std::string description; ///< what its lines hold
    std::string example;     ///< a line of it; "" where every table or text will do
    bool own = false;        ///< described by the person, not by the program
};

/// The formats that are known by name and the person's own, these first.
[[nodiscard]] std::vector<FormatDescription> describeFormats(const std::vector<std::shared_ptr<const UserFormat>>& own);

} // namespace faultline::records
