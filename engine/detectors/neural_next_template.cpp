// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/neural_next_template.h"
#include "engine/detectors/neural_parameters.h"
#include "engine/neural/language_task.h"
#include <algorithm>
#include <numeric>

namespace faultline::detectors
{

namespace
{
using neural::ClassSequences;

Result<void> checkSequence(const DetectorInput& input)
{
    const auto& sequence = input.table->templateSequence;
    if (sequence.empty())
        return fail({ErrorCode::Numeric,
                     "the units carry no sequences of templates",
                     {},
                     "sequences come with windows or sessions of logs"});
    if (sequence.begin.size() != input.table->units() + 1 || sequence.begin.front() != 0 ||
        !std::is_sorted(sequence.begin.begin(), sequence.begin.end()) ||
        sequence.begin.back() != sequence.templateId.size())
        return fail({ErrorCode::Numeric, "the sequences of templates do not fit the units", {}, {}});
    return {};
}

/// The units in the order of their sequences: sessions each apart, windows entity by entity.
struct UnitOrder {
    std::vector<std::uint32_t> units;
    std::vector<bool> continues; ///< the sequence of the unit before
};

UnitOrder orderOf(const features::FeatureTable& table)
{
    UnitOrder order{.units = std::vector<std::uint32_t>(table.units()), .continues = {}};
    std::iota(order.units.begin(), order.units.end(), 0U);
    const bool apart = table.kind == features::UnitKind::Session;
    if (!apart)
        std::stable_sort(order.units.begin(), order.units.end(),
                         [&](auto a, auto b) { return table.entity[a] < table.entity[b]; });
    for (std::size_t i = 0; i < order.units.size(); ++i)
        order.continues.push_back(!apart && i > 0 && table.entity[order.units[i]] == table.entity[order.units[i - 1]]);
    return order;
}

/// Classes of the records of these units, in their order; `place` is where each unit's begin.
struct UnitClasses {
    ClassSequences sequences;
    std::vector<std::uint32_t> place; ///< parallel to UnitOrder::units
};

UnitClasses classesOf(const features::FeatureTable& table, const UnitOrder& order,
                      const std::vector<std::uint32_t>& templates)
{
    const auto largest = templates.empty() ? 0 : *std::max_element(templates.begin(), templates.end());
    std::vector<std::uint32_t> classOf(std::size_t{largest} + 1, static_cast<std::uint32_t>(templates.size()));
    for (std::uint32_t k = 0; k < templates.size(); ++k)
        classOf[templates[k]] = k;
    UnitClasses out;
    auto& [begin, classes] = out.sequences;
    for (std::size_t i = 0; i < order.units.size(); ++i) {
        if (i > 0 && !order.continues[i])
            begin.push_back(static_cast<std::uint32_t>(classes.size()));
        out.place.push_back(static_cast<std::uint32_t>(classes.size()));
        for (const auto id : table.templateSequence.of(order.units[i]))
            classes.push_back(id < classOf.size() ? classOf[id] : static_cast<std::uint32_t>(templates.size()));
    }
    begin.push_back(static_cast<std::uint32_t>(classes.size()));
    return out;
}
} // namespace

const DetectorSpec& NextTemplate::describe()
{
    using Type = ParameterSpec::Type;
    static const DetectorSpec spec = [] {
        DetectorSpec made{
            .name = "next_template",
            .title = "Next template",
            .help = "Learns with a small LSTM which log template follows which, and scores records that were not "
                    "expected after those before them. Finds known messages in an unknown order.",
            .paper =
                "Du et al. 2017, DeepLog: Anomaly Detection and Diagnosis from System Logs through Deep Learning, CCS",
            .units = {features::UnitKind::Window, features::UnitKind::Session},
            .family = DetectorFamily::Neural,
            .context = ScoreContext::Series,
            .live = LiveForm::None,
            .needsTemplateSequence = true};
        const auto whole = [&](const char* name, std::int64_t standard, double least, double most, const char* unit,
                               const char* help) {
            made.parameters.push_back({.name = name,
                                       .type = Type::Integer,
                                       .standard = standard,
                                       .minimum = least,
                                       .maximum = most,
                                       .unit = unit,
                                       .help = help});
        };
        whole("history", 10, 2, 128, "records", "Records before it that a record is judged by, at least.");
        whole("width", 64, 8, 256, "cells", "Cells of the LSTM layer.");
        whole("vocabulary", 256, 2, 4'096, "templates",
              "Templates with a class of their own, the most frequent; the others share one.");
        whole("top", 9, 1, 4'096, "templates", "How many of the most probable templates count as expected.");
        made.parameters.push_back({.name = "measure",
                                   .type = Type::Choice,
                                   .standard = std::string("surprise"),
                                   .choices = {"surprise", "misses"},
                                   .help = "Score by mean surprise, or by the share of records outside the top."});
        for (auto& parameter : trainingParameters())
            made.parameters.push_back(std::move(parameter));
        return made;
    }();
    return spec;
}

neural::Network NextTemplate::networkOf(std::size_t classes) const
{
    return neural::languageModel({.classes = classes, .history = count("history"), .width = count("width")});
}

void NextTemplate::learnClasses(const features::TemplateSequence& sequence)
{
    std::vector<std::uint32_t> ids(sequence.templateId);
    std::sort(ids.begin(), ids.end());
    std::vector<std::pair<std::size_t, std::uint32_t>> frequency; // negated, so that ties keep ascending ids
    for (auto at = ids.begin(); at != ids.end();) {
        const auto next = std::upper_bound(at, ids.end(), *at);
        frequency.emplace_back(ids.size() - static_cast<std::size_t>(next - at), *at);
        at = next;
    }
    std::sort(frequency.begin(), frequency.end());
    m_templates.clear();
    for (std::size_t k = 0; k < std::min(frequency.size(), count("vocabulary")); ++k)
        m_templates.push_back(frequency[k].second);
}

double NextTemplate::worth(double surprise, std::size_t rank) const
{
    if (choice("measure") == "surprise")
        return surprise;
    return rank >= count("top") ? 1.0 : 0.0;
}

Result<void> NextTemplate::fit(const DetectorInput& training, JobContext& job)
{
    if (auto good = checkInput(training, -1, 1); !good)
        return good;
    if (auto good = checkSequence(training); !good)
        return good;
    const auto& sequence = training.table->templateSequence;
    const auto history = count("history");
    constexpr std::size_t mostRecords = 0xffffffff - 4'096;
    if (sequence.templateId.size() < 2 * history || sequence.templateId.size() > mostRecords)
        return fail({ErrorCode::Numeric,
                     "the units hold " + std::to_string(sequence.templateId.size()) + " log records, at least " +
                         std::to_string(2 * history) + " are needed and at most four billion",
                     {},
                     "give more data or a shorter history"});
    learnClasses(sequence);
    const auto units = classesOf(*training.table, orderOf(*training.table), m_templates);
    const auto classes = m_templates.size() + 1;
    const neural::NextClassTask task(units.sequences, classes, history);
    std::vector<std::uint32_t> all(task.samples());
    std::iota(all.begin(), all.end(), 0U);
    const auto samples = splitSamples(all, count("windows"));
    auto network = networkOf(classes);
    network.initialise(m_seed);
    neural::Trainer trainer(network, task, samples.training, samples.validation,
                            {.batch = count("batch"),
                             .epochs = count("epochs"),
                             .learningRate = real("learning_rate"),
                             .patience = count("patience"),
                             .seed = m_seed});
    m_network.reset();
    if (auto done = trainer.run(spec().name, job); !done)
        return done;
    m_network = std::move(network);
    return {};
}

Result<std::vector<double>> NextTemplate::score(const DetectorInput& input, const ScoreOptions& /*options*/,
                                                JobContext& job) const
{
    if (auto good = checkInput(input, -1, 0); !good)
        return fail(good.error());
    if (auto good = checkSequence(input); !good)
        return fail(good.error());
    const auto order = orderOf(*input.table);
    const auto units = classesOf(*input.table, order, m_templates);
    const neural::NextClassTask task(units.sequences, m_templates.size() + 1, count("history"));
    job.begin("scoring", task.samples() + order.units.size());
    const auto judged = task.judge(*m_network, job);
    if (!judged)
        return fail(judged.error());
    std::vector<double> scores(order.units.size(), 0.0);
    for (std::size_t i = 0; i < order.units.size(); ++i) {
        const auto records = input.table->templateSequence.of(order.units[i]).size();
        double sum = 0.0;
        for (std::size_t k = 0; k < records; ++k) {
            const auto& judgement = (*judged)[units.place[i] + k];
            sum += worth(static_cast<double>(judgement.surprise), judgement.rank);
        }
        scores[order.units[i]] = records > 0 ? sum / static_cast<double>(records) : 0.0;
    }
    (void)job.advance(scores.size());
    return scores;
}

std::vector<Contribution> NextTemplate::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!m_network || !checkInput(input, -1, 0) || !checkSequence(input))
        return {};
    // The sequence up to the unit's end: as far back as its stretches look.
    const auto& table = *input.table;
    auto order = orderOf(table);
    const auto at =
        static_cast<std::size_t>(std::find(order.units.begin(), order.units.end(), unit) - order.units.begin());
    auto first = at;
    while (order.continues[first])
        --first;
    const UnitOrder own{.units = {order.units.begin() + static_cast<std::ptrdiff_t>(first),
                                  order.units.begin() + static_cast<std::ptrdiff_t>(at) + 1},
                        .continues = {order.continues.begin() + static_cast<std::ptrdiff_t>(first),
                                      order.continues.begin() + static_cast<std::ptrdiff_t>(at) + 1}};
    const auto classes = classesOf(table, own, m_templates);
    const neural::NextClassTask task(classes.sequences, m_templates.size() + 1, count("history"));
    QuietJob job;
    const auto judged = task.judge(*m_network, job);
    std::vector<std::pair<std::uint32_t, double>> weights;
    const auto ids = table.templateSequence.of(unit);
    for (std::size_t k = 0; judged && k < ids.size(); ++k) {
        const auto& judgement = (*judged)[classes.place.back() + k];
        weights.emplace_back(ids[k], worth(static_cast<double>(judgement.surprise), judgement.rank));
    }
    std::sort(weights.begin(), weights.end());
    std::vector<std::pair<std::uint32_t, double>> ofTemplates;
    for (const auto& [id, weight] : weights)
        if (!ofTemplates.empty() && ofTemplates.back().first == id)
            ofTemplates.back().second += weight;
        else
            ofTemplates.emplace_back(id, weight);
    return templateShares(std::move(ofTemplates));
}

