// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/neural/layer.h"

namespace faultline::neural
{

struct ConvolutionOptions {
    Shape input;
    std::size_t channels = 0; ///< of the output
    std::size_t kernel = 1, stride = 1;
    std::size_t padding = 0;       ///< zeros on both sides
    std::size_t outputPadding = 0; ///< transposed only: steps added at the end, < stride
};

/// 1-D convolution as torch.nn.Conv1d: patches of the input are laid out as rows, then one matrix product.
class Convolution final : public Layer
{
public:
    explicit Convolution(const ConvolutionOptions& options) : m_options(options) {}
    [[nodiscard]] Shape output() const override;
    [[nodiscard]] std::vector<TensorLayout> tensors() const override;
    [[nodiscard]] std::size_t parameterFloats() const override { return bias() + padded(m_options.channels); }
    [[nodiscard]] std::size_t packedFloats() const override;
    void pack(const float* parameters, float* packed) const override;
    [[nodiscard]] std::size_t scratchFloats() const override;
    void forward(const Pass& pass, const LayerFrame& frame) const override;
    void backward(const Pass& pass, const LayerFrame& frame, const LayerGradients& gradients) const override;
    [[nodiscard]] double flops() const override;

private:
    [[nodiscard]] std::size_t patch() const { return m_options.kernel * m_options.input.channels; }
    [[nodiscard]] std::size_t bias() const { return m_options.channels * strideOf(patch()); }
    ConvolutionOptions m_options;
};

/// Its transpose, as torch.nn.ConvTranspose1d.
class TransposedConvolution final : public Layer
{
public:
    explicit TransposedConvolution(const ConvolutionOptions& options) : m_options(options) {}
    [[nodiscard]] Shape output() const override;
    [[nodiscard]] std::vector<TensorLayout> tensors() const override;
    [[nodiscard]] std::size_t parameterFloats() const override { return bias() + padded(m_options.channels); }
    [[nodiscard]] std::size_t packedFloats() const override;
    void pack(const float* parameters, float* packed) const override;
    [[nodiscard]] std::size_t scratchFloats() const override;
    void forward(const Pass& pass, const LayerFrame& frame) const override;
    void backward(const Pass& pass, const LayerFrame& frame, const LayerGradients& gradients) const override;
    [[nodiscard]] double flops() const override;

private:
    [[nodiscard]] std::size_t patch() const { return m_options.kernel * m_options.channels; }
    [[nodiscard]] std::size_t bias() const { return m_options.input.channels * strideOf(patch()); }
    ConvolutionOptions m_options;
};

} // namespace faultline::neural
