// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/isolation_forest.h"
#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>
#include <unordered_set>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t blockUnits = 512; ///< with a tree of 256 leaves a block of 10 columns fits the first-level cache
constexpr std::uint32_t deepest = 14;
constexpr int largestExponent = 1000;

double clipped(double value)
{
    return std::clamp(value, -1e300, 1e300);
}

/// `wanted` distinct indices below `units`, ascending (Floyd's algorithm).
std::vector<std::uint64_t> drawWithoutReplacement(std::size_t units, std::size_t wanted, Random& random)
{
    std::unordered_set<std::uint64_t> taken;
    for (std::uint64_t last = units - wanted; last < units; ++last)
        if (!taken.insert(random.below(last + 1)).second)
            taken.insert(last);
    std::vector<std::uint64_t> out(taken.begin(), taken.end());
    std::sort(out.begin(), out.end());
    return out;
}

double medianOf(std::vector<double>& values)
{
    if (values.empty())
        return 0.0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}
} // namespace

const DetectorSpec& IsolationForest::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "isolation_forest",
        .title = "Isolation forest",
        .help = "Finds units that few random cuts part from the rest. It sees odd combinations of columns, needs no "
                "scaling and "
                "is fast on large tables.",
        .paper = "Liu, Ting and Zhou, Isolation Forest, ICDM 2008",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {{.name = "trees",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{100},
                        .minimum = 1,
                        .maximum = 2000,
                        .unit = "trees",
                        .help = "More trees make scores steadier; time grows in proportion."},
                       {.name = "samples",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{256},
                        .minimum = 2,
                        .maximum = 16384,
                        .unit = "units",
                        .help = "How many units each tree is grown on; small samples keep anomalies apart."},
                       {.name = "values",
                        .type = ParameterSpec::Type::Choice,
                        .standard = std::string("raw"),
                        .choices = {"raw", "standardised"},
                        .help = "Standardised values compare entities and times of day by what is typical for each."},
                       {.name = "extension",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{0},
                        .minimum = 0,
                        .maximum = 100,
                        .unit = "columns",
                        .help = "How many more columns each cut looks at: 0 cuts along the axes, more cuts aslant, "
                                "which takes away the forest's blind stripes but costs time."}},
        .family = DetectorFamily::Forest};
    return spec;
}

IsolationForest::IsolationForest(Parameters parameters, std::uint64_t seed)
    : ConfiguredDetector(describe(), std::move(parameters)), m_seed(deriveSeed(seed, "isolation_forest"))
{
}

CostEstimate IsolationForest::cost(const WorkSize& work) const
{
    const auto trees = static_cast<double>(count("trees")), samples = static_cast<double>(count("samples"));
    const auto depth = std::log2(samples + 1.0), scored = static_cast<double>(work.scoredUnits);
    const auto extension = static_cast<double>(count("extension"));
    const double step = extension > 0.0 ? 5e-9 + 2e-9 * extension : work.columns > 32 ? 1.5e-9 : 5e-10;
    return {.seconds = trees * depth * (step * scored + (2e-8 + 1e-8 * extension) * samples) + 1e-8 * scored,
            .bytes = (40.0 + 8.0 * extension) * trees * samples + 8.0 * scored};
}

const features::Matrix& IsolationForest::valuesOf(const DetectorInput& input) const
{
    return choice("values") == "raw" ? input.table->values : *input.standardised;
}

void IsolationForest::learnScaling(const features::FeatureTable& table, const features::Matrix& values)
{
    const auto columns = table.columns.size();
    m_centre.assign(columns, 0.0);
    m_exponent.assign(columns, 0);
    m_isPhase.assign(columns, 0);
    // An even sample is enough: the centre and the scale keep floats precise, they do not change which splits are
    // possible.
    const auto step = std::max<Eigen::Index>(1, values.rows() / 16'384);
    tbb::parallel_for(std::size_t{0}, columns, [&](std::size_t c) {
        std::vector<double> present;
        for (Eigen::Index i = 0; i < values.rows(); i += step)
            if (const double v = values(i, static_cast<Eigen::Index>(c)); !std::isnan(v))
                present.push_back(clipped(v));
        m_centre[c] = medianOf(present);
        double reach = 0.0;
        for (const double v : present)
            reach = std::max(reach, std::abs(v - m_centre[c]));
        m_exponent[c] = reach > 0.0 ? std::clamp(std::ilogb(reach), -largestExponent, largestExponent) : 0;
        m_isPhase[c] = table.columns[c].role == features::ColumnRole::Phase ? 1 : 0;
    });
    setFactors();
}

void IsolationForest::setFactors()
{
    m_factor.clear();
    for (const auto exponent : m_exponent)
        m_factor.push_back(std::scalbn(1.0, -exponent));
}

void IsolationForest::toFloats(const features::Matrix& values, std::size_t unit, float* out) const
{
    const double* row = values.data() + unit * m_centre.size();
    for (std::size_t c = 0; c < m_centre.size(); ++c) {
        const double v = std::isnan(row[c]) ? 0.0 : (clipped(row[c]) - m_centre[c]) * m_factor[c];
        out[c] = static_cast<float>(std::clamp(v, -1e30, 1e30));
    }
}

Result<void> IsolationForest::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 2); !checked)
        return checked;
    if (training.table->columns.empty())
        return fail({ErrorCode::Numeric, "an isolation forest needs at least one column", {}, {}});
    const auto& values = valuesOf(training);
    learnScaling(*training.table, values);
    const auto units = training.table->units();
    const auto columns = m_centre.size();
    m_sampled = std::min(count("samples"), units);
    std::uint32_t depth = 0;
    while ((std::size_t{1} << depth) < m_sampled)
        ++depth;
    IsolationTrees trees;
    trees.resize(count("trees"), depth, termsFor(columns));
    tbb::parallel_for(std::size_t{0}, count("trees"), [&](std::size_t tree) {
        if (!job.advance())
            return;
        Random random(deriveSeed(m_seed, "tree", tree));
        std::vector<float> sample(m_sampled * columns);
        float* out = sample.data();
        for (const auto unit : drawWithoutReplacement(units, m_sampled, random)) {
            toFloats(values, unit, out);
            out += columns;
        }
        growIsolationTree(trees, tree, sample, columns, random);
    });
    if (job.stopRequested())
        return cancelled();
    m_trees = std::move(trees);
    m_trees.arrange(columns);
    return {};
}

