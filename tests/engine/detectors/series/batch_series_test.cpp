// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// The batch detectors for series: against their definitions (tests/golden/make_series.py), and what they promise.
#include "engine/detectors/series/nearest_rows.h"
#include "engine/detectors/series/series_math.h"
#include "engine/detectors/series/window_correlation.h"
#include "tests/engine/detectors/series/series_tables.h"
#include <tbb/global_control.h>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

namespace
{
struct Case {
    const char* stored;
    const char* detector;
    Parameters parameters;
    double tolerance = 1e-6;
};

std::vector<Case> cases()
{
    const auto whole = [](std::int64_t v) { return ParameterValue(v); };
    const auto word = [](const char* v) { return ParameterValue(std::string(v)); };
    return {{"series_amplitude", "series_amplitude", {}},
            {"window_knn 8", "window_knn", {{"window", whole(8)}}},
            {"window_knn 32", "window_knn", {{"window", whole(32)}}},
            {"sub_pca t2", "sub_pca", {}},
            {"sub_pca residual", "sub_pca", {{"measure", word("residual")}}},
            {"ar_residual", "ar_residual", {}},
            {"polynomial_residual", "polynomial_residual", {}},
            {"spectral_residual", "spectral_residual", {}},
            {"seasonal_decomposition", "seasonal_decomposition", {{"season", whole(24)}}},
            {"same_phase", "same_phase", {{"season", whole(24)}}},
            {"window_level level", "window_level", {{"rows", whole(24)}}},
            {"window_level slope", "window_level", {{"rows", whole(24)}, {"measure", word("slope")}}},
            {"window_level spread", "window_level", {{"rows", whole(24)}, {"measure", word("spread")}}},
            {"matrix_profile both", "matrix_profile", {{"window", whole(24)}}},
            {"matrix_profile left", "matrix_profile", {{"window", whole(24)}, {"side", word("left")}}},
            {"holt_winters", "forecast_residual", {{"method", word("holt_winters")}, {"season", whole(24)}}}};
}

std::vector<std::string> batchSeriesDetectors()
{
    std::vector<std::string> names;
    for (const auto& spec : catalogue())
        if (spec.family == DetectorFamily::Series && spec.live == LiveForm::None)
            names.push_back(spec.name);
    return names;
}

/// A wave with noise and one odd stretch.
std::vector<double> wave(std::size_t rows, std::uint64_t seed, std::size_t odd)
{
    auto values = noise(rows, seed);
    for (std::size_t i = 0; i < rows; ++i)
        values[i] = 0.1 * values[i] + std::sin(static_cast<double>(i) / 4.0) + (i >= odd && i < odd + 8 ? 4.0 : 0.0);
    return values;
}

class BatchSeries : public testing::TestWithParam<std::string>
{
};
} // namespace

TEST(BatchSeries, OneColumnIsScoredAsTheDefinitionsSay)
{
    const auto one = golden("series.json")["one"];
    const auto table = seriesOf(one["value"].get<std::vector<double>>());
    for (const auto& c : cases()) {
        const auto expected = one["scores"][c.stored].get<std::vector<double>>();
        const auto scores = scoresOf(*fitted(c.detector, table, c.parameters), table, true);
        ASSERT_EQ(scores.size(), expected.size());
        for (std::size_t i = 0; i < scores.size(); ++i)
            ASSERT_NEAR(scores[i], expected[i], c.tolerance * std::max(1.0, expected[i])) << c.stored << " " << i;
    }
}

