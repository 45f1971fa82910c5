// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/message_values.h"
#include "tests/engine/templates/mined_messages.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records::templates
{
namespace
{

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

MiningResult minedWith(const std::vector<Mask>& masks, const std::vector<std::string>& messages)
{
    const MaskScope scope(MessageMasks::compile(masks).value());
    return minedFrom(dictionaryOf(messages));
}

std::vector<std::string> textsOf(const TemplateSet& set)
{
    std::vector<std::string> texts;
    for (const auto& each : set.templates)
        texts.push_back(each.text);
    return texts;
}

std::vector<std::string> textsWith(const std::vector<Mask>& masks, const std::vector<std::string>& messages)
{
    return textsOf(minedWith(masks, messages).set);
}

Error refusal(const std::vector<Mask>& masks)
{
    return MessageMasks::compile(masks).error();
}

const Mask order{.pattern = "order-([a-z]+)", .name = "order_id"};

TEST(MessageMasks, TheFirstGroupIsTheVariable)
{
    EXPECT_THAT(textsWith({order}, {"opened order-abc now"}), ElementsAre("opened order-<order_id> now"));
}

TEST(MessageMasks, WithoutAGroupTheWholeMatchIs)
{
    EXPECT_THAT(textsWith({{.pattern = "order-[a-z]+", .name = "order"}}, {"opened order-abc now"}),
                ElementsAre("opened <order> now"));
}

TEST(MessageMasks, WithoutANameItLooksLikeAnyVariable)
{
    EXPECT_THAT(textsWith({{.pattern = "opened|closed", .name = ""}}, {"opened the gate", "closed the gate"}),
                ElementsAre("<*> the gate"));
}

TEST(MessageMasks, EveryMatchIsMasked)
{
    EXPECT_THAT(textsWith({order}, {"order-a follows order-b"}),
                ElementsAre("order-<order_id> follows order-<order_id>"));
}

TEST(MessageMasks, AnEarlierMaskGoesBeforeALaterOne)
{
    EXPECT_THAT(textsWith({order, {.pattern = "abc now", .name = "late"}}, {"opened order-abc now"}),
                ElementsAre("opened order-<order_id> now"));
}

TEST(MessageMasks, ABlankInTheValueIsPartOfIt)
{
    EXPECT_THAT(textsWith({{.pattern = "by (.*) at", .name = "who"}}, {"changed by Ada Lovelace at noon"}),
                ElementsAre("changed by <who> at noon"));
}

TEST(MessageMasks, WhatIsLeftIsMinedAsEver)
{
    EXPECT_THAT(textsWith({order}, {"order-abc took 12 ms", "order-xy took 9 ms"}),
                ElementsAre("order-<order_id> took <*>"));
}

TEST(MessageMasks, TheParameterHasItsNameAndTheTypeOfWhatItHolds)
{
    const auto mined = minedWith({{.pattern = "lag (\\d+)", .name = "lag"}}, {"lag 17 of 5", "lag 2 of 6"});
    ASSERT_THAT(mined.set.templates, SizeIs(1));
    const auto& parameters = mined.set.templates[0].parameters;
    ASSERT_THAT(parameters, SizeIs(2));
    EXPECT_EQ(parameters[0].name, "lag");
    EXPECT_EQ(parameters[0].type(), ParameterType::Integer);
    EXPECT_EQ(parameters[1].type(), ParameterType::Integer);
}

TEST(MessageMasks, TheValueCanBeReadAgain)
{
    const auto mined = minedWith({order}, {"opened order-abc for 3 days"});
    EXPECT_THAT(MessageValues(mined.set).valuesOf(0, "opened order-xyz for 4 days"), ElementsAre("xyz", "4 days"));
}

TEST(MessageMasks, ListsBesideAMaskKeepTheirPlaces)
{
    const auto mined = minedWith({order}, {"order-a of 1, 2", "order-b of 1, 2, 3"});
    ASSERT_THAT(textsOf(mined.set), ElementsAre("order-<order_id> of <*>"));
    ASSERT_THAT(mined.set.templates[0].parameters, SizeIs(2));
    EXPECT_EQ(mined.set.templates[0].parameters[0].name, "order_id");
    EXPECT_EQ(mined.set.templates[0].parameters[1].type(), ParameterType::List);
}

TEST(MessageMasks, AreSavedWithTheTemplates)
{
    TensorBundle bundle;
    minedWith({order}, {"opened order-abc now"}).set.save(bundle, "t");
    const auto loaded = TemplateSet::load(bundle, "t");
    ASSERT_TRUE(loaded) << loaded.error().text();
    ASSERT_TRUE(loaded->masks);
    EXPECT_THAT(loaded->masks->masks(), ElementsAre(order));
    const MaskScope scope(loaded->masks);
    EXPECT_THAT(matchedTexts(*loaded, {"opened order-new now"}), ElementsAre("opened order-<order_id> now"));
}

TEST(MessageMasks, OutsideOfTheirScopeNothingIsMasked)
{
    static_cast<void>(minedWith({order}, {"opened order-abc now"}));
    EXPECT_THAT(minedTexts({"opened order-abc now"}), ElementsAre("opened order-abc now"));
}

TEST(MessageMasks, MoreMatchesThanAMessageHasTokensAreOneVariable)
{
    std::string message;
    for (int i = 0; i < 5'000; ++i)
        message += "ab ";
    const auto mined = minedWith({{.pattern = "a", .name = "a"}}, {message});
    EXPECT_THAT(textsOf(mined.set), Each(testing::EndsWith("<*>")));
}

TEST(MessageMasks, BytesThatAreNoTextAreNoMatter)
{
    EXPECT_THAT(textsWith({{.pattern = "x+", .name = "x"}}, {std::string("\xff\xfe xx \x00 xx", 11)}), SizeIs(1));
}

TEST(MessageMasks, APatternThatIsNoneIsRefusedWithThePlace)
{
    const auto error = refusal({{.pattern = "id=(\\d+", .name = ""}});
    EXPECT_EQ(error.code, ErrorCode::Config);
    EXPECT_THAT(error.message, HasSubstr("missing )"));
}

TEST(MessageMasks, APatternThatMatchesNothingIsRefused)
{
    for (const char* pattern : {"", "x*", "\\b", "^", "(a|)"})
        EXPECT_THAT(refusal({{.pattern = pattern, .name = ""}}).message, HasSubstr("nothing")) << pattern;
}

TEST(MessageMasks, ANameThatIsNoneIsRefused)
{
    for (const char* name : {"1st", "a b", "<x>", "*"})
        EXPECT_THAT(refusal({{.pattern = "x", .name = name}}).message, HasSubstr("name")) << name;
}

TEST(MessageMasks, TooManyAreRefused)
{
    EXPECT_THAT(refusal(std::vector<Mask>(65, order)).message, HasSubstr("64"));
}

} // namespace
} // namespace faultline::records::templates
