// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/records/record_batch.h"
#include "engine/sources/source.h"

namespace faultline::records
{

inline constexpr std::size_t sampleBytes = 256 * 1024;

/// What a source is, from its first bytes: the candidate with the highest confidence, or the one that the person named.
/// Parse error for empty or binary content; Config error for an unknown format, or an entity field that the format does
/// not have.
[[nodiscard]] Result<Candidate> detectFormat(const sources::Source& source, const ParseOptions& options);

} // namespace faultline::records
