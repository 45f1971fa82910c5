// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/templates/mined_messages.h"
#include <gtest/gtest.h>

namespace faultline::records::templates
{
namespace
{

/// A job that was told to stop before it began.
class StoppedJob
{
public:
    StoppedJob() { m_stop.request_stop(); }
    [[nodiscard]] JobContext& context() { return m_context; }

private:
    std::stop_source m_stop;
    Progress m_progress;
    JobContext m_context{m_stop.get_token(), m_progress};
};

ShapeDictionary freeText(int messages)
{
    ShapeDictionary shapes;
    for (int i = 0; i < messages; ++i) {
        std::string word, message;
        for (int n = i; n > 0; n /= 20)
            word += static_cast<char>('a' + n % 20);
        for (int repeat = 0; repeat < 6; ++repeat)
            message += word + static_cast<char>('a' + repeat) + ' ';
        shapes.add(message);
    }
    return shapes;
}

TEST(TemplateStop, MiningEndsCancelled)
{
    StoppedJob job;
    const auto mined = mineTemplates(freeText(2'000), {}, job.context());
    ASSERT_FALSE(mined);
    EXPECT_EQ(mined.error().code, ErrorCode::Cancelled);
}

TEST(TemplateStop, MiningAFewMessagesEndsCancelledToo)
{
    StoppedJob job;
    EXPECT_EQ(mineTemplates(dictionaryOf({"link up"}), {}, job.context()).error().code, ErrorCode::Cancelled);
}

TEST(TemplateStop, MiningWithoutGroupsEndsCancelled)
{
    StoppedJob job;
    EXPECT_EQ(mineTemplates(freeText(10), {.group = false}, job.context()).error().code, ErrorCode::Cancelled);
}

TEST(TemplateStop, MatchingEndsCancelled)
{
    const auto frozen = minedFrom(dictionaryOf({"link up"})).set;
    StoppedJob job;
    EXPECT_EQ(matchTemplates(freeText(2'000), frozen, job.context()).error().code, ErrorCode::Cancelled);
}

TEST(TemplateStop, ASetWhoseIndexWasNotFinishedCanBeMatchedLater)
{
    const auto frozen = minedFrom(dictionaryOf({"link up"})).set;
    StoppedJob job;
    static_cast<void>(matchTemplates(dictionaryOf({"link up"}), frozen, job.context()));
    EXPECT_EQ(matchedTexts(frozen, {"link up"}).front(), "link up");
}

} // namespace
} // namespace faultline::records::templates
