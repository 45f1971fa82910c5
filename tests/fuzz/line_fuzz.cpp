// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/layout_catalogue.h"
#include "engine/records/plain_line.h"
#include "engine/records/record_batch.h"
#include "engine/records/record_table.h"
#include "tests/fuzz/check.h"
#include <algorithm>
#include <string>

/// Any bytes as log lines: through each named layout alone, and through detection and the parser it chooses, as one
/// block and as two. What must hold: parts and message lie within the line, every line is accounted for, every record
/// lies within the content.
namespace
{

using namespace faultline;
using namespace faultline::records;
using fuzz::require;

constexpr std::size_t longestInput = 64 * 1024;

void matchAll(std::string_view line)
{
    LineMatch match;
    for (const auto& layout : namedLayouts()) {
        matchLine(layout, line, {.assumedYear = 2026}, match);
        require(match.messageBegin <= match.messageEnd && match.messageEnd <= line.size(), "message within line");
        require(match.reached <= layout.parts.size(), "no more parts than there are");
        for (std::size_t i = 0; i < match.reached; ++i) {
            const auto part = match.parts[i];
            require(part.begin <= part.end && part.end <= line.size(), "part within line");
            if (part.end > part.begin)
                (void)partText(layout.parts[i], line.substr(part.begin, part.end - part.begin));
        }
    }
}

void requireAccounts(const RecordBatch& batch, std::uint64_t begin, std::uint64_t end)
{
    require(batch.lines == batch.time.size() + batch.continuationLines + batch.blankLines + batch.headerLines +
                               batch.rejected.size(),
            "every line is accounted for");
    require(batch.shape.size() == batch.time.size() && batch.level.size() == batch.time.size() &&
                batch.entity.size() == batch.time.size(),
            "columns are equally long");
    for (std::size_t i = 0; i < batch.time.size(); ++i) {
        require(batch.offset[i] >= begin && batch.offset[i] + batch.bytes[i] <= end, "record within content");
        require(batch.messageStart[i] <= batch.bytes[i], "message within record");
        require(batch.shape[i] < batch.shapes.size(), "every record has a shape");
    }
    for (const auto& field : batch.fields)
        require(field.values.size() <= batch.time.size(), "no value without a record");
}

void detectAndParse(const std::string& text, const ParseOptions& options)
{
    const auto candidate = detectText(text, options, {});
    require(candidate.detection.confidence >= 0.0 && candidate.detection.confidence <= 1.0, "confidence is a share");
    if (!candidate.parser)
        return;
    requireAccounts(candidate.parser->parse(text, 0, true), 0, text.size());
    const auto cut = text.find('\n', text.size() / 2);
    if (cut == std::string::npos)
        return;
    const auto first = std::string_view(text).substr(0, cut + 1);
    requireAccounts(candidate.parser->parse(first, 0, true), 0, first.size());
    const auto second = std::string_view(text).substr(cut + 1);
    requireAccounts(candidate.parser->parse(second, cut + 1, false), cut + 1, text.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), std::min(size, longestInput));
    PlainLine plain;
    for (const auto line : split(text, '\n')) {
        const auto bare = plain.strip(line);
        require(plain.original(bare.size()) <= line.size(), "position within line");
        matchAll(bare);
    }
    for (const auto* format : {"", "generic", "text", "docker_compose", "kubernetes_cri", "mysql_slow"})
        detectAndParse(text, {.format = format, .labelColumn = "alert", .sessionKey = "pid"});
    return 0;
}
