// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/vocabulary.h"
#include <gtest/gtest.h>

namespace faultline::records::templates
{
namespace
{

TEST(Vocabulary, WordsOfStatementsBelongToItWhateverTheirEnding)
{
    for (const auto* word : {"started", "Stopping", "retries", "CLOSED", "memory", "unable", "successfully", "failed."})
        EXPECT_DOUBLE_EQ(vocabularyShare(word), 1.0) << word;
}

TEST(Vocabulary, NamesDoNot)
{
    for (const auto* word : {"alice", "eth0", "jenkins", "mastercard", "tefintan", "Ωmega"})
        EXPECT_DOUBLE_EQ(vocabularyShare(word), 0.0) << word;
}

TEST(Vocabulary, CompoundsCountByTheirParts)
{
    EXPECT_DOUBLE_EQ(vocabularyShare("onSleep"), compoundWeight);
    EXPECT_DOUBLE_EQ(vocabularyShare("network-changed"), compoundWeight);
    EXPECT_DOUBLE_EQ(vocabularyShare("sparkWorker"), compoundWeight / 2);
}

TEST(Vocabulary, MarksAndSingleLettersAreNoNames)
{
    for (const auto* word : {"x+", "-", "", "of", "***"})
        EXPECT_DOUBLE_EQ(vocabularyShare(word), 1.0) << word;
}

} // namespace
} // namespace faultline::records::templates
