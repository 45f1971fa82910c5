// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/templates/mined_messages.h"
#include <gtest/gtest.h>
#include <random>

namespace faultline::records::templates
{
namespace
{

TEST(ShapeDictionary, MessagesThatDifferInNumbersShareAShape)
{
    ShapeDictionary shapes;
    EXPECT_EQ(shapes.add("took 35 ms"), shapes.add("took 7.1 ms"));
    EXPECT_EQ(shapes.size(), 1U);
    EXPECT_EQ(shapes.shapes()[0].count, 2U);
}

TEST(ShapeDictionary, MessagesThatDifferInAWordOrASpaceDoNot)
{
    ShapeDictionary shapes;
    EXPECT_NE(shapes.add("link up"), shapes.add("link down"));
    EXPECT_NE(shapes.add("a=b"), shapes.add("a= b"));
}

TEST(ShapeDictionary, ADigitWordVariesOnceASecondValueIsSeen)
{
    ShapeDictionary shapes;
    shapes.add("on eth0");
    shapes.add("on eth0");
    EXPECT_FALSE(shapes.shapes()[0].varies[1]);
    shapes.add("on eth1");
    EXPECT_EQ(shapes.size(), 1U);
    EXPECT_TRUE(shapes.shapes()[0].varies[1]);
}

TEST(ShapeDictionary, MergingAddsCountsAndMapsIds)
{
    ShapeDictionary a, b;
    a.add("link up");
    a.add("on eth0");
    b.add("on eth1");
    b.add("link up");
    b.add("link down");
    const auto ids = a.merge(b);
    EXPECT_EQ(ids, (std::vector<ShapeId>{1, 0, 2}));
    EXPECT_EQ(a.shapes()[0].count, 2U);
    EXPECT_TRUE(a.shapes()[1].varies[1]);
}

TEST(ShapeDictionary, MergedPartsEqualTheWhole)
{
    ShapeDictionary whole, left, right;
    for (int i = 0; i < 400; ++i) {
        const auto message = "word" + std::string(1, static_cast<char>('a' + i % 7)) + " n" + std::to_string(i % 13);
        whole.add(message);
        (i < 150 ? left : right).add(message);
    }
    left.merge(right);
    ASSERT_EQ(left.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        EXPECT_EQ(left.shapes()[i].hash, whole.shapes()[i].hash);
        EXPECT_EQ(left.shapes()[i].count, whole.shapes()[i].count);
        EXPECT_EQ(left.shapes()[i].varies, whole.shapes()[i].varies);
    }
}

TEST(ShapeDictionary, AFullDictionaryKeepsOnlyDelimiters)
{
    ShapeDictionary shapes(ShapeLimits{.shapes = 4});
    for (const auto* word : {"alpha", "beta", "red", "green"})
        shapes.add(word);
    const auto id = shapes.add("gamma delta: epsilon");
    EXPECT_EQ(templateText(shapes.shapes()[id].tokens), "<*>: <*>");
    EXPECT_EQ(shapes.add("zeta: eta theta"), id);
    EXPECT_EQ(shapes.add("alpha"), 0U);
}

TEST(ShapeDictionary, FreeTextDoesNotGrowWithoutBound)
{
    ShapeDictionary shapes(ShapeLimits{.shapes = 100, .tokens = 1000});
    std::mt19937 random(1);
    const std::string letters = "abcdefgh,;:()[]{}| ";
    for (int i = 0; i < 20000; ++i) {
        std::string message;
        for (int j = 0; j < 30; ++j)
            message += letters[random() % letters.size()];
        shapes.add(message);
    }
    EXPECT_LE(shapes.size(), 100U + 25U + 1U);
}

TEST(ShapeDictionary, TheCatchAllShapeTakesWhatHasNoRoom)
{
    ShapeDictionary shapes(ShapeLimits{.shapes = 1});
    shapes.add("alpha");
    const auto all = shapes.add("one, two");
    EXPECT_EQ(templateText(shapes.shapes()[all].tokens), "<*>");
    EXPECT_EQ(shapes.add("three; four"), all);
}

TEST(HostileText, AMegabyteOfOneCharacterIsOneMessage)
{
    for (const char c : {'a', '7', ' ', '=', '"', '/', ':', '.', '<', '\\', '@', '\0', '\xff'}) {
        const auto tokens = scanMessage(std::string(1U << 20, c));
        EXPECT_LE(tokens.size(), 260U) << int{c};
        for (const auto& token : tokens)
            EXPECT_LE(token.text.size(), 131U) << int{c};
    }
}

TEST(HostileText, BeyondTwoHundredFiftySixTokensTheRestIsOneVariable)
{
    std::string message;
    for (int i = 0; i < 10000; ++i)
        message += "word ";
    const auto tokens = scanMessage(message);
    EXPECT_EQ(tokens.size(), 256U);
    EXPECT_EQ(tokens.back().kind, TokenKind::Variable);
}

TEST(HostileText, NulBytesAndInvalidUtf8AreKeptAsText)
{
    ShapeDictionary shapes;
    const std::string nul("a\0b c", 5);
    EXPECT_EQ(shapes.add(nul), shapes.add(nul));
    EXPECT_EQ(shapes.add("\xc3\x28 \xed\xa0\x80"), 1U);
    EXPECT_EQ(templateText(shapes.shapes()[0].tokens), nul);
}

TEST(HostileText, AnyBytesScanTheSameAloneAndInADictionary)
{
    std::mt19937 random(7);
    const std::string alphabet = "aZ09 .,:;=-_/\\'\"()[]<>{}|@#%+x\t\xc3\xa4";
    ShapeDictionary shapes;
    for (int i = 0; i < 20000; ++i) {
        std::string message;
        for (auto n = random() % 40; n > 0; --n)
            message += alphabet[random() % alphabet.size()];
        const auto id = shapes.add(message);
        const auto tokens = scanMessage(message);
        ASSERT_EQ(tokens.size(), shapes.shapes()[id].tokens.size()) << message;
        for (std::size_t p = 0; p < tokens.size(); ++p) {
            EXPECT_EQ(tokens[p].kind, shapes.shapes()[id].tokens[p].kind) << message;
            if (!shapes.shapes()[id].varies[p]) {
                EXPECT_EQ(tokens[p].text, shapes.shapes()[id].tokens[p].text) << message;
            }
        }
    }
}

} // namespace
} // namespace faultline::records::templates
