// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/neural/layer.h"

namespace faultline::neural
{

/// y = W x + b at each step, as torch.nn.Linear.
class Dense final : public Layer
{
public:
    struct Options {
        Shape input;
        std::size_t channels = 0; ///< of the output
    };
    explicit Dense(const Options& options) : m_options(options) {}
    [[nodiscard]] Shape output() const override { return {m_options.input.steps, m_options.channels}; }
    [[nodiscard]] std::vector<TensorLayout> tensors() const override;
    [[nodiscard]] std::size_t parameterFloats() const override { return bias() + padded(m_options.channels); }
    [[nodiscard]] std::size_t packedFloats() const override;
    void pack(const float* parameters, float* packed) const override;
    void forward(const Pass& pass, const LayerFrame& frame) const override;
    void backward(const Pass& pass, const LayerFrame& frame, const LayerGradients& gradients) const override;
    [[nodiscard]] double flops() const override;

private:
    [[nodiscard]] std::size_t bias() const { return m_options.channels * strideOf(m_options.input.channels); }
    Options m_options;
};

/// A row of a trained table for each step's class, which the input's only channel names (0 <= class < classes).
class Embedding final : public Layer
{
public:
    struct Options {
        std::size_t steps = 0, classes = 0, channels = 0;
    };
    explicit Embedding(const Options& options) : m_options(options) {}
    [[nodiscard]] Shape output() const override { return {m_options.steps, m_options.channels}; }
    [[nodiscard]] std::vector<TensorLayout> tensors() const override;
    [[nodiscard]] std::size_t parameterFloats() const override;
    void forward(const Pass& pass, const LayerFrame& frame) const override;
    void backward(const Pass& pass, const LayerFrame& frame, const LayerGradients& gradients) const override;

private:
    Options m_options;
};

/// ReLU, tanh or the sigmoid function of each number.
class Activation final : public Layer
{
public:
    Activation(Shape input, Squash kind) : m_input(input), m_kind(kind) {}
    [[nodiscard]] Shape output() const override { return m_input; }
    void forward(const Pass& pass, const LayerFrame& frame) const override;
    void backward(const Pass& pass, const LayerFrame& frame, const LayerGradients& gradients) const override;

private:
    Shape m_input;
    Squash m_kind;
};

/// Zeroes each number with this probability while training and scales the others so that the mean stays (Srivastava et
/// al. 2014). Which ones depends on the seed of the step, `place` (of the layer in its network), and the element.
class Dropout final : public Layer
{
public:
    struct Options {
        Shape input;
        double probability = 0.0; ///< 0 <= p < 1
        std::uint64_t place = 0;
    };
    explicit Dropout(const Options& options) : m_options(options) {}
    [[nodiscard]] Shape output() const override { return m_options.input; }
    [[nodiscard]] bool passesThrough(const Pass& pass) const override;
    void forward(const Pass& pass, const LayerFrame& frame) const override;
    void backward(const Pass& pass, const LayerFrame& frame, const LayerGradients& gradients) const override;

private:
    void mask(const Pass& pass, const Signal& from, const Signal& to) const;
    Options m_options;
};

/// The last steps alone.
class LastSteps final : public Layer
{
public:
    struct Options {
        Shape input;
        std::size_t steps = 1;
    };
    explicit LastSteps(const Options& options) : m_options(options) {}
    [[nodiscard]] Shape output() const override { return {m_options.steps, m_options.input.channels}; }
    void forward(const Pass& pass, const LayerFrame& frame) const override;
    void backward(const Pass& pass, const LayerFrame& frame, const LayerGradients& gradients) const override;

private:
    Options m_options;
};

} // namespace faultline::neural
