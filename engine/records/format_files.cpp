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

Result<ParseOptions> resolveFormat(ParseOptions options)
{
    if (options.logFormat.starts_with('@')) {
        auto layout = logFormatLayout(options.logFormat);
        if (!layout)
            return tl::unexpected(layout.error());
        options.logFormat = std::move(*layout);
    }
    if (!options.formatText.empty() || options.format.empty())
        return options;
    for (const auto& own : options.ownFormats)
        if (own->name == options.format) {
            options.formatText = own->yaml;
            return options;
        }
    if (!isPath(options.format))
        return options;
    auto format = readUserFormatFile(options.format);
    if (!format)
        return tl::unexpected(format.error());
    options.format = format->name;
    options.formatText = format->yaml;
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
