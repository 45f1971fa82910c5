// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <tbb/cache_aligned_allocator.h>
#include <vector>

namespace faultline::neural
{

/// Storage of every float here: aligned to cache lines, which a 64-byte vector load must not straddle.
using Floats = std::vector<float, tbb::cache_aligned_allocator<float>>;

/// Widest vector of any kernel, in floats. Rows are padded to a multiple of it, and what is between is zero.
inline constexpr std::size_t lanes = 16;
[[nodiscard]] constexpr std::size_t padded(std::size_t columns)
{
    return (columns + lanes - 1) / lanes * lanes;
}
/// Floats from one row to the next: an odd number of cache lines, so that the rows of a block spread over all sets of
/// the cache.
[[nodiscard]] constexpr std::size_t strideOf(std::size_t columns)
{
    return ((padded(columns) / lanes) | 1) * lanes;
}

/// C = A B or C += A B in float32. A(i, k) lies at a[i * aRow + k * aStep], so that A may be a transposed matrix;
/// B(k, j) at b[k * bRow + j] and C(i, j) at c[i * cRow + j]. b and c are cache-line aligned, bRow, cRow and `columns`
/// are multiples of `lanes`. The order of the sum over k is fixed by the shape.
struct MatrixProduct {
    std::size_t rows = 0, columns = 0, depth = 0;
    const float* a = nullptr;
    std::size_t aRow = 0, aStep = 1;
    const float* b = nullptr;
    std::size_t bRow = 0;
    float* c = nullptr;
    std::size_t cRow = 0;
    bool accumulate = false;
};

/// One time step of an LSTM for `rows` sequences of `width` (a multiple of `lanes`) cells each. Gates lie side by side
/// in PyTorch's order: input, forget, cell, output. Rows are `gateRow` and `stateRow` floats apart.
struct LstmStep {
    std::size_t rows = 0, width = 0, gateRow = 0, stateRow = 0;
    float* gates = nullptr;            ///< forward: sums in, activations out; backward: activations in, gradients out
    const float* bias = nullptr;       ///< forward: added to the sums of every row
    const float* constant = nullptr;   ///< forward: sums that all steps share, as `gates`; null for none
    const float* cellBefore = nullptr; ///< null at the first step: zeros
    float* cell = nullptr;             ///< forward: out
    float* squashed = nullptr;         ///< tanh(cell); forward: out, backward: in
    float* output = nullptr;           ///< forward: out
    const float* outputGradient = nullptr; ///< backward
    float* cellGradient = nullptr;         ///< backward: in: of this step's cell, out: of the cell before
};

/// One time step of a GRU in PyTorch's form; gates in the order reset, update, new.
struct GruStep {
    std::size_t rows = 0, width = 0, gateRow = 0, stateRow = 0;
    float* input = nullptr;     ///< W_i x in; forward: activations out; backward: gradients of W_i x + b_i out
    float* recurrent = nullptr; ///< W_h h in; forward: the new gate's sum is kept; backward: gradients out
    const float *inputBias = nullptr, *recurrentBias = nullptr;
    const float* constant = nullptr; ///< as in LstmStep, added to `input`
    const float* before = nullptr;   ///< output of the step before; null at the first: zeros
    float* output = nullptr;
    const float* outputGradient = nullptr;
    /// backward, added to: the part that does not go through the gates; null at the first step
    float* beforeGradient = nullptr;
};

struct AdamStep {
    float rate = 1e-3F, beta1 = 0.9F, beta2 = 0.999F, epsilon = 1e-8F;
    float correction1 = 1.0F, correction2 = 1.0F; ///< 1 - beta^step; the second one's square root
    float gradientScale = 1.0F;                   ///< of clipping
};

/// Zeroes elements with probability threshold / 2^32 and divides the others by what remains. Which ones depends on the
/// key and the element's place alone.
struct DropoutMask {
    std::uint32_t key = 0, threshold = 0;
    float scale = 1.0F;
};

enum class Squash : std::uint8_t { Relu, Tanh, Sigmoid };

/// The inner loops, compiled for one level of the processor. Counts of elements are multiples of `lanes`, pointers
/// aligned to cache lines unless stated. tanh and the sigmoid function are within 6 units in the last place of the
/// exact value (sigmoid and exp for |x| <= 87; a test measures them), exp within 2.
///
/// Levels differ in the last bits of a sum, because some multiply and add in one rounding; on one machine results are
/// always the same.
struct Kernels {
    const char* name; ///< "avx512", "avx2", "portable"
    void (*multiply)(const MatrixProduct&);
    void (*lstmForward)(const LstmStep&);
    void (*lstmBackward)(const LstmStep&);
    void (*gruForward)(const GruStep&);
    void (*gruBackward)(const GruStep&);
    void (*squash)(Squash, const float* in, float* out, std::size_t count);
    /// in place: gradient of the output -> gradient of the input
    void (*squashBackward)(Squash, const float* out, float* gradient, std::size_t count);
    void (*exponential)(const float* in, float* out, std::size_t count);
    void (*dropout)(const DropoutMask&, std::size_t firstPlace, const float* in, float* out, std::size_t count);
    /// sums[j] += in(i, j) over `rows` rows that lie `row` floats apart, one after the other
    void (*sumRows)(const float* in, std::size_t rows, std::size_t row, float* sums, std::size_t columns);
    void (*adam)(const AdamStep&, const float* gradient, float* first, float* second, float* values, std::size_t count);
};

/// The fastest level that this processor runs. Decided once.
[[nodiscard]] const Kernels& kernels();
/// All levels that this processor runs, fastest first: for tests.
[[nodiscard]] std::span<const Kernels* const> runnableKernels();

} // namespace faultline::neural
