// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/evaluate/labels.h"
#include <algorithm>

namespace faultline::evaluate
{

namespace
{
using UnitLabels = std::vector<std::int8_t>;

tl::unexpected<Error> mismatch(std::string what, std::string hint)
{
    return fail({ErrorCode::Config, std::move(what), {}, std::move(hint)});
}

std::string unitWord(features::UnitKind kind)
{
    return kind == features::UnitKind::Row ? "rows" : kind == features::UnitKind::Window ? "windows" : "sessions";
}

Result<UnitLabels> byKey(const Labels& labels, const features::FeatureTable& table)
{
    if (table.kind != features::UnitKind::Session)
        return mismatch("the labels name sessions, but the units are " + unitWord(table.kind),
                        "use --unit session, or labels of the form start,end or row,label");
    UnitLabels units(table.units(), std::int8_t{-1});
    bool any = false;
    for (std::size_t i = 0; i < units.size(); ++i)
        if (const auto found = labels.keys.find(table.keys[i]); found != labels.keys.end()) {
            units[i] = found->second;
            any = true;
        }
    if (any)
        return units;
    // The smallest name, so that the message does not depend on the order of a hash table.
    const auto example =
        std::ranges::min_element(labels.keys, {}, [](const auto& entry) -> const std::string& { return entry.first; });
    return mismatch("no session has a label: sessions are named like `" +
                        (table.keys.empty() ? std::string("(none)") : displayText(table.keys.front())) +
                        "`, labels like `" +
                        (labels.keys.empty() ? std::string("(none)") : displayText(example->first)) + "`",
                    "check --session-key and the labels' first column");
}

Result<UnitLabels> byRow(const Labels& labels, const features::FeatureTable& table)
{
    if (table.kind != features::UnitKind::Row)
        return mismatch("the labels name rows, but the units are " + unitWord(table.kind),
                        "use --unit row, or labels of the form start,end or key,label");
    UnitLabels units(table.units(), std::int8_t{-1});
    bool any = false;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const std::size_t row = table.record.empty() ? i : table.record[i];
        if (row < labels.rows.size())
            units[i] = labels.rows[row];
        any = any || units[i] >= 0;
    }
    if (any)
        return units;
    const auto first = std::ranges::find_if(labels.rows, [](std::int8_t label) { return label >= 0; });
    return mismatch("no row has a label: the data has " + formatCount(table.units()) + " rows, " +
                        (first == labels.rows.end()
                             ? "and the file labels none"
                             : "the first labelled one is row " +
                                   formatCount(static_cast<std::uint64_t>(first - labels.rows.begin()))),
                    "rows are counted from 0");
}

/// Stretches of time of one entity, in order and apart from each other.
class Stretches
{
public:
    void add(const Labels::Range& range) { m_ranges.push_back({range.start, range.end}); }
    void finish()
    {
        std::ranges::sort(m_ranges, {}, &Stretch::start);
        std::vector<Stretch> joined;
        for (const auto& range : m_ranges)
            if (!joined.empty() && range.start <= joined.back().end)
                joined.back().end = std::max(joined.back().end, range.end);
            else
                joined.push_back(range);
        m_ranges = std::move(joined);
    }
    [[nodiscard]] bool overlaps(TimeUs start, TimeUs end) const
    {
        const bool point = end <= start;
        // The last stretch that begins before the unit is over is the only one that can still be running.
        const auto after = point ? std::ranges::upper_bound(m_ranges, start, {}, &Stretch::start)
                                 : std::ranges::lower_bound(m_ranges, end, {}, &Stretch::start);
        if (after == m_ranges.begin())
            return false;
        const auto& last = *std::prev(after);
        return start < last.end || (start == last.end && (point || last.start == last.end));
    }

private:
    struct Stretch {
        TimeUs start, end;
    };
    std::vector<Stretch> m_ranges;
};

Result<UnitLabels> byTime(const Labels& labels, const features::FeatureTable& table)
{
    std::unordered_map<std::string, Stretches> ofEntity;
    for (const auto& range : labels.ranges)
        ofEntity[range.entity].add(range);
    for (auto& [entity, stretches] : ofEntity)
        stretches.finish();
    std::vector<const Stretches*> own(table.entities.size(), nullptr); // by entity; nullptr: none of its own
    for (std::size_t i = 0; i < own.size(); ++i)
        if (const auto found = ofEntity.find(table.entities[i]); found != ofEntity.end() && !table.entities[i].empty())
            own[i] = &found->second;
    const auto everywhere = ofEntity.find("");

    UnitLabels units(table.units(), std::int8_t{-1});
    bool timed = false, hit = false;
    std::size_t example = 0;
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (table.start[i] == noTime)
            continue;
        example = timed ? example : i;
        timed = true;
        const auto* mine = own[table.entity[i]];
        const bool inside = (mine != nullptr && mine->overlaps(table.start[i], table.end[i])) ||
                            (everywhere != ofEntity.end() && everywhere->second.overlaps(table.start[i], table.end[i]));
        units[i] = inside ? 1 : 0;
        hit = hit || inside;
    }
    if (!timed)
        return mismatch("the labels are ranges of time, but the data carries no time",
                        "name the time column, or use labels of the form row,label");
    if (!hit && !labels.ranges.empty()) {
        const auto& range = labels.ranges.front();
        const auto of = [](const std::string& entity) {
            return entity.empty() ? std::string() : " of `" + displayText(entity) + "`";
        };
        return mismatch("no unit lies in a labelled range: the first unit" + of(table.entities[table.entity[example]]) +
                            " is at " + formatIso8601(table.start[example]) + ", the first range" + of(range.entity) +
                            " at " + formatIso8601(range.start),
                        "check the time zones and the entities' names");
    }
    return units;
}
} // namespace

Result<std::vector<std::int8_t>> labelUnits(const Labels& labels, const features::FeatureTable& table)
{
    switch (labels.form) {
    case Labels::Form::Keys:
        return byKey(labels, table);
    case Labels::Form::Rows:
        return byRow(labels, table);
    case Labels::Form::Ranges:
        break;
    }
    return byTime(labels, table);
}

} // namespace faultline::evaluate
