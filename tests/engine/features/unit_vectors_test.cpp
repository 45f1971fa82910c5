// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/term_vectors.h"
#include "tests/engine/features/feature_testing.h"
#include <fstream>
#include <nlohmann/json.hpp>

namespace faultline::features
{
namespace
{
using testing::RecordSetBuilder;
using Values = std::vector<double>;
using Documents = std::vector<std::vector<std::string>>;

/// Each document a session, its messages in order a second apart.
records::RecordSet sessionsOf(const Documents& documents, const std::vector<std::string>& known = {},
                              const std::vector<std::string>& entities = {})
{
    auto builder = known.empty() ? RecordSetBuilder() : RecordSetBuilder(known);
    for (std::size_t d = 0; d < documents.size(); ++d)
        for (std::size_t i = 0; i < documents[d].size(); ++i)
            builder.add({.time = static_cast<TimeUs>(1'000 * d + i) * second_us,
                         .entity = entities.empty() ? "" : entities[d],
                         .message = documents[d][i],
                         .session = "s" + std::to_string(d)});
    return builder.build();
}

FeatureOptions sessions(const FeatureGroups& groups)
{
    return {.kind = UnitKind::Session, .groups = groups};
}

nlohmann::json storedCase()
{
    std::ifstream file(FAULTLINE_SOURCE_DIR "/tests/golden/tfidf.json");
    return nlohmann::json::parse(file);
}

/// The weights under each term's column, which stand in the stored case.
void expectWeights(const FeatureTable& table, const nlohmann::json& expected, const std::vector<std::string>& names)
{
    for (std::size_t t = 0; t < names.size(); ++t) {
        const auto column = valuesOf(table, names[t]);
        ASSERT_EQ(column.size(), expected.size());
        for (std::size_t d = 0; d < column.size(); ++d)
            EXPECT_NEAR(column[d], expected[d][t].get<double>(), 1e-9) << names[t] << " in document " << d;
    }
}

class StoredCase : public ::testing::TestWithParam<bool>
{
};

TEST_P(StoredCase, WeightsAreThoseOfScikitLearn)
{
    const auto stored = storedCase();
    const bool words = GetParam();
    const auto& expected = stored[words ? "words" : "templates"];
    const auto training = sessionsOf(stored["train"].get<Documents>());
    std::vector<std::string> known, names;
    for (const auto& each : training.templates.templates)
        known.push_back(each.text);
    for (const auto& term : expected["terms"])
        for (std::size_t t = 0; t < (words ? std::size_t{1} : known.size()); ++t)
            if (words || known[t] == term)
                names.push_back(words ? "word " + term.get<std::string>()
                                      : "weight " + training.templates.templates[t].id);
    const TermVector all{.columns = 100};
    QuietJob job;
    const auto featurizer = Featurizer::fit(
        training, sessions({.templateVector = words ? TermVector{} : all, .wordVector = words ? all : TermVector{}}),
        job);
    ASSERT_TRUE(featurizer);
    expectWeights(*featurizer->compute(training, {.isTrainingData = true}, job), expected["train"], names);
    const auto fresh = sessionsOf(stored["fresh"].get<Documents>(), known);
    expectWeights(*featurizer->compute(fresh, {}, job), expected["fresh"], names);
}

std::string vectorName(const ::testing::TestParamInfo<bool>& info)
{
    return info.param ? "words" : "templates";
}

INSTANTIATE_TEST_SUITE_P(TermVectors, StoredCase, ::testing::Bool(), vectorName);

TEST(TermVectors, WordsAreLowerCaseAndWithoutVariables)
{
    EXPECT_EQ(wordsOf("Got <*> for <ip:port>, a OK_2 <b>x"), (std::vector<std::string>{"got", "for", "ok_2"}));
    EXPECT_EQ(wordsOf("x < yy > 3"), (std::vector<std::string>{"yy"}));
    EXPECT_TRUE(wordsOf("<<<").empty());
}

TEST(TermVectors, TheTermsOfMostUnitsGetTheColumns)
{
    const auto table = fitAndCompute(sessionsOf({{"aa bb", "cc"}, {"aa"}, {"aa bb"}, {"dd"}}),
                                     sessions({.wordVector = {.columns = 2}}));
    EXPECT_GE(columnOf(table, "word aa"), 0);
    EXPECT_GE(columnOf(table, "word bb"), 0);
    EXPECT_LT(columnOf(table, "word cc"), 0);
}

TEST(TermVectors, BucketsCountWordsThatTrainingNeverSaw)
{
    QuietJob job;
    const auto training = sessionsOf({{"aa"}, {"bb"}, {"aa", "bb"}});
    const auto featurizer =
        Featurizer::fit(training, sessions({.wordVector = {.columns = 4'096, .hashed = true}}), job);
    ASSERT_TRUE(featurizer);
    std::size_t buckets = 0;
    for (const auto& column : featurizer->columns())
        buckets += column.name.starts_with("word bucket") ? 1U : 0U;
    EXPECT_EQ(buckets, 2U); // those that never vary stay out
    const auto fresh = featurizer->compute(sessionsOf({{"aa", "zz"}}, {"aa", "bb"}), {}, job);
    ASSERT_TRUE(fresh);
    double squares = 0.0;
    for (std::size_t c = 0; c < fresh->columns.size(); ++c)
        if (fresh->columns[c].name.starts_with("word bucket"))
            squares += fresh->row(0)[c] * fresh->row(0)[c];
    EXPECT_LT(squares, 0.5); // the new word takes its share of the unit's length
}

TEST(TermVectors, PerEntityWhatIsUsualOnOneHostIsUnusualOnAnother)
{
    Documents documents;
    std::vector<std::string> hosts;
    for (int i = 0; i < 10; ++i) {
        documents.push_back({"aa", "bb"});
        hosts.emplace_back("one");
        documents.push_back({i == 9 ? "aa" : "cc", "bb"});
        hosts.emplace_back("two");
    }
    const auto table =
        fitAndCompute(sessionsOf(documents, {}, hosts), sessions({.wordVector = {.columns = 8, .perEntity = true}}));
    const auto weight = valuesOf(table, "word aa");
    EXPECT_NEAR(weight[0], std::sqrt(0.5), 1e-12);
    const double idf = std::log(11.0 / 2.0) + 1.0;
    EXPECT_NEAR(weight[19], idf / std::sqrt(idf * idf + 1.0), 1e-12);
}

TEST(Ngrams, CountPairsOfOneEntityInTheOrderOfTime)
{
    RecordSetBuilder builder;
    const auto add = [&](int second, const char* host, const char* message, const char* session) {
        builder.add({.time = second * second_us, .entity = host, .message = message, .session = session});
    };
    add(3, "h1", "c", "s");
    add(1, "h1", "a", "s");
    add(2, "h2", "a", "s");
    add(2, "h1", "b", "s");
    add(4, "h2", "b", "s");
    add(9, "h1", "a", "t");
    const auto set = builder.build();
    const auto& t = set.templates.templates; // c, a, b
    const auto table = fitAndCompute(set, sessions({.ngramLengths = {2, 3}}));
    EXPECT_EQ(valuesOf(table, t[1].id + " > " + t[2].id), (Values{2, 0}));
    EXPECT_EQ(valuesOf(table, t[2].id + " > " + t[0].id), (Values{1, 0}));
    EXPECT_EQ(valuesOf(table, t[1].id + " > " + t[2].id + " > " + t[0].id), (Values{1, 0}));
    EXPECT_EQ(valuesOf(table, "unseen n-grams"), (Values{4, 0}));
}

TEST(Ngrams, OnlyThoseThatNoOtherTrainingUnitHoldsAreUnseen)
{
    QuietJob job;
    const auto training = sessionsOf({{"a", "b", "c"}, {"a", "b", "c"}, {"b", "a"}});
    const auto featurizer = Featurizer::fit(training, sessions({.ngramLengths = {2}, .ngramColumns = 1}), job);
    ASSERT_TRUE(featurizer);
    EXPECT_EQ(valuesOf(*featurizer->compute(training, {.isTrainingData = true}, job), "unseen n-grams"),
              (Values{0, 0, 1}));
    const auto fresh = sessionsOf({{"b", "a", "c"}, {"new", "new", "new"}}, {"a", "b", "c"});
    EXPECT_EQ(valuesOf(*featurizer->compute(fresh, {}, job), "unseen n-grams"), (Values{1, 2}));
}

TEST(Ngrams, LiveThoseThatEndedBeforeAreSeen)
{
    auto options = sessions({.ngramLengths = {2}, .ngramColumns = 4});
    options.causalColumns = true;
    const auto table = fitAndCompute(sessionsOf({{"a", "b"}, {"a", "b"}, {"b", "a"}}), options, true);
    EXPECT_EQ(valuesOf(table, "unseen n-grams"), (Values{1, 0, 1}));
    EXPECT_GE(columnOf(table, "n-gram bucket 3"), 0);
}

} // namespace
} // namespace faultline::features
