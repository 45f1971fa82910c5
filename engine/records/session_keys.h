// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/records/record_batch.h"
#include <memory>
#include <re2/re2.h>

namespace faultline::records
{

/// A key and the record of a batch that carries it, found in continuation lines that belong to the batch before.
using LeadingKeys = std::vector<std::uint32_t>;

/// Finds session keys with a person's pattern: each match that does not overlap the one before, the first group when
/// the pattern has one. Thread-safe. RE2: time linear in the text whatever the pattern.
class SessionKeys
{
public:
    /// Config error with RE2's reason when the pattern is not one.
    [[nodiscard]] static Result<SessionKeys> compile(const std::string& pattern);

    /// Adds a batch's keys and hits; a key that a record carries twice counts once. Returns the keys found in the text
    /// that belongs to the last record of the batch before.
    [[nodiscard]] LeadingKeys find(std::string_view bytes, std::uint64_t offset, RecordBatch& batch) const;

private:
    template <class Take>
    void search(std::string_view text, Take&& take) const;

    std::shared_ptr<const RE2> m_pattern; // shared: RE2 is neither copied nor moved, and matching is const
};

} // namespace faultline::records
