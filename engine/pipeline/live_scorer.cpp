// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/live_scorer.h"
#include "engine/core/random.h"
#include "engine/detectors/catalogue.h"
#include "engine/ensemble/combine.h"
#include "engine/pipeline/table_codec.h"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace faultline::pipeline
{

namespace
{

constexpr std::uint64_t warmUpUnits = 100;
constexpr std::uint64_t shortestRefit = 25;
constexpr std::size_t historyUnits = 30'000;

std::string memberPrefix(const std::string& prefix, const std::string& name)
{
    return prefix + "/members/" + name;
}

} // namespace

LiveScorer::LiveScorer(const Recipe& recipe, std::vector<std::unique_ptr<detectors::Detector>> unfitted)
    : m_recipe(recipe)
{
    for (std::size_t i = 0; i < unfitted.size(); ++i) {
        Member member;
        member.name = recipe.detectors[i].name;
        member.weight = recipe.detectors[i].weight;
        member.detector = std::move(unfitted[i]);
        m_members.push_back(std::move(member));
    }
}

Result<void> LiveScorer::refit(JobContext& job)
{
    if (m_history.units() > historyUnits)
        m_history = m_history.slice(m_history.units() - historyUnits, m_history.units());
    auto baseline = features::Baseline::fit(m_history, job);
    if (!baseline)
        return fail(baseline.error());
    m_baseline = std::move(*baseline);
    const auto standardised = m_baseline.standardise(m_history);
    for (auto& member : m_members) {
        if (member.detector->spec().live == detectors::LiveForm::Stream) {
            if (!member.fitted) // the warm-up has ended: now there is a baseline to read its units by
                for (std::size_t unit = 0; unit < m_history.units(); ++unit)
                    (void)member.detector->update({&m_history, &standardised}, unit);
            member.fitted = true;
            continue;
        }
        const auto fitted = member.detector->fit({&m_history, &standardised}, job);
        if (!fitted && fitted.error().code == ErrorCode::Cancelled)
            return fail(fitted.error());
        member.fitted = fitted.has_value();
    }
    m_nextRefit = m_seen + std::max(shortestRefit, m_seen / 10);
    return {};
}

/// In decades; of a detector that calibrates itself its own surprise, which is in nats.
double LiveScorer::surpriseOf(Member& member, double raw)
{
    if (member.detector->spec().selfCalibrated)
        return std::max(0.0, raw) / std::numbers::ln10;
    return ensemble::surpriseOf(member.tail.push(raw));
}

Result<void> LiveScorer::scoreMember(Member& member, const features::FeatureTable& block,
                                     const features::Matrix& standardised, std::vector<double>& raw, JobContext& job)
{
    if (member.detector->spec().live == detectors::LiveForm::Stream) {
        for (std::size_t i = 0; i < block.units(); ++i)
            raw.push_back(member.detector->update({&block, &standardised}, i));
        return {};
    }
    if (!member.detector->learnsIncrementally()) {
        auto scores = member.detector->score({&block, &standardised}, {}, job);
        if (!scores)
            return fail(scores.error());
        raw = std::move(*scores);
        return {};
    }
    for (std::size_t i = 0; i < block.units(); ++i) {
        const auto unit = block.slice(i, i + 1);
        const features::Matrix values = standardised.row(static_cast<Eigen::Index>(i));
        const auto scores = member.detector->score({&unit, &values}, {}, job);
        if (!scores)
            return fail(scores.error());
        raw.push_back(scores->front());
        member.detector->learn({&unit, &values}, 0);
    }
    return {};
}

Result<std::vector<LiveScorer::Output>> LiveScorer::scoreBlock(const features::FeatureTable& block, JobContext& job)
{
    const auto units = block.units();
    std::vector<Output> outputs(units);
    for (auto& output : outputs) {
        output.raw.assign(m_members.size(), 0.0);
        output.surprise.assign(m_members.size(), 0.0);
    }
    if (m_seen < warmUpUnits)
        return outputs;
    const auto standardised = m_baseline.standardise(block);
    std::vector<ensemble::Member> parts;
    for (std::size_t m = 0; m < m_members.size(); ++m) {
        auto& member = m_members[m];
        parts.push_back({member.fitted ? member.weight : 0.0, member.detector->spec().role});
        if (!member.fitted)
            continue;
        std::vector<double> raw;
        if (const auto done = scoreMember(member, block, standardised, raw, job); !done)
            return fail(done.error());
        for (std::size_t i = 0; i < units; ++i) {
            outputs[i].raw[m] = raw[i];
            outputs[i].surprise[m] = surpriseOf(member, raw[i]);
        }
    }
    const bool isCalibrated = m_members.size() == 1 && m_members.front().detector->spec().selfCalibrated;
    for (auto& output : outputs) {
        const double joint = ensemble::combine(parts, output.surprise);
        output.tailP = isCalibrated ? std::pow(10.0, -joint) : m_ensembleTail.push(joint);
        output.score = isCalibrated ? joint : ensemble::surpriseOf(output.tailP);
        output.flag = output.score >= flagScore(m_recipe.threshold);
    }
    return outputs;
}

double LiveScorer::flagScore(const decisions::ThresholdRule& rule)
{
    using Method = decisions::ThresholdRule::Method;
    if (rule.method == Method::Quantile)
        return ensemble::surpriseOf(1.0 - rule.parameter);
    if (rule.method == Method::Evt)
        return ensemble::surpriseOf(rule.parameter);
    return rule.parameter;
}

Result<std::vector<LiveScorer::Output>> LiveScorer::push(const features::FeatureTable& table, JobContext& job)
{
    std::vector<Output> all;
    all.reserve(table.units());
    job.begin("scoring", table.units());
    for (std::size_t first = 0; first < table.units();) {
        const auto untilRefit = static_cast<std::size_t>(m_nextRefit - m_seen);
        const auto last = std::min(table.units(), first + untilRefit);
        const auto block = table.slice(first, last);
        auto outputs = scoreBlock(block, job);
        if (!outputs)
            return fail(outputs.error());
        std::move(outputs->begin(), outputs->end(), std::back_inserter(all));
        if (m_history.columns.empty())
            m_history = block;
        else
            m_history.append(block);
        m_seen += last - first;
        if (m_seen == m_nextRefit)
            if (const auto done = refit(job); !done)
                return fail(done.error());
        if (!job.advance(last - first))
            return cancelled();
        first = last;
    }
    return all;
}

void LiveScorer::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.facts["live"] = {{"seen", m_seen}, {"next_refit", m_nextRefit}, {"has_history", !m_history.columns.empty()}};
    auto& members = bundle.facts["live"]["members"] = nlohmann::json::array();
    for (const auto& member : m_members) {
        members.push_back({{"name", member.name}, {"weight", member.weight}, {"fitted", member.fitted}});
        if (member.fitted)
            member.detector->save(bundle, memberPrefix(prefix, member.name));
        member.tail.save(bundle, memberPrefix(prefix, member.name) + "/live_tail");
    }
    m_ensembleTail.save(bundle, prefix + "/ensemble_tail");
    if (m_seen >= warmUpUnits)
        m_baseline.save(bundle, prefix + "/baseline");
    if (!m_history.columns.empty())
        saveTable(m_history, bundle, prefix + "/history");
}

