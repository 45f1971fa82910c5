// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/evidence.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace faultline::explain
{

namespace
{
constexpr std::size_t lines = 20;
constexpr std::size_t recordLimit = 1'000'000;

struct Candidate {
    int level = 0;
    DurationUs distance = 0; ///< from the peak
    std::uint64_t record = 0;
    [[nodiscard]] auto rank() const { return std::tuple(-level, distance, record); }
};

/// The best few records of one template, best first.
class BestFew
{
public:
    void offer(const Candidate& candidate)
    {
        if (m_best.size() == lines && m_best.back().rank() <= candidate.rank())
            return;
        m_best.insert(std::ranges::upper_bound(m_best, candidate.rank(), {}, &Candidate::rank), candidate);
        if (m_best.size() > lines)
            m_best.pop_back();
    }
    [[nodiscard]] const std::vector<Candidate>& best() const { return m_best; }

private:
    std::vector<Candidate> m_best;
};

double levelWeight(int level)
{
    return level <= static_cast<int>(records::Level::Info) ? 0.0
                                                           : 0.75 * (level - static_cast<int>(records::Level::Info));
}

/// How much a record of this template says: decades of rarity in the rest of the data, new ones well above all others.
/// Metric rows have no template and come last.
double templateWeight(std::uint32_t id, const TemplateComparison& comparison, double total)
{
    if (id == records::noTemplate)
        return 0.1;
    const auto found = comparison.templates.find(id);
    if (found == comparison.templates.end())
        return 0.1;
    const auto& [inside, outside, isNew, neverBefore] = found->second;
    return (neverBefore ? 20.0 : isNew ? 10.0 : 0.0) + std::max(0.1, -std::log10((outside + 0.5) / (total + 1.0)));
}
} // namespace

std::vector<EvidenceLine> chooseEvidence(const decisions::Episode& episode, const ExplainInput& input,
                                         const TemplateComparison& comparison)
{
    const auto& table = input.records->table;
    const auto peakEnd = input.table->end[episode.peakUnit];
    const bool rows = input.table->kind == features::UnitKind::Row && !input.table->record.empty();
    std::map<std::uint32_t, BestFew> ofTemplate; // ordered, so that equal weights always come out the same
    for (const auto record : recordsOf(episode, input, recordLimit)) {
        const auto time = table.time[record];
        DurationUs distance = 0;
        if (time != noTime && episode.peakTime != noTime)
            distance = time < episode.peakTime ? episode.peakTime - time
                                               : std::max<DurationUs>(0, time - peakEnd + (rows ? 0 : 1));
        ofTemplate[table.templateId[record]].offer({static_cast<int>(table.level[record]), distance, record});
    }
    double total = 0.0;
    for (const auto& [id, compared] : comparison.templates)
        total += compared.outside;
    std::vector<EvidenceLine> evidence;
    for (const auto& [id, few] : ofTemplate) {
        const double weight = templateWeight(id, comparison, total);
        double repeat = 1.0; // the n-th record of a template counts 1 / n^2, so that other templates come in between
        for (const auto& candidate : few.best()) {
            evidence.push_back({candidate.record, (weight + levelWeight(candidate.level)) / (repeat * repeat)});
            repeat += 1.0;
        }
    }
    if (rows) // the row that scored highest is what the person asks about
        for (auto& line : evidence)
            if (line.record == input.table->record[episode.peakUnit])
                line.weight += 100.0;
    std::ranges::sort(evidence, {}, [](const EvidenceLine& line) { return std::tuple(-line.weight, line.record); });
    evidence.resize(std::min(evidence.size(), lines));
    return evidence;
}

} // namespace faultline::explain
