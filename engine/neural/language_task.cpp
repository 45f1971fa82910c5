// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/language_task.h"
#include "engine/neural/feed_forward.h"
#include "engine/neural/recurrent.h"
#include <algorithm>
#include <cmath>
#include <numeric>

namespace faultline::neural
{

namespace
{
/// log of the sum of e^logit; leaves e^(logit - largest) in `powers`, whose sum and the largest it also gives.
struct Softmax {
    float largest = 0.0F;
    double sum = 0.0;
};

Softmax softmaxOf(const float* logits, std::size_t classes, float* powers)
{
    Softmax out{.largest = *std::max_element(logits, logits + classes)};
    for (std::size_t k = 0; k < classes; ++k)
        powers[k] = logits[k] - out.largest;
    kernels().exponential(powers, powers, padded(classes));
    for (std::size_t k = 0; k < classes; ++k)
        out.sum += static_cast<double>(powers[k]);
    return out;
}
} // namespace

Network languageModel(const LanguageModelOptions& options)
{
    Network network({2 * options.history, 1});
    network.add(
        std::make_unique<Embedding>(Embedding::Options{2 * options.history, options.classes + 1, options.embedding}));
    network.add(std::make_unique<Lstm>(Recurrent::Options{network.output(), options.width, 2 * options.history}));
    network.add(std::make_unique<LastSteps>(LastSteps::Options{network.output(), options.history}));
    network.add(std::make_unique<Dense>(Dense::Options{network.output(), options.classes}));
    return network;
}

NextClassTask::NextClassTask(const ClassSequences& sequences, std::size_t classes, std::size_t history)
    : m_sequences(sequences), m_classes(classes), m_history(history)
{
    for (std::size_t s = 0; s + 1 < sequences.begin.size(); ++s) {
        const auto begin = sequences.begin[s], end = sequences.begin[s + 1];
        for (auto first = begin; first < end; first += static_cast<std::uint32_t>(history)) {
            m_first.push_back(first);
            m_begin.push_back(begin);
            m_end.push_back(end);
        }
    }
}

template <class Each>
void NextClassTask::overPlaces(std::span<const std::uint32_t> samples, Each&& each) const
{
    for (std::size_t r = 0; r < samples.size(); ++r) {
        const std::size_t first = m_first[samples[r]], end = m_end[samples[r]];
        for (std::size_t t = 0; t < m_history && first + t < end; ++t)
            each(r, t, first + t);
    }
}

void NextClassTask::gather(std::span<const std::uint32_t> samples, const Signal& input) const
{
    for (std::size_t r = 0; r < samples.size(); ++r) {
        const std::size_t begin = m_begin[samples[r]], end = m_end[samples[r]];
        for (std::size_t t = 0; t < input.steps; ++t) {
            // Step t sees the class before the place that it speaks of; the places begin `history` steps in.
            const auto place = m_first[samples[r]] + t;
            const bool inside = place >= begin + m_history + 1 && place - m_history - 1 < end;
            const auto kind = inside ? m_sequences.classes[place - m_history - 1] : m_classes;
            *input.at(t, r) = static_cast<float>(kind);
        }
    }
}

double NextClassTask::loss(std::span<const std::uint32_t> samples, const Signal& /*input*/, const Signal& output,
                           float scale, const Signal& gradient) const
{
    Floats powers(padded(m_classes));
    if (gradient.data != nullptr)
        std::fill_n(gradient.data, gradient.floats(), 0.0F);
    double sum = 0.0;
    overPlaces(samples, [&](std::size_t row, std::size_t step, std::size_t place) {
        const auto wanted = m_sequences.classes[place];
        const float* logits = output.at(step, row);
        const auto softmax = softmaxOf(logits, m_classes, powers.data());
        sum += std::log(softmax.sum) - static_cast<double>(logits[wanted] - softmax.largest);
        if (gradient.data == nullptr)
            return;
        float* to = gradient.at(step, row);
        const auto share = static_cast<float>(static_cast<double>(scale) / softmax.sum);
        for (std::size_t k = 0; k < m_classes; ++k)
            to[k] = share * powers[k];
        to[wanted] -= scale;
    });
    return sum;
}

Result<std::vector<NextClassTask::Judgement>> NextClassTask::judge(const Network& network, JobContext& job) const
{
    std::vector<Judgement> judgements(m_sequences.classes.size());
    std::vector<std::uint32_t> all(samples());
    std::iota(all.begin(), all.end(), 0U);
    const auto done = network.run(*this, all, job, [&](auto part, const Signal&, const Signal& output) {
        Floats powers(padded(m_classes));
        overPlaces(part, [&](std::size_t row, std::size_t step, std::size_t place) {
            const float* logits = output.at(step, row);
            const float came = logits[m_sequences.classes[place]];
            const auto softmax = softmaxOf(logits, m_classes, powers.data());
            const double nats = std::log(softmax.sum) - static_cast<double>(came - softmax.largest);
            judgements[place] = {.surprise = static_cast<float>(std::max(0.0, nats / std::log(2.0))),
                                 .rank = static_cast<std::uint32_t>(std::count_if(
                                     logits, logits + m_classes, [&](float logit) { return logit > came; }))};
        });
    });
    if (!done)
        return fail(done.error());
    return judgements;
}

} // namespace faultline::neural
