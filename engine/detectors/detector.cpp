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

} // namespace faultline::detectors
