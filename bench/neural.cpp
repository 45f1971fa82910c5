// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// Times training and scoring of the autoencoders, and the float32 matrix products that this machine does a second:
//
//   bench_neural --work lstm_train_b64|lstm_train_b256|gru_train_b64|cnn_train_b64|lstm_score|gru_score|cnn_score|peak
//                --threads T [--data FILE --rows N --columns 5] [--write]
//
// prints {"work", "seconds", "threads", ...}. FILE holds rows x columns raw float32; --write makes it first (Gaussian,
// seed 1). Training is one epoch over all windows of 10 rows, scoring one pass. bench/peers/torch_autoencoders.py times
// the same works in PyTorch. "gflops" counts the matrix products that are made, a third of them in the forward pass.
#include "engine/core/thread_limit.h"
#include "engine/neural/autoencoders.h"
#include "engine/neural/trainer.h"
#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <map>
#include <numeric>
#include <string>
#include <tbb/parallel_for.h>

namespace
{
using namespace faultline;
using namespace faultline::neural;
using Clock = std::chrono::steady_clock;
constexpr std::size_t sequence = 10;

/// Seconds on the clock, and of all threads' work: the latter tells what a busy machine hides.
struct Timing {
    double seconds = 0.0, cpuSeconds = 0.0, flops = 0.0;
};
class Timer
{
public:
    [[nodiscard]] Timing passed(double flops) const
    {
        return {std::chrono::duration<double>(Clock::now() - m_start).count(),
                static_cast<double>(std::clock() - m_cpu) / CLOCKS_PER_SEC, flops};
    }

private:
    Clock::time_point m_start = Clock::now();
    std::clock_t m_cpu = std::clock();
};

void writeData(const std::string& path, std::size_t count)
{
    Random random(1);
    std::vector<float> values(count);
    for (auto& value : values)
        value = static_cast<float>(random.normal());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(count * sizeof(float)));
}

SeriesTable readData(const std::string& path, std::size_t rows, std::size_t columns)
{
    SeriesTable table{.values = Floats(rows * strideOf(columns)), .columns = columns};
    table.first.resize(rows);
    std::ifstream in(path, std::ios::binary);
    for (std::size_t r = 0; r < rows; ++r)
        in.read(reinterpret_cast<char*>(table.values.data() + r * strideOf(columns)),
                static_cast<std::streamsize>(columns * sizeof(float)));
    if (!in) {
        std::fprintf(stderr, "%s holds fewer than %zu rows; make it with --write\n", path.c_str(), rows);
        std::exit(EXIT_FAILURE);
    }
    return table;
}

Network networkOf(const std::string& work, std::size_t columns)
{
    const AutoencoderOptions options{.columns = columns, .sequence = sequence};
    if (work.starts_with("cnn"))
        return convolutionalAutoencoder(options);
    return recurrentAutoencoder(work.starts_with("gru") ? Cell::Gru : Cell::Lstm, options);
}

Timing train(Network& network, const Task& task, const std::vector<std::uint32_t>& samples, std::size_t batch)
{
    QuietJob job;
    Trainer trainer(network, task, samples, {}, {.batch = batch, .epochs = 1, .seed = 1});
    for (int i = 0; i < 3; ++i)
        (void)trainer.step(std::span(samples).first(batch), job);
    const Timer start;
    (void)trainer.run("", job);
    return start.passed(3.0 * network.flops() * static_cast<double>(samples.size()));
}

Timing score(const Network& network, const Task& task, const std::vector<std::uint32_t>& samples)
{
    std::vector<double> scores(samples.size());
    const auto once = [&](std::span<const std::uint32_t> part) {
        QuietJob job;
        (void)network.run(task, part, job, [&](auto chunk, const Signal& in, const Signal& out) {
            for (std::size_t r = 0; r < chunk.size(); ++r) {
                double sum = 0.0;
                for (std::size_t t = 0; t < sequence; ++t)
                    for (std::size_t c = 0; c < in.channels; ++c)
                        sum += static_cast<double>((out.at(t, r)[c] - in.at(t, r)[c]) *
                                                   (out.at(t, r)[c] - in.at(t, r)[c]));
                scores[chunk[r] - sequence + 1] = sum;
            }
        });
    };
    once(std::span(samples).first(std::min<std::size_t>(samples.size(), 1024)));
    const Timer start;
    once(samples);
    return start.passed(network.flops() * static_cast<double>(samples.size()));
}