CostEstimate NextTemplate::cost(const WorkSize& work) const
{
    constexpr double recordsPerUnit = 20.0; // not known before the units are made
    const auto network = networkOf(count("vocabulary") + 1);
    const auto stretches = [&](std::size_t units) {
        return std::max(1.0, recordsPerUnit * static_cast<double>(units) / static_cast<double>(count("history")));
    };
    const double learned = std::min(stretches(work.trainingUnits), static_cast<double>(count("windows")));
    const double passes = 3.0 * learned * static_cast<double>(count("epochs")) + stretches(work.scoredUnits);
    const auto units = static_cast<double>(std::max(work.trainingUnits, work.scoredUnits));
    return {.seconds = secondsOf(passes * network.flops()),
            .bytes = trainingBytes(network) + units * (12.0 + 12.0 * recordsPerUnit)};
}

void NextTemplate::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.put(prefix + "/templates", m_templates);
    bundle.put(prefix + "/seed", std::vector<std::int64_t>{static_cast<std::int64_t>(m_seed)});
    m_network->save(bundle, prefix + "/network", m_network->parameters());
}

Result<void> NextTemplate::load(const TensorBundle& bundle, const std::string& prefix)
{
    auto templates = bundle.vector<std::uint32_t>(prefix + "/templates");
    const auto seed = bundle.vector<std::int64_t>(prefix + "/seed", 1);
    if (!templates || !seed)
        return fail(!templates ? templates.error() : seed.error());
    constexpr std::uint32_t mostTemplates = 1U << 28; // a table by id is made of them
    if (templates->empty() || templates->size() > count("vocabulary") ||
        std::any_of(templates->begin(), templates->end(), [=](auto id) { return id >= mostTemplates; }))
        return damagedModel(spec());
    auto network = networkOf(templates->size() + 1);
    if (auto done = network.loadParameters(bundle, prefix + "/network"); !done)
        return done;
    m_templates = std::move(*templates);
    m_seed = static_cast<std::uint64_t>((*seed)[0]);
    m_network = std::move(network);
    return {};
}

} // namespace faultline::detectors
