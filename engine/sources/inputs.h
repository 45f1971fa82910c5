// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/sources/source.h"
#include <string>
#include <vector>

namespace faultline::sources
{

/// One file (or pipe) to read.
struct Input {
    std::string path; ///< "-" is standard input
    /// The log that the file belongs to: its name without compression, rotation and extension, with as many parent
    /// folders before it as it takes to tell it from the others ("app", "web1/app"). The parts of a rotated log
    /// (app.log, app.log.1, app.log.2.gz, app-20260101.log) share it; nothing else does.
    std::string origin;
    bool named = false; ///< the person named this very file; else a folder or pattern led to it
};

struct PassedOver {
    std::string path, reason;
};

struct Inputs {
    std::vector<Input> files; ///< by origin, the parts of a rotated log oldest first, whatever order they were named in
    std::vector<PassedOver> passedOver;
};

/// What a person named, as files: files and pipes as they are; folders with all that is in them (hidden files and links
/// to folders left out); patterns (`*`, `?`, `[a-z]`, `**` for any folders) that no shell expanded; `-`. A file named
/// twice is one input. Of what a folder or pattern leads to, files are passed over that cannot be records: empty,
/// binary, archives, web pages, what this program wrote (models, cases, scores), and tables of labels, which must not
/// be taken for data; each with its reason. Reads at most 64 KiB of each such file. Io error when a name leads to
/// nothing, naming it; Cancelled.
[[nodiscard]] Result<Inputs> expandInputs(const std::vector<std::string>& names, const OpenOptions& options,
                                          JobContext& job);

} // namespace faultline::sources
