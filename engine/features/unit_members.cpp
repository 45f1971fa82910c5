// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/unit_builders.h"

namespace faultline::features
{

Result<WindowGrid> windowGrid(const FeaturePlan& plan, const records::RecordSet& records,
                              const Featurizer::ComputeOptions& options)
{
    const bool continues = plan.options.causalColumns && !options.isTrainingData;
    return layWindows(records.table, plan.options,
                      {.known = plan.entities, .keepKnown = continues, .causal = options.causal});
}

Result<UnitMembers> UnitMembers::of(const FeaturePlan& plan, const records::RecordSet& records,
                                    const Featurizer::ComputeOptions& options)
{
    UnitMembers members;
    if (plan.options.kind == UnitKind::Session) {
        members.m_sessions = &records.sessions;
        members.m_size = records.sessions.keys.size();
        return members;
    }
    const auto grid = windowGrid(plan, records, options);
    if (!grid)
        return fail(grid.error());
    members.m_cells = sortIntoCells(records.table, *grid);
    members.m_size = grid->cells();
    return members;
}

UnitRecords UnitMembers::records() const
{
    if (m_sessions != nullptr)
        return [index = m_sessions](std::size_t unit) {
            return std::span(index->records).subspan(index->begin[unit], index->begin[unit + 1] - index->begin[unit]);
        };
    return [cells = &m_cells](std::size_t unit) {
        return std::span(cells->records).subspan(cells->begin[unit], cells->begin[unit + 1] - cells->begin[unit]);
    };
}

} // namespace faultline::features
