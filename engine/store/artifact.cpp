// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/store/artifact.h"
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/store/artifact_header.h"
#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

namespace faultline::store
{

static_assert(std::endian::native == std::endian::little, "the header length and all tensors are little-endian");

namespace
{
constexpr std::size_t lengthBytes = 8;

tl::unexpected<Error> damaged(const std::string& name, const std::string& what)
{
    return fail({ErrorCode::Parse, what, {.file = name}, "the file is damaged or is not a Faultline model"});
}

/// What a file that is no safetensors file seems to be instead; empty when that is not known.
std::string foreignKind(std::span<const std::byte> head)
{
    const auto is = [&](std::string_view magic) {
        return head.size() >= magic.size() && std::memcmp(head.data(), magic.data(), magic.size()) == 0;
    };
    const auto at = [&](std::size_t i) { return i < head.size() ? std::to_integer<unsigned>(head[i]) : 0U; };
    if (at(0) == 0x80 && at(1) >= 2 && at(1) <= 5)
        return "a Python pickle, which can run code when it is read";
    if (is("PK\x03\x04"))
        return "a zip archive, as PyTorch writes them; its pickles can run code when they are read";
    if (is("\x89HDF"))
        return "an HDF5 file";
    if (at(0) == 0x08 && at(1) >= 1 && at(1) <= 20 && (at(2) == 0x12 || at(2) == 0x3a))
        return "an ONNX model";
    return {};
}

/// The header's length, checked against the size of the whole file.
Result<std::uint64_t> headerLength(std::span<const std::byte> head, std::uint64_t fileBytes, const std::string& name)
{
    std::uint64_t length = 0;
    if (head.size() >= lengthBytes)
        std::memcpy(&length, head.data(), lengthBytes);
    const bool opens = head.size() > lengthBytes && head[lengthBytes] == std::byte{'{'};
    if (!opens || length > artifactHeaderLimitBytes || length > fileBytes - lengthBytes) {
        if (const auto kind = foreignKind(head); !kind.empty())
            return fail(
                {ErrorCode::Parse, "this is " + kind, {.file = name}, "only Faultline's own models can be opened"});
        if (head.size() < lengthBytes + 1)
            return damaged(name, "the file is too short to be a model");
        if (opens && length > artifactHeaderLimitBytes)
            return damaged(name, "the header claims to be larger than 64 MiB");
        if (opens)
            return damaged(name, "the file ends within its header");
        return damaged(name, "this is not a safetensors file");
    }
    return length;
}

/// Copies bytes [begin, begin + target.size()) of the data section; false when that fails.
using ReadData = std::function<bool(std::uint64_t begin, std::span<std::byte> target)>;

Result<TensorBundle> assemble(const ArtifactHeader& header, const ReadData& read, const std::string& name)
{
    if (header.sha256.empty())
        return damaged(name, "the safetensors file carries no facts and hash of Faultline");
    auto facts = readFacts(header.facts);
    if (!facts)
        return damaged(name, facts.error().message);
    TensorBundle bundle;
    bundle.facts = std::move(*facts);
    ContentHash hash(header.facts);
    for (const auto& entry : header.tensors) {
        Tensor tensor{
            .type = entry.type, .shape = entry.shape, .data = std::vector<std::byte>(entry.end - entry.begin)};
        if (!read(entry.begin, tensor.data))
            return damaged(name, "tensor " + entry.name + " cannot be read");
        hash.add(entry, tensor.data);
        bundle.insert(entry.name, std::move(tensor));
    }
    if (hash.hex() != header.sha256)
        return damaged(name, "the content does not match its SHA-256");
    return bundle;
}

/// Tensors in the order of their bytes: large elements first, so that each one is aligned, then by name.
ArtifactHeader layOut(const TensorBundle& bundle)
{
    ArtifactHeader header;
    header.facts = bundle.facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    ContentHash hash(header.facts);
    for (const auto& [name, tensor] : bundle.tensors()) {
        header.tensors.push_back({.name = name, .type = tensor.type, .shape = tensor.shape, .end = tensor.data.size()});
        hash.add(header.tensors.back(), tensor.data);
    }
    header.sha256 = hash.hex();
    std::ranges::stable_sort(header.tensors, std::greater(), [](const TensorEntry& t) { return elementBytes(t.type); });
    std::uint64_t begin = 0;
    for (auto& tensor : header.tensors) {
        tensor.begin = begin;
        tensor.end = begin += tensor.end;
    }
    return header;
}

/// Opens a regular file at its start; says in words why not.
Result<std::uint64_t> openRegular(const std::string& path, std::ifstream& file)
{
    std::error_code reason;
    const auto status = std::filesystem::status(path, reason);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        return fail({ErrorCode::Io, "this is not a regular file", {.file = path}, "give the path of a model file"});
    const auto size = std::filesystem::file_size(path, reason);
    if (!reason) {
        errno = 0;
        file.open(path, std::ios::binary);
        reason = std::error_code(errno, std::generic_category());
    }
    if (!file.is_open())
        return fail({ErrorCode::Io,
                     "cannot open the file: " + reason.message(),
                     {.file = path},
                     "check the path and its permissions"});
    return size;
}
} // namespace

std::uint64_t tensorBytes(const TensorBundle& bundle)
{
    std::uint64_t bytes = 0;
    for (const auto& [name, tensor] : bundle.tensors())
        bytes += tensor.data.size();
    return bytes;
}

std::vector<std::byte> encodeArtifact(const TensorBundle& bundle)
{
    const auto header = layOut(bundle);
    const auto text = writeHeader(header);
    std::vector<std::byte> bytes(lengthBytes + text.size() + tensorBytes(bundle));
    const std::uint64_t length = text.size();
    std::memcpy(bytes.data(), &length, lengthBytes);
    std::memcpy(bytes.data() + lengthBytes, text.data(), text.size());
    for (const auto& entry : header.tensors) {
        const auto& data = bundle.tensors().at(entry.name).data;
        if (!data.empty())
            std::memcpy(bytes.data() + lengthBytes + length + entry.begin, data.data(), data.size());
    }
    return bytes;
}

Result<TensorBundle> decodeArtifact(std::span<const std::byte> bytes, const std::string& name)
{
    const auto length = headerLength(bytes, bytes.size(), name);
    if (!length)
        return fail(length.error());
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + lengthBytes, *length);
    const auto data = bytes.subspan(lengthBytes + *length);
    const auto header = readHeader(text, data.size());
    if (!header)
        return damaged(name, header.error().message);
    const auto read = [&](std::uint64_t begin, std::span<std::byte> target) {
        std::ranges::copy(data.subspan(begin, target.size()), target.begin());
        return true;
    };
    return assemble(*header, read, name);
}

