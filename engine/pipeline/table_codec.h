// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/tensor_bundle.h"
#include "engine/features/feature_table.h"
#include <string>

namespace faultline::pipeline
{

/// Writes a feature table under `prefix/`: values, times, entities, keys, sparse counts; loadTable() reads it back bit
/// for bit.
void saveTable(const features::FeatureTable& table, TensorBundle& bundle, const std::string& prefix);
/// Parse error for anything inconsistent; the content is hostile until checked.
[[nodiscard]] Result<features::FeatureTable> loadTable(const TensorBundle& bundle, const std::string& prefix);

} // namespace faultline::pipeline
