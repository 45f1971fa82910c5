// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/pipeline/recipe.h"
#include "engine/records/format_catalogue.h"
#include "engine/records/format_files.h"
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faultline::pipeline
{

/// Where a person's own formats lie: $XDG_CONFIG_HOME/faultline/formats, or ~/.config/faultline/formats. "" when
/// neither is known. The program asks once, when it starts to read options; the engine does not look there by itself.
[[nodiscard]] std::string ownFormatFolder();

/// Lets the formats of a folder take part in detection and be named. Returns what is wrong with files that are passed
/// over.
[[nodiscard]] std::vector<Error> useFormatFolder(const std::string& folder, records::ParseOptions& options);

using records::resolveFormat;

/// The formats that `--format` can name, the person's own first.
[[nodiscard]] inline std::vector<records::FormatDescription> formatCatalogue(const records::ParseOptions& options)
{
    return records::describeFormats(options.ownFormats);
}
[[nodiscard]] std::string formatsToJson(const std::vector<records::FormatDescription>& formats);

/// How a format reads one line.
struct CheckedLine {
    std::uint64_t line = 0; ///< 1-based in the sample
    std::string text;
    enum class Outcome : std::uint8_t { Record, JoinsBefore, Unmatched } outcome = Outcome::Record;
    std::string problem;      ///< Unmatched and JoinsBefore: where matching stopped and what would match there
    std::uint32_t column = 0; ///< of that, 1-based
    TimeUs time = noTime;     ///< UTC; of the placeholder year 2000 or day 1970-01-01 when the times name none
    std::string level, entity, session, message;
    std::vector<std::pair<std::string, double>> fields;
};

struct FormatCheck {
    std::string name, description, file;
    std::size_t patterns = 0, samples = 0;
    std::string timeFormat, zone;
    std::vector<CheckedLine> lines; ///< the first ones of the file that was given, else the format's own samples
    std::optional<Error> failure;   ///< the first line that neither matches nor belongs to the record before
};

/// Validates a format file, and shows how it reads the first 20 lines of `samplePath`, or its own samples when that is
/// "". Config error for the format itself, Io error for the sample.
[[nodiscard]] Result<FormatCheck> checkFormat(const std::string& path, const std::string& samplePath);
[[nodiscard]] std::string toJson(const FormatCheck& check);

/// Puts the definition of the person's own format that read all of the records into the recipe, so that it works
/// without the file.
void carryFormat(const records::RecordSet& records, records::ParseOptions& parse);

} // namespace faultline::pipeline
