// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/tensor_bundle.h"
#include "engine/neural/layer.h"
#include <functional>
#include <span>

namespace faultline::neural
{

/// What a network learns or is asked: samples by number, the sequences they stand for, and how far an output is off.
/// Thread-safe. Nothing is copied up front: a chunk's sequences are gathered when it is their turn.
class Task
{
public:
    virtual ~Task() = default;
    /// Writes the samples' sequences into `input`, one row each; touches no padding between channels and stride.
    virtual void gather(std::span<const std::uint32_t> samples, const Signal& input) const = 0;
    /// Terms that a sample adds to the loss, which is the mean over all terms of a batch.
    [[nodiscard]] virtual double termsPerSample() const = 0;
    /// Sum of the samples' terms. Where `gradient` has data, it becomes the derivative of `scale` times the sum.
    virtual double loss(std::span<const std::uint32_t> samples, const Signal& input, const Signal& output, float scale,
                        const Signal& gradient) const = 0;
};

/// A trained parameter is smaller, else the training diverged.
inline constexpr float largestParameter = 1e3F;
[[nodiscard]] bool withinBounds(const Floats& parameters);

/// Buffers for one chunk at a time; allocated once, zero where padding is.
class Workspace
{
public:
    Workspace() = default;
    std::vector<Floats> signals, gradients, scratch; ///< input and each layer's output; their gradients; per layer
};

/// A chain of layers and their parameters. Sample by sample independent; a forward pass is thread-safe, one workspace
/// a thread. All randomness comes from seeds.
class Network
{
public:
    explicit Network(Shape input) : m_shapes{input} {}
    /// The shape that the next layer gets.
    [[nodiscard]] Shape output() const { return m_shapes.back(); }
    /// Appends a layer whose input is output().
    void add(std::unique_ptr<Layer> layer);
    /// First values as PyTorch's layers draw them (its distributions, not its numbers).
    void initialise(std::uint64_t seed);

    [[nodiscard]] const std::vector<std::unique_ptr<Layer>>& layers() const { return m_layers; }
    /// Padded parameters of all layers, in their order; padding is zero. pack() after each change.
    [[nodiscard]] Floats& parameters() { return m_parameters; }
    [[nodiscard]] const Floats& parameters() const { return m_parameters; }
    void pack();
    /// Parameters without padding.
    [[nodiscard]] std::size_t parameterCount() const;
    /// Floating point operations of the matrix products of one sequence, forward.
    [[nodiscard]] double flops() const;

    [[nodiscard]] Workspace workspace(bool withGradients) const;
    [[nodiscard]] Signal input(Workspace& workspace, std::size_t rows) const;
    /// Runs the chunk whose input was written; the output stays in the workspace.
    [[nodiscard]] Signal forward(const Pass& pass, Workspace& workspace) const;
    /// Where the loss writes the gradient of the output.
    [[nodiscard]] Signal outputGradient(Workspace& workspace, std::size_t rows) const;
    /// After forward() of the same chunk: adds to `gradient`, which lies like parameters(). False when stopped.
    bool backward(const Pass& pass, Workspace& workspace, std::span<float> gradient, const JobContext& job) const;

    /// Calls take(samples, input, output) for each chunk of samples, in parallel; Cancelled when the job was stopped.
    using Take = std::function<void(std::span<const std::uint32_t>, const Signal& input, const Signal& output)>;
    [[nodiscard]] Result<void> run(const Task& task, std::span<const std::uint32_t> samples, JobContext& job,
                                   const Take& take) const;

    /// Every tensor under `prefix/<layer>/<name>`, in PyTorch's shape and order. `values` lies like parameters().
    void save(TensorBundle& bundle, const std::string& prefix, const Floats& values) const;
    /// Parse error for a missing tensor, a wrong size or values that are not finite.
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix, Floats& values) const;
    /// Makes saved values the parameters. Parse error also for one beyond largestParameter, with which sums could
    /// overflow.
    [[nodiscard]] Result<void> loadParameters(const TensorBundle& bundle, const std::string& prefix);

private:
    struct Place {
        std::size_t parameters = 0, packed = 0;
    };
    [[nodiscard]] Signal signalOf(Floats& data, std::size_t place, std::size_t rows) const;
    [[nodiscard]] LayerFrame frameOf(const Pass& pass, Workspace& workspace, std::size_t layer) const;

    std::vector<Shape> m_shapes;
    std::vector<std::unique_ptr<Layer>> m_layers;
    std::vector<Place> m_places;
    Floats m_parameters, m_packed;
};

} // namespace faultline::neural
