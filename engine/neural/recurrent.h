// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/neural/layer.h"

namespace faultline::neural
{

/// What an LSTM and a GRU have in common: shapes, and weights in PyTorch's order and padded gate by gate. An input of
/// one step stands for the same input at each of `steps` steps; its product with the weights is then made once.
class Recurrent : public Layer
{
public:
    struct Options {
        Shape input;
        std::size_t width = 0; ///< cells
        std::size_t steps = 0; ///< of the output
    };
    [[nodiscard]] Shape output() const final { return {m_options.steps, m_options.width}; }
    [[nodiscard]] std::vector<TensorLayout> tensors() const final;
    [[nodiscard]] std::size_t parameterFloats() const final { return recurrentBias() + gateWidth(); }
    [[nodiscard]] std::size_t packedFloats() const final;
    void pack(const float* parameters, float* packed) const final;
    [[nodiscard]] double flops() const final;

protected:
    Recurrent(const Options& options, std::size_t gates) : m_options(options), m_gates(gates) {}

    [[nodiscard]] bool repeats() const { return m_options.input.steps == 1 && m_options.steps > 1; }
    [[nodiscard]] std::size_t steps() const { return m_options.steps; }
    [[nodiscard]] std::size_t width() const { return padded(m_options.width); }
    [[nodiscard]] std::size_t stateRow() const { return strideOf(m_options.width); }
    [[nodiscard]] std::size_t gateWidth() const { return m_gates * width(); }
    [[nodiscard]] std::size_t gateRow() const { return strideOf(gateWidth()); }
    [[nodiscard]] std::size_t gateFloats() const { return steps() * chunkRows * gateRow(); }
    [[nodiscard]] std::size_t stateFloats() const { return steps() * chunkRows * stateRow(); }

    /// Places among the parameters, and among the packed: transposed weights of input and state, both biases added.
    [[nodiscard]] std::size_t inputRow() const { return strideOf(m_options.input.channels); }
    [[nodiscard]] std::size_t recurrentWeights() const { return gateWidth() * inputRow(); }
    [[nodiscard]] std::size_t inputBias() const { return recurrentWeights() + gateWidth() * stateRow(); }
    [[nodiscard]] std::size_t recurrentBias() const { return inputBias() + gateWidth(); }
    [[nodiscard]] std::size_t packedRecurrent() const { return m_options.input.channels * gateRow(); }
    [[nodiscard]] std::size_t packedBias() const { return packedRecurrent() + m_options.width * gateRow(); }

    /// W_i x of all steps into `sums`, or of the one step into `constant`.
    void multiplyInput(const LayerFrame& frame, float* sums, float* constant) const;
    /// W_h h, of the output of `step`.
    void multiplyState(const LayerFrame& frame, std::size_t step, float* sums, bool accumulate) const;
    /// What a step's gate gradients say of the output of the step before is added to its gradient.
    void returnState(const LayerFrame& frame, const LayerGradients& gradients, std::size_t step,
                     const float* gates) const;
    /// Gradients of weights, input bias and input from those of the gates; `constant` is used where the layer repeats.
    void returnInput(const LayerFrame& frame, const LayerGradients& gradients, const float* gates,
                     float* constant) const;
    void returnRecurrentWeights(const LayerFrame& frame, const LayerGradients& gradients, const float* gates) const;

private:
    Options m_options;
    std::size_t m_gates;
};

/// Long short-term memory (Hochreiter and Schmidhuber 1997) as torch.nn.LSTM computes one layer.
class Lstm final : public Recurrent
{
public:
    explicit Lstm(const Options& options) : Recurrent(options, 4) {}
    [[nodiscard]] std::size_t scratchFloats() const override;
    void forward(const Pass& pass, const LayerFrame& frame) const override;
    void backward(const Pass& pass, const LayerFrame& frame, const LayerGradients& gradients) const override;

private:
    [[nodiscard]] LstmStep stepOf(const LayerFrame& frame, std::size_t step) const;
};

/// Gated recurrent unit (Cho et al. 2014) as torch.nn.GRU computes one layer.
class Gru final : public Recurrent
{
public:
    explicit Gru(const Options& options) : Recurrent(options, 3) {}
    [[nodiscard]] std::size_t scratchFloats() const override;
    void forward(const Pass& pass, const LayerFrame& frame) const override;
    void backward(const Pass& pass, const LayerFrame& frame, const LayerGradients& gradients) const override;

private:
    [[nodiscard]] GruStep stepOf(const LayerFrame& frame, std::size_t step) const;
};

} // namespace faultline::neural
