// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/level.h"
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

TEST(Level, WordsAreReadInAnyCase)
{
    EXPECT_EQ(parseLevel("INFO"), Level::Info);
    EXPECT_EQ(parseLevel("Warning"), Level::Warn);
    EXPECT_EQ(parseLevel("severe"), Level::Error);
    EXPECT_EQ(parseLevel("D"), Level::Debug);
    EXPECT_EQ(parseLevel("FAILURE"), Level::Error);
    EXPECT_EQ(parseLevel("Emergency"), Level::Fatal);
    EXPECT_EQ(parseLevel("information"), Level::Info);
    EXPECT_EQ(parseLevel("trace3"), Level::Debug);
    EXPECT_EQ(parseLevel("DEBUG5"), Level::Debug);
    EXPECT_EQ(parseLevel("DPANIC"), Level::Fatal);
}

TEST(Level, OtherWordsAreNone)
{
    for (const auto* word :
         {"", "INFOO", "trace9", "fatal1", "inf0", "x", "informational", "a very long word indeed", "warn "})
        EXPECT_FALSE(parseLevel(word).has_value()) << word;
}

TEST(Level, NamesAreReadBack)
{
    for (const auto level : {Level::Debug, Level::Info, Level::Warn, Level::Error, Level::Fatal})
        EXPECT_EQ(parseLevel(levelName(level)), level);
    EXPECT_EQ(levelName(Level::None), "none");
}

} // namespace
} // namespace faultline::records
