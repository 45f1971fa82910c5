// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/moments.h"
#include <algorithm>
#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t batchRows = 64; ///< rows whose products are added in one matrix product
using Index = Eigen::Index;

/// Adds up parts whose bounds depend on the number of units alone, so rounding does not depend on the threads.
template <class Part, class Add>
Part sumOverUnits(std::size_t units, const Part& zero, const Add& add)
{
    const std::size_t grain = std::max<std::size_t>(1024, units / 64);
    return tbb::parallel_deterministic_reduce(
        tbb::blocked_range<std::size_t>(0, units, grain), zero,
        [&](const tbb::blocked_range<std::size_t>& range, Part part) {
            add(range.begin(), range.end(), part);
            return part;
        },
        [](Part a, const Part& b) {
            a += b;
            return a;
        });
}

struct Mean {
    Eigen::VectorXd sum;
    double count = 0.0;
    Mean& operator+=(const Mean& other)
    {
        sum += other.sum;
        count += other.count;
        return *this;
    }
};
} // namespace

Result<void> checkWidth(std::size_t dimensions)
{
    if (dimensions > mostDimensions)
        return fail({ErrorCode::Numeric,
                     "the table has " + std::to_string(dimensions) + " columns, at most " +
                         std::to_string(mostDimensions) + " can be compared with one another",
                     {},
                     "choose fewer features"});
    return {};
}

Result<Moments> momentsOf(std::size_t units, std::size_t dimensions, const ReadUnit& read, JobContext& job)
{
    const auto d = static_cast<Index>(dimensions);
    const auto addValues = [&](std::size_t first, std::size_t last, Mean& part) {
        Eigen::VectorXd row(d);
        for (auto unit = first; unit < last && job.advance(); ++unit)
            if (read(unit, row.data())) {
                part.sum += row;
                part.count += 1.0;
            }
    };
    const auto total = sumOverUnits(units, Mean{.sum = Eigen::VectorXd::Zero(d)}, addValues);
    Moments out;
    out.count = static_cast<std::size_t>(total.count);
    out.mean = total.sum / std::max(1.0, total.count);
    const auto addProducts = [&](std::size_t first, std::size_t last, Eigen::MatrixXd& part) {
        Eigen::MatrixXd batch(d, static_cast<Index>(batchRows));
        Index filled = 0;
        const auto flush = [&] {
            part.noalias() += batch.leftCols(filled) * batch.leftCols(filled).transpose();
            filled = 0;
        };
        for (auto unit = first; unit < last && !job.stopRequested(); ++unit) {
            if (!read(unit, batch.col(filled).data()))
                continue;
            batch.col(filled) -= out.mean;
            if (++filled == static_cast<Index>(batchRows))
                flush();
        }
        flush();
    };
    out.scatter = sumOverUnits(units, Eigen::MatrixXd(Eigen::MatrixXd::Zero(d, d)), addProducts);
    if (job.stopRequested())
        return cancelled();
    return out;
}

} // namespace faultline::detectors
