// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/tensor_bundle.h"
#include <string>
#include <vector>

namespace faultline::features
{

/// Strings as two tensors: their bytes and their lengths. Names come from data and need not be UTF-8, which JSON facts
/// must be.
void putTexts(TensorBundle& bundle, const std::string& name, const std::vector<std::string>& texts);
/// Parse error unless the lengths add up.
[[nodiscard]] Result<std::vector<std::string>> takeTexts(const TensorBundle& bundle, const std::string& name);

/// The error for content that cannot have been saved by this program.
[[nodiscard]] Error damagedModel(const std::string& name, const std::string& what);

} // namespace faultline::features
