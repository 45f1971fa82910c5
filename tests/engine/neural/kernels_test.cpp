// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/neural/kernels.h"
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <string>

namespace faultline::neural
{
namespace
{

class EveryLevel : public testing::TestWithParam<const Kernels*>
{
};

Floats randomFloats(std::size_t count, std::uint64_t seed)
{
    Random random(seed);
    Floats values(count);
    for (auto& value : values)
        value = static_cast<float>(random.normal());
    return values;
}

/// Largest distance of 1 + A B from the sums in double precision.
double productError(const Kernels& level, std::size_t rows, std::size_t columns, std::size_t depth, bool transposed)
{
    const auto aRow = strideOf(transposed ? rows : depth), bRow = strideOf(columns);
    const auto a = randomFloats((transposed ? depth : rows) * aRow, 1), b = randomFloats(depth * bRow, 2);
    Floats c(rows * bRow, 1.0F);
    const MatrixProduct product{.rows = rows,
                                .columns = padded(columns),
                                .depth = depth,
                                .a = a.data(),
                                .aRow = transposed ? 1 : aRow,
                                .aStep = transposed ? aRow : 1,
                                .b = b.data(),
                                .bRow = bRow,
                                .c = c.data(),
                                .cRow = bRow,
                                .accumulate = true};
    level.multiply(product);
    double worst = 0.0;
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j) {
            double sum = 1.0;
            for (std::size_t k = 0; k < depth; ++k)
                sum +=
                    static_cast<double>(a[i * product.aRow + k * product.aStep]) * static_cast<double>(b[k * bRow + j]);
            worst = std::max(worst, std::abs(sum - static_cast<double>(c[i * bRow + j])));
        }
    return worst;
}

TEST_P(EveryLevel, MultipliesMatricesOfAnyShape)
{
    for (const std::size_t rows : {1U, 2U, 5U, 13U, 32U})
        for (const std::size_t columns : {1U, 16U, 40U, 64U, 100U})
            for (const std::size_t depth : {1U, 3U, 64U, 300U}) {
                EXPECT_LT(productError(*GetParam(), rows, columns, depth, false), 1e-4);
                EXPECT_LT(productError(*GetParam(), rows, columns, depth, true), 1e-4);
            }
}

TEST_P(EveryLevel, ARowOfAProductDoesNotDependOnTheRowsBesideIt)
{
    const auto a = randomFloats(9 * 80, 3), b = randomFloats(64 * 80, 4);
    const auto product = [&](std::size_t first, std::size_t rows) {
        Floats c(9 * 80);
        GetParam()->multiply({.rows = rows,
                              .columns = 64,
                              .depth = 64,
                              .a = a.data() + first * 80,
                              .aRow = 80,
                              .b = b.data(),
                              .bRow = 80,
                              .c = c.data(),
                              .cRow = 80});
        return c;
    };
    const auto whole = product(0, 9);
    for (std::ptrdiff_t row = 0; row < 9; ++row) {
        const auto alone = product(static_cast<std::size_t>(row), 1);
        EXPECT_TRUE(std::equal(alone.begin(), alone.begin() + 64, whole.begin() + row * 80));
    }
}

/// Distance in units of the last place of the exact value.
double unitsOff(float made, double exact)
{
    const float nearest = std::abs(static_cast<float>(exact));
    const float next = std::nextafter(nearest, std::numeric_limits<float>::max());
    return std::abs(static_cast<double>(made) - exact) / (static_cast<double>(next) - static_cast<double>(nearest));
}

template <class Function, class Exact>
double worstOff(Function&& function, Exact&& exact)
{
    double worst = 0.0;
    Floats in(lanes), out(lanes);
    for (double x = -87.0; x < 86.7; x += 0.0137 * lanes) {
        for (std::size_t i = 0; i < lanes; ++i) // both over the whole range and close to zero
            in[i] = static_cast<float>((x + 0.0137 * static_cast<double>(i)) * (i % 2 == 0 ? 1.0 : 1e-3));
        function(in, out);
        for (std::size_t i = 0; i < lanes; ++i)
            worst = std::max(worst, unitsOff(out[i], exact(static_cast<double>(in[i]))));
    }
    return worst;
}

TEST_P(EveryLevel, FunctionsAreAsExactAsStated)
{
    const auto& level = *GetParam();
    const auto squash = [&](Squash kind) {
        return [&level, kind](const Floats& in, Floats& out) { level.squash(kind, in.data(), out.data(), lanes); };
    };
    EXPECT_LE(worstOff(squash(Squash::Tanh), [](double x) { return std::tanh(x); }), 6.0);
    EXPECT_LE(worstOff(squash(Squash::Sigmoid), [](double x) { return 1.0 / (1.0 + std::exp(-x)); }), 6.0);
    const auto exponential = [&](const Floats& in, Floats& out) { level.exponential(in.data(), out.data(), lanes); };
    EXPECT_LE(worstOff(exponential, [](double x) { return std::exp(x); }), 2.0);
}

TEST_P(EveryLevel, FunctionsStayFiniteFarOut)
{
    Floats in(lanes, 1e30F), out(lanes);
    in[0] = -1e30F;
    GetParam()->squash(Squash::Sigmoid, in.data(), out.data(), lanes);
    EXPECT_NEAR(out[0], 0.0F, 1e-30F);
    EXPECT_EQ(out[1], 1.0F);
    GetParam()->squash(Squash::Tanh, in.data(), out.data(), lanes);
    EXPECT_NEAR(out[0], -1.0F, 1e-6F);
    EXPECT_NEAR(out[1], 1.0F, 1e-6F);
}

TEST_P(EveryLevel, DropsTheSameElementsAsTheOtherLevelsAndTheRightShare)
{
    const DropoutMask mask{.key = 12345, .threshold = 858'993'459, .scale = 1.25F}; // 0.2 * 2^32
    const Floats ones(16'000, 1.0F);
    Floats out(ones.size()), reference(ones.size());
    GetParam()->dropout(mask, 160, ones.data(), out.data(), out.size());
    runnableKernels().back()->dropout(mask, 160, ones.data(), reference.data(), out.size());
    EXPECT_EQ(out, reference);
    EXPECT_NEAR(static_cast<double>(std::count(out.begin(), out.end(), 0.0F)), 3'200.0, 200.0);
}

INSTANTIATE_TEST_SUITE_P(Runnable, EveryLevel, testing::ValuesIn(runnableKernels().begin(), runnableKernels().end()),
                         [](const auto& level) { return std::string(level.param->name); });

} // namespace
} // namespace faultline::neural
