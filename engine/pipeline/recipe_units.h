// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/yaml_document.h"
#include "engine/pipeline/recipe.h"
#include <yaml-cpp/emitter.h>

namespace faultline::pipeline
{

/// The parts `units:` and `features:` of a recipe. Reading throws yaml::Problem.
void readUnits(const YAML::Node& node, const yaml::ValueReader& values, Recipe& recipe);
void readFeatures(const YAML::Node& node, const yaml::ValueReader& values, features::FeatureGroups& groups);

void emitUnits(YAML::Emitter& out, const Recipe& recipe);
/// Nothing when no group is asked for.
void emitFeatures(YAML::Emitter& out, const features::FeatureGroups& groups);

} // namespace faultline::pipeline
