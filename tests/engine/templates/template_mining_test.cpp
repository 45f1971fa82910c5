// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/templates/mined_messages.h"
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace faultline::records::templates
{
namespace
{

using testing::Each;
using testing::ElementsAre;

/// Words that no rule takes for anything but words.
std::vector<std::string> names(std::size_t count)
{
    std::vector<std::string> result;
    for (std::size_t i = 0; i < count; ++i)
        result.push_back(std::string("zor") + static_cast<char>('a' + i / 26) + static_cast<char>('a' + i % 26));
    return result;
}

TEST(TemplateMining, StatementsThatDifferInAWordStayApart)
{
    EXPECT_THAT(minedTexts({"link state is up", "link state is down"}),
                ElementsAre("link state is up", "link state is down"));
}

TEST(TemplateMining, ValuesAfterAnEqualsSignAreOneTemplate)
{
    EXPECT_THAT(minedTexts({"login user=root ok", "login user=guest ok"}), Each("login user=<*> ok"));
}

TEST(TemplateMining, ASingleValueStaysInTheText)
{
    EXPECT_THAT(minedTexts({"login user=root ok"}), ElementsAre("login user=root ok"));
}

TEST(TemplateMining, AKeyWhoseValuesVaryIsMaskedEverywhere)
{
    const auto texts = minedTexts({"login user=root ok", "login user=guest ok", "limit reached, user=root"});
    EXPECT_EQ(texts.back(), "limit reached, user=<*>");
}

TEST(TemplateMining, AComparisonIsNoKeyWithAValue)
{
    EXPECT_THAT(minedTexts({"mode == fast", "mode == slow"}), ElementsAre("mode == fast", "mode == slow"));
}

TEST(TemplateMining, AWordBesideANumberInTheSameSlotIsAValue)
{
    EXPECT_THAT(minedTexts({"chdir(/home/a) failed", "chdir(pwd) failed"}), Each("chdir(<*>) failed"));
}

TEST(TemplateMining, AWordThatIsAValueElsewhereIsAValueHereToo)
{
    const auto texts = minedTexts({"auth user=root", "auth user=mysql", "password for root refused",
                                   "password for mysql refused", "password for ftp refused"});
    EXPECT_EQ(texts.back(), "password for <*> refused");
}

TEST(TemplateMining, TwoOutcomesStayApartThoughTheyAreValuesElsewhere)
{
    const auto texts = minedTexts({"job=a status=success", "job=b status=failed", "login success", "login failed"});
    EXPECT_EQ(texts[2], "login success");
    EXPECT_EQ(texts[3], "login failed");
}

TEST(TemplateMining, ValuesVouchForFurtherValuesUntilNothingChanges)
{
    const auto texts = minedTexts({"auth user=root", "auth user=mysql", "closed for root now", "closed for mysql now",
                                   "closed for cyrus now", "closed for news now", "quota of cyrus reached",
                                   "quota of news reached", "quota of amanda reached"});
    EXPECT_EQ(texts.back(), "quota of <*> reached");
}

TEST(TemplateMining, NamesAreDataAsSoonAsThereAreTwo)
{
    EXPECT_THAT(minedTexts({"session closed for zora", "session closed for milo"}), Each("session closed for <*>"));
    EXPECT_THAT(minedTexts({"port ab1 lost", "port cd2 lost"}), Each("port <*> lost"));
}

TEST(TemplateMining, WordsThatProgramsSayTellStatementsApart)
{
    const std::vector<std::string> messages = {"session opened for now", "session closed for now",
                                               "session resumed for now"};
    EXPECT_EQ(minedTexts(messages), messages);
}

TEST(TemplateMining, AHundredWordsInOneSlotAreDataWhateverTheyAre)
{
    std::vector<std::string> messages;
    for (const auto* first : {"re", "un", "over", "under", "dis", "pre", "auto", "multi", "sub", "inter"})
        for (const auto* stem : {"load", "start", "open", "close", "read", "write", "send", "move", "sort", "lock"})
            messages.push_back(std::string("state is ") + first + stem + " now");
    EXPECT_THAT(minedTexts(messages), Each("state is <*> now"));
}

TEST(TemplateMining, ListsOfNamesAreOneVariableWhateverTheirLength)
{
    EXPECT_THAT(minedTexts({"acls changed to zora", "acls changed to zora, milo", "acls changed to kim, zora, milo"}),
                Each("acls changed to <*>"));
}

TEST(TemplateMining, ListsOfOneLengthKeepTheirItems)
{
    EXPECT_THAT(minedTexts({"signals 1, 2 handled", "signals 3, 4 handled"}), Each("signals <*>, <*> handled"));
    EXPECT_EQ(minedTexts({"set of zora, milo found"}).front(), "set of zora, milo found");
}

TEST(TemplateMining, AQuotedStatementAtTheStartIsNoValue)
{
    const auto texts = minedTexts({R"("Pod added" pod="a")", R"("Pod removed" pod="b")"});
    EXPECT_NE(texts[0], texts[1]);
}

TEST(TemplateMining, WithoutGroupingEveryShapeIsATemplate)
{
    const auto mined = minedFrom(dictionaryOf({"closed for zora now", "closed for milo now"}), {.group = false});
    EXPECT_EQ(mined.set.size(), 2U);
}

TEST(TemplateMining, StopsWhenToldTo)
{
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto mined = mineTemplates(dictionaryOf({"link up"}), {}, job);
    ASSERT_FALSE(mined);
    EXPECT_EQ(mined.error().code, ErrorCode::Cancelled);
}

TEST(TemplateMining, ManySingleWordMessagesAreNotOneTemplate)
{
    const auto texts = minedTexts(names(40));
    EXPECT_EQ(texts, names(40));
}

TEST(TemplateMining, ListsOfDifferentLengthAreOneTemplate)
{
    EXPECT_THAT(minedTexts({"calling 1", "calling 1, 2a", "calling 1, 2a, 3b"}), Each("calling <*>"));
}

TEST(TemplateMining, OnlyTheListThatDiffersInLengthIsShortened)
{
    EXPECT_THAT(minedTexts({"at 1 2 calling 1, 2", "at 1 2 calling 1"}), Each("at <*> <*> calling <*>"));
}

TEST(TemplateMining, AListOfOneLengthKeepsItsLength)
{
    EXPECT_THAT(minedTexts({"moved from 10.0.0.1, 10.0.0.2"}), ElementsAre("moved from <*>, <*>"));
}

TEST(TemplateMining, IdsComeFromTheTextAlone)
{
    const auto one = minedFrom(dictionaryOf({"link up"}));
    const auto two = minedFrom(dictionaryOf({"took 3 ms", "link up"}));
    EXPECT_EQ(one.set.templates[0].id, two.set.templates[0].id);
    EXPECT_EQ(one.set.templates[0].id.size(), 10U);
    EXPECT_EQ(one.set.templates[0].id.substr(0, 2), "T-");
}

TEST(TemplateMining, TheOrderOfTheMessagesDoesNotMatter)
{
    std::vector<std::string> messages;
    for (const auto& name : names(30)) {
        messages.push_back("session opened for " + name + " on tty" + std::to_string(messages.size() % 3));
        messages.push_back("state of " + name + " is " + (messages.size() % 4 ? "ready" : "busy"));
        messages.push_back("got items 1, 2 and user=" + name);
    }
    const auto collect = [](const std::vector<std::string>& order) {
        const auto mined = minedFrom(dictionaryOf(order));
        std::vector<std::pair<std::string, std::string>> all;
        for (const auto& each : mined.set.templates)
            all.emplace_back(each.id, each.text);
        return all;
    };
    const auto expected = collect(messages);
    std::mt19937 random(3);
    for (int i = 0; i < 10; ++i) {
        std::shuffle(messages.begin(), messages.end(), random);
        EXPECT_EQ(collect(messages), expected);
    }
}

TEST(TemplateMining, NoMessagesMakeNoTemplates)
{
    const auto mined = minedFrom(ShapeDictionary());
    EXPECT_EQ(mined.set.size(), 0U);
    EXPECT_TRUE(mined.templateOfShape.empty());
}

TEST(TemplateMining, AnEmptyMessageHasAnEmptyTemplate)
{
    EXPECT_THAT(minedTexts({""}), ElementsAre(""));
}

TEST(TemplateMining, MinedSetsHoldNothingUnseen)
{
    const auto mined = minedFrom(dictionaryOf({"link up", "took 3 ms"}));
    EXPECT_EQ(mined.set.firstUnseen, mined.set.size());
}

} // namespace
} // namespace faultline::records::templates
