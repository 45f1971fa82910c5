// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"
#include "engine/neural/network.h"
#include <optional>

namespace faultline::detectors
{

/// Learns which template comes next and scores a unit by how little it expected the unit's records (Du et al. 2017,
/// DeepLog, in the form of a language model): an embedding of 32, one LSTM, a softmax over the most frequent templates
/// and one class for all others. The sequence is a session's own, or, for windows, the entity's records across its
/// windows.
///
/// Score: `surprise`: mean of -log2 p of the unit's records, in bits; `misses`: the share of records that are not among
/// the `top` most probable, as in the paper. Units without records score 0. Each record is judged by `history` to
/// 2 x history - 1 records before it (fewer only at the beginning of a sequence), so a score needs nothing later.
///
/// Needs FeatureTable::templateSequence and 2 x history records. Training: at most `windows` stretches of `history`
/// records, evenly spread, the last tenth held back to stop early. Deterministic for the seed, whatever the number of
/// threads. Time: two LSTM steps a record to score, six times epochs to fit. Memory: 4 bytes a record.
class NextTemplate final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    NextTemplate(Parameters parameters, std::uint64_t seed)
        : ConfiguredDetector(describe(), std::move(parameters)), m_seed(seed)
    {
    }
    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    [[nodiscard]] neural::Network networkOf(std::size_t classes) const;
    void learnClasses(const features::TemplateSequence& sequence);
    [[nodiscard]] double worth(double surprise, std::size_t rank) const;

    std::uint64_t m_seed;
    std::vector<std::uint32_t> m_templates; ///< of classes 0, 1, ...; one more class stands for all others
    std::optional<neural::Network> m_network;
};

} // namespace faultline::detectors
