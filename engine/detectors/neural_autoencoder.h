// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"
#include "engine/neural/autoencoders.h"
#include "engine/neural/trainer.h"
#include <optional>

namespace faultline::detectors
{

/// Learns to rebuild windows of `sequence` successive units of one entity through a narrow network, and scores a unit
/// by how badly its own values are rebuilt: the mean squared error over its columns at the last step of the window that
/// ends at it. So a score needs nothing that comes later (a mean over all windows that hold the unit would), does not
/// smear over the units that follow, and names the unit's own columns. Where an entity's units begin later than a
/// window, its first unit stands for those before.
///
/// Input: standardised columns but for those of phase, clipped to +-10 (beyond, how far off makes no difference).
/// Output: >= 0, squared standard deviations. Units of one entity must stand in time order.
///
/// Training: at most `windows` windows, evenly spread, the last tenth of them in time held back to stop early
/// (engine/neural/trainer.h). Deterministic for the seed, which is saved, whatever the number of threads; processors of
/// another level (AVX-512, AVX2, neither) differ in the last bits. Needs 2 x sequence units.
/// Time: epochs x windows x 3 network passes to fit, one pass a unit to score. Memory: 4 bytes a cell, and about 30
/// copies of the weights.
class NeuralAutoencoder : public ConfiguredDetector
{
public:
    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) final;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const final;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const final;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const final;
    void save(TensorBundle& bundle, const std::string& prefix) const final;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) final;

protected:
    NeuralAutoencoder(const DetectorSpec& spec, Parameters parameters, std::uint64_t seed)
        : ConfiguredDetector(spec, std::move(parameters)), m_seed(seed)
    {
    }

private:
    /// Built of the detector's parameters alone, untrained.
    [[nodiscard]] virtual neural::Network networkFor(const neural::AutoencoderOptions& options) const = 0;
    [[nodiscard]] neural::Network networkOf(std::size_t columns) const;

    std::uint64_t m_seed;
    std::size_t m_tableColumns = 0;
    std::vector<std::int32_t> m_columns; ///< of the table, that the network sees
    std::optional<neural::Network> m_network;
};

/// Two LSTM layers to and fro (Malhotra et al., 2016, LSTM-based encoder-decoder for multi-sensor anomaly detection).
/// Unlike the paper the decoder rebuilds in forward order from the repeated last state, as the common Keras form does.
class LstmAutoencoder final : public NeuralAutoencoder
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    LstmAutoencoder(Parameters parameters, std::uint64_t seed)
        : NeuralAutoencoder(describe(), std::move(parameters), seed)
    {
    }

private:
    [[nodiscard]] neural::Network networkFor(const neural::AutoencoderOptions& options) const override;
};

/// The same of gated recurrent units (Cho et al., 2014): a quarter less to compute.
class GruAutoencoder final : public NeuralAutoencoder
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    GruAutoencoder(Parameters parameters, std::uint64_t seed)
        : NeuralAutoencoder(describe(), std::move(parameters), seed)
    {
    }

private:
    [[nodiscard]] neural::Network networkFor(const neural::AutoencoderOptions& options) const override;
};

/// Convolutions that halve the window twice and back (the Keras example "Timeseries anomaly detection using an
/// autoencoder", P. Vijay, 2020): the fastest of the three.
class CnnAutoencoder final : public NeuralAutoencoder
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    CnnAutoencoder(Parameters parameters, std::uint64_t seed)
        : NeuralAutoencoder(describe(), std::move(parameters), seed)
    {
    }

private:
    [[nodiscard]] neural::Network networkFor(const neural::AutoencoderOptions& options) const override;
};

} // namespace faultline::detectors
