// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/tensor_bundle.h"
#include <gtest/gtest.h>

namespace faultline
{
namespace
{

TEST(TensorBundle, givesBackWhatWasPut)
{
    TensorBundle bundle;
    const std::vector<double> values{1.5, -2.0, 3.25, 4.0};
    bundle.put("a", values, {2, 2});
    EXPECT_EQ(bundle.vector<double>("a").value(), values);
    EXPECT_EQ(bundle.vector<double>("a", 4).value(), values);
}

TEST(TensorBundle, keepsEveryElementType)
{
    TensorBundle bundle;
    bundle.put("f", std::vector<float>{1.0F});
    bundle.put("l", std::vector<std::int64_t>{-1});
    bundle.put("i", std::vector<std::int32_t>{-2});
    bundle.put("u", std::vector<std::uint32_t>{3});
    bundle.put("b", std::vector<std::uint8_t>{});
    EXPECT_EQ(bundle.vector<float>("f").value().front(), 1.0F);
    EXPECT_EQ(bundle.vector<std::int64_t>("l").value().front(), -1);
    EXPECT_EQ(bundle.vector<std::int32_t>("i").value().front(), -2);
    EXPECT_EQ(bundle.vector<std::uint32_t>("u").value().front(), 3U);
    EXPECT_TRUE(bundle.vector<std::uint8_t>("b").value().empty());
}

TEST(TensorBundle, refusesAbsentNamesOtherTypesAndOtherCounts)
{
    TensorBundle bundle;
    bundle.put("a", std::vector<double>{1.0});
    EXPECT_FALSE(bundle.vector<double>("b"));
    EXPECT_FALSE(bundle.vector<float>("a"));
    EXPECT_FALSE(bundle.vector<double>("a", 2));
}

TEST(TensorBundle, refusesShapesThatDisagreeWithTheirData)
{
    TensorBundle bundle;
    bundle.insert("short", {.type = TensorType::F64, .shape = {3}, .data = std::vector<std::byte>(16)});
    bundle.insert("odd", {.type = TensorType::F64, .shape = {1}, .data = std::vector<std::byte>(9)});
    bundle.insert("huge", {.type = TensorType::U8, .shape = {1ULL << 40U, 1ULL << 40U}, .data = {}});
    for (const char* name : {"short", "odd"})
        EXPECT_FALSE(bundle.vector<double>(name)) << name;
    EXPECT_FALSE(bundle.vector<std::uint8_t>("huge"));
}

TEST(TensorBundle, readsFactsOfTheRightTypeOnly)
{
    TensorBundle bundle;
    bundle.facts["knn"]["neighbours"] = 5;
    EXPECT_EQ(bundle.fact<int>("/knn/neighbours").value(), 5);
    EXPECT_FALSE(bundle.fact<std::string>("/knn/neighbours"));
    EXPECT_FALSE(bundle.fact<int>("/knn/absent"));
}

} // namespace
} // namespace faultline
