// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/trainer.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace faultline::neural
{

namespace
{
/// Parts of a batch whose gradients are summed apart: fixed, so that their sum has one order.
constexpr std::size_t slots = 8;
/// Floats of a gradient that one thread reduces or applies at a time.
constexpr std::size_t block = 16'384;

tl::unexpected<Error> diverged()
{
    return fail({ErrorCode::Numeric, "the training diverged", {}, "give a smaller learning rate"});
}

std::vector<std::uint32_t> shuffled(std::span<const std::uint32_t> samples, std::uint64_t seed)
{
    std::vector<std::uint32_t> order(samples.begin(), samples.end());
    Random random(seed);
    for (auto i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    return order;
}
} // namespace

struct Trainer::Buffers {
    tbb::enumerable_thread_specific<Workspace> spaces;
    std::vector<Floats> gradients;       ///< per slot
    std::vector<double> losses, squares; ///< per slot; per block
    std::size_t used = 0;                ///< slots of this batch
};

Trainer::Trainer(Network& network, const Task& task, std::span<const std::uint32_t> training,
                 std::span<const std::uint32_t> validation, const TrainingOptions& options)
    : m_network(network), m_task(task), m_training(training), m_validation(validation), m_options(options),
      m_buffers(std::make_shared<Buffers>())
{
    const auto count = network.parameters().size();
    m_state.parameters = network.parameters();
    m_state.best = network.parameters();
    m_state.first.resize(count);
    m_state.second.resize(count);
    m_state.bestLoss = std::numeric_limits<double>::max();
    m_state.rate = options.learningRate;
    m_buffers->spaces = tbb::enumerable_thread_specific<Workspace>([&network] { return network.workspace(true); });
    const auto chunks = (options.batch + chunkRows - 1) / chunkRows;
    m_buffers->gradients.assign(std::min(slots, std::max<std::size_t>(chunks, 1)), Floats(count));
    m_buffers->losses.resize(m_buffers->gradients.size());
    m_buffers->squares.resize((count + block - 1) / block);
}

Result<double> Trainer::accumulate(std::span<const std::uint32_t> batch, JobContext& job)
{
    auto& buffers = *m_buffers;
    const auto chunks = (batch.size() + chunkRows - 1) / chunkRows;
    buffers.used = std::min(buffers.gradients.size(), chunks);
    const auto scale = static_cast<float>(1.0 / (static_cast<double>(batch.size()) * m_task.termsPerSample()));
    const auto dropoutSeed = deriveSeed(m_options.seed, "step", m_state.step);
    tbb::parallel_for(std::size_t{0}, buffers.used, [&](std::size_t slot) {
        auto& space = buffers.spaces.local();
        auto& gradient = buffers.gradients[slot];
        std::fill(gradient.begin(), gradient.end(), 0.0F);
        buffers.losses[slot] = 0.0;
        const auto last = (slot + 1) * chunks / buffers.used;
        for (auto chunk = slot * chunks / buffers.used; chunk < last && !job.stopRequested(); ++chunk) {
            const auto first = chunk * chunkRows;
            const auto part = batch.subspan(first, std::min(chunkRows, batch.size() - first));
            const Pass pass{part.size(), first, true, dropoutSeed};
            const auto input = m_network.input(space, part.size());
            m_task.gather(part, input);
            const auto output = m_network.forward(pass, space);
            buffers.losses[slot] +=
                m_task.loss(part, input, output, scale, m_network.outputGradient(space, part.size()));
            m_network.backward(pass, space, gradient, job);
        }
    });
    if (job.stopRequested())
        return cancelled();
    return std::accumulate(buffers.losses.begin(), buffers.losses.begin() + static_cast<std::ptrdiff_t>(buffers.used),
                           0.0);
}

void Trainer::descend()
{
    auto& buffers = *m_buffers;
    auto& sum = buffers.gradients.front();
    const auto blocks = buffers.squares.size();
    const auto sizeOf = [&](std::size_t b) { return std::min(block, sum.size() - b * block); };
    tbb::parallel_for(std::size_t{0}, blocks, [&](std::size_t b) {
        for (std::size_t slot = 1; slot < buffers.used; ++slot)
            kernels().sumRows(buffers.gradients[slot].data() + b * block, 1, 0, sum.data() + b * block, sizeOf(b));
        double squares = 0.0;
        for (auto i = b * block; i < b * block + sizeOf(b); ++i)
            squares += static_cast<double>(sum[i]) * static_cast<double>(sum[i]);
        buffers.squares[b] = squares;
    });
    const double norm = std::sqrt(std::accumulate(buffers.squares.begin(), buffers.squares.end(), 0.0));
    ++m_state.step;
    const auto steps = static_cast<double>(m_state.step);
    const AdamStep adam{.rate = static_cast<float>(m_state.rate),
                        .correction1 = static_cast<float>(1.0 - std::pow(0.9, steps)),
                        .correction2 = static_cast<float>(std::sqrt(1.0 - std::pow(0.999, steps))),
                        .gradientScale = m_options.largestNorm > 0.0
                                             ? static_cast<float>(std::min(1.0, m_options.largestNorm / (norm + 1e-6)))
                                             : 1.0F};
    tbb::parallel_for(std::size_t{0}, blocks, [&](std::size_t b) {
        kernels().adam(adam, sum.data() + b * block, m_state.first.data() + b * block,
                       m_state.second.data() + b * block, m_state.parameters.data() + b * block, sizeOf(b));
        std::copy_n(m_state.parameters.data() + b * block, sizeOf(b), m_network.parameters().data() + b * block);
    });
    m_network.pack();
}

Result<double> Trainer::step(std::span<const std::uint32_t> batch, JobContext& job)
{
    const auto sum = accumulate(batch, job);
    if (!sum)
        return sum;
    descend();
    return *sum / (static_cast<double>(batch.size()) * m_task.termsPerSample());
}

Result<void> Trainer::runEpoch(JobContext& job)
{
    const auto order = shuffled(m_training, deriveSeed(m_options.seed, "order", m_state.epoch));
    for (auto first = m_state.nextBatch * m_options.batch; first < order.size(); first += m_options.batch) {
        const auto batch = std::span(order).subspan(first, std::min(m_options.batch, order.size() - first));
        const auto loss = step(batch, job);
        if (!loss)
            return fail(loss.error());
        m_state.lossSum += *loss * static_cast<double>(batch.size());
        ++m_state.nextBatch;
        (void)job.advance(batch.size());
    }
    return {};
}

Result<double> Trainer::meanLoss(std::span<const std::uint32_t> samples, JobContext& job) const
{
    std::vector<double> losses((samples.size() + chunkRows - 1) / chunkRows);
    const auto done = m_network.run(m_task, samples, job, [&](auto part, const Signal& input, const Signal& output) {
        losses[static_cast<std::size_t>(part.data() - samples.data()) / chunkRows] =
            m_task.loss(part, input, output, 0.0F, {});
    });
    if (!done)
        return fail(done.error());
    return std::accumulate(losses.begin(), losses.end(), 0.0) /
           (static_cast<double>(samples.size()) * m_task.termsPerSample());
}

Result<void> Trainer::closeEpoch(const std::string& curve, JobContext& job)
{
    const double training = m_state.lossSum / static_cast<double>(m_training.size());
    auto loss = m_validation.empty() ? Result<double>(training) : meanLoss(m_validation, job);
    if (!loss)
        return fail(loss.error());
    if (!std::isfinite(training) || !std::isfinite(*loss))
        return diverged();
    const auto epoch = static_cast<double>(m_state.epoch + 1);
    job.plot(curve + " training loss", epoch, training);
    if (!m_validation.empty())
        job.plot(curve + " validation loss", epoch, *loss);
    m_state.lastLoss = *loss;
    if (*loss < m_state.bestLoss) {
        m_state.bestLoss = *loss;
        m_state.bestEpoch = m_state.plateauSince = m_state.epoch;
        m_state.best = m_state.parameters;
    } else if (m_state.epoch - m_state.plateauSince > m_options.plateau) {
        m_state.rate = std::max(m_state.rate / 2.0, m_options.learningRate / 1000.0);
        m_state.plateauSince = m_state.epoch;
    }
    m_state.finished = m_state.epoch - m_state.bestEpoch >= m_options.patience;
    ++m_state.epoch;
    m_state.nextBatch = 0;
    m_state.lossSum = 0.0;
    return {};
}

Result<void> Trainer::run(const std::string& curve, JobContext& job)
{
    m_network.parameters() = m_state.parameters;
    m_network.pack();
    job.begin("training", (m_options.epochs - m_state.epoch) * (m_training.size() + m_validation.size()));
    while (!m_state.finished && m_state.epoch < m_options.epochs) {
        if (auto done = runEpoch(job); !done)
            return done;
        if (auto done = closeEpoch(curve, job); !done)
            return done;
    }
    m_state.finished = true;
    if (!withinBounds(m_state.best))
        return diverged();
    m_network.parameters() = m_state.best;
    m_network.pack();
    return {};
}

void Trainer::save(TensorBundle& bundle, const std::string& prefix) const
{
    m_network.save(bundle, prefix + "/parameters", m_state.parameters);
    m_network.save(bundle, prefix + "/best", m_state.best);
    m_network.save(bundle, prefix + "/first_moment", m_state.first);
    m_network.save(bundle, prefix + "/second_moment", m_state.second);
    bundle.put(prefix + "/losses",
               std::vector<double>{m_state.lossSum, m_state.bestLoss, m_state.lastLoss, m_state.rate});
    bundle.put(prefix + "/counters",
               std::vector<std::int64_t>{
                   static_cast<std::int64_t>(m_state.step), static_cast<std::int64_t>(m_state.epoch),
                   static_cast<std::int64_t>(m_state.nextBatch), static_cast<std::int64_t>(m_state.bestEpoch),
                   static_cast<std::int64_t>(m_state.plateauSince), m_state.finished ? 1 : 0});
}

Result<void> Trainer::load(const TensorBundle& bundle, const std::string& prefix)
{
    TrainingState state;
    for (const auto& [name, values] :
         {std::pair{"/parameters", &state.parameters}, std::pair{"/best", &state.best},
          std::pair{"/first_moment", &state.first}, std::pair{"/second_moment", &state.second}})
        if (auto done = m_network.load(bundle, prefix + name, *values); !done)
            return done;
    const auto losses = bundle.vector<double>(prefix + "/losses", 4);
    const auto counters = bundle.vector<std::int64_t>(prefix + "/counters", 6);
    if (!losses || !counters)
        return fail(!losses ? losses.error() : counters.error());
    const auto sound = [](auto low) {
        return [low](auto v) { return std::isfinite(static_cast<double>(v)) && v >= low; };
    };
    if (!std::all_of(losses->begin(), losses->end(), sound(0.0)) ||
        !std::all_of(counters->begin(), counters->end(), sound(std::int64_t{0})) ||
        !std::all_of(state.second.begin(), state.second.end(), sound(0.0F)) || (*counters)[3] > (*counters)[1] ||
        (*counters)[4] > (*counters)[1])
        return fail({ErrorCode::Parse, "the state of a training is inconsistent", {}, "the file is damaged"});
    const auto counter = [&](std::size_t i) { return static_cast<std::uint64_t>((*counters)[i]); };
    state.lossSum = (*losses)[0];
    state.bestLoss = (*losses)[1];
    state.lastLoss = (*losses)[2];
    state.rate = (*losses)[3];
    state.step = counter(0);
    state.epoch = counter(1);
    state.nextBatch = counter(2);
    state.bestEpoch = counter(3);
    state.plateauSince = counter(4);
    state.finished = counter(5) != 0;
    m_state = std::move(state);
    return {};
}

} // namespace faultline::neural
