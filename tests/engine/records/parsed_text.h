// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_batch.h"
#include <string>
#include <vector>

namespace faultline::records
{

/// What a text was taken for, and what the parser made of it as one block.
struct ParsedText {
    Candidate candidate;
    RecordBatch batch;
    std::vector<std::string> messages; ///< from the message's start to the record's end
};

inline ParsedText parsedText(const std::string& text, const ParseOptions& options = {})
{
    ParsedText result{.candidate = detectText(text, options, {}), .batch = {}, .messages = {}};
    result.batch = result.candidate.parser->parse(text, 0, true);
    for (std::size_t i = 0; i < result.batch.time.size(); ++i)
        result.messages.push_back(text.substr(result.batch.offset[i] + result.batch.messageStart[i],
                                              result.batch.bytes[i] - result.batch.messageStart[i]));
    return result;
}

inline std::string allReasons(const ParsedText& result)
{
    std::string all;
    for (const auto& reason : result.candidate.detection.reasons)
        all += reason + "\n";
    return all;
}

/// The masked text of a record's message, tokens parted by blanks: what templates are mined from.
inline std::string shapeText(const ParsedText& result, std::size_t record)
{
    std::string all;
    for (const auto& token : result.batch.shapes.shapes()[result.batch.shape[record]].tokens)
        all += (all.empty() ? "" : " ") + token.text;
    return all;
}

} // namespace faultline::records