/// Columns in a cut, as IsolationTrees::terms counts them.
std::size_t IsolationForest::termsFor(std::size_t columns) const
{
    const auto together = std::min(count("extension") + 1, columns);
    return together == 1 ? 0 : together;
}

Result<std::vector<double>> IsolationForest::score(const DetectorInput& input, const ScoreOptions& /*options*/,
                                                   JobContext& job) const
{
    if (auto checked = checkInput(input, static_cast<std::ptrdiff_t>(m_centre.size()), 0); !checked)
        return tl::unexpected(checked.error());
    const auto& values = valuesOf(input);
    const auto units = input.table->units();
    const auto columns = m_centre.size();
    const double perTree = 1.0 / (static_cast<double>(m_trees.count()) * meanSearchPath(m_sampled));
    std::vector<double> scores(units, 0.0);
    tbb::parallel_for(std::size_t{0}, (units + blockUnits - 1) / blockUnits, [&](std::size_t block) {
        const auto first = block * blockUnits;
        const auto rows = std::min(blockUnits, units - first);
        if (!job.advance(rows))
            return;
        std::vector<float> floats(rows * columns), sums(rows, 0.0F);
        for (std::size_t i = 0; i < rows; ++i)
            toFloats(values, first + i, floats.data() + i * columns);
        addPathLengths(m_trees, floats, columns, sums);
        for (std::size_t i = 0; i < rows; ++i)
            scores[first + i] = std::exp2(-static_cast<double>(sums[i]) * perTree);
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

std::vector<Contribution> IsolationForest::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, static_cast<std::ptrdiff_t>(m_centre.size()), unit + 1))
        return {};
    std::vector<float> row(m_centre.size());
    toFloats(valuesOf(input), unit, row.data());
    std::vector<double> credit(row.size(), 0.0);
    for (std::size_t tree = 0; tree < m_trees.count(); ++tree) {
        const auto firstSplit = tree * m_trees.splitsPerTree();
        const auto* sizes = m_trees.size.data() + tree * m_trees.nodesPerTree();
        for (std::size_t node = 0, level = 0; level < m_trees.depth; ++level) {
            const auto split = firstSplit + node;
            const bool isLeft = m_trees.project(split, row.data()) < m_trees.splits[split].threshold;
            const auto child = 2 * node + (isLeft ? 1 : 2);
            if (sizes[child] == 0)
                break;
            const double surplus = std::log2(static_cast<double>(sizes[node]) / sizes[child]) - 1.0;
            if (surplus > 0.0)
                giveCredit(split, row, surplus, credit);
            node = child;
        }
    }
    return columnShares(credit);
}

/// An oblique cut's credit is shared by how much each column moves the unit off the median.
void IsolationForest::giveCredit(std::size_t split, const std::vector<float>& row, double surplus,
                                 std::vector<double>& credit) const
{
    const auto give = [&](std::uint32_t column, double part) {
        if (m_isPhase[column] == 0)
            credit[column] += part * surplus;
    };
    if (m_trees.terms == 0)
        return give(m_trees.splits[split].column, 1.0);
    const std::span terms(m_trees.plane.data() + split * m_trees.terms, m_trees.terms);
    const auto pull = [&](const IsolationTrees::Term& term) {
        return std::abs(static_cast<double>(term.weight) * static_cast<double>(row[term.column]));
    };
    double total = 0.0;
    for (const auto& term : terms)
        total += pull(term);
    for (const auto& term : terms)
        if (total > 0.0)
            give(term.column, pull(term) / total);
}

