// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/autoencoders.h"
#include "engine/neural/convolution.h"
#include "engine/neural/feed_forward.h"
#include "engine/neural/recurrent.h"
#include <algorithm>

namespace faultline::neural
{

namespace
{
void addDropout(Network& network, double probability)
{
    if (probability > 0.0)
        network.add(
            std::make_unique<Dropout>(Dropout::Options{network.output(), probability, network.layers().size()}));
}

void addRecurrent(Network& network, Cell cell, const AutoencoderOptions& options)
{
    for (std::size_t layer = 0; layer < options.layers; ++layer) {
        const Recurrent::Options shape{network.output(), options.width, options.sequence};
        if (cell == Cell::Lstm)
            network.add(std::make_unique<Lstm>(shape));
        else
            network.add(std::make_unique<Gru>(shape));
        if (layer + 1 < options.layers)
            addDropout(network, options.dropout);
    }
}

void addRelu(Network& network)
{
    network.add(std::make_unique<Activation>(network.output(), Squash::Relu));
}
} // namespace

Network recurrentAutoencoder(Cell cell, const AutoencoderOptions& options)
{
    Network network({options.sequence, options.columns});
    addRecurrent(network, cell, options);
    network.add(std::make_unique<LastSteps>(LastSteps::Options{network.output(), 1}));
    addRecurrent(network, cell, options);
    network.add(std::make_unique<Dense>(Dense::Options{network.output(), options.columns}));
    return network;
}

Network convolutionalAutoencoder(const AutoencoderOptions& options)
{
    Network network({convolutionSteps(options.sequence), options.columns});
    const auto outer = options.width / 2, inner = options.width / 4;
    const auto down = [&](std::size_t channels) {
        network.add(std::make_unique<Convolution>(ConvolutionOptions{
            .input = network.output(), .channels = channels, .kernel = 7, .stride = 2, .padding = 3}));
        addRelu(network);
    };
    const auto up = [&](std::size_t channels) {
        network.add(std::make_unique<TransposedConvolution>(ConvolutionOptions{.input = network.output(),
                                                                               .channels = channels,
                                                                               .kernel = 7,
                                                                               .stride = 2,
                                                                               .padding = 3,
                                                                               .outputPadding = 1}));
        addRelu(network);
    };
    down(outer);
    addDropout(network, options.dropout);
    down(inner);
    up(inner);
    addDropout(network, options.dropout);
    up(outer);
    network.add(std::make_unique<TransposedConvolution>(
        ConvolutionOptions{.input = network.output(), .channels = options.columns, .kernel = 7, .padding = 3}));
    return network;
}

void ReconstructionTask::gather(std::span<const std::uint32_t> samples, const Signal& input) const
{
    for (std::size_t r = 0; r < samples.size(); ++r) {
        const std::size_t end = samples[r], first = m_table.first[end];
        for (std::size_t t = 0; t < m_sequence; ++t) {
            const auto back = m_sequence - 1 - t;
            std::copy_n(m_table.row(end - std::min(back, end - first)), m_table.columns, input.at(t, r));
        }
        for (auto t = m_sequence; t < input.steps; ++t)
            std::fill_n(input.at(t, r), m_table.columns, 0.0F);
    }
}

double ReconstructionTask::termsPerSample() const
{
    return static_cast<double>(m_sequence * m_table.columns);
}

double ReconstructionTask::loss(std::span<const std::uint32_t> samples, const Signal& input, const Signal& output,
                                float scale, const Signal& gradient) const
{
    double sum = 0.0;
    for (std::size_t t = 0; t < output.steps; ++t)
        for (std::size_t r = 0; r < samples.size(); ++r) {
            const float *wanted = input.at(t, r), *made = output.at(t, r);
            const bool counts = t < m_sequence;
            float ofRow = 0.0F;
            for (std::size_t c = 0; c < output.channels; ++c) {
                const float off = counts ? made[c] - wanted[c] : 0.0F;
                ofRow += off * off;
                if (gradient.data != nullptr)
                    gradient.at(t, r)[c] = 2.0F * scale * off;
            }
            sum += static_cast<double>(ofRow);
        }
    return sum;
}

} // namespace faultline::neural
