// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/detector.h"
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline::detectors
{

/// `given` over the spec's defaults. Config error for an unknown name (with the nearest known one), a wrong type or a
/// value out of range (with the range). A whole number is accepted where a real one is wanted.
[[nodiscard]] Result<Parameters> resolveParameters(const DetectorSpec& spec, const Parameters& given);

/// A detector whose spec is a static object and whose parameters were checked by resolveParameters().
class ConfiguredDetector : public Detector
{
public:
    ConfiguredDetector(const DetectorSpec& spec, Parameters parameters)
        : m_spec(&spec), m_parameters(std::move(parameters))
    {
    }
    [[nodiscard]] const DetectorSpec& spec() const final { return *m_spec; }
    [[nodiscard]] const Parameters& parameters() const final { return m_parameters; }

protected:
    [[nodiscard]] std::size_t count(const char* name) const; ///< an Integer parameter whose minimum is not negative
    [[nodiscard]] double real(const char* name) const;
    [[nodiscard]] const std::string& choice(const char* name) const;

private:
    const DetectorSpec* m_spec;
    Parameters m_parameters;
};

/// Numeric error unless the input's matrices are there, of one shape, and hold `columns` columns (any number when -1)
/// and at least `minUnits` units.
[[nodiscard]] Result<void> checkInput(const DetectorInput& input, std::ptrdiff_t columns, std::size_t minUnits);
/// Numeric error unless the table carries sparse template counts whose rows are consistent.
[[nodiscard]] Result<void> checkTemplates(const DetectorInput& input);

/// The standardised value as every detector reads it: 0 for NaN, clipped to +-1e6.
[[nodiscard]] double boundedCell(double value);

/// The positive weights as shares of their sum, largest first (ties by column), at most 16.
[[nodiscard]] std::vector<Contribution> columnShares(std::span<const double> weights);
[[nodiscard]] std::vector<Contribution> templateShares(std::vector<std::pair<std::uint32_t, double>> weights);

/// Parse error that says which detector's part of the model is damaged.
[[nodiscard]] tl::unexpected<Error> damagedModel(const DetectorSpec& spec);
[[nodiscard]] bool allFinite(std::span<const double> values);
[[nodiscard]] bool allFinite(std::span<const float> values);
/// No NaN, none below `low`, none above `high`.
[[nodiscard]] bool allWithin(std::span<const double> values, double low, double high);

} // namespace faultline::detectors