void IsolationForest::save(TensorBundle& bundle, const std::string& prefix) const
{
    std::vector<float> thresholds;
    std::vector<std::uint32_t> columns;
    for (const auto& split : m_trees.splits) {
        thresholds.push_back(split.threshold);
        columns.push_back(split.column);
    }
    bundle.put(prefix + "/threshold", thresholds);
    bundle.put(prefix + "/column", columns);
    bundle.put(prefix + "/path_length", m_trees.pathLength);
    bundle.put(prefix + "/size", m_trees.size);
    if (m_trees.terms > 0) {
        std::vector<float> weights;
        std::vector<std::uint32_t> planeColumns;
        for (const auto& term : m_trees.plane) {
            weights.push_back(term.weight);
            planeColumns.push_back(term.column);
        }
        bundle.put(prefix + "/plane_weight", weights);
        bundle.put(prefix + "/plane_column", planeColumns);
    }
    bundle.put(prefix + "/shape", std::vector<std::uint32_t>{m_trees.depth, static_cast<std::uint32_t>(m_sampled)});
    bundle.put(prefix + "/centre", m_centre);
    bundle.put(prefix + "/exponent", m_exponent);
    bundle.put(prefix + "/is_phase", m_isPhase);
}

Result<void> IsolationForest::checkTrees(const IsolationTrees& trees, std::size_t columns) const
{
    // Children follow from a node's index, so no content can lead out of a tree or in a circle.
    for (const auto& split : trees.splits)
        if (std::isnan(split.threshold) || split.column >= columns)
            return damagedModel(spec());
    for (const auto& term : trees.plane)
        if (!(std::abs(term.weight) <= 1e6F) || term.column >= columns)
            return damagedModel(spec());
    for (const float path : trees.pathLength)
        if (!(path >= 0.0F && path <= 1000.0F))
            return damagedModel(spec());
    return {};
}

Result<void> IsolationForest::readPlanes(const TensorBundle& bundle, const std::string& prefix, std::size_t terms,
                                         IsolationTrees& trees) const
{
    if (terms == 0)
        return {};
    const auto weights = bundle.vector<float>(prefix + "/plane_weight", trees.splits.size() * terms);
    const auto columns = bundle.vector<std::uint32_t>(prefix + "/plane_column", trees.splits.size() * terms);
    if (!weights || !columns)
        return tl::unexpected(!weights ? weights.error() : columns.error());
    trees.terms = terms;
    for (std::size_t i = 0; i < weights->size(); ++i)
        trees.plane.push_back({.weight = (*weights)[i], .column = (*columns)[i]});
    return {};
}

Result<void> IsolationForest::load(const TensorBundle& bundle, const std::string& prefix)
{
    const auto shape = bundle.vector<std::uint32_t>(prefix + "/shape", 2);
    if (!shape)
        return tl::unexpected(shape.error());
    const auto depth = (*shape)[0], sampled = (*shape)[1];
    if (depth > deepest || sampled < 2 || sampled > (1U << depth))
        return damagedModel(spec());
    auto paths = bundle.vector<float>(prefix + "/path_length");
    if (!paths)
        return tl::unexpected(paths.error());
    const auto trees = paths->size() >> depth;
    if (trees == 0 || trees > 100'000 || trees << depth != paths->size())
        return damagedModel(spec());
    const auto thresholds = bundle.vector<float>(prefix + "/threshold", trees * ((std::size_t{1} << depth) - 1));
    const auto splitColumns = bundle.vector<std::uint32_t>(prefix + "/column", trees * ((std::size_t{1} << depth) - 1));
    auto sizes = bundle.vector<std::uint32_t>(prefix + "/size", trees * ((std::size_t{2} << depth) - 1));
    auto centre = bundle.vector<double>(prefix + "/centre");
    if (!thresholds || !splitColumns || !sizes || !centre)
        return tl::unexpected(!thresholds     ? thresholds.error()
                              : !splitColumns ? splitColumns.error()
                              : !sizes        ? sizes.error()
                                              : centre.error());
    auto exponent = bundle.vector<std::int32_t>(prefix + "/exponent", centre->size());
    auto isPhase = bundle.vector<std::uint8_t>(prefix + "/is_phase", centre->size());
    if (!exponent || !isPhase)
        return tl::unexpected(!exponent ? exponent.error() : isPhase.error());
    const auto isOutOfRange = [](std::int32_t e) { return e < -largestExponent || e > largestExponent; };
    if (centre->empty() || !allFinite(*centre) || std::any_of(exponent->begin(), exponent->end(), isOutOfRange))
        return damagedModel(spec());
    IsolationTrees loaded{.depth = depth, .splits = {}, .pathLength = std::move(*paths), .size = std::move(*sizes)};
    for (std::size_t i = 0; i < thresholds->size(); ++i)
        loaded.splits.push_back({.threshold = (*thresholds)[i], .column = (*splitColumns)[i]});
    if (auto read = readPlanes(bundle, prefix, termsFor(centre->size()), loaded); !read)
        return read;
    if (auto checked = checkTrees(loaded, centre->size()); !checked)
        return checked;
    m_trees = std::move(loaded);
    m_trees.arrange(centre->size());
    m_sampled = sampled;
    m_centre = std::move(*centre);
    m_exponent = std::move(*exponent);
    m_isPhase = std::move(*isPhase);
    setFactors();
    return {};
}

} // namespace faultline::detectors
