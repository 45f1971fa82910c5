// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"

namespace faultline::features
{

struct Featurizer::Impl {
    FeaturePlan plan;
};

} // namespace faultline::features
