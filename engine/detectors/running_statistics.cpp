// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/running_statistics.h"
#include <algorithm>
#include <cmath>
#include <functional>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr double leastSpread = 0.05; ///< robust standard deviations of the baseline

double medianOf(const std::vector<double>& sorted)
{
    const auto n = sorted.size();
    return 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
}

/// The k-th smallest (from 0) distance of the values to `centre`, which both sides of hold ascending: a search over how
/// many of the k + 1 nearest lie on the left.
double nearestDistance(const std::vector<double>& sorted, double centre, std::size_t k)
{
    const auto cut = static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), centre) - sorted.begin());
    const auto right = sorted.size() - cut;
    std::size_t low = k + 1 > right ? k + 1 - right : 0, high = std::min(k + 1, cut);
    while (low < high) { // fewest left values such that the next left one is no nearer than the last right one
        const auto left = (low + high) / 2;
        if (centre - sorted[cut - 1 - left] < sorted[cut + k - left] - centre)
            low = left + 1;
        else
            high = left;
    }
    const double onLeft = low > 0 ? centre - sorted[cut - low] : 0.0;
    const double onRight = low <= k ? sorted[cut + k - low] - centre : 0.0;
    return std::max(onLeft, onRight);
}

double zScore(const std::vector<double>& sorted, double value)
{
    const double median = medianOf(sorted);
    const double deviation = nearestDistance(sorted, median, (sorted.size() - 1) / 2);
    return std::abs(value - median) / std::max(1.4826 * deviation, leastSpread);
}

/// Values below, equal to and above; `own` of the equal ones are the unit itself.
struct Place {
    double below = 0.0, equal = 0.0, above = 0.0;
};

Place placeIn(const std::vector<double>& sorted, double low, double high, double own)
{
    const auto first = std::lower_bound(sorted.begin(), sorted.end(), low);
    const auto last = std::upper_bound(first, sorted.end(), high);
    return {.below = static_cast<double>(first - sorted.begin()),
            .equal = std::max(0.0, static_cast<double>(last - first) - own),
            .above = static_cast<double>(sorted.end() - last)};
}

double tailSurprise(const std::vector<double>& sorted, double value, double own)
{
    const auto place = placeIn(sorted, value, value, own);
    const double n = place.below + place.equal + place.above;
    const double beyond = std::min(place.below, place.above) + 0.5 * place.equal + 0.5;
    const double outside = std::max({sorted.front() - value, value - sorted.back(), 0.0});
    const double range = std::max(sorted.back() - sorted.front(), leastSpread);
    return std::max(0.0, -std::log10(2.0 * beyond / (n + 1.0))) + std::log10(1.0 + outside / range);
}

double binSurprise(const std::vector<double>& sorted, double value, double own)
{
    const auto n = sorted.size();
    const double width = (sorted[(3 * (n - 1)) / 4] - sorted[(n - 1) / 4]) / std::cbrt(static_cast<double>(n));
    const double half = std::max(width, leastSpread);
    const auto place = placeIn(sorted, value - half, value + half, own);
    return std::max(0.0, -std::log10((place.equal + 0.5) / (place.below + place.equal + place.above + 1.0)));
}
} // namespace

const DetectorSpec& RunningStatistics::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "running_statistics",
        .title = "Running statistics",
        .help = "Finds values that are unusual among the last few hundred of their column. Constant memory and over a "
                "million values a second, for streams that never end.",
        .paper = "Iglewicz and Hoaglin, How to Detect and Handle Outliers, ASQC 1993",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {{.name = "measure",
                        .type = ParameterSpec::Type::Choice,
                        .standard = std::string("z"),
                        .choices = {"z", "percentile", "histogram"},
                        .help = "Robust standard deviations from the median, how far in a tail, or how empty the bin "
                                "around the value."},
                       {.name = "window",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{512},
                        .minimum = 10,
                        .maximum = 100'000,
                        .unit = "units",
                        .help = "How many past units are compared with; less forgets sooner."},
                       {.name = "largest",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{5},
                        .minimum = 1,
                        .maximum = 1000,
                        .unit = "columns",
                        .help = "How many of a unit's most unusual columns are averaged."}},
        .family = DetectorFamily::Statistics,
        .live = LiveForm::Stream};
    return spec;
}

RunningStatistics::RunningStatistics(Parameters parameters, std::uint64_t /*seed*/)
    : ConfiguredDetector(describe(), std::move(parameters)), m_window(count("window")), m_largest(count("largest")),
      m_measure(choice("measure") == "z"            ? Measure::Z
                : choice("measure") == "percentile" ? Measure::Percentile
                                                    : Measure::Histogram)
{
}

CostEstimate RunningStatistics::cost(const WorkSize& work) const
{
    const auto columns = static_cast<double>(work.columns), scored = static_cast<double>(work.scoredUnits);
    const auto window = static_cast<double>(m_window);
    return {.seconds = columns * (2e-7 * scored + 2e-8 * window) + 1e-9 * static_cast<double>(work.trainingUnits),
            .bytes = 16.0 * columns * window + 8.0 * scored};
}

double RunningStatistics::unusual(const Sorted& sorted, double value, double own) const
{
    if (static_cast<double>(sorted.size()) <= own)
        return 0.0;
    switch (m_measure) {
    case Measure::Z:
        return zScore(sorted, value);
    case Measure::Percentile:
        return tailSurprise(sorted, value, own);
    case Measure::Histogram:
        break;
    }
    return binSurprise(sorted, value, own);
}

double RunningStatistics::summarise(std::vector<double>& terms) const
{
    const auto counted = std::min(m_largest, terms.size());
    const auto end = terms.begin() + static_cast<std::ptrdiff_t>(counted);
    if (counted < terms.size())
        std::partial_sort(terms.begin(), end, terms.end(), std::greater<>());
    double sum = 0.0;
    for (auto it = terms.begin(); it != end; ++it)
        sum += *it;
    return sum / static_cast<double>(counted);
}

