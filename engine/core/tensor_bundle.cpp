// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/tensor_bundle.h"
#include <bit>
#include <cassert>
#include <cstring>
#include <optional>

namespace faultline
{

static_assert(std::endian::native == std::endian::little, "tensor data is little-endian and copied as it is");

namespace
{
template <class T>
constexpr TensorType typeOf = TensorType::U8;
template <>
constexpr TensorType typeOf<double> = TensorType::F64;
template <>
constexpr TensorType typeOf<float> = TensorType::F32;
template <>
constexpr TensorType typeOf<std::int64_t> = TensorType::I64;
template <>
constexpr TensorType typeOf<std::int32_t> = TensorType::I32;
template <>
constexpr TensorType typeOf<std::uint32_t> = TensorType::U32;

std::optional<std::uint64_t> elementCount(std::span<const std::uint64_t> shape)
{
    std::uint64_t count = 1;
    for (const auto size : shape)
        if (__builtin_mul_overflow(count, size, &count))
            return std::nullopt;
    return count;
}

Error damaged(const std::string& name, const std::string& what)
{
    return {
        ErrorCode::Parse, "the model's tensor " + name + ' ' + what, {}, "the file is damaged or of another version"};
}
} // namespace

std::size_t elementBytes(TensorType type)
{
    switch (type) {
    case TensorType::F64:
    case TensorType::I64:
        return 8;
    case TensorType::F32:
    case TensorType::I32:
    case TensorType::U32:
        return 4;
    case TensorType::U8:
        return 1;
    }
    return 1;
}

template <class T>
void TensorBundle::put(const std::string& name, std::span<const T> values, std::vector<std::uint64_t> shape)
{
    if (shape.empty())
        shape = {values.size()};
    assert(elementCount(shape) == values.size());
    Tensor tensor{.type = typeOf<T>, .shape = std::move(shape), .data = std::vector<std::byte>(values.size_bytes())};
    if (!values.empty())
        std::memcpy(tensor.data.data(), values.data(), values.size_bytes());
    insert(name, std::move(tensor));
}

template <class T>
Result<std::vector<T>> TensorBundle::vector(const std::string& name) const
{
    const auto found = m_tensors.find(name);
    if (found == m_tensors.end())
        return fail(damaged(name, "is absent"));
    const Tensor& tensor = found->second;
    if (tensor.type != typeOf<T>)
        return fail(damaged(name, "has another element type than expected"));
    const auto count = elementCount(tensor.shape);
    if (!count || tensor.data.size() % sizeof(T) != 0 || *count != tensor.data.size() / sizeof(T))
        return fail(damaged(name, "has a size that disagrees with its shape"));
    std::vector<T> values(*count);
    if (!values.empty())
        std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
    return values;
}

template <class T>
Result<std::vector<T>> TensorBundle::vector(const std::string& name, std::size_t count) const
{
    auto values = vector<T>(name);
    if (values && values->size() != count)
        return fail(damaged(name, "has " + std::to_string(values->size()) + " elements where " + std::to_string(count) +
                                      " are expected"));
    return values;
}

template void TensorBundle::put(const std::string&, std::span<const double>, std::vector<std::uint64_t>);
template void TensorBundle::put(const std::string&, std::span<const float>, std::vector<std::uint64_t>);
template void TensorBundle::put(const std::string&, std::span<const std::int64_t>, std::vector<std::uint64_t>);
template void TensorBundle::put(const std::string&, std::span<const std::int32_t>, std::vector<std::uint64_t>);
template void TensorBundle::put(const std::string&, std::span<const std::uint32_t>, std::vector<std::uint64_t>);
template void TensorBundle::put(const std::string&, std::span<const std::uint8_t>, std::vector<std::uint64_t>);
template Result<std::vector<double>> TensorBundle::vector(const std::string&) const;
template Result<std::vector<float>> TensorBundle::vector(const std::string&) const;
template Result<std::vector<std::int64_t>> TensorBundle::vector(const std::string&) const;
template Result<std::vector<std::int32_t>> TensorBundle::vector(const std::string&) const;
template Result<std::vector<std::uint32_t>> TensorBundle::vector(const std::string&) const;
template Result<std::vector<std::uint8_t>> TensorBundle::vector(const std::string&) const;
template Result<std::vector<double>> TensorBundle::vector(const std::string&, std::size_t) const;
template Result<std::vector<float>> TensorBundle::vector(const std::string&, std::size_t) const;
template Result<std::vector<std::int64_t>> TensorBundle::vector(const std::string&, std::size_t) const;
template Result<std::vector<std::int32_t>> TensorBundle::vector(const std::string&, std::size_t) const;
template Result<std::vector<std::uint32_t>> TensorBundle::vector(const std::string&, std::size_t) const;
template Result<std::vector<std::uint8_t>> TensorBundle::vector(const std::string&, std::size_t) const;

} // namespace faultline
