// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/tensor_bundle.h"
#include <Eigen/Core>
#include <span>
#include <string>
#include <vector>

namespace faultline::detectors
{

/// Writes an Eigen vector or matrix as it lies in memory (matrices column by column).
template <class Dense>
void putDense(TensorBundle& bundle, const std::string& name, const Dense& values)
{
    bundle.put(name, std::span(values.data(), static_cast<std::size_t>(values.size())));
}

/// An Eigen vector of values read from a bundle.
template <class Scalar>
[[nodiscard]] Eigen::Matrix<Scalar, Eigen::Dynamic, 1> denseVector(const std::vector<Scalar>& values)
{
    return Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, 1>>(values.data(),
                                                                      static_cast<Eigen::Index>(values.size()));
}

} // namespace faultline::detectors
