// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/group_columns.h"
#include "engine/features/record_facts.h"
#include "engine/features/template_counter.h"
#include "engine/features/template_novelty.h"
#include "engine/features/template_sequence.h"
#include "engine/features/unit_builders.h"
#include "engine/features/unit_groups.h"
#include "engine/features/unit_vectors.h"
#include <algorithm>

namespace faultline::features
{

namespace
{
struct Scratch {
    TemplateCounter templates;
    GroupFiller::Scratch groups{};
};

/// What a session comes to, beside its templates.
struct Session {
    double records = 0.0, errors = 0.0, warnings = 0.0;
    TimeUs first = noTime, last = noTime;
    std::uint32_t entity = 0; ///< the one that all records share, else 0

    /// What rates divide by.
    [[nodiscard]] double seconds() const
    {
        return first == noTime ? missing
                               : std::max(1.0, (static_cast<double>(last) - static_cast<double>(first)) / second_us);
    }
};

Session summarise(const records::RecordSet& set, std::span<const std::uint32_t> members, const ErrorRule& isError,
                  TemplateCounter& templates)
{
    const auto& table = set.table;
    Session session;
    session.records = static_cast<double>(members.size());
    if (!members.empty())
        session.entity = table.entity[members.front()];
    for (const auto i : members) {
        if (isLog(table, i))
            templates.add(table.templateId[i]);
        session.errors += isError(i) ? 1.0 : 0.0;
        session.warnings += table.level[i] == records::Level::Warn ? 1.0 : 0.0;
        if (table.entity[i] != session.entity)
            session.entity = 0;
        if (const auto time = table.time[i]; time != noTime) {
            session.first = session.first == noTime ? time : std::min(session.first, time);
            session.last = std::max(session.last, time);
        }
    }
    return session;
}

double valueOf(const PlannedColumn& column, const Session& session, const TemplateCounter& templates)
{
    switch (column.feature) {
    case Feature::Records:
        return session.records;
    case Feature::Duration:
        return session.first == noTime
                   ? missing
                   : (static_cast<double>(session.last) - static_cast<double>(session.first)) / second_us;
    case Feature::Errors:
        return session.errors;
    case Feature::Warnings:
        return session.warnings;
    case Feature::DistinctTemplates:
        return static_cast<double>(templates.distinct());
    case Feature::TemplateCount:
        return templates[column.argument];
    default:
        return 0.0; // filled later: groups, novelty, what looks at other sessions
    }
}

FeatureTable emptyTable(const FeaturePlan& plan, const records::RecordSet& set)
{
    const auto units = set.sessions.keys.size();
    FeatureTable table{.kind = UnitKind::Session, .columns = plan.columns, .entities = set.table.entities.all()};
    if (table.entities.empty())
        table.entities.emplace_back();
    table.values.resize(static_cast<Eigen::Index>(units), static_cast<Eigen::Index>(plan.columns.size()));
    table.start.assign(units, noTime);
    table.end.assign(units, noTime);
    table.entity.assign(units, 0);
    table.keys = set.sessions.keys.all();
    return table;
}
} // namespace

void planEventColumns(FeaturePlan& plan, const std::string& unit)
{
    plan.add({.name = "records", .unit = unit, .role = ColumnRole::Count}, Feature::Records);
    plan.add({.name = "errors", .unit = unit, .role = ColumnRole::Count}, Feature::Errors);
    plan.add({.name = "warnings", .unit = unit, .role = ColumnRole::Count}, Feature::Warnings);
    plan.add({.name = "distinct templates", .unit = unit, .role = ColumnRole::Count}, Feature::DistinctTemplates);
    plan.add({.name = "unseen templates", .unit = unit, .role = ColumnRole::Novelty}, Feature::UnseenTemplates);
}

Result<FeaturePlan> planSessions(const records::RecordSet& training, const FeatureOptions& options)
{
    if (training.sessions.keys.empty())
        return fail({ErrorCode::Config,
                     "no record carries a session key",
                     {},
                     "give --session-key a pattern or field that occurs, or score windows or rows"});
    FeaturePlan plan{.options = options};
    planEventColumns(plan, "per session");
    plan.add({.name = "duration", .unit = "s", .role = ColumnRole::Value}, Feature::Duration);
    if (!options.causalColumns)
        planTemplateColumns(plan, training, "per session");
    const RecordRange range{.last = options.causalColumns ? std::min(training.table.size(), causalUnits)
                                                          : training.table.size()};
    const bool calendar = options.groups.timeOfDay || options.groups.dayOfWeek;
    if (auto done = planGroups(plan, training, range, calendar ? recordSpan(training.table) : -1.0); !done)
        return fail(done.error());
    return plan;
}

Result<FeatureTable> computeSessions(const FeaturePlan& plan, const records::RecordSet& records,
                                     const Featurizer::ComputeOptions& options, JobContext& job)
{
    const auto& index = records.sessions;
    const auto units = index.keys.size();
    if (auto fits = checkTableSize(units, plan.columns.size()); !fits)
        return fail(fits.error());
    auto table = emptyTable(plan, records);
    const auto templates = std::max(templateCount(records), plan.known.documentFrequency.size());
    const ErrorRule isError(records.table);
    const GroupFiller groups(plan, records);
    const UnitRecords members = [&](std::size_t unit) {
        return std::span(index.records).subspan(index.begin[unit], index.begin[unit + 1] - index.begin[unit]);
    };
    job.begin("counting sessions", units);
    auto counts = fillUnits(
        units, templates, job, [&] { return Scratch{.templates = TemplateCounter(templates)}; },
        [&](std::size_t unit, Scratch& scratch) {
            const auto session = summarise(records, members(unit), isError, scratch.templates);
            auto* row = table.values.row(static_cast<Eigen::Index>(unit)).data();
            for (std::size_t c = 0; c < plan.planned.size(); ++c)
                row[c] = valueOf(plan.planned[c], session, scratch.templates);
            if (groups.any())
                groups.fill({.records = members(unit), .seconds = session.seconds(), .time = session.first},
                            scratch.templates, scratch.groups, row);
            table.entity[unit] = session.entity;
            table.start[unit] = session.first;
            table.end[unit] = session.last == noTime ? noTime : session.last + 1;
        });
    if (!counts)
        return fail(counts.error());
    table.templates = std::move(*counts);
    if (plan.options.templateSequence) {
        auto sequence = sequenceTemplates(units, members, records, job);
        if (!sequence)
            return fail(sequence.error());
        table.templateSequence = std::move(*sequence);
    }
    if (auto done = fillVectors(table, plan, records, members, options, job); !done)
        return fail(done.error());
    fillNovelty(table, plan, options);
    return table;
}

} // namespace faultline::features
