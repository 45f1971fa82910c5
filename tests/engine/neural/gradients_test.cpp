// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/autoencoders.h"
#include "engine/neural/convolution.h"
#include "engine/neural/feed_forward.h"
#include "engine/neural/recurrent.h"
#include <cmath>
#include <gtest/gtest.h>

namespace faultline::neural
{
namespace
{

constexpr std::size_t rows = 3;

/// A network's output as one number: the sum of its elements, each times a fixed random weight.
struct Probe {
    Network network;
    Workspace space;
    std::vector<double> weights;
    Pass pass{.rows = rows, .training = true, .dropoutSeed = 5};

    explicit Probe(Network made) : network(std::move(made)), space(network.workspace(true))
    {
        network.initialise(11);
        Random random(3);
        weights.resize(network.output().steps * rows * network.output().channels);
        for (auto& weight : weights)
            weight = random.normal();
        const auto input = network.input(space, rows);
        for (std::size_t r = 0; r < input.allRows(); ++r)
            for (std::size_t c = 0; c < input.channels; ++c)
                input.data[r * input.stride() + c] = static_cast<float>(random.normal());
    }
    template <class Each>
    void overOutput(const Signal& signal, Each&& each) const
    {
        for (std::size_t r = 0, i = 0; r < signal.allRows(); ++r)
            for (std::size_t c = 0; c < signal.channels; ++c, ++i)
                each(signal.data[r * signal.stride() + c], weights[i]);
    }
    double value()
    {
        network.pack();
        double sum = 0.0;
        overOutput(network.forward(pass, space),
                   [&](float made, double weight) { sum += weight * static_cast<double>(made); });
        return sum;
    }
    Floats gradient()
    {
        (void)value();
        Floats out(network.parameters().size());
        overOutput(network.outputGradient(space, rows),
                   [](float& to, double weight) { to = static_cast<float>(weight); });
        QuietJob job;
        EXPECT_TRUE(network.backward(pass, space, out, job));
        return out;
    }
};

/// Compares each gradient with the difference quotient, relative to the largest gradient.
void expectRightGradients(Network network)
{
    Probe probe(std::move(network));
    const auto gradient = probe.gradient();
    double largest = 0.0;
    for (const float g : gradient)
        largest = std::max(largest, std::abs(static_cast<double>(g)));
    ASSERT_GT(largest, 0.0);
    constexpr float step = 0.01F;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        auto& parameter = probe.network.parameters()[i];
        if (parameter == 0.0F)
            continue; // padding
        const float before = parameter;
        parameter = before + step;
        const double above = probe.value();
        parameter = before - step;
        const double below = probe.value();
        parameter = before;
        const double quotient = (above - below) / (2.0 * static_cast<double>(step));
        EXPECT_NEAR(quotient, static_cast<double>(gradient[i]), 5e-3 * largest) << i;
    }
}

/// The layer behind a dense one, so that the gradient of its input is checked too.
template <class L, class Make>
void expectRightLayer(Shape input, Make&& make)
{
    Network network(input);
    network.add(std::make_unique<Dense>(Dense::Options{input, input.channels}));
    network.add(std::make_unique<L>(make(input)));
    expectRightGradients(std::move(network));
}

TEST(Gradients, OfLstm)
{
    expectRightLayer<Lstm>({4, 3}, [](Shape in) { return Recurrent::Options{in, 5, 4}; });
}

TEST(Gradients, OfLstmFedTheSameAtEachStep)
{
    expectRightLayer<Lstm>({1, 3}, [](Shape in) { return Recurrent::Options{in, 5, 4}; });
}

TEST(Gradients, OfGru)
{
    expectRightLayer<Gru>({4, 3}, [](Shape in) { return Recurrent::Options{in, 5, 4}; });
}

TEST(Gradients, OfGruFedTheSameAtEachStep)
{
    expectRightLayer<Gru>({1, 3}, [](Shape in) { return Recurrent::Options{in, 5, 4}; });
}

TEST(Gradients, OfConvolution)
{
    expectRightLayer<Convolution>({6, 2}, [](Shape in) {
        return ConvolutionOptions{.input = in, .channels = 3, .kernel = 3, .stride = 2, .padding = 1};
    });
}

TEST(Gradients, OfTransposedConvolution)
{
    expectRightLayer<TransposedConvolution>({3, 2}, [](Shape in) {
        return ConvolutionOptions{
            .input = in, .channels = 3, .kernel = 3, .stride = 2, .padding = 1, .outputPadding = 1};
    });
}

TEST(Gradients, OfTanhSigmoidAndDropout)
{
    expectRightLayer<Activation>({2, 3}, [](Shape in) { return Activation(in, Squash::Tanh); });
    expectRightLayer<Activation>({2, 3}, [](Shape in) { return Activation(in, Squash::Sigmoid); });
    expectRightLayer<Dropout>({2, 3}, [](Shape in) { return Dropout::Options{in, 0.5, 0}; });
}

TEST(Gradients, OfWholeAutoencoders)
{
    const AutoencoderOptions options{.columns = 2, .sequence = 4, .width = 8, .dropout = 0.2};
    expectRightGradients(recurrentAutoencoder(Cell::Lstm, options));
    expectRightGradients(recurrentAutoencoder(Cell::Gru, options));
}

TEST(Layers, KeepPaddingZero)
{
    Probe probe(convolutionalAutoencoder({.columns = 5, .sequence = 10, .width = 24}));
    (void)probe.gradient();
    for (std::size_t s = 0; s < probe.space.signals.size(); ++s) {
        const Shape shape = s == 0 ? Shape{12, 5} : probe.network.layers()[s - 1]->output();
        const auto& data = probe.space.signals[s];
        for (std::size_t i = 0; i < data.size(); ++i)
            ASSERT_TRUE(i % strideOf(shape.channels) < shape.channels || data[i] == 0.0F) << s;
    }
}

} // namespace
} // namespace faultline::neural
