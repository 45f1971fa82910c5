// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/known_templates.h"
#include "tests/engine/templates/mined_messages.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records::templates
{
namespace
{

using testing::ElementsAre;

TemplateSet frozenSet()
{
    return minedFrom(dictionaryOf({"login user=root ok", "login user=guest ok", "took 3 ms", "3 blocks lost",
                                   "calling 1", "calling 1, 2"}))
        .set;
}

std::vector<std::uint64_t> shapesOf(const TemplateSet& set)
{
    return TemplateArrays::of(set).shapeHash;
}

TEST(TemplateMatching, AKnownShapeKeepsItsTemplate)
{
    EXPECT_THAT(matchedTexts(frozenSet(), {"took 99 ms", "login user=root ok"}),
                ElementsAre("took <*>", "login user=<*> ok"));
}

TEST(TemplateMatching, AWildcardCoversANewValue)
{
    EXPECT_THAT(matchedTexts(frozenSet(), {"login user=mallory ok"}), ElementsAre("login user=<*> ok"));
}

TEST(TemplateMatching, AWordIsNotCoveredByANumberThatBeginsTheSentence)
{
    EXPECT_THAT(matchedTexts(frozenSet(), {"no blocks lost"}), ElementsAre("no blocks lost"));
}

TEST(TemplateMatching, AListOfANewLengthBelongsToItsTemplate)
{
    EXPECT_THAT(matchedTexts(frozenSet(), {"calling 1, 2, 3, 4"}), ElementsAre("calling <*>"));
}

TEST(TemplateMatching, UnknownMessagesBecomeTemplatesBehindTheKnownOnes)
{
    const auto frozen = frozenSet();
    const auto matched = matchedTo(dictionaryOf({"took 1 ms", "disk full"}), frozen);
    EXPECT_EQ(matched.set.firstUnseen, frozen.size());
    ASSERT_EQ(matched.set.size(), frozen.size() + 1);
    EXPECT_EQ(matched.set.templates.back().text, "disk full");
    EXPECT_THAT(matched.templateOfShape, ElementsAre(matched.templateOfShape[0], frozen.size()));
}

TEST(TemplateMatching, KnownTemplatesKeepTheirPlaceAndId)
{
    const auto frozen = frozenSet();
    const auto matched = matchedTo(dictionaryOf({"a new thing", "login user=x ok"}), frozen);
    for (std::size_t i = 0; i < frozen.size(); ++i) {
        EXPECT_EQ(matched.set.templates[i].id, frozen.templates[i].id);
        EXPECT_EQ(matched.set.templates[i].text, frozen.templates[i].text);
    }
}

TEST(TemplateMatching, UnknownMessagesAreGroupedAmongThemselves)
{
    EXPECT_THAT(matchedTexts(frozenSet(), {"quota host=alpha", "quota host=beta"}),
                ElementsAre("quota host=<*>", "quota host=<*>"));
}

TEST(TemplateMatching, MatchingWhatWasMinedChangesNothing)
{
    const std::vector<std::string> messages = {"a=1 b=two", "a=1 b=three", "link up",
                                               "link down", "list 1, 2",   "list 1"};
    const auto mined = minedFrom(dictionaryOf(messages));
    const auto matched = matchedTo(dictionaryOf(messages), mined.set);
    EXPECT_EQ(matched.templateOfShape, mined.templateOfShape);
    EXPECT_EQ(matched.set.size(), mined.set.size());
}

TEST(TemplateMatching, AgainstNothingEverythingIsUnseen)
{
    const auto matched = matchedTo(dictionaryOf({"link up"}), {});
    EXPECT_EQ(matched.set.firstUnseen, 0U);
    EXPECT_EQ(matched.set.size(), 1U);
}

TEST(TemplateMatching, TheFrozenSetIsSharedNotCopied)
{
    const auto frozen = frozenSet();
    const auto matched = matchedTo(dictionaryOf({"took 1 ms", "disk full"}), frozen);
    EXPECT_EQ(&matched.set.templates[0], &frozen.templates[0]);
    EXPECT_EQ(matched.set.known, frozen.known);
    EXPECT_EQ(matched.set.patterns.size(), 1U);
}

TEST(TemplateMatching, WhatACallAddedIsKnownToTheNext)
{
    const auto first = matchedTo(dictionaryOf({"disk full", "quota of 3 met"}), frozenSet()).set;
    const auto second = matchedTo(dictionaryOf({"quota of 4 met", "disk full", "fan off"}), first).set;
    EXPECT_EQ(second.size(), first.size() + 1);
    EXPECT_EQ(second.firstUnseen, first.size());
    EXPECT_EQ(second.templates.back().text, "fan off");
}

TEST(TemplateMatching, CallByCallComesToTheSameTemplatesAsTheSetSavedAndLoadedBetween)
{
    auto carried = frozenSet(), saved = frozenSet();
    for (int call = 0; call < 40; ++call) {
        std::vector<std::string> messages;
        for (int i = 0; i < 12; ++i)
            messages.push_back(std::string("state ") + static_cast<char>('a' + call % 26) + static_cast<char>('a' + i) +
                               std::string(static_cast<std::size_t>(call + 1), ',') + " ok");
        carried = matchedTo(dictionaryOf(messages), carried).set;
        TensorBundle bundle;
        matchedTo(dictionaryOf(messages), saved).set.save(bundle, "t");
        saved = TemplateSet::load(bundle, "t").value();
    }
    ASSERT_EQ(carried.size(), saved.size());
    for (std::size_t i = 0; i < carried.size(); ++i)
        EXPECT_EQ(carried.templates[i].text, saved.templates[i].text);
    EXPECT_EQ(shapesOf(carried), shapesOf(saved));
}

TEST(TemplateSet, SurvivesSavingAndLoading)
{
    const auto set = frozenSet();
    TensorBundle bundle;
    set.save(bundle, "templates");
    const auto loaded = TemplateSet::load(bundle, "templates");
    ASSERT_TRUE(loaded.has_value()) << loaded.error().text();
    ASSERT_EQ(loaded->size(), set.size());
    for (std::size_t i = 0; i < set.size(); ++i) {
        EXPECT_EQ(loaded->templates[i].text, set.templates[i].text);
        EXPECT_EQ(loaded->templates[i].id, set.templates[i].id);
    }
    EXPECT_EQ(shapesOf(*loaded), shapesOf(set));
    EXPECT_EQ(loaded->firstUnseen, set.firstUnseen);
    EXPECT_THAT(matchedTexts(*loaded, {"login user=mallory ok"}), ElementsAre("login user=<*> ok"));
}

TEST(TemplateSet, AnEmptySetSurvivesToo)
{
    TensorBundle bundle;
    TemplateSet{}.save(bundle, "t");
    const auto loaded = TemplateSet::load(bundle, "t");
    ASSERT_TRUE(loaded.has_value()) << loaded.error().text();
    EXPECT_EQ(loaded->size(), 0U);
}

TEST(TemplateSet, AMissingPartIsAnError)
{
    const auto loaded = TemplateSet::load(TensorBundle{}, "templates");
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(loaded.error().code, ErrorCode::Parse);
}

TEST(TemplateSet, ATemplateNumberOutOfRangeIsAnError)
{
    TensorBundle bundle;
    const auto set = frozenSet();
    set.save(bundle, "t");
    bundle.put("t/shape_template", std::vector<std::uint32_t>(shapesOf(set).size(), 1000));
    EXPECT_FALSE(TemplateSet::load(bundle, "t").has_value());
}

TEST(TemplateSet, TextLengthsThatRunPastTheBytesAreAnError)
{
    TensorBundle bundle;
    const auto set = frozenSet();
    set.save(bundle, "t");
    bundle.put("t/text/lengths", std::vector<std::uint32_t>(set.size(), 0xffffffffU));
    EXPECT_FALSE(TemplateSet::load(bundle, "t").has_value());
}

} // namespace
} // namespace faultline::records::templates
