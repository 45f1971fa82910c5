// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/neural/network.h"

namespace faultline::neural
{

struct LanguageModelOptions {
    std::size_t classes = 1; ///< that can come next
    std::size_t history = 10;
    std::size_t width = 64, embedding = 32;
};
/// Embedding, LSTM, and a dense layer that gives each class a logit, at each of the last `history` steps of twice as
/// many.
[[nodiscard]] Network languageModel(const LanguageModelOptions& options);

/// Sequences of classes one after the other: sequence s is classes[begin[s] .. begin[s + 1]).
struct ClassSequences {
    std::vector<std::uint32_t> begin{0}, classes;
};

/// What comes next in sequences of classes, by cross-entropy. A sample is a stretch of `history` places of one
/// sequence; each is judged by at least `history` places before it, or all there are: before a sequence begins stands a
/// class of its own.
class NextClassTask final : public Task
{
public:
    /// The sequences outlive the task; their classes are below `classes`.
    NextClassTask(const ClassSequences& sequences, std::size_t classes, std::size_t history);
    [[nodiscard]] std::size_t samples() const { return m_first.size(); }
    void gather(std::span<const std::uint32_t> samples, const Signal& input) const override;
    [[nodiscard]] double termsPerSample() const override { return static_cast<double>(m_history); }
    double loss(std::span<const std::uint32_t> samples, const Signal& input, const Signal& output, float scale,
                const Signal& gradient) const override;

    struct Judgement {
        float surprise = 0.0F;  ///< -log2 p of what came
        std::uint32_t rank = 0; ///< how many classes were more probable
    };
    /// For each place of all sequences; Cancelled when the job was stopped.
    [[nodiscard]] Result<std::vector<Judgement>> judge(const Network& network, JobContext& job) const;

private:
    /// Calls each(row, step, place) for the places that the samples hold.
    template <class Each>
    void overPlaces(std::span<const std::uint32_t> samples, Each&& each) const;

    const ClassSequences& m_sequences;
    std::size_t m_classes, m_history;
    std::vector<std::uint32_t> m_first, m_begin, m_end; ///< per sample: its first place; its sequence's ends
};

} // namespace faultline::neural
