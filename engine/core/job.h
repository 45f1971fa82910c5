// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline
{

/// Curves that a job draws while it runs, such as the loss of each epoch. Thread-safe; 16 bytes a point.
class JobCurves
{
public:
    struct Point {
        double x = 0.0, y = 0.0;
    };
    struct Curve {
        std::string name; ///< "lstm_autoencoder training loss"
        std::vector<Point> points;
    };
    void add(std::string_view name, Point point);
    /// A copy of all curves so far, in the order in which they began.
    [[nodiscard]] std::vector<Curve> snapshot() const;

private:
    mutable std::mutex m_mutex;
    std::vector<Curve> m_curves;
};

/// What a running job says of itself. Written by the job, polled by whoever shows it; all but the curves are lock-free.
struct Progress {
    std::atomic<std::uint64_t> done{0};
    std::atomic<std::uint64_t> total{0}; ///< of the current stage, in the stage's own units; 0 = not known
    std::atomic<const char*> stage{""};  ///< a string literal, e.g. "reading"
    std::atomic<float> phaseStart{0.0F}; ///< share of the whole job that lies before the current phase, 0..1
    std::atomic<float> phaseShare{1.0F}; ///< share of the whole job that the current phase takes, 0..1
    JobCurves curves;

    /// Share of the whole job that is done, 0..1.
    [[nodiscard]] double fraction() const;
};

/// Handed to every long operation: reports progress and says when to stop. Cheap to copy; advance() is thread-safe.
class JobContext
{
public:
    JobContext(std::stop_token stop, Progress& progress) : m_stop(std::move(stop)), m_progress(&progress) {}

    /// Says which part of the whole job the following stages make up (both 0..1). Called by the pipeline only.
    void enterPhase(double start, double share);
    /// Starts a stage. `stage` must be a string literal in present participle: "reading", "scoring".
    void begin(const char* stage, std::uint64_t total);
    /// Counts work as done; false means that the job was asked to stop and must return cancelled() soon.
    [[nodiscard]] bool advance(std::uint64_t units = 1);
    /// Adds a point to one of the job's curves.
    void plot(std::string_view curve, double x, double y) { m_progress->curves.add(curve, {x, y}); }
    [[nodiscard]] bool stopRequested() const { return m_stop.stop_requested(); }
    /// For whoever waits without a context at hand.
    [[nodiscard]] const std::stop_token& stopToken() const { return m_stop; }

private:
    std::stop_token m_stop;
    Progress* m_progress;
};

/// A context that nobody watches or stops: for tests and short work.
class QuietJob
{
public:
    [[nodiscard]] JobContext& context() { return m_context; }
    operator JobContext&() { return m_context; } // NOLINT: converting on purpose

private:
    std::stop_source m_stop;
    Progress m_progress;
    JobContext m_context{m_stop.get_token(), m_progress};
};

} // namespace faultline
