// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/neural_autoencoder.h"
#include "engine/detectors/neural_parameters.h"
#include <algorithm>
#include <numeric>

namespace faultline::detectors
{

namespace
{
using features::ColumnRole;
using neural::SeriesTable;
using neural::Signal;

constexpr double largestCell = 10.0;

/// The units' series, and where each unit went.
struct Series {
    SeriesTable table;
    std::vector<std::uint32_t> place; ///< per unit: its row
};

void copyRow(const DetectorInput& input, std::span<const std::int32_t> columns, std::size_t unit, float* row)
{
    for (std::size_t c = 0; c < columns.size(); ++c)
        row[c] = static_cast<float>(
            std::clamp(boundedCell((*input.standardised)(static_cast<Eigen::Index>(unit), columns[c])), -largestCell,
                       largestCell));
}

Series seriesOf(const DetectorInput& input, std::span<const std::int32_t> columns)
{
    const auto units = input.table->units();
    const auto& entity = input.table->entity;
    std::vector<std::uint32_t> order(units);
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return entity[a] < entity[b]; });
    Series series;
    series.place.resize(units);
    series.table.columns = columns.size();
    series.table.values.resize(units * neural::strideOf(columns.size()));
    series.table.first.resize(units);
    for (std::uint32_t r = 0; r < units; ++r) {
        series.place[order[r]] = r;
        series.table.first[r] = r > 0 && entity[order[r]] == entity[order[r - 1]] ? series.table.first[r - 1] : r;
        copyRow(input, columns, order[r], series.table.values.data() + r * neural::strideOf(columns.size()));
    }
    return series;
}

/// Rows whose window lies within their series, in the units' order; all rows where there are none.
std::vector<std::uint32_t> wholeWindows(const Series& series, std::size_t sequence)
{
    std::vector<std::uint32_t> rows;
    for (const auto row : series.place)
        if (row - series.table.first[row] + 1 >= sequence)
            rows.push_back(row);
    return rows.empty() ? series.place : rows;
}

double squaredError(const Signal& input, const Signal& output, std::size_t step, std::size_t row)
{
    double sum = 0.0;
    for (std::size_t c = 0; c < input.channels; ++c) {
        const double off = static_cast<double>(output.at(step, row)[c]) - static_cast<double>(input.at(step, row)[c]);
        sum += off * off;
    }
    return sum / static_cast<double>(input.channels);
}

std::vector<ParameterSpec> withTraining(std::vector<ParameterSpec> shape)
{
    for (auto& parameter : trainingParameters())
        shape.push_back(std::move(parameter));
    return shape;
}

ParameterSpec whole(const char* name, std::int64_t standard, double least, double most, const char* unit,
                    const char* help)
{
    return {.name = name,
            .type = ParameterSpec::Type::Integer,
            .standard = standard,
            .minimum = least,
            .maximum = most,
            .unit = unit,
            .help = help};
}

std::vector<ParameterSpec> shapeParameters()
{
    return {
        whole("sequence", 10, 2, 128, "units", "Length of a window: units of one entity that are rebuilt together."),
        whole("width", 64, 8, 256, "cells",
              "Cells of each recurrent layer; of convolutions the outer ones have half as many filters."),
        {.name = "dropout",
         .type = ParameterSpec::Type::Real,
         .standard = 0.2,
         .minimum = 0.0,
         .maximum = 0.9,
         .help = "Share of values between layers that are left out at random while training."}};
}

std::vector<ParameterSpec> recurrentParameters()
{
    auto shape = shapeParameters();
    shape.push_back(whole("layers", 2, 1, 4, "layers", "Recurrent layers of the encoder, and of the decoder."));
    return withTraining(std::move(shape));
}

DetectorSpec specFor(const char* name, const char* title, const char* help, const char* paper,
                     std::vector<ParameterSpec> parameters)
{
    return {.name = name,
            .title = title,
            .help = help,
            .paper = paper,
            .units = {features::UnitKind::Row, features::UnitKind::Window},
            .parameters = std::move(parameters),
            .family = DetectorFamily::Neural,
            .context = ScoreContext::Series,
            .live = LiveForm::None};
}
} // namespace

