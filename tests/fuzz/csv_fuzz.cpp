// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/record_batch.h"
#include "tests/fuzz/check.h"
#include <bit>
#include <string>
#include <string_view>
#include <vector>

using namespace faultline;

namespace
{

/// What the blocks of a table came to together.
struct Whole {
    std::uint64_t lines = 0, accounted = 0;
    std::vector<TimeUs> times;
    std::vector<std::uint64_t> offsets, valueBits;
    std::vector<std::string> entities;
    friend bool operator==(const Whole&, const Whole&) = default;
};

void add(const records::RecordBatch& batch, Whole& whole)
{
    whole.lines += batch.lines;
    whole.accounted +=
        batch.time.size() + batch.continuationLines + batch.blankLines + batch.headerLines + batch.rejected.size();
    whole.times.insert(whole.times.end(), batch.time.begin(), batch.time.end());
    whole.offsets.insert(whole.offsets.end(), batch.offset.begin(), batch.offset.end());
    for (std::size_t record = 0; record < batch.time.size(); ++record) {
        whole.entities.push_back(batch.entities[batch.entity[record]]);
        for (const auto& field : batch.fields)
            whole.valueBits.push_back(std::bit_cast<std::uint64_t>(field.values.at(record)));
        if (batch.longValues)
            whole.valueBits.push_back(std::bit_cast<std::uint64_t>(batch.longValues->values.at(record)));
    }
}

/// Reads the text as the loader does: blocks of whole lines, what is not whole carried over to the next.
Whole inBlocks(const records::BlockParser& parser, std::string_view text, std::size_t blockBytes)
{
    Whole whole;
    std::size_t begin = 0, end = 0;
    while (begin < text.size()) {
        end = std::min(text.size(), end + blockBytes);
        if (const auto lineEnd = text.find('\n', end == 0 ? 0 : end - 1); lineEnd != std::string_view::npos)
            end = lineEnd + 1;
        else
            end = text.size();
        const auto block = text.substr(begin, end - begin);
        const auto bytes = end == text.size() ? block.size() : parser.wholeBytes(block, begin);
        fuzz::require(bytes <= block.size(), "whole bytes are within the block");
        if (bytes > 0)
            add(parser.parse(block.substr(0, bytes), begin, begin == 0), whole);
        begin += bytes;
    }
    return whole;
}

} // namespace

/// Any text is no table, or one whose lines are all accounted for, however it is cut into blocks.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    records::ParseOptions options;
    options.format = "csv";
    const auto candidate = records::detectDelimited(text.substr(0, 262'144), options, {});
    fuzz::require(candidate.parser != nullptr || !candidate.error || !candidate.error->message.empty(),
                  "an error says what is wrong");
    if (!candidate.parser)
        return 0;
    const auto large = inBlocks(*candidate.parser, text, 1U << 20U);
    fuzz::require(large.lines == large.accounted, "every line is accounted for");
    const auto small = inBlocks(*candidate.parser, text, 1U << 10U);
    fuzz::require(small.lines == small.accounted, "every line of small blocks is accounted for");
    fuzz::require(small == large, "the size of blocks changes nothing");
    return 0;
}
