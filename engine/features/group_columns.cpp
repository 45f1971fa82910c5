// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/group_columns.h"
#include "engine/core/text.h"
#include <algorithm>
#include <optional>

namespace faultline::features
{

namespace
{
constexpr double shareFloor = 0.01, entropyFloor = 0.05, variationFloor = 0.05;

bool holds(const FeaturePlan& plan, const std::string& name)
{
    return std::any_of(plan.columns.begin(), plan.columns.end(), [&](const Column& c) { return c.name == name; });
}

void addOnce(FeaturePlan& plan, Column column, Feature feature, std::size_t argument = 0)
{
    if (!holds(plan, column.name))
        plan.add(std::move(column), feature, static_cast<std::uint32_t>(argument));
}

/// Plans the groups of one recipe into one plan.
class GroupPlanner
{
public:
    GroupPlanner(FeaturePlan& plan, const records::RecordSet& training, const RecordRange& range, double span_us)
        : m_plan(plan), m_groups(plan.options.groups), m_training(training), m_range(range), m_span_us(span_us),
          m_rows(plan.options.kind == UnitKind::Row)
    {
        if (plan.options.kind == UnitKind::Window)
            m_rateFloor = static_cast<double>(second_us) / static_cast<double>(plan.options.window_us);
    }

    Result<void> run()
    {
        for (auto step : {&GroupPlanner::rates, &GroupPlanner::ratios, &GroupPlanner::distinct, &GroupPlanner::entropy,
                          &GroupPlanner::gaps, &GroupPlanner::quantiles, &GroupPlanner::calendar})
            if (auto done = (this->*step)(); !done)
                return done;
        return {};
    }

private:
    [[nodiscard]] std::string span(std::size_t s) const { return " in " + shortDuration(m_plan.options.rolling_us[s]); }
    [[nodiscard]] std::size_t spans() const { return m_plan.options.rolling_us.size(); }

    Result<void> rates()
    {
        if (m_groups.rates && m_rows)
            for (std::size_t s = 0; s < spans(); ++s)
                addOnce(m_plan, {.name = "request rate" + span(s), .unit = "per s"}, Feature::RecentRate, s);
        if (m_rows)
            return {};
        if (m_groups.rates) {
            addOnce(m_plan, {.name = "record rate", .unit = "per s", .noiseFloor = m_rateFloor}, Feature::RecordRate);
            addOnce(m_plan, {.name = "error rate", .unit = "per s", .noiseFloor = m_rateFloor}, Feature::ErrorRate);
        }
        for (const auto& name : m_groups.rateFields) {
            const auto field = planField(m_plan, m_training.table, name);
            if (!field)
                return fail(field.error());
            const auto& unit = m_plan.fields[*field].unit;
            addOnce(m_plan, {.name = name + " rate", .unit = unit.empty() ? "per s" : unit + "/s"}, Feature::FieldRate,
                    *field);
        }
        templates(m_groups.templateRates, " rate", "per s", ColumnRole::Value, m_rateFloor, Feature::TemplateRate);
        return {};
    }

    void templates(std::size_t limit, const char* what, const char* unit, ColumnRole role, double floor,
                   Feature feature)
    {
        if (limit == 0 || m_plan.options.causalColumns)
            return;
        const auto& known = m_training.templates.templates;
        for (const auto id : frequentTemplates(countTemplates(m_training), limit)) {
            const auto name = id < known.size() ? known[id].id : '#' + std::to_string(id);
            addOnce(
                m_plan,
                {.name = "template " + name + what, .unit = unit, .role = role, .noiseFloor = floor, .templateId = id},
                feature, id);
        }
    }

    Result<void> ratios()
    {
        const auto share = [&](const char* name, Feature feature) {
            addOnce(m_plan, {.name = name, .role = ColumnRole::Share, .noiseFloor = shareFloor}, feature);
        };
        if (m_groups.ratios && !m_rows) {
            share("error share", Feature::ErrorShare);
            share("warning share", Feature::WarningShare);
        }
        if (!m_rows)
            templates(m_groups.templateShares, " share", "", ColumnRole::Share, shareFloor, Feature::TemplateShare);
        for (const auto& name : m_groups.fieldRatios) {
            const auto pair = fieldPair(name);
            if (!pair)
                return fail(pair.error());
            addOnce(m_plan, {.name = name}, Feature::FieldRatio, m_plan.ratios.size());
            m_plan.ratios.push_back(*pair);
        }
        return {};
    }