Result<LiveScorer> LiveScorer::load(const TensorBundle& bundle, const std::string& prefix, const Recipe& recipe)
{
    const auto seen = bundle.fact<std::uint64_t>("/live/seen");
    const auto next = bundle.fact<std::uint64_t>("/live/next_refit");
    const auto hasHistory = bundle.fact<bool>("/live/has_history");
    if (!seen || !next || !hasHistory)
        return fail((!seen ? seen.error() : !next ? next.error() : hasHistory.error()));
    if (*next <= *seen)
        return fail({ErrorCode::Parse, "the model's live state contradicts itself", {}, "the file is damaged"});
    std::vector<std::unique_ptr<detectors::Detector>> made;
    for (const auto& entry : recipe.detectors) {
        auto detector = detectors::make(entry.name, entry.parameters, deriveSeed(recipe.seed, entry.name));
        if (!detector)
            return fail(detector.error());
        made.push_back(std::move(*detector));
    }
    LiveScorer scorer(recipe, std::move(made));
    scorer.m_seen = *seen;
    scorer.m_nextRefit = *next;
    for (std::size_t m = 0; m < scorer.m_members.size(); ++m) {
        auto& member = scorer.m_members[m];
        const auto fitted = bundle.fact<bool>("/live/members/" + std::to_string(m) + "/fitted");
        if (!fitted)
            return fail(fitted.error());
        member.fitted = *fitted;
        if (member.fitted)
            if (const auto done = member.detector->load(bundle, memberPrefix(prefix, member.name)); !done)
                return fail(done.error());
        auto tail = ensemble::LiveTail::load(bundle, memberPrefix(prefix, member.name) + "/live_tail");
        if (!tail)
            return fail(tail.error());
        member.tail = std::move(*tail);
    }
    auto tail = ensemble::LiveTail::load(bundle, prefix + "/ensemble_tail");
    if (!tail)
        return fail(tail.error());
    scorer.m_ensembleTail = std::move(*tail);
    if (scorer.m_seen >= warmUpUnits) {
        auto baseline = features::Baseline::load(bundle, prefix + "/baseline");
        if (!baseline)
            return fail(baseline.error());
        scorer.m_baseline = std::move(*baseline);
    }
    if (*hasHistory) {
        auto history = loadTable(bundle, prefix + "/history");
        if (!history)
            return fail(history.error());
        scorer.m_history = std::move(*history);
    }
    return scorer;
}

Result<LiveScorer> LiveScorer::copy() const
{
    TensorBundle bundle;
    save(bundle, "live");
    return load(bundle, "live", m_recipe);
}

} // namespace faultline::pipeline
