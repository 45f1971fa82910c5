// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/job.h"
#include <gtest/gtest.h>
#include <thread>

using namespace faultline;

TEST(JobCurves, KeepEachCurveInTheOrderItWasDrawn)
{
    JobCurves curves;
    curves.add("training loss", {1.0, 0.9});
    curves.add("validation loss", {1.0, 1.1});
    curves.add("training loss", {2.0, 0.5});
    const auto all = curves.snapshot();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].name, "training loss");
    ASSERT_EQ(all[0].points.size(), 2u);
    EXPECT_EQ(all[0].points[1].x, 2.0);
    EXPECT_EQ(all[0].points[1].y, 0.5);
    EXPECT_EQ(all[1].points.size(), 1u);
}

TEST(JobCurves, LoseNoPointOfTwoThreads)
{
    Progress progress;
    JobContext job({}, progress);
    const auto draw = [&](const char* name) {
        for (int i = 0; i < 1000; ++i)
            job.plot(name, i, i);
    };
    std::jthread other(draw, "a");
    draw("b");
    other.join();
    std::size_t points = 0;
    for (const auto& curve : progress.curves.snapshot())
        points += curve.points.size();
    EXPECT_EQ(points, 2000u);
}
