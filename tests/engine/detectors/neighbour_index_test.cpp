// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/detectors/neighbour_index.h"
#include <algorithm>
#include <gtest/gtest.h>

using namespace faultline;
using detectors::NeighbourIndex;

namespace
{
std::vector<float> drawn(Random& random, std::size_t dimensions)
{
    std::vector<float> row(dimensions);
    for (auto& value : row)
        value = static_cast<float>(random.below(20)) / 4.0F; // coarse, so that ties are common
    return row;
}
} // namespace

TEST(NeighbourIndex, FindsWhatComparingWithEveryRowFinds)
{
    Random random(5);
    for (const std::size_t dimensions : {1u, 2u, 7u, 40u})
        for (const std::size_t capacity : {1u, 15u, 16u, 33u, 100u}) {
            NeighbourIndex index;
            index.reset(dimensions, capacity);
            std::vector<std::vector<float>> rows;
            for (std::uint32_t i = 0; i < 150; ++i) { // more than fit: the oldest go
                rows.push_back(drawn(random, dimensions));
                index.add(rows.back(), NeighbourIndex::noSource);
            }
            rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(capacity));
            const auto query = drawn(random, dimensions);
            std::vector<double> expected;
            for (const auto& row : rows) {
                double sum = 0.0;
                for (std::size_t d = 0; d < dimensions; ++d)
                    sum += (row[d] - query[d]) * (row[d] - query[d]);
                expected.push_back(sum);
            }
            std::sort(expected.begin(), expected.end());
            std::vector<NeighbourIndex::Neighbour> nearest;
            index.nearest(query, 10, NeighbourIndex::noSource, nearest);
            ASSERT_EQ(nearest.size(), std::min<std::size_t>(10, capacity));
            for (std::size_t i = 0; i < nearest.size(); ++i)
                EXPECT_DOUBLE_EQ(nearest[i].squared, expected[i]) << dimensions << " " << capacity;
        }
}

TEST(NeighbourIndex, LeavesOutTheRowThatCameFromTheSource)
{
    NeighbourIndex index;
    index.reset(2, 10);
    index.add(std::vector{0.0F, 0.0F}, 3);
    index.add(std::vector{0.0F, 1.0F}, 8);
    std::vector<NeighbourIndex::Neighbour> nearest;
    index.nearest(std::vector{0.0F, 0.0F}, 5, 3, nearest);
    ASSERT_EQ(nearest.size(), 1u);
    EXPECT_EQ(nearest[0].squared, 1.0);
    index.nearest(std::vector{0.0F, 0.0F}, 5, 4, nearest);
    EXPECT_EQ(nearest.size(), 2u) << "unit 4 is no reference";
}

TEST(NeighbourIndex, GivesBackTheRowsItHolds)
{
    NeighbourIndex index;
    index.reset(3, 50);
    for (std::uint32_t i = 0; i < 20; ++i)
        index.add(std::vector{static_cast<float>(i), 0.5F, -1.0F}, i);
    EXPECT_EQ(index.row(17), (std::vector{17.0F, 0.5F, -1.0F}));
}

TEST(NeighbourIndex, RestoresOnlyPartsThatFit)
{
    NeighbourIndex index;
    const std::vector<float> rows{1.0F, 2.0F, 3.0F, 4.0F};
    const std::vector<std::uint32_t> sources{0, 1};
    EXPECT_TRUE(index.restore(2, 2, rows, sources, 1));
    EXPECT_FALSE(index.restore(2, 1, rows, sources, 0)) << "more rows than the capacity";
    EXPECT_FALSE(index.restore(3, 2, rows, sources, 0)) << "ragged";
    EXPECT_FALSE(index.restore(2, 3, rows, sources, 1)) << "not full, nothing was replaced yet";
    EXPECT_FALSE(index.restore(2, 2, rows, sources, 2));
}
