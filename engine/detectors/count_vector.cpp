// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/count_vector.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr std::uint32_t maxTemplates = 1U << 26;

/// Calls visit(mine, theirs) for every template that one of them holds; a level of 0 stands for "not held".
template <class Visit>
void forEachTemplate(const TemplateVector& mine, const TemplateVector& theirs, Visit visit)
{
    auto a = mine.begin(), b = theirs.begin();
    while (a != mine.end() || b != theirs.end()) {
        if (b == theirs.end() || (a != mine.end() && a->templateId < b->templateId)) {
            visit(*a, TemplateLevel{a->templateId, 0.0F});
            ++a;
        } else if (a == mine.end() || b->templateId < a->templateId) {
            visit(TemplateLevel{b->templateId, 0.0F}, *b);
            ++b;
        } else {
            visit(*a++, *b++);
        }
    }
}
} // namespace

const DetectorSpec& CountVector::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "count_vector",
        .title = "Message counts",
        .help = "Finds units whose counts of message types differ from those of any common kind of unit: messages "
                "missing, extra "
                "or repeated.",
        .paper = "Landauer, Skopik and Wurzenberger, A Critical Review of Common Log Data Sets Used for Evaluation of "
                 "Sequence-Based Anomaly Detection Techniques, FSE 2024",
        .units = {UnitKind::Window, UnitKind::Session},
        .needsTemplates = true,
        .parameters =
            {{.name = "reference_share",
              .type = ParameterSpec::Type::Real,
              .standard = 0.03,
              .minimum = 0.0,
              .maximum = 0.5,
              .help = "Share of the training units that must be as near to call a unit normal; more than any one kind "
                      "of anomaly in the training data makes up, 0 when that data is normal.",
              .standardOnNormal = 0.0},
             {.name = "references",
              .type = ParameterSpec::Type::Integer,
              .standard = std::int64_t{2000},
              .minimum = 1,
              .maximum = 50'000,
              .unit = "distinct units",
              .help = "How many distinct training units are kept to compare with, the most frequent first."}},
        .family = DetectorFamily::Sequence};
    return spec;
}

CountVector::CountVector(Parameters parameters, std::uint64_t /*seed*/)
    : ConfiguredDetector(describe(), std::move(parameters))
{
}

CostEstimate CountVector::cost(const WorkSize& work) const
{
    // A unit is compared with each reference over the templates it holds; many units are alike and compared once.
    const auto references = static_cast<double>(std::min(count("references"), work.trainingUnits));
    const auto units = static_cast<double>(work.trainingUnits + work.scoredUnits);
    return {.seconds = 1e-7 * units + 1e-8 * references * std::sqrt(units), .bytes = 200.0 * references + 8.0 * units};
}

Result<void> CountVector::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto checked = checkTemplates(training); !checked)
        return checked;
    std::map<TemplateVector, std::uint32_t> distinct;
    std::vector<std::uint32_t> heldBy;
    for (std::size_t unit = 0; unit < training.table->units(); ++unit) {
        if (!job.advance())
            return cancelled();
        auto vector = templateVectorOf(training.table->templates, unit);
        for (const auto& entry : vector) {
            if (entry.templateId >= maxTemplates)
                continue;
            if (entry.templateId >= heldBy.size())
                heldBy.resize(entry.templateId + 1, 0);
            ++heldBy[entry.templateId];
        }
        ++distinct[std::move(vector)];
    }
    m_holders = std::move(heldBy);
    m_units = static_cast<std::uint32_t>(training.table->units());
    m_references.clear();
    for (const auto& [vector, units] : distinct)
        m_references.push_back({.vector = vector, .units = units});
    std::stable_sort(m_references.begin(), m_references.end(),
                     [](const auto& a, const auto& b) { return a.units > b.units; });
    if (m_references.size() > count("references"))
        m_references.resize(count("references"));
    learnWeights();
    return {};
}

void CountVector::learnWeights()
{
    m_present.clear();
    m_absent.clear();
    const double units = static_cast<double>(m_units) + 1.0;
    for (const auto held : m_holders) {
        const double share = (static_cast<double>(held) + 0.5) / units;
        m_present.push_back(static_cast<float>(-std::log(share)));
        m_absent.push_back(static_cast<float>(-std::log1p(-share)));
    }
}

double CountVector::presence(std::uint32_t templateId) const
{
    if (templateId < m_present.size())
        return static_cast<double>(m_present[templateId]);
    return -std::log(0.5 / (static_cast<double>(m_units) + 1.0));
}

double CountVector::cost(const TemplateLevel& mine, const TemplateLevel& theirs) const
{
    const double difference = std::abs(static_cast<double>(mine.level) - static_cast<double>(theirs.level));
    if (mine.level == 0.0F)
        return difference *
               (theirs.templateId < m_absent.size() ? static_cast<double>(m_absent[theirs.templateId]) : 0.0);
    return theirs.level == 0.0F ? difference * presence(mine.templateId) : difference;
}

double CountVector::distance(const TemplateVector& unit, const TemplateVector& reference) const
{
    double sum = 0.0;
    forEachTemplate(unit, reference, [&](const TemplateLevel& mine, const TemplateLevel& theirs) {
        if (mine.level != theirs.level)
            sum += cost(mine, theirs);
    });
    return sum;
}

