// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_batch.h"
#include "engine/sources/source.h"
#include <memory>

namespace faultline::records
{

/// A reader whose blocks end where a record ends, by BlockParser::wholeBytes: what a block has behind its last whole
/// record is copied in front of the next one. Blocks may grow by what wholeBytes() leaves over at most. The parser must
/// outlive the reader.
[[nodiscard]] std::unique_ptr<sources::BlockReader> wholeRecords(std::unique_ptr<sources::BlockReader> reader,
                                                                 const BlockParser& parser);

} // namespace faultline::records
