// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/feed_forward.h"
#include <algorithm>
#include <cmath>
#include <limits>

namespace faultline::neural
{

std::vector<TensorLayout> Dense::tensors() const
{
    const auto inputs = m_options.input.channels, outputs = m_options.channels;
    const double spread = 1.0 / std::sqrt(static_cast<double>(inputs));
    return {{"weights", {outputs, inputs}, {strideOf(inputs), 1}, 0, spread}, {"bias", {outputs}, {1}, bias(), spread}};
}

std::size_t Dense::packedFloats() const
{
    return m_options.input.channels * strideOf(m_options.channels);
}

void Dense::pack(const float* parameters, float* packed) const
{
    transpose(parameters, strideOf(m_options.input.channels), packed, strideOf(m_options.channels), m_options.channels,
              m_options.input.channels);
}

double Dense::flops() const
{
    return 2.0 * static_cast<double>(m_options.input.steps * m_options.input.channels * m_options.channels);
}

void Dense::forward(const Pass& /*pass*/, const LayerFrame& frame) const
{
    fillRows(frame.output, frame.parameters + bias());
    kernels().multiply({.rows = frame.input.allRows(),
                        .columns = padded(m_options.channels),
                        .depth = m_options.input.channels,
                        .a = frame.input.data,
                        .aRow = frame.input.stride(),
                        .b = frame.packed,
                        .bRow = frame.output.stride(),
                        .c = frame.output.data,
                        .cRow = frame.output.stride(),
                        .accumulate = true});
}

void Dense::backward(const Pass& /*pass*/, const LayerFrame& frame, const LayerGradients& gradients) const
{
    const auto &input = frame.input, &given = gradients.output;
    kernels().multiply({.rows = m_options.channels,
                        .columns = padded(input.channels),
                        .depth = input.allRows(),
                        .a = given.data,
                        .aRow = 1,
                        .aStep = given.stride(),
                        .b = input.data,
                        .bRow = input.stride(),
                        .c = gradients.parameters,
                        .cRow = input.stride(),
                        .accumulate = true});
    kernels().sumRows(given.data, given.allRows(), given.stride(), gradients.parameters + bias(),
                      padded(m_options.channels));
    if (gradients.input.data != nullptr)
        kernels().multiply({.rows = input.allRows(),
                            .columns = padded(input.channels),
                            .depth = m_options.channels,
                            .a = given.data,
                            .aRow = given.stride(),
                            .b = frame.parameters,
                            .bRow = input.stride(),
                            .c = gradients.input.data,
                            .cRow = input.stride()});
}

std::vector<TensorLayout> Embedding::tensors() const
{
    return {{"table",
             {m_options.classes, m_options.channels},
             {strideOf(m_options.channels), 1},
             0,
             std::numeric_limits<double>::quiet_NaN()}};
}

std::size_t Embedding::parameterFloats() const
{
    return m_options.classes * strideOf(m_options.channels);
}

void Embedding::forward(const Pass& /*pass*/, const LayerFrame& frame) const
{
    const auto row = frame.output.stride();
    for (std::size_t r = 0; r < frame.input.allRows(); ++r) {
        const auto kind = static_cast<std::size_t>(frame.input.data[r * frame.input.stride()]);
        std::copy_n(frame.parameters + kind * row, row, frame.output.data + r * row);
    }
}

void Embedding::backward(const Pass& /*pass*/, const LayerFrame& frame, const LayerGradients& gradients) const
{
    const auto row = frame.output.stride();
    for (std::size_t r = 0; r < frame.input.allRows(); ++r) {
        const auto kind = static_cast<std::size_t>(frame.input.data[r * frame.input.stride()]);
        kernels().sumRows(gradients.output.data + r * row, 1, row, gradients.parameters + kind * row, row);
    }
}

void Activation::forward(const Pass& /*pass*/, const LayerFrame& frame) const
{
    kernels().squash(m_kind, frame.input.data, frame.output.data, frame.output.floats());
    if (m_kind != Squash::Sigmoid)
        return;
    const auto row = frame.output.stride(); // half of what is padding; it must stay zero
    for (std::size_t r = 0; r < frame.output.allRows(); ++r)
        std::fill(frame.output.data + r * row + m_input.channels, frame.output.data + (r + 1) * row, 0.0F);
}

void Activation::backward(const Pass& /*pass*/, const LayerFrame& frame, const LayerGradients& gradients) const
{
    if (gradients.input.data == nullptr)
        return;
    std::copy_n(gradients.output.data, frame.output.floats(), gradients.input.data);
    kernels().squashBackward(m_kind, frame.output.data, gradients.input.data, frame.output.floats());
}

bool Dropout::passesThrough(const Pass& pass) const
{
    return !pass.training || m_options.probability == 0.0;
}

void Dropout::mask(const Pass& pass, const Signal& from, const Signal& to) const
{
    constexpr double range = 4294967296.0;
    const auto key = deriveSeed(pass.dropoutSeed, "dropout", m_options.place);
    const DropoutMask mask{.key = static_cast<std::uint32_t>(key),
                           .threshold = static_cast<std::uint32_t>(m_options.probability * range),
                           .scale = static_cast<float>(1.0 / (1.0 - m_options.probability))};
    constexpr std::size_t mostRows = 65'536; // of a batch
    for (std::size_t t = 0; t < from.steps; ++t)
        kernels().dropout(mask, (t * mostRows + pass.firstRow) * from.stride(), from.at(t), to.at(t),
                          from.rows * from.stride());
}

void Dropout::forward(const Pass& pass, const LayerFrame& frame) const
{
    if (passesThrough(pass))
        std::copy_n(frame.input.data, frame.input.floats(), frame.output.data);
    else
        mask(pass, frame.input, frame.output);
}

void Dropout::backward(const Pass& pass, const LayerFrame& /*frame*/, const LayerGradients& gradients) const
{
    if (gradients.input.data != nullptr && passesThrough(pass))
        std::copy_n(gradients.output.data, gradients.output.floats(), gradients.input.data);
    else if (gradients.input.data != nullptr)
        mask(pass, gradients.output, gradients.input);
}

void LastSteps::forward(const Pass& /*pass*/, const LayerFrame& frame) const
{
    std::copy_n(frame.input.at(m_options.input.steps - m_options.steps), frame.output.floats(), frame.output.data);
}

void LastSteps::backward(const Pass& /*pass*/, const LayerFrame& frame, const LayerGradients& gradients) const
{
    if (gradients.input.data == nullptr)
        return;
    std::fill_n(gradients.input.data, frame.input.floats() - frame.output.floats(), 0.0F);
    std::copy_n(gradients.output.data, frame.output.floats(),
                gradients.input.at(m_options.input.steps - m_options.steps));
}

} // namespace faultline::neural