/// Adds the row to the ring and the sorted columns; the oldest goes when the window is full.
void RunningStatistics::keep(const double* row)
{
    const auto d = m_columns.size();
    const bool isFull = m_recent.size() == m_window * d;
    for (std::size_t c = 0; c < d; ++c) {
        auto& sorted = m_sorted[c];
        auto to = std::upper_bound(sorted.begin(), sorted.end(), row[c]);
        if (!isFull) {
            sorted.insert(to, row[c]);
            continue;
        }
        const auto from = std::lower_bound(sorted.begin(), sorted.end(), m_recent[m_next * d + c]);
        if (from < to) // what lies between moves by one place
            to = std::move(from + 1, to, from);
        else
            std::move_backward(to, from, from + 1);
        *to = row[c];
    }
    if (!isFull) {
        m_recent.insert(m_recent.end(), row, row + d);
        return;
    }
    std::copy_n(row, d, m_recent.begin() + static_cast<std::ptrdiff_t>(m_next * d));
    m_next = (m_next + 1) % m_window;
}

Result<void> RunningStatistics::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto learned = m_columns.learn(*training.table); !learned)
        return learned;
    const auto units = training.table->units(), d = m_columns.size();
    m_recent.clear();
    m_next = 0;
    std::vector<double> row(d);
    for (auto unit = units - std::min(units, m_window); unit < units; ++unit) {
        if (!job.advance())
            return cancelled();
        m_columns.read(*training.standardised, unit, row.data());
        m_recent.insert(m_recent.end(), row.begin(), row.end());
    }
    m_sorted.assign(d, {});
    for (std::size_t c = 0; c < d; ++c) {
        for (std::size_t i = c; i < m_recent.size(); i += d)
            m_sorted[c].push_back(m_recent[i]);
        std::sort(m_sorted[c].begin(), m_sorted[c].end());
    }
    m_seen = units;
    return {};
}

Result<std::vector<double>> RunningStatistics::score(const DetectorInput& input, const ScoreOptions& options,
                                                     JobContext& job) const
{
    if (auto checked = checkInput(input, m_columns.ofTable(), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    const auto kept = m_recent.size() / m_columns.size();
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), 256), [&](const auto& range) {
        std::vector<double> row(m_columns.size()), terms(row.size());
        for (auto unit = range.begin(); unit != range.end() && job.advance(); ++unit) {
            m_columns.read(*input.standardised, unit, row.data());
            const bool isKept = options.isTrainingData && unit < m_seen && unit + kept >= m_seen;
            for (std::size_t c = 0; c < row.size(); ++c)
                terms[c] = unusual(m_sorted[c], row[c], isKept ? 1.0 : 0.0);
            scores[unit] = summarise(terms);
        }
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

double RunningStatistics::update(const DetectorInput& input, std::size_t unit)
{
    if (m_columns.size() == 0) {
        if (!input.table || !m_columns.learn(*input.table))
            return 0.0;
        m_sorted.assign(m_columns.size(), {});
    }
    if (input.standardised->cols() != m_columns.ofTable())
        return 0.0;
    m_row.resize(m_columns.size());
    m_terms.resize(m_columns.size());
    m_columns.read(*input.standardised, unit, m_row.data());
    for (std::size_t c = 0; c < m_row.size(); ++c)
        m_terms[c] = unusual(m_sorted[c], m_row[c], 0.0);
    keep(m_row.data());
    m_seen = 0;
    return summarise(m_terms);
}

std::vector<Contribution> RunningStatistics::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, m_columns.ofTable(), unit + 1))
        return {};
    std::vector<double> row(m_columns.size());
    m_columns.read(*input.standardised, unit, row.data());
    for (std::size_t c = 0; c < row.size(); ++c)
        row[c] = unusual(m_sorted[c], row[c], 0.0);
    return m_columns.shares(row);
}

void RunningStatistics::save(TensorBundle& bundle, const std::string& prefix) const
{
    m_columns.save(bundle, prefix);
    bundle.put(prefix + "/recent", m_recent);
    bundle.put(prefix + "/state",
               std::vector<std::int64_t>{static_cast<std::int64_t>(m_next), static_cast<std::int64_t>(m_seen)});
}

Result<void> RunningStatistics::load(const TensorBundle& bundle, const std::string& prefix)
{
    ValueColumns columns;
    if (auto loaded = columns.load(spec(), bundle, prefix); !loaded)
        return loaded;
    auto recent = bundle.vector<double>(prefix + "/recent");
    const auto state = bundle.vector<std::int64_t>(prefix + "/state", 2);
    if (!recent || !state)
        return tl::unexpected(!recent ? recent.error() : state.error());
    const auto d = columns.size(), rows = recent->size() / d;
    const auto next = state->front(), seen = state->back();
    if (rows * d != recent->size() || rows > m_window || !allWithin(*recent, -1e6, 1e6) || next < 0 || seen < 0 ||
        (next > 0 && (rows < m_window || static_cast<std::size_t>(next) >= m_window)))
        return damagedModel(spec());
    m_sorted.assign(d, {});
    for (std::size_t i = 0; i < recent->size(); ++i)
        m_sorted[i % d].push_back((*recent)[i]);
    for (auto& sorted : m_sorted)
        std::sort(sorted.begin(), sorted.end());
    m_columns = std::move(columns);
    m_recent = std::move(*recent);
    m_next = static_cast<std::size_t>(next);
    m_seen = static_cast<std::uint64_t>(seen);
    return {};
}

} // namespace faultline::detectors
