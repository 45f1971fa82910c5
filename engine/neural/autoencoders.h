// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/neural/network.h"

namespace faultline::neural
{

struct AutoencoderOptions {
    std::size_t columns = 1;
    std::size_t sequence = 10; ///< steps
    std::size_t width = 64;    ///< cells of each layer; filters of the outermost convolution are width / 2
    std::size_t layers = 2;    ///< of encoder and of decoder
    double dropout = 0.2;
};
enum class Cell : std::uint8_t { Lstm, Gru };

/// Encoder: `layers` recurrent layers of `width` cells, dropout between them; its last output, repeated at every step,
/// goes into a decoder of the same form; a dense layer makes `columns` of each step. (Malhotra et al. 2016 in the form
/// of the Keras examples; with the defaults: 2 x 64, sequence 10, dropout 0.2.)
[[nodiscard]] Network recurrentAutoencoder(Cell cell, const AutoencoderOptions& options);

/// The convolutional autoencoder for time series of the Keras examples: convolutions of 32 and 16 filters, transposed
/// ones of 16 and 32, all 7 wide, stride 2 and ReLU, dropout after the outer ones, and a transposed convolution of
/// stride 1 that makes `columns`. Steps are convolutionSteps(sequence); what is beyond the sequence is zero and counts
/// in no loss.
[[nodiscard]] Network convolutionalAutoencoder(const AutoencoderOptions& options);
[[nodiscard]] constexpr std::size_t convolutionSteps(std::size_t sequence)
{
    return (sequence + 3) / 4 * 4; // halved twice
}

/// Rows of a table, series after series, each in time order.
struct SeriesTable {
    Floats values; ///< rows strideOf(columns) apart
    std::size_t columns = 0;
    std::vector<std::uint32_t> first; ///< per row: where its series begins

    [[nodiscard]] std::size_t rows() const { return first.size(); }
    [[nodiscard]] const float* row(std::size_t index) const { return values.data() + index * strideOf(columns); }
};

/// Reconstruction of windows by their mean squared error. Sample i is the window of `sequence` rows that ends at row i;
/// where its series begins later, its first row stands for those before.
class ReconstructionTask final : public Task
{
public:
    /// The table outlives the task.
    ReconstructionTask(const SeriesTable& table, std::size_t sequence) : m_table(table), m_sequence(sequence) {}
    void gather(std::span<const std::uint32_t> samples, const Signal& input) const override;
    [[nodiscard]] double termsPerSample() const override;
    double loss(std::span<const std::uint32_t> samples, const Signal& input, const Signal& output, float scale,
                const Signal& gradient) const override;

private:
    const SeriesTable& m_table;
    std::size_t m_sequence;
};

} // namespace faultline::neural
