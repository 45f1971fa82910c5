// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/detector.h"
#include <cassert>

namespace faultline::detectors
{

void Detector::learn(const DetectorInput& /*input*/, std::size_t /*unit*/)
{
    assert(false && "learn() is for detectors that learn incrementally");
}

double Detector::update(const DetectorInput& /*input*/, std::size_t /*unit*/)
{
    assert(false && "update() is for detectors that stream");
    return 0.0;
}

std::string familyName(DetectorFamily family)
{
    switch (family) {
    case DetectorFamily::Statistics:
        return "statistics";
    case DetectorFamily::Distance:
        return "distance";
    case DetectorFamily::Forest:
        return "forest";
    case DetectorFamily::Projection:
        return "projection";
    case DetectorFamily::Series:
        return "series";
    case DetectorFamily::Sequence:
        return "sequence";
    case DetectorFamily::Text:
        return "text";
    case DetectorFamily::Neural:
        return "neural";
    }
    return {};
}

} // namespace faultline::detectors