TEST(BatchSeries, SeveralColumnsAreJudgedByTheTrainingData)
{
    const auto several = golden("series.json")["several"];
    const auto rows = several["values"].get<std::vector<std::vector<double>>>();
    const auto known = several["known"].get<Eigen::Index>();
    features::Matrix values(static_cast<Eigen::Index>(rows.size()), 3);
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t c = 0; c < 3; ++c)
            values(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) = rows[i][c];
    const auto training = tableOf(values.topRows(known)), fresh = tableOf(values.bottomRows(values.rows() - known));
    for (const auto& [stored, detector, parameters] : std::vector<std::tuple<const char*, const char*, Parameters>>{
             {"forecast_residual", "forecast_residual", {}},
             {"window_knn 8", "window_knn", {{"window", ParameterValue(std::int64_t{8})}}}}) {
        const auto scores = scoresOf(*fitted(detector, training, parameters), fresh);
        const auto expected = several[stored].get<std::vector<double>>();
        ASSERT_EQ(scores.size(), expected.size());
        for (std::size_t i = 0; i < scores.size(); ++i)
            ASSERT_NEAR(scores[i], expected[i], 1e-6 * std::max(1.0, expected[i])) << stored << " " << i;
    }
}

TEST_P(BatchSeries, StopsWithinAMoment)
{
    const auto table = seriesOf(wave(3000, 1, 2000));
    const auto detector = fitted(GetParam(), table);
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto scores = detector->score(table.input(), {.isTrainingData = true}, job);
    ASSERT_FALSE(scores);
    EXPECT_EQ(scores.error().code, ErrorCode::Cancelled);
}

TEST_P(BatchSeries, ReadsAcrossGapsAsALine)
{
    auto values = wave(600, 2, 400);
    values[100] = 0.5 * (values[99] + values[101]);
    auto gap = values;
    gap[100] = std::nan("");
    const auto whole = seriesOf(values), holed = seriesOf(gap);
    EXPECT_EQ(scoresOf(*fitted(GetParam(), holed), holed, true), scoresOf(*fitted(GetParam(), whole), whole, true));
}

TEST_P(BatchSeries, KeepsEntitiesApart)
{
    const auto a = wave(400, 3, 300), b = wave(400, 4, 100);
    std::vector<double> mixed;
    for (std::size_t i = 0; i < 400; ++i) {
        mixed.push_back(a[i]);
        mixed.push_back(7.0 * b[i]);
    }
    auto both = seriesOf(mixed);
    both.table.entities = {"a", "b"};
    for (std::size_t i = 0; i < mixed.size(); ++i) {
        both.table.entity[i] = i % 2;
        both.table.start[i] = seriesOf(a).table.start[i / 2];
    }
    auto alone = seriesOf(a);
    alone.table.entities = {"a"};
    const auto detector = fitted(GetParam(), both);
    const auto together = scoresOf(*detector, both, true), single = scoresOf(*detector, alone, true);
    for (std::size_t i = 0; i < 400; ++i)
        ASSERT_EQ(together[2 * i], single[i]) << i;
}

