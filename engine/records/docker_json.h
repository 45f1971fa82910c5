// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/json_layout.h"
#include "engine/records/record_batch.h"

namespace faultline::records
{

/// Reads the files of Docker's json-file log driver: `{"log":"...\n","stream":"stdout","time":"..."}`.
///
/// A text without a line end goes on in the next line of its stream (Docker cuts texts at 16 KiB). A text that begins
/// with a blank, `at `, `...` or `Caused by`, or is blank, belongs to the line above when that is of its stream. Either
/// way the lines make one record of at most 1 MiB. Where the texts have a header of their own, the level is taken from
/// it and the message is what follows it; `sample` tells which. The time is Docker's.
[[nodiscard]] std::shared_ptr<const BlockParser> makeDockerParser(std::string_view sample, JsonLayout layout,
                                                                  const FileFacts& file, Detection& detection);

} // namespace faultline::records