/// The best of several products of 384 x 384 on each thread at once, with this library's kernel or with Eigen.
template <class Multiply>
double peakOf(std::size_t threads, Multiply&& multiply)
{
    constexpr std::size_t size = 384, repetitions = 40;
    double best = 0.0;
    for (int round = 0; round < 15; ++round) {
        const Timer start;
        tbb::parallel_for(
            std::size_t{0}, threads, [&](std::size_t) { multiply(size, repetitions); }, tbb::simple_partitioner());
        const auto took = start.passed(2.0 * static_cast<double>(size * size * size * repetitions * threads));
        best = std::max(best, took.flops / took.seconds);
    }
    return best / 1e9;
}

void measurePeak(std::size_t threads)
{
    const double own = peakOf(threads, [](std::size_t size, std::size_t repetitions) {
        const auto row = strideOf(size);
        Floats a(size * row, 0.5F), b(size * row, 0.5F), c(size * row);
        for (std::size_t i = 0; i < repetitions; ++i)
            kernels().multiply({.rows = size,
                                .columns = size,
                                .depth = size,
                                .a = a.data(),
                                .aRow = row,
                                .b = b.data(),
                                .bRow = row,
                                .c = c.data(),
                                .cRow = row});
    });
    const double eigen = peakOf(threads, [](std::size_t size, std::size_t repetitions) {
        const auto n = static_cast<Eigen::Index>(size);
        const Eigen::MatrixXf a = Eigen::MatrixXf::Constant(n, n, 0.5F), b = a;
        Eigen::MatrixXf c(n, n);
        for (std::size_t i = 0; i < repetitions; ++i)
            c.noalias() = a * b;
    });
    std::printf(
        "{\"work\": \"peak\", \"threads\": %zu, \"gflops\": %.1f, \"eigen_gflops\": %.1f, \"kernels\": \"%s\"}\n",
        threads, own, eigen, kernels().name);
}
} // namespace

int main(int argc, char** argv)
{
    std::map<std::string, std::string> given{{"--rows", "20009"}, {"--columns", "5"}, {"--threads", "0"}};
    bool writes = false;
    for (int i = 1; i < argc; ++i)
        if (std::string(argv[i]) == "--write")
            writes = true;
        else if (i + 1 < argc)
            given[argv[i]] = argv[i + 1], ++i;
    const auto& work = given["--work"];
    const std::size_t threads = std::stoul(given["--threads"]);
    const ThreadLimit limit(threads);
    if (work == "peak") {
        measurePeak(std::max<std::size_t>(threads, 1));
        return EXIT_SUCCESS;
    }
    const std::size_t rows = std::stoul(given["--rows"]), columns = std::stoul(given["--columns"]);
    if (writes)
        writeData(given["--data"], rows * columns);
    const auto table = readData(given["--data"], rows, columns);
    const ReconstructionTask task(table, sequence);
    std::vector<std::uint32_t> samples(rows - sequence + 1);
    std::iota(samples.begin(), samples.end(), static_cast<std::uint32_t>(sequence - 1));
    auto network = networkOf(work, columns);
    network.initialise(1);
    const auto batch = work.find("_train_b");
    const auto timing = batch != std::string::npos ? train(network, task, samples, std::stoul(work.substr(batch + 8)))
                                                   : score(network, task, samples);
    std::printf("{\"work\": \"%s\", \"seconds\": %.6f, \"cpu_seconds\": %.6f, \"threads\": %zu, \"windows\": %zu, "
                "\"gflops\": %.1f}\n",
                work.c_str(), timing.seconds, timing.cpuSeconds, threads, samples.size(),
                timing.flops / timing.seconds / 1e9);
    return EXIT_SUCCESS;
}
