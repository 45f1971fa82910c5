// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/core/thread_limit.h"
#include "tests/engine/features/feature_testing.h"

namespace faultline::features
{
namespace
{
using records::Level;
using testing::RecordLine;
using testing::RecordSetBuilder;

constexpr TimeUs day = 20'000 * day_us;

/// Two hours of two log hosts and one metric host, in time order; every host speaks in every minute. New templates keep
/// coming.
std::vector<RecordLine> twoHours()
{
    Random random(7);
    std::vector<RecordLine> lines;
    for (int m = 0; m < 120; ++m)
        for (int k = 0; k < 12; ++k) {
            const auto time = day + m * minute_us + k * 5 * second_us;
            if (k % 6 == 0)
                lines.push_back(
                    {.time = time, .entity = "db", .fields = {{"cpu", random.normal()}, {"mem", random.normal()}}});
            const auto newest = 3 + static_cast<std::uint64_t>(m) / 10;
            lines.push_back({.time = time,
                             .entity = k % 2 == 0 ? "web1" : "web2",
                             .message = "m" + std::to_string(random.below(newest)),
                             .level = random.uniform() < 0.1 ? Level::Error : Level::Info,
                             .fields = {{"ms", random.exponential()}, {"bytes", std::floor(1000 * random.uniform())}},
                             .session = "s" + std::to_string(m / 2)});
        }
    return lines;
}

records::RecordSet setOf(const std::vector<RecordLine>& lines, TimeUs from, TimeUs to,
                         const std::vector<std::string>& known = {})
{
    auto builder = known.empty() ? RecordSetBuilder() : RecordSetBuilder(known);
    for (const auto& line : lines)
        if (line.time >= from && line.time < to)
            builder.add(line);
    return builder.build();
}

records::RecordSet whole(const std::vector<RecordLine>& lines)
{
    return setOf(lines, noTime, std::numeric_limits<TimeUs>::max());
}

std::vector<std::string> templateTexts(const records::RecordSet& set)
{
    std::vector<std::string> texts;
    for (const auto& each : set.templates.templates)
        texts.push_back(each.text);
    return texts;
}

/// Every group that a kind of unit can have.
FeatureGroups allGroups(UnitKind kind)
{
    FeatureGroups groups{.rates = true,
                         .ratios = true,
                         .fieldRatios = {"bytes/ms"},
                         .distinctOf = {"entity", "session", "bytes"},
                         .entropy = true,
                         .interArrival = true,
                         .quantileLevels = {0.1, 0.99},
                         .timeOfDay = true,
                         .dayOfWeek = true};
    if (kind == UnitKind::Row)
        return groups;
    groups.rateFields = {"bytes"};
    groups.templateShares = groups.templateRates = 4;
    groups.ngramLengths = {2, 3};
    groups.ngramColumns = 8;
    groups.templateVector = {.columns = 8, .perEntity = true};
    groups.wordVector = {.columns = 8};
    return groups;
}

FeatureOptions optionsFor(UnitKind kind)
{
    return {.kind = kind,
            .window_us = minute_us,
            .rolling_us = {5 * minute_us, 7 * minute_us},
            .timeOfDay = true,
            .groups = allGroups(kind)};
}

class EachKind : public ::testing::TestWithParam<UnitKind>
{
};

std::string kindName(const ::testing::TestParamInfo<UnitKind>& info)
{
    return unitKindName(info.param);
}

TEST_P(EachKind, ResultsDoNotDependOnTheNumberOfThreads)
{
    const auto set = whole(twoHours());
    const auto options = optionsFor(GetParam());
    const auto many = fitAndCompute(set, options);
    const ThreadLimit one(1);
    const auto single = fitAndCompute(set, options);
    EXPECT_TRUE(sameValues(many.values, single.values));
    EXPECT_EQ(many.templates.templateId, single.templates.templateId);
    EXPECT_EQ(columnNames(many.columns), columnNames(single.columns));
}

TEST_P(EachKind, CausallyAnEarlierUnitDoesNotFeelWhatComesLater)
{
    const auto lines = twoHours();
    const auto full = whole(lines);
    const auto cut = setOf(lines, noTime, day + 80 * minute_us, templateTexts(full));
    QuietJob job;
    const auto featurizer = Featurizer::fit(full, optionsFor(GetParam()), job);
    ASSERT_TRUE(featurizer);
    const auto late = featurizer->compute(full, {.isTrainingData = true, .causal = true}, job);
    const auto early = featurizer->compute(cut, {.isTrainingData = true, .causal = true}, job);
    ASSERT_TRUE(late && early);
    ASSERT_LT(early->units(), late->units());
    EXPECT_TRUE(sameValues(early->values, late->values.topRows(early->values.rows())));
}

TEST_P(EachKind, CausalColumnsDoNotDependOnTheFuture)
{
    const auto lines = twoHours();
    auto options = optionsFor(GetParam());
    options.causalColumns = true;
    const auto late = fitAndCompute(whole(lines), options, true);
    for (const int minutes : {20, 62, 80, 118}) { // sessions end at even minutes
        const auto early = fitAndCompute(setOf(lines, noTime, day + minutes * minute_us), options, true);
        ASSERT_EQ(columnNames(early.columns), columnNames(late.columns)) << minutes;
        for (Eigen::Index c = 0; c < early.values.cols(); ++c)
            EXPECT_TRUE(sameValues(early.values.col(c), late.values.col(c).topRows(early.values.rows())))
                << late.columns[static_cast<std::size_t>(c)].name << " cut at minute " << minutes;
    }
}

TEST_P(EachKind, NewDataInTwoPartsIsTheWhole)
{
    const auto lines = twoHours();
    const auto training = setOf(lines, noTime, day + 40 * minute_us);
    const auto known = templateTexts(training);
    auto options = optionsFor(GetParam());
    options.rollingColumns = false; // looking back over the cut is what a continued stream does
    options.rolling_us.clear();
    options.groups.interArrival = false; // so is the gap before a row
    QuietJob job;
    const auto featurizer = Featurizer::fit(training, options, job);
    ASSERT_TRUE(featurizer);
    const auto from = day + 40 * minute_us, middle = day + 70 * minute_us, to = day + 120 * minute_us;
    auto joined = featurizer->compute(setOf(lines, from, middle, known), {}, job);
    const auto second = featurizer->compute(setOf(lines, middle, to, known), {}, job);
    const auto all = featurizer->compute(setOf(lines, from, to, known), {}, job);
    ASSERT_TRUE(joined && second && all);
    joined->append(*second);
    EXPECT_TRUE(sameValues(joined->values, all->values));
    EXPECT_EQ(joined->start, all->start);
}

TEST_P(EachKind, AContinuedStreamHasTheNoveltyOfOneThatWasNotCut)
{
    const auto lines = twoHours();
    const auto all = whole(lines);
    const auto known = templateTexts(all);
    auto options = optionsFor(GetParam());
    options.rollingColumns = false;
    if (GetParam() == UnitKind::Row) { // its look-back is the caller's, who hands the last rows in again
        options.rolling_us.clear();
        options.groups.interArrival = false;
    }
    options.causalColumns = true;
    QuietJob job;
    const auto featurizer = Featurizer::fit(all, options, job);
    ASSERT_TRUE(featurizer);
    const auto cut = day + 80 * minute_us;
    const auto before = setOf(lines, noTime, cut, known), after = setOf(lines, cut, day + day_us, known);
    auto joined = featurizer->compute(before, {.causal = true}, job);
    ASSERT_TRUE(joined);
    const auto rest = featurizer->continued(*joined, before).compute(after, {.causal = true}, job);
    const auto uncut = featurizer->compute(all, {.causal = true}, job);
    ASSERT_TRUE(rest && uncut);
    joined->append(*rest);
    EXPECT_TRUE(sameValues(joined->values, uncut->values));
    EXPECT_EQ(joined->start, uncut->start);
}

TEST_P(EachKind, ASavedFeaturizerComputesTheSame)
{
    const auto lines = twoHours();
    QuietJob job;
    const auto featurizer = Featurizer::fit(whole(lines), optionsFor(GetParam()), job);
    ASSERT_TRUE(featurizer);
    TensorBundle bundle;
    featurizer->save(bundle, "features");
    const auto restored = Featurizer::load(bundle, "features");
    ASSERT_TRUE(restored) << restored.error().text();
    const auto set = whole(lines);
    const auto before = featurizer->compute(set, {}, job), after = restored->compute(set, {}, job);
    ASSERT_TRUE(before && after);
    EXPECT_TRUE(sameValues(before->values, after->values));
    EXPECT_EQ(columnNames(before->columns), columnNames(after->columns));
}

TEST_P(EachKind, DamagedContentIsAParseErrorOrUsableButNeverACrash)
{
    const auto lines = twoHours();
    QuietJob job;
    const auto featurizer = Featurizer::fit(whole(lines), optionsFor(GetParam()), job);
    ASSERT_TRUE(featurizer);
    TensorBundle good;
    featurizer->save(good, "f");
    const auto set = whole(lines);
    for (const auto& [name, tensor] : good.tensors()) {
        for (const auto byte : {std::byte{0xff}, std::byte{0x7f}, std::byte{0}}) {
            auto bad = good;
            auto damaged = tensor;
            std::fill(damaged.data.begin(), damaged.data.end(), byte);
            bad.insert(name, damaged);
            if (const auto loaded = Featurizer::load(bad, "f"))
                (void)loaded->compute(set, {}, job);
            else
                EXPECT_EQ(loaded.error().code, ErrorCode::Parse) << name;
        }
        auto bad = good;
        auto shorter = tensor;
        shorter.shape = {0};
        shorter.data.clear();
        bad.insert(name, shorter);
        if (const auto loaded = Featurizer::load(bad, "f"))
            (void)loaded->compute(set, {}, job);
    }
    EXPECT_FALSE(Featurizer::load(TensorBundle{}, "f"));
}

INSTANTIATE_TEST_SUITE_P(Featurizer, EachKind, ::testing::Values(UnitKind::Row, UnitKind::Window, UnitKind::Session),
                         kindName);

TEST(Featurizer, LiveAnEntityBeginsWithItsFirstRecord)
{
    RecordSetBuilder builder;
    for (int m = 0; m < 6; ++m)
        builder.add({.time = m * minute_us, .entity = "a", .message = "x"});
    builder.add({.time = 4 * minute_us, .entity = "late", .message = "x"});
    FeatureOptions options{.kind = UnitKind::Window, .causalColumns = true};
    const auto table = fitAndCompute(builder.build(), options, true);
    EXPECT_EQ(valuesOf(table, "records", "late"), (std::vector<double>{1, 0}));
    EXPECT_EQ(table.units(), 8U);
    EXPECT_EQ(table.templates.begin.size(), 9U);
}

TEST(Featurizer, AContinuedStreamNoticesAnEntityThatFallsSilent)
{
    RecordSetBuilder first, second;
    for (int m = 0; m < 6; ++m) {
        first.add({.time = m * minute_us, .entity = "a", .message = "x"})
            .add({.time = m * minute_us, .entity = "b", .message = "x"});
        second.add({.time = (6 + m) * minute_us, .entity = "b", .message = "x"});
    }
    QuietJob job;
    const auto set = first.build();
    const auto featurizer = Featurizer::fit(set, {.kind = UnitKind::Window, .causalColumns = true}, job);
    ASSERT_TRUE(featurizer);
    const auto table = featurizer->compute(set, {.causal = true}, job);
    ASSERT_TRUE(table);
    const auto next = featurizer->continued(*table, set).compute(second.build(), {.causal = true}, job);
    ASSERT_TRUE(next);
    EXPECT_EQ(valuesOf(*next, "records", "a"), std::vector<double>(6, 0.0));
}

TEST(Featurizer, CausalColumnsKeepWhatIsConstantAndCountNoSingleTemplates)
{
    RecordSetBuilder builder;
    for (int m = 0; m < 6; ++m)
        builder.add({.time = m * minute_us, .message = "x"});
    const auto table = fitAndCompute(builder.build(), {.kind = UnitKind::Window, .causalColumns = true}, true);
    EXPECT_GE(columnOf(table, "records"), 0);
    EXPECT_GE(columnOf(table, "errors"), 0);
    for (const auto& column : table.columns)
        EXPECT_EQ(column.templateId, 0xffffffffU);
}

TEST(Featurizer, OptionsThatCannotWorkAreRefused)
{
    QuietJob job;
    const auto set = whole(twoHours());
    EXPECT_EQ(Featurizer::fit(set, {.kind = UnitKind::Window, .window_us = 0}, job).error().code, ErrorCode::Config);
    EXPECT_EQ(Featurizer::fit(set, {.rolling_us = {-1}}, job).error().code, ErrorCode::Config);
    EXPECT_EQ(Featurizer::fit(set, {.rollingRows = 1}, job).error().code, ErrorCode::Config);
}

} // namespace
} // namespace faultline::features
