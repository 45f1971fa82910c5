// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include "engine/detectors/series/series_clock.h"
#include "engine/detectors/series/state_archive.h"
#include <memory>
#include <utility>
#include <vector>

namespace faultline::detectors
{

/// One column of one entity as it comes, value by value: what a Stream detector keeps of it. The first 100 rows are
/// held and score 0; then the pace of the series is known and they are replayed. A missing value counts as the last one
/// (0 before the first), infinite ones as +-1e150. Rows without a time count as five minutes apart.
class ColumnStream
{
public:
    virtual ~ColumnStream() = default;
    /// Surprise of a value in nats, >= 0, from those before it; then it is learned.
    [[nodiscard]] double push(double value, TimeUs time);
    [[nodiscard]] virtual std::unique_ptr<ColumnStream> copy() const = 0;
    void write(StateWriter& archive) const;
    /// False when what was written is damaged.
    [[nodiscard]] bool read(StateReader& archive);

    static constexpr std::size_t warmUp = 100; ///< rows

protected:
    virtual void start(const SeriesClock& clock) = 0;
    [[nodiscard]] virtual double step(double value, std::int64_t second) = 0;
    virtual void writeState(StateWriter& archive) const = 0;
    [[nodiscard]] virtual bool readState(StateReader& archive) = 0;

private:
    [[nodiscard]] std::int64_t secondOf(TimeUs time);

    std::vector<double> m_values; ///< held until the pace is known
    std::vector<std::int64_t> m_seconds;
    SeriesClock m_clock;
    double m_lastValue = 0.0;
    std::int64_t m_lastSecond = 0, m_rows = 0;
};

/// A stream made of a State with start(clock), step(value, second), isSound() and fields().
template <class State>
class StreamOf final : public ColumnStream
{
public:
    explicit StreamOf(State fresh) : m_state(std::move(fresh)) {}
    [[nodiscard]] std::unique_ptr<ColumnStream> copy() const override { return std::make_unique<StreamOf>(*this); }

protected:
    void start(const SeriesClock& clock) override { m_state.start(clock); }
    [[nodiscard]] double step(double value, std::int64_t second) override { return m_state.step(value, second); }
    void writeState(StateWriter& archive) const override { archive(m_state); }
    [[nodiscard]] bool readState(StateReader& archive) override
    {
        archive(m_state);
        return archive.ok() && m_state.isSound();
    }

private:
    State m_state;
};

} // namespace faultline::detectors
