// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/random.h"
#include "engine/neural/kernels.h"
#include <memory>
#include <string>
#include <vector>

namespace faultline::neural
{

/// Sequences of a chunk side by side: [step][row][channel], rows `stride()` floats apart. Floats between channels and
/// stride are zero, always.
struct Signal {
    float* data = nullptr;
    std::size_t steps = 0, rows = 0, channels = 0;

    [[nodiscard]] std::size_t stride() const { return strideOf(channels); }
    [[nodiscard]] std::size_t allRows() const { return steps * rows; }
    [[nodiscard]] std::size_t floats() const { return allRows() * stride(); }
    [[nodiscard]] float* at(std::size_t step, std::size_t row = 0) const
    {
        return data + (step * rows + row) * stride();
    }
};

struct Shape {
    std::size_t steps = 0, channels = 0;
};

/// Sequences that go through the network together, and the unit of parallel work: fixed, so that sums have one order.
inline constexpr std::size_t chunkRows = 32;

/// One chunk's way through the network.
struct Pass {
    std::size_t rows = 0;          ///< at most chunkRows
    std::size_t firstRow = 0;      ///< of the chunk, within the batch
    bool training = false;         ///< dropout is on
    std::uint64_t dropoutSeed = 0; ///< of this step
};

/// Where a trained tensor lies among the padded parameters. Element (i, j, ...) of the tensor, in the order and shape
/// that PyTorch gives it, is at offset + i * strides[0] + j * strides[1] + ...
struct TensorLayout {
    std::string name;
    std::vector<std::size_t> shape, strides;
    std::size_t offset = 0;
    double spread = 0.0; ///< first values are uniform in +-spread, as in PyTorch; NaN: standard normal
};

/// What a layer works on in forward() and backward().
struct LayerFrame {
    const float* parameters = nullptr;
    const float* packed = nullptr;
    float* scratch = nullptr; ///< what forward() leaves, backward() finds
    Signal input, output;
};
struct LayerGradients {
    Signal output;               ///< in; is overwritten
    Signal input;                ///< out; data is null where nobody asks
    float* parameters = nullptr; ///< added to
};

/// One layer: shapes are fixed when it is made, parameters and all that changes are the caller's. Thread-safe, draws
/// nothing from a global state, allocates nothing in forward() and backward().
class Layer
{
public:
    virtual ~Layer() = default;
    [[nodiscard]] virtual Shape output() const = 0;
    [[nodiscard]] virtual std::vector<TensorLayout> tensors() const { return {}; }
    [[nodiscard]] virtual std::size_t parameterFloats() const { return 0; }
    /// Weights as forward() reads them, made once per training step.
    [[nodiscard]] virtual std::size_t packedFloats() const { return 0; }
    virtual void pack(const float* /*parameters*/, float* /*packed*/) const {}
    [[nodiscard]] virtual std::size_t scratchFloats() const { return 0; }
    virtual void forward(const Pass& pass, const LayerFrame& frame) const = 0;
    virtual void backward(const Pass& pass, const LayerFrame& frame, const LayerGradients& gradients) const = 0;
    /// Output equals input: the network then hands the input on.
    [[nodiscard]] virtual bool passesThrough(const Pass& /*pass*/) const { return false; }
    /// Multiplications and additions of the matrix products of one sequence, forward (backward takes twice as many).
    [[nodiscard]] virtual double flops() const { return 0.0; }
};

/// to(k, i) = from(i, k) for `rows` rows and `columns` columns of `from`.
void transpose(const float* from, std::size_t fromRow, float* to, std::size_t toRow, std::size_t rows,
               std::size_t columns);

/// Sets each row to the bias.
void fillRows(const Signal& signal, const float* bias);

} // namespace faultline::neural
