// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/time_quality.h"
#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <queue>

namespace faultline::records
{

namespace
{

constexpr std::size_t listedGaps = 20;
constexpr std::size_t fewestIntervals = 20;
constexpr std::size_t recordsBetweenChecks = 1U << 20;

/// Times between records in buckets an eighth of an octave wide: percentiles within 9 %, in 5 KB.
class IntervalHistogram
{
public:
    void add(DurationUs interval_us)
    {
        auto& bucket = m_buckets[bucketOf(interval_us)];
        ++bucket.count;
        bucket.sum_us += interval_us;
        ++m_count;
    }
    void remove(DurationUs interval_us)
    {
        auto& bucket = m_buckets[bucketOf(interval_us)];
        --bucket.count;
        bucket.sum_us -= interval_us;
        --m_count;
    }
    [[nodiscard]] std::uint64_t count() const { return m_count; }
    /// The interval that this share of all intervals does not exceed.
    [[nodiscard]] DurationUs quantile(double share) const
    {
        const auto wanted = share * static_cast<double>(m_count);
        double seen = 0.0;
        for (const auto& bucket : m_buckets)
            if (seen += static_cast<double>(bucket.count); bucket.count != 0 && seen >= wanted)
                return bucket.mean();
        return 0;
    }
    /// The interval in which a random moment of the time covered falls at least half of the time.
    [[nodiscard]] DurationUs timeWeightedMedian() const
    {
        double all = 0.0, seen = 0.0;
        for (const auto& bucket : m_buckets)
            all += static_cast<double>(bucket.sum_us);
        for (const auto& bucket : m_buckets)
            if (seen += static_cast<double>(bucket.sum_us); bucket.count != 0 && seen >= all / 2)
                return bucket.mean();
        return 0;
    }

private:
    struct Bucket {
        std::uint64_t count = 0;
        std::int64_t sum_us = 0;
        [[nodiscard]] DurationUs mean() const { return sum_us / static_cast<std::int64_t>(count); }
    };
    static std::size_t bucketOf(DurationUs interval_us)
    {
        const auto value = static_cast<std::uint64_t>(interval_us);
        if (value < 8)
            return static_cast<std::size_t>(value);
        const auto octave = static_cast<unsigned>(std::bit_width(value)) - 1U; // 3 to 63
        return (octave - 2U) * 8U + static_cast<std::size_t>((value >> (octave - 3U)) & 7U);
    }

    std::array<Bucket, 512> m_buckets{};
    std::uint64_t m_count = 0;
};

/// A duration between two times, which may be as far apart as times can be.
DurationUs between(TimeUs earlier, TimeUs later)
{
    DurationUs out = 0;
    return __builtin_sub_overflow(later, earlier, &out) ? std::numeric_limits<DurationUs>::max() / 1'000 : out;
}

/// Walks over the records with a time of their own, twice: for the distribution of silences, then for the gaps.
class TimeWalk
{
public:
    TimeWalk(const RecordSet& records, std::size_t begin, std::size_t end, JobContext& job)
        : m_records(records), m_table(records.table), m_begin(begin), m_end(end), m_job(job)
    {
        EntityId last = 0;
        for (auto i = begin; i < end; ++i) {
            m_firstEntity = std::min(m_firstEntity, m_table.entity[i]);
            last = std::max(last, m_table.entity[i]);
        }
        if (begin < end)
            m_lastOfEntity.assign(last - m_firstEntity + std::size_t{1}, noTime);
    }

    Result<TimeQuality> run()
    {
        const bool done = forEach([this](std::size_t i) { measure(i); });
        chooseLimit();
        m_latest = noTime;
        if (!done || (m_out.gapLimit_us > 0 && !forEach([this](std::size_t i) { collectGap(i); })))
            return cancelled();
        m_out.largestBackward.line = lineOf(m_backwardRecord, m_out.largestBackward);
        m_out.largestForward.line = lineOf(m_forwardRecord, m_out.largestForward);
        finishGaps();
        return std::move(m_out);
    }

private:
    template <class Take>
    bool forEach(Take take)
    {
        for (auto i = m_begin; i < m_end; ++i) {
            if ((i - m_begin) % recordsBetweenChecks == recordsBetweenChecks - 1) {
                if (m_table.memory)
                    m_table.memory->putAway();
                if (m_job.stopRequested())
                    return false;
            }
            take(i);
        }
        return true;
    }

