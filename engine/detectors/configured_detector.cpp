// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/configured_detector.h"
#include "engine/core/text.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t maxContributions = 16;

tl::unexpected<Error> wrongParameter(const DetectorSpec& spec, const ParameterSpec& parameter,
                                     const std::string& wanted)
{
    return fail({ErrorCode::Config,
                 "the value of parameter '" + parameter.name + "' of '" + spec.name + "' does not fit",
                 {},
                 "give " + wanted});
}

std::string rangeOf(const ParameterSpec& parameter)
{
    return formatNumber(parameter.minimum) + " to " + formatNumber(parameter.maximum);
}

Result<ParameterValue> accept(const DetectorSpec& spec, const ParameterSpec& parameter, const ParameterValue& given)
{
    const auto inRange = [&](double v) { return v >= parameter.minimum && v <= parameter.maximum; };
    switch (parameter.type) {
    case ParameterSpec::Type::Integer:
        if (const auto* whole = std::get_if<std::int64_t>(&given); whole && inRange(static_cast<double>(*whole)))
            return given;
        return wrongParameter(spec, parameter, "a whole number from " + rangeOf(parameter));
    case ParameterSpec::Type::Real: {
        const auto* whole = std::get_if<std::int64_t>(&given);
        const auto* real = std::get_if<double>(&given);
        const double value = real ? *real : whole ? static_cast<double>(*whole) : std::nan("");
        if (inRange(value))
            return value;
        return wrongParameter(spec, parameter, "a number from " + rangeOf(parameter));
    }
    case ParameterSpec::Type::Choice:
        break;
    }
    const auto* word = std::get_if<std::string>(&given);
    if (word && std::find(parameter.choices.begin(), parameter.choices.end(), *word) != parameter.choices.end())
        return given;
    std::string allowed;
    for (const auto& known : parameter.choices)
        allowed += (allowed.empty() ? "" : ", ") + known;
    return wrongParameter(spec, parameter, "one of " + allowed);
}

template <class Key>
std::vector<std::pair<Key, double>> largestShares(std::vector<std::pair<Key, double>> weights)
{
    std::erase_if(weights, [](const auto& w) { return !(w.second > 0.0) || !std::isfinite(w.second); });
    // Scaled by the largest first: the sum of huge weights may not overflow.
    double largest = 0.0, sum = 0.0;
    for (const auto& [key, weight] : weights)
        largest = std::max(largest, weight);
    for (auto& [key, weight] : weights)
        sum += weight /= largest;
    for (auto& [key, weight] : weights)
        weight /= sum;
    std::stable_sort(weights.begin(), weights.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    if (weights.size() > maxContributions) {
        weights.resize(maxContributions);
        return largestShares(std::move(weights)); // so that what is shown sums to 1
    }
    return weights;
}
} // namespace

Result<Parameters> resolveParameters(const DetectorSpec& spec, const Parameters& given)
{
    Parameters out;
    std::vector<std::string> names;
    for (const auto& parameter : spec.parameters) {
        out[parameter.name] = parameter.standard;
        names.push_back(parameter.name);
    }
    for (const auto& [name, value] : given) {
        const auto known = std::find_if(spec.parameters.begin(), spec.parameters.end(),
                                        [&wanted = name](const ParameterSpec& p) { return p.name == wanted; });
        if (known == spec.parameters.end()) {
            const auto near = nearestWord(name, names);
            return fail(
                {ErrorCode::Config,
                 "detector '" + spec.name + "' has no parameter '" + name + "'",
                 {},
                 near ? "did you mean '" + *near + "'?" : "`faultline detectors " + spec.name + "` lists them"});
        }
        auto accepted = accept(spec, *known, value);
        if (!accepted)
            return tl::unexpected(accepted.error());
        out[name] = std::move(*accepted);
    }
    return out;
}

std::size_t ConfiguredDetector::count(const char* name) const
{
    return static_cast<std::size_t>(std::get<std::int64_t>(m_parameters.at(name)));
}

double ConfiguredDetector::real(const char* name) const
{
    return std::get<double>(m_parameters.at(name));
}

const std::string& ConfiguredDetector::choice(const char* name) const
{
    return std::get<std::string>(m_parameters.at(name));
}

Result<void> checkInput(const DetectorInput& input, std::ptrdiff_t columns, std::size_t minUnits)
{
    if (!input.table || !input.standardised || input.table->values.rows() != input.standardised->rows() ||
        input.table->values.cols() != input.standardised->cols() ||
        input.table->columns.size() != static_cast<std::size_t>(input.table->values.cols()))
        return fail({ErrorCode::Numeric, "the feature table and its standardised values differ in shape", {}, {}});
    if (columns >= 0 && input.table->values.cols() != columns)
        return fail({ErrorCode::Numeric,
                     "the detector learned " + std::to_string(columns) + " columns, the table has " +
                         std::to_string(input.table->values.cols()),
                     {},
                     "score a table that the same recipe made"});
    if (input.table->units() < minUnits)
        return fail({ErrorCode::Numeric,
                     "too few units to learn from: " + std::to_string(input.table->units()) + ", at least " +
                         std::to_string(minUnits) + " are needed",
                     {},
                     "give more data or a smaller window"});
    return {};
}

Result<void> checkTemplates(const DetectorInput& input)
{
    const auto& counts = input.table->templates;
    if (counts.empty())
        return fail({ErrorCode::Numeric,
                     "the units carry no template counts",
                     {},
                     "templates come with windows or sessions of logs"});
    const bool isSound = counts.begin.size() == input.table->units() + 1 && counts.begin.front() == 0 &&
                         std::is_sorted(counts.begin.begin(), counts.begin.end()) &&
                         counts.begin.back() == counts.templateId.size() &&
                         counts.templateId.size() == counts.count.size();
    if (!isSound)
        return fail({ErrorCode::Numeric, "the template counts do not fit the units", {}, {}});
    return {};
}

double boundedCell(double value)
{
    constexpr double limit = 1e6;
    return std::isnan(value) ? 0.0 : std::clamp(value, -limit, limit);
}

std::vector<Contribution> columnShares(std::span<const double> weights)
{
    std::vector<std::pair<std::int32_t, double>> pairs;
    for (std::size_t c = 0; c < weights.size(); ++c)
        pairs.emplace_back(static_cast<std::int32_t>(c), weights[c]);
    std::vector<Contribution> out;
    for (const auto& [column, share] : largestShares(std::move(pairs)))
        out.push_back({.column = column, .share = share});
    return out;
}

std::vector<Contribution> templateShares(std::vector<std::pair<std::uint32_t, double>> weights)
{
    std::vector<Contribution> out;
    for (const auto& [id, share] : largestShares(std::move(weights)))
        out.push_back({.templateId = id, .share = share});
    return out;
}

tl::unexpected<Error> damagedModel(const DetectorSpec& spec)
{
    return fail({ErrorCode::Parse,
                 "the model's part for '" + spec.name + "' is inconsistent",
                 {},
                 "the file is damaged or of another version"});
}

bool allFinite(std::span<const double> values)
{
    return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

bool allFinite(std::span<const float> values)
{
    return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

bool allWithin(std::span<const double> values, double low, double high)
{
    return std::all_of(values.begin(), values.end(), [&](double v) { return v >= low && v <= high; });
}

} // namespace faultline::detectors
