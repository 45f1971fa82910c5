// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/format_files.h"
#include "engine/core/system.h"
#include "engine/records/log_format.h"
#include "engine/records/user_format_parser.h"
#include "engine/records/user_format_reader.h"
#include <algorithm>
#include <filesystem>

namespace faultline::records
{

namespace
{

constexpr std::uint64_t limitBytes = 1'000'000;
constexpr std::size_t mostFiles = 500;
constexpr double leastShare = 0.5;

bool isPath(const std::string& format)
{
    return format.find('/') != std::string::npos || format.ends_with(".yaml") || format.ends_with(".yml");
}

} // namespace

Result<UserFormat> readUserFormatFile(const std::string& path)
{
    const auto content = readSmallFile(path, limitBytes);
    if (!content) {
        auto error = content.error();
        error.code = ErrorCode::Config;
        return tl::unexpected(std::move(error));
    }
    return parseUserFormat(*content, path);
}

FormatFolder readFormatFolder(const std::string& folder)
{
    FormatFolder out;
    std::vector<std::string> paths;
    std::error_code problem;
    for (std::filesystem::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem))
        if (const auto& path = it->path(); path.extension() == ".yaml" && paths.size() < mostFiles)
            paths.push_back(path.string());
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) {
        auto format = readUserFormatFile(path);
        if (format)
            out.formats.push_back(std::make_shared<const UserFormat>(std::move(*format)));
        else
            out.problems.push_back(format.error());
    }
    return out;
}

namespace
{
/// A person's own format by its name or file becomes its text; other names stay what they are.
Result<void> resolve(std::string& format, std::string& text,
                     const std::vector<std::shared_ptr<const UserFormat>>& known)
{
    if (!text.empty() || format.empty())
        return {};
    for (const auto& own : known)
        if (own->name == format) {
            text = own->yaml;
            return {};
        }
    if (!isPath(format))
        return {};
    auto read = readUserFormatFile(format);
    if (!read)
        return tl::unexpected(read.error());
    format = read->name;
    text = read->yaml;
    return {};
}
} // namespace

Result<ParseOptions> resolveFormat(ParseOptions options)
{
    if (options.logFormat.starts_with('@')) {
        auto layout = logFormatLayout(options.logFormat);
        if (!layout)
            return tl::unexpected(layout.error());
        options.logFormat = std::move(*layout);
    }
    if (auto done = resolve(options.format, options.formatText, options.ownFormats); !done)
        return tl::unexpected(done.error());
    for (auto& each : options.formats)
        if (auto done = resolve(each.format, each.formatText, options.ownFormats); !done)
            return tl::unexpected(done.error());
    return options;
}

Result<std::optional<Candidate>> askedFormat(std::string_view sample, const ParseOptions& options,
                                             const FileFacts& file)
{
    if (options.formatText.empty() && options.logFormat.empty())
        return std::optional<Candidate>();
    auto format = options.formatText.empty() ? compileLogFormat(options.logFormat, {})
                                             : parseUserFormat(options.formatText, options.format + ".yaml");
    if (!format)
        return tl::unexpected(format.error());
    return std::optional(
        detectUserFormat(std::make_shared<const UserFormat>(std::move(*format)), sample, options, file));
}

std::optional<Candidate> ownFormat(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    std::optional<Candidate> best;
    for (const auto& own : options.ownFormats) {
        auto candidate = detectUserFormat(own, sample, options, file);
        if (candidate.parser && candidate.detection.confidence >= leastShare &&
            (!best || candidate.detection.confidence > best->detection.confidence))
            best = std::move(candidate);
    }
    return best;
}

} // namespace faultline::records