neural::Network NeuralAutoencoder::networkOf(std::size_t columns) const
{
    return networkFor({.columns = columns,
                       .sequence = count("sequence"),
                       .width = count("width"),
                       .layers = parameters().contains("layers") ? count("layers") : 2,
                       .dropout = real("dropout")});
}

Result<void> NeuralAutoencoder::fit(const DetectorInput& training, JobContext& job)
{
    const auto sequence = count("sequence");
    if (auto good = checkInput(training, -1, 2 * sequence); !good)
        return good;
    std::vector<std::int32_t> columns;
    for (std::size_t c = 0; c < training.table->columns.size(); ++c)
        if (training.table->columns[c].role != ColumnRole::Phase)
            columns.push_back(static_cast<std::int32_t>(c));
    if (columns.empty())
        return fail({ErrorCode::Numeric, "there is no column to learn from, at least one is needed", {}, {}});
    const auto series = seriesOf(training, columns);
    const auto samples = splitSamples(wholeWindows(series, sequence), count("windows"));
    auto network = networkOf(columns.size());
    network.initialise(m_seed);
    const neural::ReconstructionTask task(series.table, sequence);
    neural::Trainer trainer(network, task, samples.training, samples.validation,
                            {.batch = count("batch"),
                             .epochs = count("epochs"),
                             .learningRate = real("learning_rate"),
                             .patience = count("patience"),
                             .seed = m_seed});
    if (auto done = trainer.run(spec().name, job); !done)
        return done;
    m_tableColumns = training.table->columns.size();
    m_columns = std::move(columns);
    m_network = std::move(network);
    return {};
}

Result<std::vector<double>> NeuralAutoencoder::score(const DetectorInput& input, const ScoreOptions& /*options*/,
                                                     JobContext& job) const
{
    if (auto good = checkInput(input, static_cast<std::ptrdiff_t>(m_tableColumns), 0); !good)
        return fail(good.error());
    const auto sequence = count("sequence");
    const auto series = seriesOf(input, m_columns);
    const neural::ReconstructionTask task(series.table, sequence);
    std::vector<double> scores(input.table->units());
    job.begin("scoring", scores.size());
    const auto done = m_network->run(task, series.place, job, [&](auto part, const Signal& in, const Signal& out) {
        const auto first = static_cast<std::size_t>(part.data() - series.place.data());
        for (std::size_t r = 0; r < part.size(); ++r)
            scores[first + r] = squaredError(in, out, sequence - 1, r);
    });
    if (!done)
        return fail(done.error());
    return scores;
}

std::vector<Contribution> NeuralAutoencoder::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!m_network || !checkInput(input, static_cast<std::ptrdiff_t>(m_tableColumns), 0))
        return {};
    const auto sequence = count("sequence");
    auto space = m_network->workspace(false);
    const auto in = m_network->input(space, 1);
    const auto& entity = input.table->entity;
    auto at = unit;
    for (auto step = sequence; step-- > 0;) { // backwards; the first unit stands for those before it
        copyRow(input, m_columns, at, in.at(step));
        auto before = at;
        while (before > 0 && entity[--before] != entity[unit]) {
        }
        at = entity[before] == entity[unit] ? before : at;
    }
    const auto out = m_network->forward({.rows = 1}, space);
    std::vector<double> weights(m_tableColumns, 0.0);
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const double off = static_cast<double>(out.at(sequence - 1)[c]) - static_cast<double>(in.at(sequence - 1)[c]);
        weights[static_cast<std::size_t>(m_columns[c])] = off * off;
    }
    return columnShares(weights);
}

