// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/record_batch.h"
#include "engine/records/record_table.h"
#include <algorithm>
#include <gtest/gtest.h>
#include <random>

// Tables and JSON lines that were not meant well: whatever comes in, every line is accounted for, and no record points
// outside.
namespace faultline::records
{
namespace
{

void expectSound(const RecordBatch& batch, std::size_t textBytes)
{
    const auto records = batch.time.size();
    EXPECT_EQ(batch.lines + batch.recordsSharingLines,
              records + batch.continuationLines + batch.blankLines + batch.headerLines + batch.rejected.size());
    for (const auto size : {batch.offset.size(), batch.bytes.size(), batch.messageStart.size(), batch.level.size(),
                            batch.flags.size(), batch.entity.size(), batch.shape.size()})
        EXPECT_EQ(size, records);
    for (std::size_t i = 0; i < records; ++i) {
        EXPECT_LE(batch.offset[i] + batch.bytes[i], textBytes);
        EXPECT_LE(batch.messageStart[i], batch.bytes[i]);
        EXPECT_LT(batch.entity[i], batch.entities.size());
        EXPECT_TRUE(batch.shape[i] == templates::noShape || batch.shape[i] < batch.shapes.size());
    }
    for (const auto& field : batch.fields)
        EXPECT_LE(field.values.size(), records);
}

/// Detects and parses a text as both kinds, whole and in two blocks, from memory that ends where the text ends.
void readAsBoth(const std::string& text)
{
    const std::vector<char> exact(text.begin(), text.end());
    const std::string_view view(exact.data(), exact.size());
    const auto middle = view.find('\n', view.size() / 2);
    const auto cut = middle == std::string_view::npos ? view.size() : middle + 1;
    for (const char* format : {"csv", "json"}) {
        ParseOptions options;
        options.format = format;
        const auto sample = view.substr(0, 262'144);
        const auto candidate = std::string_view(format) == "csv" ? detectDelimited(sample, options, {})
                                                                 : detectJsonLines(sample, options, {});
        if (!candidate.parser)
            continue;
        expectSound(candidate.parser->parse(view, 0, true), view.size());
        expectSound(candidate.parser->parse(view.substr(cut), cut, false), view.size());
    }
}

TEST(HostileTables, mayBeRandomBytes)
{
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        std::string text(random() % 600, '\0');
        std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random()); });
        readAsBoth(text);
    }
}

TEST(HostileTables, mayBeRandomPunctuation)
{
    std::mt19937 random(2);
    constexpr std::string_view alphabet = ",;\t|\"\n\r{}[]:\\ 0123456789.-+eExT\xFF";
    for (int round = 0; round < 600; ++round) {
        std::string text(random() % 800, '\0');
        std::generate(text.begin(), text.end(), [&] { return alphabet[random() % alphabet.size()]; });
        readAsBoth(text);
    }
}

TEST(HostileTables, mayBeCutOffAnywhere)
{
    const std::string table = "time,host,v,message\n2026-03-12 14:00:00,a,1.5,\"it said \"\"no\"\"\nand "
                              "left\"\n2026-03-12 14:00:01,b,2,x y\n";
    const std::string json = R"({"time":"2026-03-12T14:00:00Z","a":{"b":1},"message":"x \"y\" z"})"
                             "\n"
                             R"({"time":1700000000,"message":"{\"log\":\"q\"}"})"
                             "\n";
    for (const auto& whole : {table, json})
        for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes)
            readAsBoth(whole.substr(0, bytes));
}

TEST(HostileTables, mayHoldAnyByteAnywhere)
{
    const std::string whole = "time,v\n1700000000,1.5\n1700000001,\"2\"\n";
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (const char byte : {'\0', '"', ',', '\n', '\xFF', '{'}) {
            auto text = whole;
            text[at] = byte;
            readAsBoth(text);
        }
}

TEST(HostileTables, mayHoldHugeFieldsAndStrayQuotes)
{
    std::string strayQuotes = "a,b\n";
    for (int i = 0; i < 20'000; ++i)
        strayQuotes += "1,\"x\n";
    for (const auto& text : {std::string("a,\""), std::string(300'000, '"'), strayQuotes,
                             "time,v\n1700000000," + std::string(300'000, '9') + "\n",
                             "{\"message\":\"" + std::string(300'000, 'm') + "\"}\n"})
        readAsBoth(text);
}

TEST(HostileTables, mayNestDeeply)
{
    std::string objects;
    for (int i = 0; i < 900; ++i)
        objects += "{\"a\":";
    readAsBoth(objects + "1" + std::string(900, '}') + "\n");
    readAsBoth(std::string(5'000, '[') + "\n");
}

TEST(HostileTables, areRefusedWithTenMillionColumns)
{
    const std::string header(10'000'000, ',');
    const auto candidate = detectDelimited(std::string_view(header).substr(0, 262'144), {}, {});
    ASSERT_TRUE(candidate.error);
    EXPECT_FALSE(candidate.parser);
    EXPECT_FALSE(candidate.error->hint.empty());
}

TEST(HostileTables, cannotMakeKeysWithoutEnd)
{
    std::string text;
    for (int i = 0; i < 3'000; ++i)
        text += "{\"k" + std::to_string(i) + "\":1}\n";
    const auto candidate = detectJsonLines(text, {}, {});
    ASSERT_TRUE(candidate.parser);
    EXPECT_LE(candidate.parser->parse(text, 0, true).fields.size(), 500U);
}

} // namespace
} // namespace faultline::records
