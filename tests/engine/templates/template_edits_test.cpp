// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/templates/mined_messages.h"
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records::templates
{
namespace
{

using testing::HasSubstr;
using testing::UnorderedElementsAre;

const std::vector<std::string> messages = {"login of zora refused", "login of milo refused", "login of kim refused",
                                           "disk 1 full", "volume 2 full"};

std::vector<std::string> textsOf(const MiningResult& mined)
{
    std::vector<std::string> texts;
    for (const auto& each : mined.set.templates)
        texts.push_back(each.text);
    return texts;
}

std::string idOf(const std::string& text)
{
    const auto mined = minedFrom(dictionaryOf(messages));
    const auto found = std::find_if(mined.set.templates.begin(), mined.set.templates.end(),
                                    [&](const Template& each) { return each.text == text; });
    return found == mined.set.templates.end() ? "" : found->id;
}

Error errorOf(const MiningOptions& options)
{
    QuietJob job;
    return mineTemplates(dictionaryOf(messages), options, job).error();
}

TEST(TemplateEdits, MergedTemplatesHaveTheTextAndIdOfTheFirst)
{
    const auto disk = idOf("disk <*> full");
    const auto mined = minedFrom(dictionaryOf(messages), {.merges = {{disk, idOf("volume <*> full")}}});
    EXPECT_THAT(textsOf(mined), UnorderedElementsAre("login of <*> refused", "disk <*> full"));
    EXPECT_EQ(mined.set.templates[0].id, disk);
}

TEST(TemplateEdits, TemplatesCanBeMergedByExamples)
{
    const auto mined = minedFrom(dictionaryOf(messages), {.merges = {{"volume 99 full", "disk 98 full"}}});
    EXPECT_THAT(textsOf(mined), UnorderedElementsAre("login of <*> refused", "volume <*> full"));
}

TEST(TemplateEdits, ASplitPositionShowsItsValues)
{
    const auto mined =
        minedFrom(dictionaryOf(messages), {.splits = {{.name = idOf("login of <*> refused"), .position = 1}}});
    EXPECT_THAT(textsOf(mined), UnorderedElementsAre("login of zora refused", "login of milo refused",
                                                     "login of kim refused", "disk <*> full", "volume <*> full"));
}

TEST(TemplateEdits, WhatWasMergedStaysMergedForNewRecords)
{
    const auto frozen = minedFrom(dictionaryOf(messages), {.merges = {{"disk 1 full", "volume 1 full"}}}).set;
    EXPECT_EQ(matchedTexts(frozen, {"volume 7 full"}).front(), "disk <*> full");
}

TEST(TemplateEdits, AnUnknownTemplateIsNamedWithTheNearest)
{
    auto wrong = idOf("disk <*> full");
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    const auto error = errorOf({.merges = {{wrong, "volume 1 full"}}});
    EXPECT_EQ(error.code, ErrorCode::Config);
    EXPECT_THAT(error.message, HasSubstr(wrong));
    EXPECT_THAT(error.hint, HasSubstr("disk <*> full"));
}

TEST(TemplateEdits, NumbersCannotBeSplit)
{
    EXPECT_THAT(errorOf({.splits = {{.name = "disk 1 full", .position = 1}}}).message, HasSubstr("no words"));
}

TEST(TemplateEdits, APositionThatTheTemplateDoesNotHaveIsAnError)
{
    EXPECT_THAT(errorOf({.splits = {{.name = "disk 1 full", .position = 2}}}).message, HasSubstr("has 1 variables"));
}

} // namespace
} // namespace faultline::records::templates