    /// "a/b": names may hold a slash themselves, so the first one counts that leaves two fields.
    Result<std::pair<std::uint32_t, std::uint32_t>> fieldPair(const std::string& name)
    {
        const auto known = [&](const std::string& part) {
            return m_training.table.fieldIndex(part) >= 0 || (m_plan.options.causalColumns && !part.empty());
        };
        std::optional<Error> error;
        for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
            const auto above = name.substr(0, slash), below = name.substr(slash + 1);
            auto first = planField(m_plan, m_training.table, known(above) && !known(below) ? below : above);
            if (!known(above) || !known(below)) {
                if (!first && !error)
                    error = first.error();
                continue;
            }
            auto second = planField(m_plan, m_training.table, below);
            if (!first || !second)
                return fail(!first ? first.error() : second.error());
            return std::pair(*first, *second);
        }
        if (error)
            return fail(*error);
        return fail({ErrorCode::Config, "`" + name + "` is no ratio of two fields", {}, "write it as a/b"});
    }

    Result<void> distinct()
    {
        for (const auto& name : m_groups.distinctOf) {
            const bool entity = name == "entity", session = name == "session";
            std::uint32_t field = 0;
            if (!entity && !session) {
                const auto found = planField(m_plan, m_training.table, name);
                if (!found)
                    return fail(found.error());
                field = *found;
            }
            if (m_rows && !entity && !session)
                for (std::size_t s = 0; s < spans(); ++s)
                    addOnce(m_plan, {.name = "distinct " + name + span(s), .role = ColumnRole::Count},
                            Feature::RecentDistinct, paired(field, s, spans()));
            if (!m_rows)
                addOnce(m_plan, {.name = "distinct " + name, .role = ColumnRole::Count},
                        entity    ? Feature::DistinctEntities
                        : session ? Feature::DistinctSessions
                                  : Feature::DistinctValues,
                        field);
        }
        return {};
    }

    Result<void> entropy()
    {
        if (!m_groups.entropy)
            return {};
        if (!m_rows)
            addOnce(m_plan, {.name = "template entropy", .unit = "bit", .noiseFloor = entropyFloor},
                    Feature::TemplateEntropy);
        for (std::size_t s = 0; m_rows && s < spans(); ++s)
            addOnce(m_plan, {.name = "template entropy" + span(s), .unit = "bit", .noiseFloor = entropyFloor},
                    Feature::RecentEntropy, s);
        return {};
    }

    Result<void> gaps()
    {
        if (!m_groups.interArrival)
            return {};
        if (m_rows) {
            addOnce(m_plan, {.name = "gap before", .unit = "s"}, Feature::GapBefore);
            return {};
        }
        addOnce(m_plan, {.name = "gap p50", .unit = "s"}, Feature::GapMedian);
        addOnce(m_plan, {.name = "gap p95", .unit = "s"}, Feature::GapHigh);
        addOnce(m_plan, {.name = "gap max", .unit = "s"}, Feature::GapMaximum);
        addOnce(m_plan, {.name = "gap variation", .noiseFloor = variationFloor}, Feature::GapVariation);
        return {};
    }

    Result<void> quantiles()
    {
        const auto levels = m_groups.quantileLevels.size();
        if (levels == 0)
            return {};
        auto names = m_groups.quantileFields;
        if (names.empty()) {
            const auto choice = chooseFields(m_training.table, m_range, m_plan.options.causalColumns);
            for (const auto& list : {choice.log, choice.metric})
                for (const auto f : list)
                    names.push_back(m_training.table.fields[f].name());
        }
        for (const auto& name : names) {
            const auto field = planField(m_plan, m_training.table, name);
            if (!field)
                return fail(field.error());
            for (std::size_t q = 0; q < levels; ++q)
                quantile(*field, q);
        }
        return {};
    }

    void quantile(std::uint32_t field, std::size_t q)
    {
        const auto levels = m_groups.quantileLevels.size();
        const auto name = m_plan.fields[field].name + " " + quantileName(m_groups.quantileLevels[q]);
        const auto unit = m_plan.fields[field].unit;
        if (!m_rows)
            addOnce(m_plan, {.name = name, .unit = unit}, Feature::FieldQuantile, paired(field, q, levels));
        for (std::size_t s = 0; m_rows && s < spans(); ++s)
            addOnce(m_plan, {.name = name + span(s), .unit = unit}, Feature::RecentQuantile,
                    paired(paired(field, s, spans()), q, levels));
    }

