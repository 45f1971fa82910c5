// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <cstdint>

namespace faultline::detectors
{

/// Rows that lie side by side: element d of row i of group g is groups[(g * dimensions + d) * groupRows + i].
constexpr std::size_t groupRows = 8;
constexpr std::size_t mostGroups = 64; ///< in one call

struct RowGroups {
    const double* groups;
    std::size_t count;
    std::size_t dimensions;
};

/// Squared Euclidean distances of `count` <= 64 groups to `query`, count * groupRows of them into `out`. Bit g of the
/// result is set when a row of group g is no farther than `limit`. Squares are added dimension by dimension and never
/// fused, so AVX-512, AVX2 (chosen at run time) and plain code give the same bits.
[[nodiscard]] std::uint64_t squaredDistances(const RowGroups& rows, const double* query, double limit, double* out);
/// The same without vector instructions, for the test that they agree.
[[nodiscard]] std::uint64_t squaredDistancesPortably(const RowGroups& rows, const double* query, double limit,
                                                     double* out);

/// How many queries go down a tree together at most.
constexpr std::size_t partySize = 16;
/// Squared distances of `partySize` queries to the box between `low` and `high`; element d of query i is queries[d *
/// partySize + i]. Added up as the rows' distances are, so that rounding never makes a box seem farther than a row
/// within.
void squaredBoxDistances(const double* low, const double* high, std::size_t dimensions, const double* queries,
                         double* out);

} // namespace faultline::detectors
