// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/session_cut.h"
#include "engine/records/stoppable_sort.h"
#include <algorithm>
#include <numeric>
#include <optional>

namespace faultline::records
{

namespace
{
constexpr std::size_t askEvery = 65'536; ///< records or sessions between two looks at whether to stop

bool stopsAt(std::size_t index, const JobContext& job)
{
    return index % askEvery == 0 && job.stopRequested();
}

/// Every entity as a key, in order of first appearance; records without one are in no session, unless no record has
/// one. Nothing when the job was stopped.
std::optional<SessionIndex> byEntity(const RecordTable& table, const JobContext& job)
{
    bool anyNamed = false;
    for (std::size_t i = 0; i < table.size() && !anyNamed; ++i)
        anyNamed = table.entity[i] != 0;
    constexpr std::uint32_t none = 0xffffffff;
    std::vector<std::uint32_t> keyOf(std::max<std::size_t>(table.entities.size(), 1), none);
    SessionIndex index;
    std::vector<std::uint64_t> counts;
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (stopsAt(i, job))
            return std::nullopt;
        const auto entity = table.entity[i];
        if (entity == 0 && anyNamed)
            continue;
        if (keyOf[entity] == none) {
            keyOf[entity] = index.keys.intern(anyNamed ? table.entities[entity] : "session");
            counts.push_back(0);
        }
        ++counts[keyOf[entity]];
    }
    index.begin.assign(counts.size() + 1, 0);
    std::inclusive_scan(counts.begin(), counts.end(), index.begin.begin() + 1);
    index.records.resize(index.begin.back());
    auto next = index.begin;
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (stopsAt(i, job))
            return std::nullopt;
        if (const auto key = keyOf[table.entity[i]]; key != none)
            index.records[next[key]++] = static_cast<std::uint32_t>(i);
    }
    return index;
}

/// A session before it has its place.
struct Piece {
    std::uint32_t key = 0;
    std::uint64_t first = 0, last = 0; ///< of the index's records, last exclusive
    std::uint32_t earliest = 0;        ///< its first record in the order of the table
    TimeUs start = noTime, end = noTime;
};

/// Nothing when the job was stopped.
std::optional<std::vector<Piece>> cut(SessionIndex& index, const RecordTable& table, DurationUs timeout,
                                      const JobContext& job)
{
    const auto earlier = [&](auto a, auto b) { return table.time[a] < table.time[b]; };
    std::vector<Piece> pieces;
    for (std::uint32_t key = 0; key < index.keys.size(); ++key) {
        const auto begin = index.begin[key], end = index.begin[key + std::size_t{1}];
        if (!stoppableSort(index.records, begin, end, earlier, job))
            return std::nullopt;
        for (auto i = begin; i < end; ++i) {
            if (stopsAt(i, job))
                return std::nullopt;
            const auto record = index.records[i];
            const auto time = table.time[record];
            const bool silent = timeout > 0 && i > begin && time != noTime && pieces.back().end != noTime &&
                                static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(pieces.back().end) >=
                                    static_cast<std::uint64_t>(timeout);
            if (i == begin || silent)
                pieces.push_back({.key = key, .first = i, .earliest = record, .start = time});
            auto& piece = pieces.back();
            piece.last = i + 1;
            piece.earliest = std::min(piece.earliest, record);
            piece.start = piece.start == noTime ? time : piece.start;
            piece.end = std::max(piece.end, time);
        }
    }
    return pieces;
}

/// The records of the pieces, in their order. Breaks off when the job was stopped.
SessionIndex gather(const SessionIndex& index, const std::vector<Piece>& pieces, bool named, const JobContext& job)
{
    SessionIndex out;
    out.begin.push_back(0);
    for (std::size_t p = 0; p < pieces.size() && !job.stopRequested(); ++p) {
        const auto& piece = pieces[p];
        const auto& key = index.keys[piece.key];
        auto name = named && piece.start != noTime ? key + "@" + formatIso8601(piece.start) : key;
        while (out.keys.find(name)) // a key of the data may look like another one's name
            name += '\'';
        out.keys.intern(name);
        out.records.insert(out.records.end(), index.records.begin() + static_cast<std::ptrdiff_t>(piece.first),
                           index.records.begin() + static_cast<std::ptrdiff_t>(piece.last));
        out.begin.push_back(out.records.size());
    }
    return out;
}

/// Takes those that have not been silent for the time-out when the records end out of the pieces.
std::vector<Piece> takeOpen(std::vector<Piece>& pieces, const RecordTable& table, DurationUs timeout)
{
    TimeUs newest = noTime;
    for (std::size_t i = 0; i < table.size(); ++i) // records without a key tell the time, too
        newest = std::max(newest, table.time[i]);
    const auto isOpen = [&](const Piece& piece) {
        return piece.end != noTime && static_cast<std::uint64_t>(newest) - static_cast<std::uint64_t>(piece.end) <
                                          static_cast<std::uint64_t>(timeout);
    };
    std::vector<Piece> open;
    std::copy_if(pieces.begin(), pieces.end(), std::back_inserter(open), isOpen);
    std::erase_if(pieces, isOpen);
    return open;
}
} // namespace

Result<CutSessions> cutSessions(const RecordSet& records, const SessionRule& rule, SessionOrder order, JobContext& job)
{
    const auto& table = records.table;
    auto index = rule.byEntity ? byEntity(table, job) : records.sessions;
    if (!index)
        return cancelled();
    if (index->keys.empty())
        return fail({ErrorCode::Config,
                     "no record carries a session key",
                     {},
                     "give --session-key a pattern or field that occurs, or score windows or rows"});
    auto pieces = cut(*index, table, rule.timeout_us, job);
    if (!pieces)
        return cancelled();
    const bool causal = order == SessionOrder::Causal;
    const auto before = [&](const Piece& a, const Piece& b) {
        return causal && a.end != b.end ? a.end < b.end : a.earliest < b.earliest;
    };
    if (!stoppableSort(*pieces, 0, pieces->size(), before, job))
        return cancelled();
    std::vector<Piece> open;
    if (causal && rule.timeout_us > 0)
        open = takeOpen(*pieces, table, rule.timeout_us);
    CutSessions sessions{.sessions = gather(*index, *pieces, rule.timeout_us > 0, job),
                         .open = gather(*index, open, false, job)};
    if (job.stopRequested())
        return cancelled();
    return sessions;
}

} // namespace faultline::records