CostEstimate NeuralAutoencoder::cost(const WorkSize& work) const
{
    const auto network = networkOf(std::max<std::size_t>(work.columns, 1));
    const auto windows = static_cast<double>(std::min(work.trainingUnits, count("windows")));
    const auto scored = static_cast<double>(work.scoredUnits);
    const double passes = 3.0 * windows * static_cast<double>(count("epochs")) + scored;
    const auto units = static_cast<double>(std::max(work.trainingUnits, work.scoredUnits));
    return {.seconds = secondsOf(passes * network.flops()) + 1e-6 * scored,
            .bytes = trainingBytes(network) +
                     units * (8.0 + sizeof(float) * static_cast<double>(neural::strideOf(work.columns)))};
}

void NeuralAutoencoder::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.put(prefix + "/columns", m_columns);
    bundle.put(prefix + "/shape",
               std::vector<std::int64_t>{static_cast<std::int64_t>(m_tableColumns), static_cast<std::int64_t>(m_seed)});
    m_network->save(bundle, prefix + "/network", m_network->parameters());
}

Result<void> NeuralAutoencoder::load(const TensorBundle& bundle, const std::string& prefix)
{
    const auto columns = bundle.vector<std::int32_t>(prefix + "/columns");
    const auto shape = bundle.vector<std::int64_t>(prefix + "/shape", 2);
    if (!columns || !shape)
        return fail(!columns ? columns.error() : shape.error());
    const bool ascends = std::adjacent_find(columns->begin(), columns->end(), std::greater_equal<>()) == columns->end();
    if (columns->empty() || columns->front() < 0 || !ascends || (*shape)[0] <= columns->back() ||
        (*shape)[0] > std::numeric_limits<std::int32_t>::max())
        return damagedModel(spec());
    auto network = networkOf(columns->size());
    if (auto done = network.loadParameters(bundle, prefix + "/network"); !done)
        return done;
    m_tableColumns = static_cast<std::size_t>((*shape)[0]);
    m_seed = static_cast<std::uint64_t>((*shape)[1]);
    m_columns = *columns;
    m_network = std::move(network);
    return {};
}

const DetectorSpec& LstmAutoencoder::describe()
{
    static const DetectorSpec spec =
        specFor("lstm_autoencoder", "LSTM autoencoder",
                "Rebuilds windows of successive units with a long short-term memory network and scores what it cannot "
                "rebuild. Finds values that are usual alone but not after what came before or beside one another.",
                "Malhotra et al. 2016, LSTM-based Encoder-Decoder for Multi-sensor Anomaly Detection, ICML workshop",
                recurrentParameters());
    return spec;
}

neural::Network LstmAutoencoder::networkFor(const neural::AutoencoderOptions& options) const
{
    return neural::recurrentAutoencoder(neural::Cell::Lstm, options);
}

const DetectorSpec& GruAutoencoder::describe()
{
    static const DetectorSpec spec = specFor(
        "gru_autoencoder", "GRU autoencoder",
        "Rebuilds windows of successive units with gated recurrent units and scores what it cannot rebuild. "
        "Much like the LSTM autoencoder, with a quarter less to compute.",
        "Cho et al. 2014, Learning Phrase Representations using RNN Encoder-Decoder, EMNLP", recurrentParameters());
    return spec;
}

neural::Network GruAutoencoder::networkFor(const neural::AutoencoderOptions& options) const
{
    return neural::recurrentAutoencoder(neural::Cell::Gru, options);
}

const DetectorSpec& CnnAutoencoder::describe()
{
    static const DetectorSpec spec =
        specFor("cnn_autoencoder", "CNN autoencoder",
                "Rebuilds windows of successive units with convolutions over time and scores what it cannot rebuild. "
                "The fastest of the autoencoders; sees shapes within a window, no longer order.",
                "P. Vijay 2020, Timeseries anomaly detection using an Autoencoder, Keras examples",
                withTraining(shapeParameters()));
    return spec;
}

neural::Network CnnAutoencoder::networkFor(const neural::AutoencoderOptions& options) const
{
    return neural::convolutionalAutoencoder(options);
}

} // namespace faultline::detectors
