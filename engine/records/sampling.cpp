// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/sampling.h"
#include <algorithm>
#include <cmath>

namespace faultline::records
{

namespace
{
constexpr double sameStep = 0.01;
constexpr double regularShare = 0.9;
constexpr double longestJitter = 1.5;
constexpr double longestPause = 10.0;

/// Whether a difference is a whole number of steps, give or take a hundredth of one.
bool isWholeSteps(DurationUs difference, DurationUs step)
{
    const double steps = static_cast<double>(difference) / static_cast<double>(step);
    return std::round(steps) >= 1.0 && std::abs(steps - std::round(steps)) <= sameStep;
}

DurationUs quantile(std::vector<DurationUs>& values, double share)
{
    const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

void findGaps(const std::vector<TimeUs>& times, DurationUs longest, Sampling& sampling)
{
    for (std::size_t i = 1; i < times.size(); ++i) {
        const auto difference = times[i] - times[i - 1];
        if (difference <= longest)
            continue;
        const auto steps = std::llround(static_cast<double>(difference) / static_cast<double>(sampling.step_us));
        const auto missing = sampling.regular ? static_cast<std::uint64_t>(std::max(1LL, steps - 1)) : 0;
        ++sampling.gapCount;
        sampling.missingRows += missing;
        if (sampling.gaps.size() < Sampling::maxGaps)
            sampling.gaps.push_back({.start = times[i - 1], .end = times[i], .missingRows = missing});
    }
}

/// Takes the times over; sorts them unless they are in order, as they mostly are.
Sampling samplingOfOwn(std::vector<TimeUs> times)
{
    Sampling sampling;
    std::erase(times, noTime);
    sampling.records = times.size();
    if (!std::is_sorted(times.begin(), times.end()))
        std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    sampling.times = times.size();
    sampling.duplicates = sampling.records - sampling.times;
    if (times.size() < 2)
        return sampling;
    std::vector<DurationUs> differences(times.size() - 1);
    for (std::size_t i = 1; i < times.size(); ++i)
        differences[i - 1] = times[i] - times[i - 1];
    sampling.step_us = quantile(differences, 0.5);
    const auto same = [&](DurationUs difference) {
        return std::abs(static_cast<double>(difference - sampling.step_us)) <=
               sameStep * static_cast<double>(sampling.step_us);
    };
    const auto count = static_cast<double>(differences.size());
    sampling.stepShare = static_cast<double>(std::count_if(differences.begin(), differences.end(), same)) / count;
    const auto whole = std::count_if(differences.begin(), differences.end(),
                                     [&](DurationUs difference) { return isWholeSteps(difference, sampling.step_us); });
    sampling.regular =
        times.size() >= 3 && static_cast<double>(whole) >= regularShare * count && sampling.stepShare >= 0.5;
    const double longest = sampling.regular ? longestJitter * static_cast<double>(sampling.step_us)
                                            : longestPause * static_cast<double>(quantile(differences, 0.95));
    findGaps(times, static_cast<DurationUs>(longest), sampling);
    return sampling;
}
} // namespace

Sampling samplingOf(std::span<const TimeUs> times)
{
    return samplingOfOwn({times.begin(), times.end()});
}

Sampling sampleRate(const RecordSet& set, const SamplingScope& scope)
{
    const auto& table = set.table;
    std::vector<TimeUs> times;
    for (std::size_t i = 0; i < table.size(); ++i)
        if ((!scope.source || table.source[i] == *scope.source) && (!scope.entity || table.entity[i] == *scope.entity))
            times.push_back(table.time[i]);
    auto sampling = samplingOfOwn(std::move(times));
    sampling.entity = scope.entity.value_or(0);
    return sampling;
}

Result<std::vector<Sampling>> sampleRates(const RecordSet& set, JobContext& job)
{
    const auto& table = set.table;
    std::vector<std::size_t> begin(table.entities.size() + 1, 0);
    for (std::size_t i = 0; i < table.size(); ++i)
        ++begin[table.entity[i] + 1];
    for (std::size_t entity = 1; entity < begin.size(); ++entity)
        begin[entity] += begin[entity - 1];
    std::vector<TimeUs> times(table.size());
    auto next = begin;
    for (std::size_t i = 0; i < table.size(); ++i)
        times[next[table.entity[i]]++] = table.time[i];
    std::vector<Sampling> all;
    for (std::size_t entity = 0; entity + 1 < begin.size(); ++entity) {
        if (job.stopRequested())
            return cancelled();
        const auto own = std::span(times).subspan(begin[entity], begin[entity + 1] - begin[entity]);
        if (own.empty())
            continue;
        all.push_back(samplingOf(own));
        all.back().entity = static_cast<EntityId>(entity);
    }
    return all;
}

} // namespace faultline::records
