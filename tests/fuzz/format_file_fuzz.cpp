// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/log_format.h"
#include "engine/records/user_format_parser.h"
#include "engine/records/user_format_reader.h"
#include "tests/fuzz/check.h"
#include <memory>
#include <string_view>

using namespace faultline;
using namespace faultline::records;

namespace
{

/// Every line is accounted for, and joined text stays within the content.
void checkAccount(const RecordBatch& batch, std::string_view content)
{
    const auto records = batch.time.size();
    const auto accounted =
        records + batch.continuationLines + batch.blankLines + batch.headerLines + batch.rejected.size();
    fuzz::require(batch.lines == accounted, "each line is a record, joined, blank, a header or rejected");
    fuzz::require(batch.offset.size() == records && batch.shape.size() == records && batch.entity.size() == records,
                  "columns are equally long");
    for (std::size_t i = 0; i < records; ++i)
        fuzz::require(batch.offset[i] + batch.bytes[i] <= content.size(), "a record lies within the content");
}

void readWith(const UserFormat& read, std::string_view content)
{
    const auto format = std::make_shared<const UserFormat>(read);
    const auto candidate = detectUserFormat(format, content, {}, {.path = "sample.log"});
    fuzz::require(candidate.error.has_value() != (candidate.parser != nullptr), "there is a parser or a reason");
    if (candidate.parser)
        checkAccount(candidate.parser->parse(content, 0, true), content);
}

} // namespace

/// A format file, a line of three dashes, and the content to read by it; the first line of the file is tried as a
/// server's log format, too.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto cut = input.find("\n---\n");
    const auto yaml = input.substr(0, cut);
    const auto content = cut == std::string_view::npos ? std::string_view() : input.substr(cut + 5);
    if (const auto format = parseUserFormat(yaml, "fuzz.yaml"))
        readWith(*format, content);
    else
        fuzz::require(!format.error().message.empty(), "an error says what is wrong");
    if (const auto format = compileLogFormat(yaml.substr(0, yaml.find('\n')), {}))
        readWith(*format, content);
    return 0;
}
