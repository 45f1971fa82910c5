// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/network.h"
#include <algorithm>
#include <cmath>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace faultline::neural
{

namespace
{
/// Calls each(offset among the layer's parameters) for the elements of a tensor in PyTorch's order.
template <class Each>
void overElements(const TensorLayout& tensor, Each&& each)
{
    std::vector<std::size_t> index(tensor.shape.size(), 0);
    std::size_t count = 1;
    for (const auto extent : tensor.shape)
        count *= extent;
    for (std::size_t i = 0; i < count; ++i) {
        auto at = tensor.offset;
        for (std::size_t d = 0; d < index.size(); ++d)
            at += index[d] * tensor.strides[d];
        each(at);
        for (auto d = index.size(); d-- > 0 && ++index[d] == tensor.shape[d];)
            index[d] = 0;
    }
}

std::string nameOf(const std::string& prefix, std::size_t layer, const TensorLayout& tensor)
{
    return prefix + "/" + std::to_string(layer) + "/" + tensor.name;
}
} // namespace

bool withinBounds(const Floats& parameters)
{
    return std::all_of(parameters.begin(), parameters.end(), [](float v) { return std::abs(v) <= largestParameter; });
}

Result<void> Network::loadParameters(const TensorBundle& bundle, const std::string& prefix)
{
    Floats values;
    if (auto done = load(bundle, prefix, values); !done)
        return done;
    if (!withinBounds(values))
        return fail({ErrorCode::Parse, "a network holds values out of range: " + prefix, {}, "the file is damaged"});
    m_parameters = std::move(values);
    pack();
    return {};
}

void Network::add(std::unique_ptr<Layer> layer)
{
    m_places.push_back({m_parameters.size(), m_packed.size()});
    m_parameters.resize(m_parameters.size() + padded(layer->parameterFloats()));
    m_packed.resize(m_packed.size() + padded(layer->packedFloats()));
    m_shapes.push_back(layer->output());
    m_layers.push_back(std::move(layer));
}

void Network::initialise(std::uint64_t seed)
{
    std::fill(m_parameters.begin(), m_parameters.end(), 0.0F);
    for (std::size_t l = 0; l < m_layers.size(); ++l)
        for (const auto& tensor : m_layers[l]->tensors()) {
            Random random(deriveSeed(seed, tensor.name, l));
            overElements(tensor, [&](std::size_t at) {
                const double value =
                    std::isnan(tensor.spread) ? random.normal() : tensor.spread * (2.0 * random.uniform() - 1.0);
                m_parameters[m_places[l].parameters + at] = static_cast<float>(value);
            });
        }
    pack();
}

void Network::pack()
{
    tbb::parallel_for(std::size_t{0}, m_layers.size(), [&](std::size_t l) {
        m_layers[l]->pack(m_parameters.data() + m_places[l].parameters, m_packed.data() + m_places[l].packed);
    });
}

std::size_t Network::parameterCount() const
{
    std::size_t count = 0;
    for (const auto& layer : m_layers)
        for (const auto& tensor : layer->tensors()) {
            std::size_t elements = 1;
            for (const auto extent : tensor.shape)
                elements *= extent;
            count += elements;
        }
    return count;
}

double Network::flops() const
{
    double sum = 0.0;
    for (const auto& layer : m_layers)
        sum += layer->flops();
    return sum;
}

Workspace Network::workspace(bool withGradients) const
{
    Workspace made;
    for (const auto& shape : m_shapes) {
        const auto floats = shape.steps * chunkRows * strideOf(shape.channels);
        made.signals.emplace_back(floats);
        made.gradients.emplace_back(withGradients ? floats : 0);
    }
    for (const auto& layer : m_layers)
        made.scratch.emplace_back(layer->scratchFloats());
    return made;
}

Signal Network::signalOf(Floats& data, std::size_t place, std::size_t rows) const
{
    return {data.data(), m_shapes[place].steps, rows, m_shapes[place].channels};
}

Signal Network::input(Workspace& workspace, std::size_t rows) const
{
    return signalOf(workspace.signals.front(), 0, rows);
}

Signal Network::outputGradient(Workspace& workspace, std::size_t rows) const
{
    return signalOf(workspace.gradients.back(), m_layers.size(), rows);
}

LayerFrame Network::frameOf(const Pass& pass, Workspace& workspace, std::size_t layer) const
{
    auto from = layer;
    while (from > 0 && m_layers[from - 1]->passesThrough(pass))
        --from;
    return {.parameters = m_parameters.data() + m_places[layer].parameters,
            .packed = m_packed.data() + m_places[layer].packed,
            .scratch = workspace.scratch[layer].data(),
            .input = signalOf(workspace.signals[from], from, pass.rows),
            .output = signalOf(workspace.signals[layer + 1], layer + 1, pass.rows)};
}

Signal Network::forward(const Pass& pass, Workspace& workspace) const
{
    for (std::size_t l = 0; l < m_layers.size(); ++l)
        if (!m_layers[l]->passesThrough(pass) || l + 1 == m_layers.size())
            m_layers[l]->forward(pass, frameOf(pass, workspace, l));
    return signalOf(workspace.signals.back(), m_layers.size(), pass.rows);
}

bool Network::backward(const Pass& pass, Workspace& workspace, std::span<float> gradient, const JobContext& job) const
{
    for (auto l = m_layers.size(); l-- > 0;) {
        if (job.stopRequested())
            return false;
        auto input = signalOf(workspace.gradients[l], l, pass.rows);
        if (l == 0)
            input.data = nullptr;
        m_layers[l]->backward(pass, frameOf(pass, workspace, l),
                              {.output = signalOf(workspace.gradients[l + 1], l + 1, pass.rows),
                               .input = input,
                               .parameters = gradient.data() + m_places[l].parameters});
    }
    return true;
}

Result<void> Network::run(const Task& task, std::span<const std::uint32_t> samples, JobContext& job,
                          const Take& take) const
{
    tbb::enumerable_thread_specific<Workspace> spaces([&] { return workspace(false); });
    tbb::parallel_for(std::size_t{0}, (samples.size() + chunkRows - 1) / chunkRows, [&](std::size_t chunk) {
        if (job.stopRequested())
            return;
        auto& space = spaces.local();
        const auto part = samples.subspan(chunk * chunkRows, std::min(chunkRows, samples.size() - chunk * chunkRows));
        const auto in = input(space, part.size());
        task.gather(part, in);
        take(part, in, forward({.rows = part.size()}, space));
        (void)job.advance(part.size());
    });
    if (job.stopRequested())
        return cancelled();
    return {};
}

void Network::save(TensorBundle& bundle, const std::string& prefix, const Floats& values) const
{
    for (std::size_t l = 0; l < m_layers.size(); ++l)
        for (const auto& tensor : m_layers[l]->tensors()) {
            std::vector<float> plain;
            overElements(tensor, [&](std::size_t at) { plain.push_back(values[m_places[l].parameters + at]); });
            bundle.put(nameOf(prefix, l, tensor), plain, {tensor.shape.begin(), tensor.shape.end()});
        }
}

Result<void> Network::load(const TensorBundle& bundle, const std::string& prefix, Floats& values) const
{
    values.assign(m_parameters.size(), 0.0F);
    for (std::size_t l = 0; l < m_layers.size(); ++l)
        for (const auto& tensor : m_layers[l]->tensors()) {
            std::size_t count = 1;
            for (const auto extent : tensor.shape)
                count *= extent;
            const auto plain = bundle.vector<float>(nameOf(prefix, l, tensor), count);
            if (!plain)
                return fail(plain.error());
            if (!std::all_of(plain->begin(), plain->end(), [](float v) { return std::isfinite(v); }))
                return fail({ErrorCode::Parse,
                             "a network holds values that are not finite: " + nameOf(prefix, l, tensor),
                             {},
                             "the file is damaged"});
            auto next = plain->begin();
            overElements(tensor, [&](std::size_t at) { values[m_places[l].parameters + at] = *next++; });
        }
    return {};
}

} // namespace faultline::neural