CountVector::Deciding CountVector::decide(const TemplateVector& unit, bool leavesItselfOut) const
{
    struct Candidate {
        double distance;
        const Reference* reference;
        double units;
    };
    std::vector<Candidate> candidates;
    candidates.reserve(m_references.size());
    double total = 0.0;
    for (const auto& reference : m_references) {
        const bool isSelf = leavesItselfOut && reference.vector == unit;
        const double units = static_cast<double>(reference.units) - (isSelf ? 1.0 : 0.0);
        total += units;
        if (units > 0.0)
            candidates.push_back({distance(unit, reference.vector), &reference, units});
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return a.distance < b.distance; });
    const double wanted = std::max(1.0, real("reference_share") * total);
    double within = 0.0;
    for (const auto& candidate : candidates) {
        within += candidate.units;
        if (within >= wanted - 1e-9)
            return {.distance = candidate.distance, .reference = candidate.reference};
    }
    return {};
}

Result<std::vector<double>> CountVector::score(const DetectorInput& input, const ScoreOptions& options,
                                               JobContext& job) const
{
    if (auto checked = checkInput(input, -1, 0); !checked)
        return tl::unexpected(checked.error());
    if (auto checked = checkTemplates(input); !checked)
        return tl::unexpected(checked.error());
    const auto units = input.table->units();
    std::map<TemplateVector, std::vector<std::uint32_t>> distinct;
    for (std::size_t unit = 0; unit < units; ++unit) {
        if (job.stopRequested())
            return cancelled();
        distinct[templateVectorOf(input.table->templates, unit)].push_back(static_cast<std::uint32_t>(unit));
    }
    std::vector<const std::pair<const TemplateVector, std::vector<std::uint32_t>>*> kinds;
    for (const auto& kind : distinct)
        kinds.push_back(&kind);
    std::vector<double> scores(units, 0.0);
    tbb::parallel_for(std::size_t{0}, kinds.size(), [&](std::size_t i) {
        if (!job.advance(kinds[i]->second.size()))
            return;
        const double value = decide(kinds[i]->first, options.isTrainingData).distance;
        for (const auto unit : kinds[i]->second)
            scores[unit] = value;
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

std::vector<Contribution> CountVector::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, -1, unit + 1) || !checkTemplates(input))
        return {};
    const auto vector = templateVectorOf(input.table->templates, unit);
    const auto deciding = decide(vector, false);
    if (!deciding.reference)
        return {};
    std::vector<std::pair<std::uint32_t, double>> weights;
    forEachTemplate(vector, deciding.reference->vector, [&](const TemplateLevel& mine, const TemplateLevel& theirs) {
        weights.emplace_back(mine.templateId, cost(mine, theirs));
    });
    return templateShares(std::move(weights));
}

void CountVector::save(TensorBundle& bundle, const std::string& prefix) const
{
    std::vector<std::uint32_t> sizes, units, ids;
    std::vector<float> levels;
    for (const auto& reference : m_references) {
        sizes.push_back(static_cast<std::uint32_t>(reference.vector.size()));
        units.push_back(reference.units);
        for (const auto& entry : reference.vector) {
            ids.push_back(entry.templateId);
            levels.push_back(entry.level);
        }
    }
    bundle.put(prefix + "/sizes", sizes);
    bundle.put(prefix + "/units", units);
    bundle.put(prefix + "/templates", ids);
    bundle.put(prefix + "/levels", levels);
    bundle.put(prefix + "/holders", m_holders);
    bundle.put(prefix + "/training_units", std::vector<std::uint32_t>{m_units});
}

Result<void> CountVector::load(const TensorBundle& bundle, const std::string& prefix)
{
    const auto sizes = bundle.vector<std::uint32_t>(prefix + "/sizes");
    const auto ids = bundle.vector<std::uint32_t>(prefix + "/templates");
    auto heldBy = bundle.vector<std::uint32_t>(prefix + "/holders");
    const auto trained = bundle.vector<std::uint32_t>(prefix + "/training_units", 1);
    if (!sizes || !ids || !heldBy || !trained)
        return tl::unexpected(!sizes ? sizes.error() : !ids ? ids.error() : !heldBy ? heldBy.error() : trained.error());
    const auto units = bundle.vector<std::uint32_t>(prefix + "/units", sizes->size());
    const auto levels = bundle.vector<float>(prefix + "/levels", ids->size());
    if (!units || !levels)
        return tl::unexpected(!units ? units.error() : levels.error());
    std::vector<Reference> references;
    std::size_t from = 0;
    for (std::size_t r = 0; r < sizes->size(); ++r) {
        if ((*sizes)[r] > ids->size() - from || (*units)[r] == 0)
            return damagedModel(spec());
        Reference reference{.vector = {}, .units = (*units)[r]};
        for (const auto end = from + (*sizes)[r]; from < end; ++from) {
            const TemplateLevel entry{(*ids)[from], (*levels)[from]};
            const bool ascends = reference.vector.empty() || reference.vector.back().templateId < entry.templateId;
            if (!ascends || !(entry.level > 0.0F && entry.level <= 100.0F))
                return damagedModel(spec());
            reference.vector.push_back(entry);
        }
        references.push_back(std::move(reference));
    }
    const auto isTooMany = [&](std::uint32_t held) { return held > (*trained)[0]; };
    if (from != ids->size() || std::any_of(heldBy->begin(), heldBy->end(), isTooMany))
        return damagedModel(spec());
    m_references = std::move(references);
    m_holders = std::move(*heldBy);
    m_units = (*trained)[0];
    learnWeights();
    return {};
}

} // namespace faultline::detectors
