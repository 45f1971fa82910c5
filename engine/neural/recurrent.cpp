// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/recurrent.h"
#include <algorithm>
#include <cmath>

namespace faultline::neural
{

std::vector<TensorLayout> Recurrent::tensors() const
{
    const auto& [input, cells, steps] = m_options;
    const double spread = 1.0 / std::sqrt(static_cast<double>(cells));
    const auto weights = [&](const char* name, std::size_t columns, std::size_t row, std::size_t offset) {
        return TensorLayout{name, {m_gates, cells, columns}, {width() * row, row, 1}, offset, spread};
    };
    const auto bias = [&](const char* name, std::size_t offset) {
        return TensorLayout{name, {m_gates, cells}, {width(), 1}, offset, spread};
    };
    return {weights("input_weights", input.channels, inputRow(), 0),
            weights("recurrent_weights", cells, stateRow(), recurrentWeights()), bias("input_bias", inputBias()),
            bias("recurrent_bias", recurrentBias())};
}

std::size_t Recurrent::packedFloats() const
{
    return packedBias() + gateWidth();
}

void Recurrent::pack(const float* parameters, float* packed) const
{
    transpose(parameters, inputRow(), packed, gateRow(), gateWidth(), m_options.input.channels);
    transpose(parameters + recurrentWeights(), stateRow(), packed + packedRecurrent(), gateRow(), gateWidth(),
              m_options.width);
    for (std::size_t j = 0; j < gateWidth(); ++j)
        packed[packedBias() + j] = parameters[inputBias() + j] + parameters[recurrentBias() + j];
}

double Recurrent::flops() const
{
    const auto gates = static_cast<double>(m_gates * m_options.width);
    const auto inputs = static_cast<double>(m_options.input.steps * m_options.input.channels);
    const auto states = static_cast<double>((steps() - 1) * m_options.width);
    return 2.0 * gates * (inputs + states);
}

void Recurrent::multiplyInput(const LayerFrame& frame, float* sums, float* constant) const
{
    kernels().multiply({.rows = frame.input.allRows(),
                        .columns = gateWidth(),
                        .depth = m_options.input.channels,
                        .a = frame.input.data,
                        .aRow = frame.input.stride(),
                        .b = frame.packed,
                        .bRow = gateRow(),
                        .c = repeats() ? constant : sums,
                        .cRow = gateRow()});
    if (repeats())
        std::fill_n(sums, frame.input.rows * gateRow(), 0.0F); // the first step adds no state
}

void Recurrent::multiplyState(const LayerFrame& frame, std::size_t step, float* sums, bool accumulate) const
{
    kernels().multiply({.rows = frame.output.rows,
                        .columns = gateWidth(),
                        .depth = m_options.width,
                        .a = frame.output.at(step),
                        .aRow = stateRow(),
                        .b = frame.packed + packedRecurrent(),
                        .bRow = gateRow(),
                        .c = sums,
                        .cRow = gateRow(),
                        .accumulate = accumulate});
}

void Recurrent::returnState(const LayerFrame& frame, const LayerGradients& gradients, std::size_t step,
                            const float* gates) const
{
    kernels().multiply({.rows = frame.output.rows,
                        .columns = width(),
                        .depth = gateWidth(),
                        .a = gates,
                        .aRow = gateRow(),
                        .b = frame.parameters + recurrentWeights(),
                        .bRow = stateRow(),
                        .c = gradients.output.at(step - 1),
                        .cRow = stateRow(),
                        .accumulate = true});
}

void Recurrent::returnInput(const LayerFrame& frame, const LayerGradients& gradients, const float* gates,
                            float* constant) const
{
    const auto& input = frame.input;
    if (repeats()) {
        const auto step = input.rows * gateRow();
        std::fill_n(constant, step, 0.0F);
        kernels().sumRows(gates, steps(), step, constant, step);
        gates = constant;
    }
    kernels().multiply({.rows = gateWidth(),
                        .columns = padded(input.channels),
                        .depth = input.allRows(),
                        .a = gates,
                        .aRow = 1,
                        .aStep = gateRow(),
                        .b = input.data,
                        .bRow = inputRow(),
                        .c = gradients.parameters,
                        .cRow = inputRow(),
                        .accumulate = true});
    kernels().sumRows(gates, input.allRows(), gateRow(), gradients.parameters + inputBias(), gateWidth());
    if (gradients.input.data != nullptr)
        kernels().multiply({.rows = input.allRows(),
                            .columns = padded(input.channels),
                            .depth = gateWidth(),
                            .a = gates,
                            .aRow = gateRow(),
                            .b = frame.parameters,
                            .bRow = inputRow(),
                            .c = gradients.input.data,
                            .cRow = inputRow()});
}

void Recurrent::returnRecurrentWeights(const LayerFrame& frame, const LayerGradients& gradients,
                                       const float* gates) const
{
    if (steps() < 2)
        return;
    kernels().multiply({.rows = gateWidth(),
                        .columns = width(),
                        .depth = (steps() - 1) * frame.output.rows,
                        .a = gates + frame.output.rows * gateRow(),
                        .aRow = 1,
                        .aStep = gateRow(),
                        .b = frame.output.data,
                        .bRow = stateRow(),
                        .c = gradients.parameters + recurrentWeights(),
                        .cRow = stateRow(),
                        .accumulate = true});
}

// Scratch of an LSTM: gates, cells, squashed cells of all steps; the shared sums; the cells' gradient.
std::size_t Lstm::scratchFloats() const
{
    return gateFloats() + 2 * stateFloats() + chunkRows * (gateRow() + stateRow());
}

LstmStep Lstm::stepOf(const LayerFrame& frame, std::size_t step) const
{
    const auto rows = frame.output.rows;
    float* cells = frame.scratch + gateFloats() + step * rows * stateRow();
    float* shared = frame.scratch + gateFloats() + 2 * stateFloats();
    return {.rows = rows,
            .width = width(),
            .gateRow = gateRow(),
            .stateRow = stateRow(),
            .gates = frame.scratch + step * rows * gateRow(),
            .bias = frame.packed + packedBias(),
            .constant = repeats() ? shared : nullptr,
            .cellBefore = step > 0 ? cells - rows * stateRow() : nullptr,
            .cell = cells,
            .squashed = cells + stateFloats(),
            .output = frame.output.at(step),
            .cellGradient = shared + chunkRows * gateRow()};
}

void Lstm::forward(const Pass& /*pass*/, const LayerFrame& frame) const
{
    multiplyInput(frame, frame.scratch, frame.scratch + gateFloats() + 2 * stateFloats());
    for (std::size_t t = 0; t < steps(); ++t) {
        const auto step = stepOf(frame, t);
        if (t > 0)
            multiplyState(frame, t - 1, step.gates, !repeats());
        kernels().lstmForward(step);
    }
}

void Lstm::backward(const Pass& /*pass*/, const LayerFrame& frame, const LayerGradients& gradients) const
{
    auto last = stepOf(frame, steps() - 1);
    std::fill_n(last.cellGradient, last.rows * stateRow(), 0.0F);
    for (auto t = steps(); t-- > 0;) {
        auto step = stepOf(frame, t);
        step.outputGradient = gradients.output.at(t);
        kernels().lstmBackward(step);
        if (t > 0)
            returnState(frame, gradients, t, step.gates);
    }
    returnRecurrentWeights(frame, gradients, frame.scratch);
    returnInput(frame, gradients, frame.scratch, frame.scratch + gateFloats() + 2 * stateFloats());
    std::copy_n(gradients.parameters + inputBias(), gateWidth(), gradients.parameters + recurrentBias());
}

// Scratch of a GRU: input gates, recurrent gates of all steps; the shared sums.
std::size_t Gru::scratchFloats() const
{
    return 2 * gateFloats() + chunkRows * gateRow();
}

GruStep Gru::stepOf(const LayerFrame& frame, std::size_t step) const
{
    const auto rows = frame.output.rows;
    float* gates = frame.scratch + step * rows * gateRow();
    return {.rows = rows,
            .width = width(),
            .gateRow = gateRow(),
            .stateRow = stateRow(),
            .input = gates,
            .recurrent = gates + gateFloats(),
            .inputBias = frame.parameters + inputBias(),
            .recurrentBias = frame.parameters + recurrentBias(),
            .constant = repeats() ? frame.scratch + 2 * gateFloats() : nullptr,
            .before = step > 0 ? frame.output.at(step - 1) : nullptr,
            .output = frame.output.at(step)};
}

void Gru::forward(const Pass& /*pass*/, const LayerFrame& frame) const
{
    multiplyInput(frame, frame.scratch, frame.scratch + 2 * gateFloats());
    for (std::size_t t = 0; t < steps(); ++t) {
        const auto step = stepOf(frame, t);
        if (repeats())
            std::fill_n(step.input, step.rows * gateRow(), 0.0F);
        if (t > 0)
            multiplyState(frame, t - 1, step.recurrent, false);
        kernels().gruForward(step);
    }
}

void Gru::backward(const Pass& /*pass*/, const LayerFrame& frame, const LayerGradients& gradients) const
{
    for (auto t = steps(); t-- > 0;) {
        auto step = stepOf(frame, t);
        step.outputGradient = gradients.output.at(t);
        step.beforeGradient = t > 0 ? gradients.output.at(t - 1) : nullptr;
        kernels().gruBackward(step);
        if (t > 0)
            returnState(frame, gradients, t, step.recurrent);
    }
    const float* recurrent = frame.scratch + gateFloats();
    returnRecurrentWeights(frame, gradients, recurrent);
    returnInput(frame, gradients, frame.scratch, frame.scratch + 2 * gateFloats());
    kernels().sumRows(recurrent, frame.output.allRows(), gateRow(), gradients.parameters + recurrentBias(),
                      gateWidth());
}

} // namespace faultline::neural
