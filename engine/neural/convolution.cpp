// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/convolution.h"
#include <algorithm>
#include <cmath>

namespace faultline::neural
{

namespace
{
/// Calls each(patch row, tap, signal row) for every place where a tap of a kernel meets the signal; places outside the
/// signal are given as null.
template <class Each>
void overTaps(const ConvolutionOptions& options, const Signal& signal, float* patches, std::size_t patchSteps,
              std::size_t patchRow, Each&& each)
{
    for (std::size_t p = 0; p < patchSteps; ++p)
        for (std::size_t r = 0; r < signal.rows; ++r)
            for (std::size_t k = 0; k < options.kernel; ++k) {
                const auto at = p * options.stride + k;
                const bool inside = at >= options.padding && at - options.padding < signal.steps;
                each(patches + (p * signal.rows + r) * patchRow + k * signal.channels,
                     inside ? signal.at(at - options.padding, r) : nullptr);
            }
}

void gatherPatches(const ConvolutionOptions& options, const Signal& from, float* patches, std::size_t patchSteps,
                   std::size_t patchRow)
{
    overTaps(options, from, patches, patchSteps, patchRow, [&](float* patch, const float* place) {
        if (place != nullptr)
            std::copy_n(place, from.channels, patch);
        else
            std::fill_n(patch, from.channels, 0.0F);
    });
}

void addPatches(const ConvolutionOptions& options, const Signal& to, float* patches, std::size_t patchSteps,
                std::size_t patchRow)
{
    overTaps(options, to, patches, patchSteps, patchRow, [&](const float* patch, float* place) {
        for (std::size_t c = 0; place != nullptr && c < to.channels; ++c)
            place[c] += patch[c];
    });
}

/// Both kinds draw from the same range: PyTorch's, with the number of weights that meet in one sum.
double spreadOf(std::size_t weights)
{
    return 1.0 / std::sqrt(static_cast<double>(weights));
}
} // namespace

Shape Convolution::output() const
{
    const auto& o = m_options;
    return {(o.input.steps + 2 * o.padding - o.kernel) / o.stride + 1, o.channels};
}

std::vector<TensorLayout> Convolution::tensors() const
{
    const auto& o = m_options;
    const auto row = strideOf(patch());
    return {{"weights", {o.channels, o.input.channels, o.kernel}, {row, 1, o.input.channels}, 0, spreadOf(patch())},
            {"bias", {o.channels}, {1}, bias(), spreadOf(patch())}};
}

std::size_t Convolution::packedFloats() const
{
    return patch() * strideOf(m_options.channels);
}

void Convolution::pack(const float* parameters, float* packed) const
{
    transpose(parameters, strideOf(patch()), packed, strideOf(m_options.channels), m_options.channels, patch());
}

std::size_t Convolution::scratchFloats() const
{
    return 2 * output().steps * chunkRows * strideOf(patch());
}

double Convolution::flops() const
{
    return 2.0 * static_cast<double>(output().steps * patch() * m_options.channels);
}

void Convolution::forward(const Pass& /*pass*/, const LayerFrame& frame) const
{
    const auto row = strideOf(patch());
    gatherPatches(m_options, frame.input, frame.scratch, frame.output.steps, row);
    fillRows(frame.output, frame.parameters + bias());
    kernels().multiply({.rows = frame.output.allRows(),
                        .columns = padded(m_options.channels),
                        .depth = patch(),
                        .a = frame.scratch,
                        .aRow = row,
                        .b = frame.packed,
                        .bRow = frame.output.stride(),
                        .c = frame.output.data,
                        .cRow = frame.output.stride(),
                        .accumulate = true});
}

void Convolution::backward(const Pass& /*pass*/, const LayerFrame& frame, const LayerGradients& gradients) const
{
    const auto row = strideOf(patch());
    const auto& given = gradients.output;
    kernels().multiply({.rows = m_options.channels,
                        .columns = padded(patch()),
                        .depth = given.allRows(),
                        .a = given.data,
                        .aRow = 1,
                        .aStep = given.stride(),
                        .b = frame.scratch,
                        .bRow = row,
                        .c = gradients.parameters,
                        .cRow = row,
                        .accumulate = true});
    kernels().sumRows(given.data, given.allRows(), given.stride(), gradients.parameters + bias(),
                      padded(m_options.channels));
    if (gradients.input.data == nullptr)
        return;
    float* patches = frame.scratch + scratchFloats() / 2;
    kernels().multiply({.rows = given.allRows(),
                        .columns = padded(patch()),
                        .depth = m_options.channels,
                        .a = given.data,
                        .aRow = given.stride(),
                        .b = frame.parameters,
                        .bRow = row,
                        .c = patches,
                        .cRow = row});
    std::fill_n(gradients.input.data, gradients.input.floats(), 0.0F);
    addPatches(m_options, gradients.input, patches, given.steps, row);
}

Shape TransposedConvolution::output() const
{
    const auto& o = m_options;
    return {(o.input.steps - 1) * o.stride + o.kernel + o.outputPadding - 2 * o.padding, o.channels};
}

std::vector<TensorLayout> TransposedConvolution::tensors() const
{
    const auto& o = m_options;
    return {
        {"weights", {o.input.channels, o.channels, o.kernel}, {strideOf(patch()), 1, o.channels}, 0, spreadOf(patch())},
        {"bias", {o.channels}, {1}, bias(), spreadOf(patch())}};
}

std::size_t TransposedConvolution::packedFloats() const
{
    return patch() * strideOf(m_options.input.channels);
}

void TransposedConvolution::pack(const float* parameters, float* packed) const
{
    transpose(parameters, strideOf(patch()), packed, strideOf(m_options.input.channels), m_options.input.channels,
              patch());
}

std::size_t TransposedConvolution::scratchFloats() const
{
    return m_options.input.steps * chunkRows * strideOf(patch());
}

double TransposedConvolution::flops() const
{
    return 2.0 * static_cast<double>(m_options.input.steps * patch() * m_options.input.channels);
}

void TransposedConvolution::forward(const Pass& /*pass*/, const LayerFrame& frame) const
{
    const auto row = strideOf(patch());
    kernels().multiply({.rows = frame.input.allRows(),
                        .columns = padded(patch()),
                        .depth = m_options.input.channels,
                        .a = frame.input.data,
                        .aRow = frame.input.stride(),
                        .b = frame.parameters,
                        .bRow = row,
                        .c = frame.scratch,
                        .cRow = row});
    fillRows(frame.output, frame.parameters + bias());
    addPatches(m_options, frame.output, frame.scratch, frame.input.steps, row);
}

void TransposedConvolution::backward(const Pass& /*pass*/, const LayerFrame& frame,
                                     const LayerGradients& gradients) const
{
    const auto row = strideOf(patch());
    const auto& input = frame.input;
    gatherPatches(m_options, gradients.output, frame.scratch, input.steps, row);
    kernels().multiply({.rows = input.channels,
                        .columns = padded(patch()),
                        .depth = input.allRows(),
                        .a = input.data,
                        .aRow = 1,
                        .aStep = input.stride(),
                        .b = frame.scratch,
                        .bRow = row,
                        .c = gradients.parameters,
                        .cRow = row,
                        .accumulate = true});
    kernels().sumRows(gradients.output.data, gradients.output.allRows(), gradients.output.stride(),
                      gradients.parameters + bias(), padded(m_options.channels));
    if (gradients.input.data != nullptr)
        kernels().multiply({.rows = input.allRows(),
                            .columns = padded(input.channels),
                            .depth = patch(),
                            .a = frame.scratch,
                            .aRow = row,
                            .b = frame.packed,
                            .bRow = input.stride(),
                            .c = gradients.input.data,
                            .cRow = input.stride()});
}

} // namespace faultline::neural