Result<void> writeArtifact(const std::string& path, const TensorBundle& bundle)
{
    const auto bytes = encodeArtifact(bundle);
    return writeFileAtomically(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Result<TensorBundle> readArtifact(const std::string& path)
{
    std::ifstream file;
    const auto fileBytes = openRegular(path, file);
    if (!fileBytes)
        return fail(fileBytes.error());
    std::vector<std::byte> head(std::min<std::uint64_t>(*fileBytes, 16));
    const auto get = [&](char* target, std::uint64_t bytes) {
        return bytes == 0 || static_cast<bool>(file.read(target, static_cast<std::streamsize>(bytes)));
    };
    if (!get(reinterpret_cast<char*>(head.data()), head.size()))
        return damaged(path, "the file cannot be read");
    const auto length = headerLength(head, *fileBytes, path);
    if (!length)
        return fail(length.error());
    std::string text(*length, '\0');
    file.seekg(lengthBytes);
    if (!get(text.data(), text.size()))
        return damaged(path, "the file ends within its header");
    const auto header = readHeader(text, *fileBytes - lengthBytes - *length);
    if (!header)
        return damaged(path, header.error().message);
    // The entries are in the order of their bytes and leave no gap, so the file is read once, straight into the
    // tensors.
    const auto read = [&](std::uint64_t, std::span<std::byte> target) {
        return get(reinterpret_cast<char*>(target.data()), target.size());
    };
    return assemble(*header, read, path);
}

} // namespace faultline::store
