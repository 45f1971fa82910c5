// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/records/record_batch.h"
#include "engine/records/user_format.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace faultline::records
{

struct FormatFolder {
    std::vector<std::shared_ptr<const UserFormat>> formats; ///< by file name; shared: options hold them
    std::vector<Error> problems;                            ///< of files that could not be read, which are passed over
};
/// The formats of a folder's *.yaml files, at most 500 of them. A folder that does not exist has none.
[[nodiscard]] FormatFolder readFormatFolder(const std::string& folder);

/// The format in a file. Config error as parseUserFormat(), also when the file cannot be read.
[[nodiscard]] Result<UserFormat> readUserFormatFile(const std::string& path);

/// Options that need no file any more: a format named by its path or by its name among `ownFormats` is put into
/// `formatText`, and `@FILE:NAME` of `logFormat` becomes the layout itself. Config error.
[[nodiscard]] Result<ParseOptions> resolveFormat(ParseOptions options);

/// The candidate of the format that the options hold themselves; nullopt when they hold none. Config error.
[[nodiscard]] Result<std::optional<Candidate>> askedFormat(std::string_view sample, const ParseOptions& options,
                                                           const FileFacts& file);
/// The best of the person's own formats that read at least half of the lines; nullopt when none does.
[[nodiscard]] std::optional<Candidate> ownFormat(std::string_view sample, const ParseOptions& options,
                                                 const FileFacts& file);

} // namespace faultline::records