    /// Less than a day of training cannot tell the hour from the passing of time, nor less than a week the day.
    Result<void> calendar()
    {
        const auto& options = m_plan.options;
        const auto spanned = [&](DurationUs turn) {
            return options.causalColumns || m_span_us >= static_cast<double>(turn);
        };
        const auto length = options.kind == UnitKind::Window ? options.window_us : 0;
        if ((m_groups.timeOfDay || (options.timeOfDay && options.kind == UnitKind::Window)) && length < day_us &&
            spanned(day_us)) {
            addOnce(m_plan, {.name = "time of day sin", .role = ColumnRole::Phase}, Feature::TimeOfDaySine);
            addOnce(m_plan, {.name = "time of day cos", .role = ColumnRole::Phase}, Feature::TimeOfDayCosine);
        }
        if (m_groups.dayOfWeek && length < 7 * day_us && spanned(7 * day_us)) {
            addOnce(m_plan, {.name = "day of week sin", .role = ColumnRole::Phase}, Feature::DayOfWeekSine);
            addOnce(m_plan, {.name = "day of week cos", .role = ColumnRole::Phase}, Feature::DayOfWeekCosine);
        }
        return {};
    }

    FeaturePlan& m_plan;
    const FeatureGroups m_groups; // a copy: the plan grows
    const records::RecordSet& m_training;
    const RecordRange& m_range;
    double m_span_us;
    bool m_rows;
    double m_rateFloor = 0.0;
};
} // namespace

std::string quantileName(double level)
{
    return "p" + formatNumber(std::round(level * 1e6) / 1e4);
}

Result<std::uint32_t> planField(FeaturePlan& plan, const records::RecordTable& table, const std::string& name)
{
    for (std::uint32_t f = 0; f < plan.fields.size(); ++f)
        if (plan.fields[f].name == name)
            return f;
    const auto index = table.fieldIndex(name);
    if (index < 0 && !plan.options.causalColumns) {
        std::vector<std::string> known;
        std::string all;
        for (const auto& field : table.fields) {
            known.push_back(field.name());
            all += (all.empty() ? "" : ", ") + field.name();
        }
        const auto near = nearestWord(name, known);
        return fail({ErrorCode::Config,
                     "no record has a numeric field named `" + name + "`",
                     {},
                     near          ? "did you mean `" + *near + "`?"
                     : all.empty() ? "the records have no numeric field at all"
                                   : "fields: " + all.substr(0, 300)});
    }
    plan.fields.push_back({name, index < 0 ? "" : table.fields[static_cast<std::size_t>(index)].unit(), 0.0});
    return static_cast<std::uint32_t>(plan.fields.size() - 1);
}

Result<void> planGroups(FeaturePlan& plan, const records::RecordSet& training, const RecordRange& range, double span_us)
{
    return GroupPlanner(plan, training, range, span_us).run();
}

double recordSpan(const records::RecordTable& table)
{
    TimeUs first = noTime, last = noTime;
    for (std::size_t i = 0; i < table.size(); ++i)
        if (const auto time = table.time[i]; time != noTime) {
            first = first == noTime ? time : std::min(first, time);
            last = std::max(last, time);
        }
    return first == noTime ? -1.0 : static_cast<double>(last) - static_cast<double>(first);
}

void planRollingWindows(FeaturePlan& plan, const records::RecordTable& table, const FieldChoice& choice, bool logs)
{
    const auto fieldNames = [&] {
        std::vector<std::string> names;
        for (const auto& list : {choice.log, choice.metric})
            for (const auto f : list)
                names.push_back(table.fields[f].name());
        return names;
    }();
    const auto spans = plan.options.rolling_us.size();
    for (std::size_t s = 0; s < spans; ++s) {
        if (plan.options.rolling_us[s] <= plan.options.window_us)
            continue; // is the window itself
        const auto span = shortDuration(plan.options.rolling_us[s]), in = " in " + span, per = "per " + span;
        if (logs) {
            addOnce(plan, {.name = "records" + in, .unit = per, .role = ColumnRole::Count}, Feature::RollingRecords, s);
            addOnce(plan, {.name = "error share" + in, .role = ColumnRole::Share, .noiseFloor = shareFloor},
                    Feature::RollingErrorShare, s);
            addOnce(plan, {.name = "distinct templates" + in, .unit = per, .role = ColumnRole::Count},
                    Feature::RollingTemplates, s);
        }
        for (const auto& name : fieldNames) {
            const auto field = planField(plan, table, name).value();
            const auto unit = plan.fields[field].unit;
            addOnce(plan, {.name = name + " mean" + in, .unit = unit}, Feature::RollingMean, paired(field, s, spans));
            addOnce(plan, {.name = name + " max" + in, .unit = unit}, Feature::RollingMaximum, paired(field, s, spans));
        }
    }
}

} // namespace faultline::features
