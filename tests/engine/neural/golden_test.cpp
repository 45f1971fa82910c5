// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// PyTorch's numbers, made by tests/golden/neural/make_neural.py.
#include "engine/neural/autoencoders.h"
#include "engine/neural/convolution.h"
#include "engine/neural/feed_forward.h"
#include "engine/neural/recurrent.h"
#include "engine/neural/trainer.h"
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <numeric>

namespace faultline::neural
{
namespace
{
using Json = nlohmann::json;
constexpr float tolerance = 1e-5F;

Json caseOf(const char* list, const std::string& name)
{
    std::ifstream file(FAULTLINE_SOURCE_DIR "/tests/golden/neural/neural.json");
    const auto golden = Json::parse(file);
    for (const auto& each : golden.at(list))
        if (each.at("name") == name)
            return each;
    ADD_FAILURE() << "no case " << name;
    return {};
}

/// The names of the network's tensors in a bundle, in PyTorch's order.
std::vector<std::string> tensorNames(const Network& network)
{
    std::vector<std::string> names;
    for (std::size_t l = 0; l < network.layers().size(); ++l)
        for (const auto& tensor : network.layers()[l]->tensors())
            names.push_back("p/" + std::to_string(l) + "/" + tensor.name);
    return names;
}

void takeParameters(Network& network, const Json& tensors)
{
    TensorBundle bundle;
    const auto names = tensorNames(network);
    ASSERT_EQ(names.size(), tensors.size());
    for (std::size_t i = 0; i < names.size(); ++i)
        bundle.put(names[i], tensors[i].get<std::vector<float>>());
    ASSERT_TRUE(network.load(bundle, "p", network.parameters()));
    network.pack();
}

void expectParameters(const Network& network, const Json& tensors)
{
    TensorBundle bundle;
    network.save(bundle, "p", network.parameters());
    const auto names = tensorNames(network);
    for (std::size_t n = 0; n < names.size(); ++n) {
        const auto made = *bundle.vector<float>(names[n]);
        const auto wanted = tensors[n].get<std::vector<float>>();
        ASSERT_EQ(made.size(), wanted.size());
        for (std::size_t i = 0; i < made.size(); ++i)
            EXPECT_NEAR(made[i], wanted[i], tolerance) << names[n] << ' ' << i;
    }
}

template <class Make>
void expectLayer(const std::string& name, Make&& make)
{
    const auto stored = caseOf("layers", name);
    const Shape shape{stored.at("steps").get<std::size_t>(), stored.at("channels").get<std::size_t>()};
    Network network(shape);
    network.add(make(shape, stored.at("width").get<std::size_t>()));
    takeParameters(network, stored.at("parameters"));
    auto space = network.workspace(false);
    const auto input = network.input(space, stored.at("rows").get<std::size_t>());
    const auto values = stored.at("input").get<std::vector<float>>();
    for (std::size_t i = 0; i < values.size(); ++i)
        input.data[i / shape.channels * input.stride() + i % shape.channels] = values[i];
    const auto output = network.forward({.rows = input.rows}, space);
    const auto wanted = stored.at("output").get<std::vector<float>>();
    ASSERT_EQ(wanted.size(), output.allRows() * output.channels);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        EXPECT_NEAR(output.data[i / output.channels * output.stride() + i % output.channels], wanted[i], tolerance)
            << i;
}

TEST(PyTorch, LstmPutsOutTheSame)
{
    expectLayer("lstm", [](Shape in, std::size_t width) {
        return std::make_unique<Lstm>(Recurrent::Options{in, width, in.steps});
    });
}

TEST(PyTorch, GruPutsOutTheSame)
{
    expectLayer("gru", [](Shape in, std::size_t width) {
        return std::make_unique<Gru>(Recurrent::Options{in, width, in.steps});
    });
}

TEST(PyTorch, DensePutsOutTheSame)
{
    expectLayer("dense", [](Shape in, std::size_t width) {
        return std::make_unique<Dense>(Dense::Options{in, width});
    });
}

TEST(PyTorch, ConvolutionPutsOutTheSame)
{
    expectLayer("convolution", [](Shape in, std::size_t width) {
        return std::make_unique<Convolution>(
            ConvolutionOptions{.input = in, .channels = width, .kernel = 3, .stride = 2, .padding = 1});
    });
}

TEST(PyTorch, TransposedConvolutionPutsOutTheSame)
{
    expectLayer("transposed_convolution", [](Shape in, std::size_t width) {
        return std::make_unique<TransposedConvolution>(ConvolutionOptions{
            .input = in, .channels = width, .kernel = 3, .stride = 2, .padding = 1, .outputPadding = 1});
    });
}

void expectTraining(const std::string& name, Network (*make)(const AutoencoderOptions&))
{
    const auto stored = caseOf("training", name);
    const auto columns = stored.at("columns").get<std::size_t>(), sequence = stored.at("sequence").get<std::size_t>();
    auto network = make(
        {.columns = columns, .sequence = sequence, .width = stored.at("width").get<std::size_t>(), .dropout = 0.0});
    takeParameters(network, stored.at("parameters"));
    const auto values = stored.at("table").get<std::vector<float>>();
    SeriesTable table{.values = Floats(values.size() / columns * strideOf(columns)), .columns = columns};
    table.first.resize(values.size() / columns);
    for (std::size_t i = 0; i < values.size(); ++i)
        table.values[i / columns * strideOf(columns) + i % columns] = values[i];
    const ReconstructionTask task(table, sequence);
    std::vector<std::uint32_t> windows(table.rows() - sequence + 1);
    std::iota(windows.begin(), windows.end(), static_cast<std::uint32_t>(sequence - 1));
    Trainer trainer(network, task, windows, {}, {.learningRate = 0.01, .largestNorm = 0.05});
    QuietJob job;
    for (const auto& wanted : stored.at("losses")) {
        const auto loss = trainer.step(windows, job);
        ASSERT_TRUE(loss);
        EXPECT_NEAR(*loss, wanted.get<double>(), 1e-5);
    }
    expectParameters(network, stored.at("after"));
}

TEST(PyTorch, TwoStepsTrainAnLstmAutoencoderAlike)
{
    expectTraining("lstm", [](const AutoencoderOptions& o) { return recurrentAutoencoder(Cell::Lstm, o); });
}

TEST(PyTorch, TwoStepsTrainAGruAutoencoderAlike)
{
    expectTraining("gru", [](const AutoencoderOptions& o) { return recurrentAutoencoder(Cell::Gru, o); });
}

TEST(PyTorch, TwoStepsTrainAConvolutionalAutoencoderAlike)
{
    expectTraining("cnn", convolutionalAutoencoder);
}

} // namespace
} // namespace faultline::neural
