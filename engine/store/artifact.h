// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/core/tensor_bundle.h"
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace faultline::store
{

/// Bundles as bytes in the safetensors layout: 8-byte little-endian header length, JSON header, raw tensors. The
/// bundle's facts are the string `faultline` in `__metadata__`, beside `sha256`, which covers facts, names, types,
/// shapes and tensor bytes (see engine/store/artifact_header.h). Equal bundles make equal bytes. Data only, nothing
/// executable.
[[nodiscard]] std::vector<std::byte> encodeArtifact(const TensorBundle& bundle);
/// How many tensor bytes encodeArtifact() would write; the header comes on top.
[[nodiscard]] std::uint64_t tensorBytes(const TensorBundle& bundle);
/// Parse error for anything that is not exactly such a file: truncated, header over 64 MiB, shapes that overflow or
/// disagree with the offsets, overlapping or missing bytes, unknown element types, a hash that does not match, pickle
/// or ONNX magic. Nothing is allocated for a tensor before the whole header has been checked. `name` stands in error
/// messages.
[[nodiscard]] Result<TensorBundle> decodeArtifact(std::span<const std::byte> bytes, const std::string& name);

[[nodiscard]] Result<void> writeArtifact(const std::string& path, const TensorBundle& bundle); ///< atomically
[[nodiscard]] Result<TensorBundle> readArtifact(const std::string& path);

} // namespace faultline::store
