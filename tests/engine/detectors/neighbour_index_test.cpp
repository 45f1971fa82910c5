// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/detectors/neighbour_index.h"
#include "engine/detectors/neighbour_kernel.h"
#include <algorithm>
#include <gtest/gtest.h>

using namespace faultline;
using namespace faultline::detectors;

namespace
{
using Rows = std::vector<std::vector<double>>;

Rows drawn(std::size_t rows, std::size_t dimensions, std::uint64_t seed)
{
    Random random(seed);
    Rows out(rows, std::vector<double>(dimensions));
    for (auto& row : out)
        for (auto& value : row)
            value = static_cast<double>(random.below(20)) / 4.0; // coarse, so that ties and equal rows are common
    return out;
}

NeighbourIndex indexOf(const Rows& rows)
{
    NeighbourIndex index;
    index.reset(rows[0].size(), rows.size());
    std::vector<double> flat;
    std::vector<std::uint32_t> sources;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        flat.insert(flat.end(), rows[i].begin(), rows[i].end());
        sources.push_back(i);
    }
    QuietJob job;
    EXPECT_TRUE(index.fill(flat, sources, job));
    return index;
}

/// (squared distance, row) of the nearest by looking at all.
std::vector<std::pair<double, std::size_t>> bySearchingAll(const Rows& rows, const std::vector<double>& query,
                                                           std::size_t wanted, std::size_t skip)
{
    std::vector<std::pair<double, std::size_t>> out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        double sum = 0.0;
        for (std::size_t d = 0; d < query.size(); ++d)
            sum += (rows[i][d] - query[d]) * (rows[i][d] - query[d]);
        if (i != skip)
            out.emplace_back(sum, i);
    }
    std::sort(out.begin(), out.end());
    out.resize(std::min(out.size(), wanted));
    return out;
}
} // namespace

TEST(NeighbourIndex, TheTreeFindsExactlyTheNearestWithTheEarlierRowFirst)
{
    for (const std::size_t dimensions : {1u, 2u, 7u, 40u})
        for (const std::size_t count : {1u, 63u, 65u, 1000u}) {
            const auto rows = drawn(count, dimensions, dimensions + count);
            const auto index = indexOf(rows);
            std::vector<NeighbourIndex::Neighbour> nearest;
            for (std::uint32_t q = 0; q < std::min<std::size_t>(count, 30); ++q) {
                index.nearest(rows[q], 10, q, nearest);
                const auto expected = bySearchingAll(rows, rows[q], 10, q);
                ASSERT_EQ(nearest.size(), expected.size());
                for (std::size_t i = 0; i < nearest.size(); ++i) {
                    EXPECT_EQ(nearest[i].squared, expected[i].first) << dimensions << " " << count;
                    EXPECT_EQ(nearest[i].slot, expected[i].second) << dimensions << " " << count;
                }
            }
        }
}

TEST(NeighbourIndex, RowsAddedLaterAreFoundAndTheOldestForgotten)
{
    constexpr std::size_t capacity = 3'000, added = 9'000; // far enough that it is built anew on the way
    const auto rows = drawn(added, 3, 9);
    NeighbourIndex index;
    index.reset(3, capacity);
    for (const auto& row : rows)
        index.add(row, NeighbourIndex::noSource);
    const Rows kept(rows.end() - capacity, rows.end());
    const auto query = drawn(1, 3, 10)[0];
    std::vector<NeighbourIndex::Neighbour> nearest;
    index.nearest(query, 50, NeighbourIndex::noSource, nearest);
    const auto expected = bySearchingAll(kept, query, 50, capacity);
    ASSERT_EQ(nearest.size(), 50u);
    for (std::size_t i = 0; i < nearest.size(); ++i)
        EXPECT_EQ(nearest[i].squared, expected[i].first);
}

TEST(NeighbourIndex, EqualRowsCostNoMoreThanOthers)
{
    const Rows rows(100'000, std::vector<double>{1.0, 2.0});
    const auto index = indexOf(rows);
    std::vector<NeighbourIndex::Neighbour> nearest;
    for (int i = 0; i < 1'000; ++i)
        index.nearest(std::vector{1.0, 2.5}, 3, 1, nearest);
    ASSERT_EQ(nearest.size(), 3u);
    EXPECT_EQ(nearest[0].slot, 0u);
    EXPECT_EQ(nearest[1].slot, 2u) << "row 1 was to be left out";
    EXPECT_EQ(nearest[2].squared, 0.25);
}

TEST(NeighbourIndex, VectorAndPlainDistancesAreTheSameBits)
{
    Random random(3);
    for (const std::size_t dimensions : {1u, 5u, 33u})
        for (const std::size_t groups : {1u, 3u, 4u, 7u, 64u}) {
            std::vector<double> rows(groups * groupRows * dimensions), query(dimensions);
            for (auto& value : rows)
                value = random.normal();
            for (auto& value : query)
                value = random.normal();
            std::vector<double> fast(groups * groupRows), plain(groups * groupRows);
            const RowGroups all{rows.data(), groups, dimensions};
            const double limit = 1.5 * static_cast<double>(dimensions);
            EXPECT_EQ(squaredDistances(all, query.data(), limit, fast.data()),
                      squaredDistancesPortably(all, query.data(), limit, plain.data()));
            EXPECT_EQ(fast, plain);
        }
}

TEST(NeighbourIndex, SaysInWhichSlotASourceIsUntilOneIsReplaced)
{
    NeighbourIndex index;
    index.reset(1, 2);
    index.add(std::vector{0.0}, 3);
    index.add(std::vector{1.0}, 8);
    EXPECT_EQ(index.slotOf(8), 1u);
    EXPECT_EQ(index.slotOf(4), NeighbourIndex::noSource);
    index.add(std::vector{2.0}, NeighbourIndex::noSource);
    EXPECT_EQ(index.slotOf(8), NeighbourIndex::noSource);
}

TEST(NeighbourIndex, GivesBackTheRowsItHolds)
{
    const auto rows = drawn(500, 3, 2);
    const auto index = indexOf(rows);
    for (std::size_t i = 0; i < rows.size(); ++i)
        EXPECT_EQ(index.row(i), rows[i]);
}

TEST(NeighbourIndex, StopsBuildingWhenAsked)
{
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    NeighbourIndex index;
    index.reset(1, 2);
    EXPECT_FALSE(index.fill(std::vector{0.0, 1.0}, std::vector<std::uint32_t>{0, 1}, job));
}

TEST(NeighbourIndex, RestoresOnlyPartsThatFit)
{
    NeighbourIndex index;
    const std::vector<double> rows{1.0, 2.0, 3.0, 4.0};
    const std::vector<std::uint32_t> sources{0, 1};
    EXPECT_TRUE(index.restore(2, 2, rows, sources, 1));
    EXPECT_FALSE(index.restore(2, 1, rows, sources, 0)) << "more rows than the capacity";
    EXPECT_FALSE(index.restore(3, 2, rows, sources, 0)) << "ragged";
    EXPECT_FALSE(index.restore(2, 3, rows, sources, 1)) << "not full, nothing was replaced yet";
    EXPECT_FALSE(index.restore(2, 2, rows, sources, 2));
}
