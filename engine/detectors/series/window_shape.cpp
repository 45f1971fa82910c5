// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/window_shape.h"
#include <cmath>

namespace faultline::detectors
{

namespace
{
struct Shape {
    double mean = 0.0, slope = 0.0, deviation = 0.0;
};

Shape shapeOf(std::span<const double> values)
{
    const auto n = static_cast<double>(values.size());
    Shape shape;
    for (const double v : values)
        shape.mean += v / n;
    double squares = 0.0, products = 0.0, positions = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double d = values[i] - shape.mean, t = static_cast<double>(i) - 0.5 * (n - 1.0);
        squares += d * d;
        products += t * d;
        positions += t * t;
    }
    shape.slope = products / positions;
    shape.deviation = std::sqrt(squares / n);
    return shape;
}
} // namespace

std::vector<std::string> windowMeasureNames()
{
    return {"level", "slope", "spread"};
}

WindowMeasure windowMeasureOf(const std::string& name)
{
    return name == "slope" ? WindowMeasure::Slope : name == "spread" ? WindowMeasure::Spread : WindowMeasure::Level;
}

double changeBetween(std::span<const double> before, std::span<const double> after, WindowMeasure measure, double scale)
{
    const auto a = shapeOf(before), b = shapeOf(after);
    switch (measure) {
    case WindowMeasure::Level:
        return std::abs(b.mean - a.mean);
    case WindowMeasure::Slope:
        return std::abs(b.slope - a.slope);
    case WindowMeasure::Spread:
        break;
    }
    const double floor = 0.01 * scale + 1e-300;
    return std::abs(std::log((b.deviation + floor) / (a.deviation + floor)));
}

} // namespace faultline::detectors
