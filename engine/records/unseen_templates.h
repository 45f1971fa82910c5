// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/loader.h"
#include <cstdint>
#include <string>
#include <vector>

namespace faultline::records
{

/// A template that the frozen set did not know, and where it was first met.
struct UnseenTemplate {
    std::uint32_t templateId = 0; ///< index into the set
    std::uint64_t records = 0;
    std::string path; ///< of the source of its first record
    std::uint64_t line = 0;
};

/// What of the records the frozen set that they were matched against did not know.
struct UnseenTemplates {
    std::uint64_t records = 0;
    std::vector<UnseenTemplate> templates; ///< most frequent first
};

/// Nothing when the templates were mined from these records. O(records).
[[nodiscard]] UnseenTemplates unseenTemplates(const RecordSet& records);

} // namespace faultline::records
