// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_table.h"
#include "engine/features/ngrams.h"
#include "engine/records/loader.h"

namespace faultline::features
{

/// The templates of each unit's log records in time order; records of one time, or without one, stay in the order they
/// were read in. Two passes over the records, parallel over units. Cancelled when the job was stopped.
[[nodiscard]] Result<TemplateSequence> sequenceTemplates(std::size_t units, const UnitRecords& recordsOf,
                                                         const records::RecordSet& records, const JobContext& job);

} // namespace faultline::features
