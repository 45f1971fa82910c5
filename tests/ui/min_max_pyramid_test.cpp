// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/min_max_pyramid.h"
#include "ui/charts/unit_series.h"
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace faultline::ui;

namespace
{

std::vector<float> randomValues(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> uniform(-5.0F, 12.0F);
    std::vector<float> out(count);
    std::generate(out.begin(), out.end(), [&] { return uniform(random); });
    return out;
}

UnitSeries seriesOf(std::vector<float> values)
{
    UnitSeries out;
    for (std::size_t i = 0; i < values.size(); ++i) {
        out.starts.push_back(static_cast<faultline::TimeUs>(i) * 1000);
        out.units.push_back(static_cast<std::uint32_t>(i));
    }
    out.cover = 1000;
    out.score = MinMaxPyramid(std::move(values));
    return out;
}

} // namespace

class MinMaxPyramidTest : public QObject
{
    Q_OBJECT
private slots:
    void aHandMadeRangeHasItsSmallestAndLargest()
    {
        const MinMaxPyramid pyramid({3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5});
        const auto range = pyramid.range(2, 7);
        QCOMPARE(range.min, 1.0F);
        QCOMPARE(range.max, 9.0F);
    }

    void everyRangeOfRandomValuesEqualsADirectScan()
    {
        const auto values = randomValues(3000, 7);
        const MinMaxPyramid pyramid(values);
        std::mt19937 random(11);
        for (int trial = 0; trial < 2000; ++trial) {
            auto a = static_cast<std::size_t>(random() % 3001), b = static_cast<std::size_t>(random() % 3001);
            if (a > b)
                std::swap(a, b);
            const auto range = pyramid.range(a, b);
            QCOMPARE(range.empty(), a == b);
            if (a == b)
                continue;
            const auto [low, high] = std::minmax_element(values.begin() + static_cast<std::ptrdiff_t>(a),
                                                         values.begin() + static_cast<std::ptrdiff_t>(b));
            QCOMPARE(range.min, *low);
            QCOMPARE(range.max, *high);
        }
    }

    void missingValuesCountForNothing()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const MinMaxPyramid pyramid({nan, 2, nan, 7, nan});
        QVERIFY(pyramid.range(0, 1).empty());
        QCOMPARE(pyramid.whole().min, 2.0F);
        QCOMPARE(pyramid.whole().max, 7.0F);
    }

    void anEmptyPyramidAnswersEmpty() { QVERIFY(MinMaxPyramid().range(0, 10).empty()); }

    void aMillionValuesAreAtMostTwoPointsPerPixelColumn()
    {
        const auto series = seriesOf(randomValues(1'000'000, 3));
        const TimeAxis axis(AxisKind::Time, {0, 1'000'000'000}, 116, 840);
        const auto columns = columnsOf(series, series.score, axis);
        QVERIFY(columns.size() <= 840);
        QVERIFY(std::is_sorted(columns.begin(), columns.end(),
                               [](const auto& a, const auto& b) { return a.column < b.column; }));
    }

    void noExtremeIsLostAtAnyZoom()
    {
        auto values = randomValues(100'000, 5);
        values[77'777] = 99.0F;
        values[12'345] = -99.0F;
        const auto series = seriesOf(values);
        for (const int width : {10, 333, 840, 2500}) {
            MinMax all;
            const TimeAxis axis(AxisKind::Time, {0, 100'000'000}, 0, width);
            for (const auto& column : columnsOf(series, series.score, axis))
                all.add(column.value);
            QCOMPARE(all.max, 99.0F);
            QCOMPARE(all.min, -99.0F);
        }
    }
};

QTEST_GUILESS_MAIN(MinMaxPyramidTest)
#include "min_max_pyramid_test.moc"