TEST_P(BatchSeries, ExplainsTheColumnThatIsOdd)
{
    features::Matrix values(600, 3);
    for (Eigen::Index c = 0; c < 3; ++c) {
        const auto column = wave(600, static_cast<std::uint64_t>(c) + 5, c == 1 ? 300 : 10'000);
        for (Eigen::Index i = 0; i < 600; ++i)
            values(i, c) = column[static_cast<std::size_t>(i)];
    }
    const auto table = tableOf(std::move(values));
    const auto detector = fitted(GetParam(), table);
    const auto scores = scoresOf(*detector, table, true);
    const auto unit =
        static_cast<std::size_t>(std::max_element(scores.begin() + 290, scores.begin() + 312) - scores.begin());
    const auto reasons = detector->explain(table.input(), unit);
    ASSERT_FALSE(reasons.empty());
    EXPECT_EQ(reasons[0].column, 1);
}

INSTANTIATE_TEST_SUITE_P(Catalogue, BatchSeries, testing::ValuesIn(batchSeriesDetectors()),
                         [](const auto& detector) { return detector.param; });

TEST(MatrixProfile, OfASeriesLongerThanAStretchIsThatOfEveryPairOfWindows)
{
    constexpr std::size_t rows = 1500, window = 20, exclusion = 5;
    auto values = noise(rows, 12);
    for (std::size_t i = 1; i < rows; ++i)
        values[i] += values[i - 1];
    for (std::size_t i = 700; i < 740; ++i)
        values[i] = values[700]; // windows without variation
    QuietJob job;
    const auto profile = matrixProfile(values, {.window = window, .exclusion = exclusion}, job);
    std::vector<std::vector<double>> shapes;
    for (std::size_t i = 0; i + window <= rows; ++i) {
        const auto spread = meanSpread(std::span(values).subspan(i, window));
        const bool flat = std::all_of(values.begin() + static_cast<std::ptrdiff_t>(i),
                                      values.begin() + static_cast<std::ptrdiff_t>(i + window),
                                      [&](double v) { return v == values[i]; });
        std::vector<double> shape;
        for (std::size_t t = 0; t < window; ++t)
            shape.push_back(flat ? 0.0 : (values[i + t] - spread.centre) / spread.scale);
        shapes.push_back(std::move(shape));
    }
    for (std::size_t i = 0; i < shapes.size(); i += 7) {
        double least = 1e300;
        for (std::size_t j = 0; j < shapes.size(); ++j) {
            if ((i > j ? i - j : j - i) <= exclusion)
                continue;
            double sum = 0.0;
            for (std::size_t t = 0; t < window; ++t)
                sum += (shapes[i][t] - shapes[j][t]) * (shapes[i][t] - shapes[j][t]);
            least = std::min(least, sum);
        }
        ASSERT_NEAR(profile[i], std::sqrt(least), 1e-6) << i;
    }
}

TEST(MatrixProfile, FarFromZeroIsTheSame)
{
    const auto near = noise(2000, 3);
    auto far = near;
    for (auto& v : far)
        v += 1e6;
    QuietJob job;
    const auto a = matrixProfile(near, {.window = 30, .exclusion = 8}, job);
    const auto b = matrixProfile(far, {.window = 30, .exclusion = 8}, job);
    for (std::size_t i = 0; i < a.size(); ++i)
        ASSERT_NEAR(a[i], b[i], 1e-6);
}

TEST(NearestRows, FindsWhatComparingAllFinds)
{
    const auto values = noise(400, 5);
    const std::vector<float> points(values.begin(), values.end());
    QuietJob job;
    const PointView view{.values = points.data(), .dimensions = 7, .count = 394};
    const auto references = evenPositions(394, 101, 3);
    const auto found = nearestSquares(view, {.neighbours = 2, .exclusion = 7, .references = references}, job);
    for (std::size_t i = 0; i < 394; ++i) {
        std::vector<float> squares;
        for (const auto r : references) {
            if ((r > i ? r - i : i - r) < 7)
                continue;
            float sum = 0.0F;
            for (std::size_t t = 0; t < 7; ++t)
                sum += (points[i + t] - points[r + t]) * (points[i + t] - points[r + t]);
            squares.push_back(sum);
        }
        std::sort(squares.begin(), squares.end());
        ASSERT_EQ(found[2 * i], squares[0]) << i;
        ASSERT_EQ(found[2 * i + 1], squares[1]) << i;
    }
}

TEST(SeriesMath, FindsThePeriodOfAWave)
{
    std::vector<double> values;
    for (std::size_t i = 0; i < 2000; ++i)
        values.push_back(std::sin(2.0 * 3.14159265358979 * static_cast<double>(i) / 48.0));
    EXPECT_EQ(dominantPeriod(values), 48u);
    EXPECT_EQ(dominantPeriod(std::vector<double>(50, 1.0)), 0u);
}

TEST(SeriesMath, FillsGapsByLinesAndEndsByTheNearest)
{
    const double gap = std::nan("");
    EXPECT_EQ(withoutGaps(std::vector{gap, 1.0, gap, gap, 4.0, gap}), (std::vector{1.0, 1.0, 2.0, 3.0, 4.0, 4.0}));
    EXPECT_EQ(withoutGaps(std::vector{gap, gap}), (std::vector{0.0, 0.0}));
}
