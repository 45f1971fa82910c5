// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/unseen_template.h"
#include "engine/detectors/template_vector.h"

namespace faultline::detectors
{

namespace
{
/// Template ids above this would make the table of holders itself a problem; they count as unseen.
constexpr std::uint32_t maxTemplates = 1U << 26;
} // namespace

const DetectorSpec& UnseenTemplate::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "unseen_template",
        .title = "Unseen message types",
        .help = "Finds units with kinds of messages that occur nowhere else. One such message is evidence enough.",
        .paper = "Landauer, Skopik and Wurzenberger, A Critical Review of Common Log Data Sets Used for Evaluation of "
                 "Sequence-Based Anomaly Detection Techniques, FSE 2024",
        .units = {UnitKind::Window, UnitKind::Session},
        .role = EvidenceRole::Either,
        .needsTemplates = true,
        .parameters = {},
        .family = DetectorFamily::Sequence};
    return spec;
}

UnseenTemplate::UnseenTemplate(Parameters parameters, std::uint64_t /*seed*/)
    : ConfiguredDetector(describe(), std::move(parameters))
{
}

CostEstimate UnseenTemplate::cost(const WorkSize& work) const
{
    const auto units = static_cast<double>(work.trainingUnits + work.scoredUnits);
    return {.seconds = 1e-7 * units, .bytes = 8.0 * units};
}

std::uint32_t UnseenTemplate::holders(std::uint32_t templateId) const
{
    return templateId < m_holders.size() ? m_holders[templateId] : 0;
}

Result<void> UnseenTemplate::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto checked = checkTemplates(training); !checked)
        return checked;
    m_holders.clear();
    for (std::size_t unit = 0; unit < training.table->units(); ++unit) {
        if (!job.advance())
            return cancelled();
        learn(training, unit);
    }
    return {};
}

void UnseenTemplate::learn(const DetectorInput& input, std::size_t unit)
{
    for (const auto& [id, level] : templateVectorOf(input.table->templates, unit)) {
        if (id >= maxTemplates)
            continue;
        if (id >= m_holders.size())
            m_holders.resize(id + 1, 0);
        ++m_holders[id];
    }
}

Result<std::vector<double>> UnseenTemplate::score(const DetectorInput& input, const ScoreOptions& options,
                                                  JobContext& job) const
{
    if (auto checked = checkInput(input, -1, 0); !checked)
        return tl::unexpected(checked.error());
    if (auto checked = checkTemplates(input); !checked)
        return tl::unexpected(checked.error());
    const std::uint32_t self = options.isTrainingData ? 1 : 0;
    std::vector<double> scores(input.table->units(), 0.0);
    for (std::size_t unit = 0; unit < scores.size(); ++unit) {
        if (!job.advance())
            return cancelled();
        for (const auto& [id, level] : templateVectorOf(input.table->templates, unit))
            if (holders(id) <= self)
                scores[unit] += static_cast<double>(level);
    }
    return scores;
}

std::vector<Contribution> UnseenTemplate::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, -1, unit + 1) || !checkTemplates(input))
        return {};
    // A template that one training unit holds may be this unit's own; it is a reason unless there are templates nobody
    // held.
    for (const std::uint32_t known : {0U, 1U}) {
        std::vector<std::pair<std::uint32_t, double>> weights;
        for (const auto& [id, level] : templateVectorOf(input.table->templates, unit))
            if (holders(id) <= known)
                weights.emplace_back(id, static_cast<double>(level));
        if (!weights.empty())
            return templateShares(std::move(weights));
    }
    return {};
}

void UnseenTemplate::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.put(prefix + "/holders", m_holders);
}

Result<void> UnseenTemplate::load(const TensorBundle& bundle, const std::string& prefix)
{
    auto loaded = bundle.vector<std::uint32_t>(prefix + "/holders");
    if (!loaded)
        return tl::unexpected(loaded.error());
    if (loaded->size() > maxTemplates)
        return damagedModel(spec());
    m_holders = std::move(*loaded);
    return {};
}

} // namespace faultline::detectors
