// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline
{

/// Element types of the safetensors layout that the engine uses.
enum class TensorType : std::uint8_t { F64, F32, I64, I32, U32, U8 };

struct Tensor {
    TensorType type = TensorType::F64;
    std::vector<std::uint64_t> shape;
    std::vector<std::byte> data; ///< little-endian, row-major; size = product of shape * element size
};

/// What a fitted part of the engine writes to be saved and reads to be restored: named tensors and JSON facts. The store turns
/// a bundle into a safetensors file and back. Names are paths: `isolation_forest/threshold`.
///
/// Readers treat the content as hostile: vector<T>() checks type and size, and every load() must check ranges before use.
class TensorBundle
{
public:
    template <class T>
    void put(const std::string& name, std::span<const T> values, std::vector<std::uint64_t> shape = {});
    template <class T>
    void put(const std::string& name, const std::vector<T>& values, std::vector<std::uint64_t> shape = {})
    {
        put(name, std::span<const T>(values), std::move(shape));
    }
    /// The values of a tensor; Parse error when it is absent, of another type, or its shape and size disagree.
    template <class T>
    [[nodiscard]] Result<std::vector<T>> vector(const std::string& name) const;
    /// As vector(), and the element count must equal `count`.
    template <class T>
    [[nodiscard]] Result<std::vector<T>> vector(const std::string& name, std::size_t count) const;

    [[nodiscard]] bool contains(const std::string& name) const { return m_tensors.contains(name); }
    [[nodiscard]] const std::map<std::string, Tensor>& tensors() const { return m_tensors; }
    void insert(std::string name, Tensor tensor) { m_tensors.insert_or_assign(std::move(name), std::move(tensor)); }

    /// JSON facts (parameters, names, versions). Never holds large data. Read through fact<T>(), which checks.
    nlohmann::json facts = nlohmann::json::object();

    /// facts at a JSON pointer such as "/knn/neighbours", converted to T; Parse error when absent or of another type.
    template <class T>
    [[nodiscard]] Result<T> fact(const std::string& pointer) const
    {
        try {
            return facts.at(nlohmann::json::json_pointer(pointer)).template get<T>();
        } catch (const nlohmann::json::exception&) {
            return fail({ErrorCode::Parse, "the model lacks a valid value at " + pointer, {}, "the file is damaged or of another version"});
        }
    }

private:
    std::map<std::string, Tensor> m_tensors;
};

[[nodiscard]] std::size_t elementBytes(TensorType type);

} // namespace faultline
