// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include <algorithm>
#include <cstddef>
#include <vector>

namespace faultline::records
{

/// std::stable_sort for spans of any size in a job that may be stopped: runs of 64 Ki elements are sorted and then
/// merged, and the job is asked after each 64 Ki of elements. False, with the elements in an unspecified order, when it
/// was stopped. What is in order already costs one pass.
template <class Value, class Less>
[[nodiscard]] bool stoppableSort(std::vector<Value>& values, std::size_t begin, std::size_t end, const Less& less,
                                 const JobContext& job)
{
    constexpr std::size_t run = std::size_t{1} << 16;
    const auto at = [](std::vector<Value>& of, std::size_t index) {
        return of.begin() + static_cast<std::ptrdiff_t>(index);
    };
    if (std::is_sorted(at(values, begin), at(values, end), less))
        return true;
    for (auto first = begin; first < end; first += run) {
        if (job.stopRequested())
            return false;
        std::stable_sort(at(values, first), at(values, std::min(first + run, end)), less);
    }
    std::vector<Value> merged;
    for (auto width = run; width < end - begin; width *= 2)
        for (auto first = begin; first + width < end; first += 2 * width) {
            auto left = first;
            auto right = first + width;
            const auto leftEnd = right, rightEnd = std::min(right + width, end);
            merged.clear();
            while (left < leftEnd || right < rightEnd) {
                if (merged.size() % run == 0 && job.stopRequested())
                    return false;
                const bool takeRight = left == leftEnd || (right < rightEnd && less(values[right], values[left]));
                merged.push_back(std::move(values[takeRight ? right++ : left++]));
            }
            std::move(merged.begin(), merged.end(), at(values, first));
        }
    return true;
}

} // namespace faultline::records
