// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/core/tensor_bundle.h"
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::store
{

/// One tensor as the JSON header of a safetensors file describes it; it occupies bytes [begin, end) of the data
/// section.
struct TensorEntry {
    std::string name{};
    TensorType type = TensorType::F64;
    std::vector<std::uint64_t> shape{};
    std::uint64_t begin = 0, end = 0;
};

struct ArtifactHeader {
    std::string facts;                ///< text of `__metadata__`.`faultline`
    std::string sha256;               ///< text of `__metadata__`.`sha256`
    std::vector<TensorEntry> tensors; ///< in the order of their bytes
};

inline constexpr std::uint64_t artifactHeaderLimitBytes = 64ULL << 20;

[[nodiscard]] std::string_view tensorTypeName(TensorType type); ///< "F64", ...
[[nodiscard]] std::optional<TensorType> tensorTypeNamed(std::string_view name);

/// The JSON header, padded with spaces so that the data section begins at a multiple of 8 bytes.
[[nodiscard]] std::string writeHeader(const ArtifactHeader& header);
/// Reads and checks a header against the size of the data section behind it: the tensors must fill that section without
/// gap or overlap. Memory stays in proportion to the text. The message of a failure has no file name.
[[nodiscard]] Result<ArtifactHeader> readHeader(std::string_view text, std::uint64_t dataBytes);

/// Facts are JSON from a file: refused when nested deeper than 64 or made of more than 1 M values, which would cost far
/// more memory than text.
[[nodiscard]] Result<nlohmann::json> readFacts(const std::string& text);

/// What the hash stands for: SHA-256 over the UTF-8 of the compact JSON document
/// `[facts text, [[name, type, [shape...], SHA-256 of the tensor's bytes], ... in order of name]]`.
class ContentHash
{
public:
    explicit ContentHash(const std::string& facts) : m_facts(facts) {}
    void add(const TensorEntry& entry, std::span<const std::byte> data);
    [[nodiscard]] std::string hex() const;

private:
    std::string m_facts;
    std::map<std::string, nlohmann::json> m_tensors;
};

} // namespace faultline::store
