// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/nearest_rows.h"
#include "engine/core/random.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t lanes = 8, together = 4, mostNeighbours = 32;
using Lanes = float __attribute__((vector_size(lanes * sizeof(float)), aligned(4), may_alias));
using Words = std::int64_t __attribute__((vector_size(lanes * sizeof(float)), may_alias));

/// References eight abreast: dimension by dimension the values of eight of them.
struct Packed {
    std::vector<float> values;
    std::vector<std::size_t> positions; ///< padded by `none`
    std::size_t groups = 0;
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
};

Packed pack(const PointView& points, const std::vector<std::size_t>& references)
{
    Packed out;
    out.groups = (references.size() + lanes - 1) / lanes;
    out.positions = references;
    out.positions.resize(out.groups * lanes, Packed::none);
    out.values.resize(out.groups * lanes * points.dimensions);
    for (std::size_t g = 0; g < out.groups; ++g)
        for (std::size_t t = 0; t < points.dimensions; ++t)
            for (std::size_t lane = 0; lane < lanes; ++lane) {
                const auto position = out.positions[g * lanes + lane];
                out.values[(g * points.dimensions + t) * lanes + lane] =
                    position == Packed::none ? 0.0F : points.values[position * points.stride + t];
            }
    return out;
}

/// The smallest squares found so far for one point.
struct Nearest {
    std::array<float, mostNeighbours> squares;
    void offer(float square, std::size_t kept)
    {
        auto at = kept - 1;
        for (; at > 0 && squares[at - 1] > square; --at)
            squares[at] = squares[at - 1];
        squares[at] = square;
    }
};

struct Sweep {
    const PointView* points;
    const NearestSearch* search;
    const Packed* packed;
};

inline void offerGroup(const Sweep& sweep, std::size_t point, std::size_t group, const float* squares, Nearest& nearest)
{
    const auto kept = sweep.search->neighbours;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (!(squares[lane] < nearest.squares[kept - 1]))
            continue;
        const auto position = sweep.packed->positions[group * lanes + lane];
        if (position == Packed::none)
            continue;
        const auto apart = position > point ? position - point : point - position;
        if (apart >= sweep.search->exclusion)
            nearest.offer(squares[lane], kept);
    }
}

/// Four points against all references; the vectors become whatever the calling function is compiled for.
__attribute__((always_inline)) inline void sweepFour(const Sweep& sweep, std::size_t point, Nearest* nearest)
{
    const auto& view = *sweep.points;
    const float* const p = view.values + point * view.stride;
    const auto s = view.stride;
    for (std::size_t g = 0; g < sweep.packed->groups; ++g) {
        const float* const r = sweep.packed->values.data() + g * view.dimensions * lanes;
        Lanes a{}, b{}, c{}, d{};
        for (std::size_t t = 0; t < view.dimensions; ++t) {
            const Lanes reference = *reinterpret_cast<const Lanes*>(r + t * lanes);
            const Lanes da = p[t] - reference, db = p[s + t] - reference;
            const Lanes dc = p[2 * s + t] - reference, dd = p[3 * s + t] - reference;
            a += da * da;
            b += db * db;
            c += dc * dc;
            d += dd * dd;
        }
        const Lanes sums[together] = {a, b, c, d};
        for (std::size_t k = 0; k < together; ++k) {
            const float worst = nearest[k].squares[sweep.search->neighbours - 1];
            const auto below = sums[k] < worst;
            const auto words = reinterpret_cast<const Words&>(below);
            if ((words[0] | words[1] | words[2] | words[3]) != 0)
                offerGroup(sweep, point + k, g, reinterpret_cast<const float*>(&sums[k]), nearest[k]);
        }
    }
}

__attribute__((target("avx2"))) void sweepWithAvx2(const Sweep& sweep, std::size_t point, Nearest* nearest)
{
    sweepFour(sweep, point, nearest);
}

void sweepPlain(const Sweep& sweep, std::size_t point, Nearest* nearest)
{
    sweepFour(sweep, point, nearest);
}
} // namespace

std::vector<float> nearestSquares(const PointView& points, const NearestSearch& search, JobContext& job)
{
    const auto asked = points.count > search.first ? points.count - search.first : 0;
    std::vector<float> out(asked * search.neighbours, std::numeric_limits<float>::infinity());
    const auto packed = pack(points, search.references);
    const Sweep sweep{&points, &search, &packed};
    static const bool hasAvx2 = __builtin_cpu_supports("avx2") != 0;
    const auto work = [&](const tbb::blocked_range<std::size_t>& range) {
        for (auto i = range.begin(); i < range.end() && !job.stopRequested(); i += together) {
            // The last few are swept again with those before them, so that four always stand side by side.
            const auto at = points.count >= together ? std::min(search.first + i, points.count - together) : 0;
            std::array<Nearest, together> nearest;
            for (auto& one : nearest)
                one.squares.fill(std::numeric_limits<float>::infinity());
            (hasAvx2 ? sweepWithAvx2 : sweepPlain)(sweep, at, nearest.data());
            for (std::size_t k = 0; k < together; ++k)
                if (const auto point = at + k; point >= search.first + i && point < points.count)
                    std::copy_n(nearest[k].squares.begin(), search.neighbours,
                                out.begin() + static_cast<std::ptrdiff_t>((point - search.first) * search.neighbours));
        }
    };
    if (points.count < together)
        return out; // too few to be anything's neighbour
    const auto grain = std::max<std::size_t>(together, 4'000'000 / (packed.values.size() + 1) / together * together);
    const auto steps = (asked + grain - 1) / grain; // whole steps, so that fours begin at the same points always
    tbb::parallel_for(std::size_t{0}, steps, [&](std::size_t step) {
        work({step * grain, std::min(asked, (step + 1) * grain)});
    });
    return out;
}

std::vector<std::size_t> evenPositions(std::size_t count, std::size_t limit, std::uint64_t seed)
{
    std::vector<std::size_t> out;
    if (count <= limit) {
        for (std::size_t i = 0; i < count; ++i)
            out.push_back(i);
        return out;
    }
    Random random(seed);
    for (std::size_t i = 0; i < limit; ++i) {
        const auto from = i * count / limit, to = (i + 1) * count / limit;
        out.push_back(from + static_cast<std::size_t>(random.below(to - from)));
    }
    return out;
}

} // namespace faultline::detectors