    void measure(std::size_t i)
    {
        const auto time = m_table.time[i];
        const auto flags = m_table.flags[i];
        if (time == noTime || (flags & TimeInherited) != 0) {
            ++(time == noTime ? m_out.none : m_out.inherited);
            return;
        }
        ++m_out.own;
        m_out.disorder += (flags & TimeBackwards) != 0 ? 1U : 0U;
        m_out.skippedLocal += (flags & ClockSkipped) != 0 ? 1U : 0U;
        m_out.repeatedLocal += (flags & ClockRepeated) != 0 ? 1U : 0U;
        m_out.duplicates += time == m_last ? 1U : 0U;
        m_last = time;
        if (m_latest == noTime || time >= m_latest) {
            if (m_latest != noTime)
                addSilence(i, between(m_latest, time));
            m_latest = time;
        }
        step(i, time);
    }

    void addSilence(std::size_t i, DurationUs silence_us)
    {
        m_silences.add(silence_us);
        if (m_longest.size() <= listedGaps || silence_us > m_longest.top())
            m_longest.push(silence_us);
        if (m_longest.size() > listedGaps + 1)
            m_longest.pop();
        if (silence_us > m_out.largestForward.by_us) {
            m_out.largestForward = {.by_us = silence_us, .from = m_latest, .to = m_table.time[i]};
            m_forwardRecord = i;
        }
    }

    void step(std::size_t i, TimeUs time)
    {
        auto& last = m_lastOfEntity[m_table.entity[i] - m_firstEntity];
        if (last != noTime && time < last) {
            ++m_out.backwardSteps;
            if (const auto by_us = between(time, last); by_us > m_out.largestBackward.by_us) {
                m_out.largestBackward = {.by_us = by_us, .from = last, .to = time};
                m_backwardRecord = i;
            }
        }
        last = time;
    }

    /// The longest silences are left out of what is usual, so that one of them cannot make itself usual.
    void chooseLimit()
    {
        if (m_silences.count() < fewestIntervals)
            return;
        m_out.typical_us = m_silences.quantile(0.5);
        const auto often = m_longest.size() > listedGaps ? m_longest.top() : 0;
        const auto left = std::min<std::size_t>(listedGaps, m_silences.count() / 20);
        while (m_longest.size() > left)
            m_longest.pop();
        for (; !m_longest.empty(); m_longest.pop())
            m_silences.remove(m_longest.top());
        const auto usual = std::max(m_silences.timeWeightedMedian(), m_silences.quantile(0.99));
        m_out.gapLimit_us = std::max<DurationUs>({10 * usual, m_silences.count() > 2'000 ? 5 * often : 0, 1});
    }

    void collectGap(std::size_t i)
    {
        const auto time = m_table.time[i];
        if (time == noTime || (m_table.flags[i] & TimeInherited) != 0 || (m_latest != noTime && time < m_latest))
            return;
        if (const auto silence_us = m_latest == noTime ? 0 : between(m_latest, time); silence_us > m_out.gapLimit_us) {
            ++m_out.gapCount;
            m_out.silent_us += silence_us;
            m_gaps.push({silence_us, i, m_latest, time});
            if (m_gaps.size() > listedGaps)
                m_gaps.pop();
        }
        m_latest = time;
    }

    void finishGaps()
    {
        for (; !m_gaps.empty(); m_gaps.pop()) {
            const auto& gap = m_gaps.top();
            m_out.gaps.push_back({gap.begin, gap.end, m_records.lineNumber(gap.record)});
        }
        std::sort(m_out.gaps.begin(), m_out.gaps.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
    }

    [[nodiscard]] std::uint64_t lineOf(std::size_t record, const ClockStep& step) const
    {
        return step.by_us > 0 ? m_records.lineNumber(record) : 0;
    }

    struct Gap {
        DurationUs silence_us;
        std::size_t record;
        TimeUs begin, end;
        bool operator<(const Gap& other) const // the shortest is on top, of equal ones the latest
        {
            return silence_us != other.silence_us ? silence_us > other.silence_us : record < other.record;
        }
    };

    const RecordSet& m_records;
    const RecordTable& m_table;
    std::size_t m_begin, m_end;
    JobContext& m_job;
    TimeQuality m_out;
    EntityId m_firstEntity = std::numeric_limits<EntityId>::max();
    std::vector<TimeUs> m_lastOfEntity; ///< from m_firstEntity on
    TimeUs m_last = noTime, m_latest = noTime;
    std::size_t m_backwardRecord = 0, m_forwardRecord = 0;
    IntervalHistogram m_silences;
    std::priority_queue<DurationUs, std::vector<DurationUs>, std::greater<>> m_longest; ///< the shortest on top
    std::priority_queue<Gap> m_gaps;
};

} // namespace

Result<TimeQuality> assessTimes(const RecordSet& records, std::size_t begin, std::size_t end, JobContext& job)
{
    return TimeWalk(records, begin, end, job).run();
}

} // namespace faultline::records
