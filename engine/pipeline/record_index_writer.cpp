// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/index_file.h"
#include "engine/pipeline/record_index.h"
#include "engine/pipeline/record_index_layout.h"
#include "engine/pipeline/source_report_json.h"
#include "engine/store/case_file.h"
#include <algorithm>
#include <cstring>
#include <optional>
#include <tbb/parallel_for.h>

namespace faultline::pipeline
{

namespace
{

using Json = nlohmann::json;
using records::RecordSet;
using records::RecordTable;

constexpr std::size_t group = 8; // chunks compressed at a time, in parallel

template <class T>
void packDifferences(std::span<const T> values, std::byte* target)
{
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto value = static_cast<std::uint64_t>(values[i]);
        const auto difference = value - last; // modulo 2^64: noTime is only another number
        std::memcpy(target + i * sizeof(T), &difference, sizeof(T));
        last = value;
    }
}

std::vector<std::byte> packChunk(const RecordTable& table, std::size_t chunk)
{
    std::vector<std::byte> packed(table.time.chunk(chunk).size() * indexRecordBytes);
    auto* at = packed.data();
    eachColumn(table, [&](const auto& column, bool differences) {
        const auto values = column.chunk(chunk);
        if (differences)
            packDifferences(values, at);
        else
            std::memcpy(at, values.data(), values.size_bytes());
        at += values.size_bytes();
    });
    return packed;
}

/// Compresses blocks in parallel and appends them in order.
class BlockWriter
{
public:
    BlockWriter(IndexFileWriter& file, JobContext& job) : m_file(file), m_job(job) {}

    /// Appends `count` blocks, block i packed by pack(i); returns the number of the first.
    template <class Pack>
    Result<std::size_t> blocks(std::size_t count, const Pack& pack)
    {
        std::optional<std::size_t> first;
        for (std::size_t begin = 0; begin < count; begin += group) {
            const auto n = std::min(group, count - begin);
            std::vector<std::string> frames(n);
            std::vector<std::size_t> raw(n);
            tbb::parallel_for(std::size_t{0}, n, [&](std::size_t i) {
                const auto packed = pack(begin + i);
                raw[i] = packed.size();
                frames[i] = compressBlock(packed);
            });
            for (std::size_t i = 0; i < n; ++i) {
                const auto number = m_file.append(frames[i], raw[i]);
                if (!number)
                    return fail(number.error());
                first = first.value_or(*number);
            }
            if (!m_job.advance(n))
                return cancelled();
        }
        return first.value_or(0);
    }

    template <class T>
    Result<Json> array(std::span<const T> values)
    {
        const auto bytes = std::as_bytes(values);
        const auto count = (bytes.size() + indexArrayBlockBytes - 1) / indexArrayBlockBytes;
        const auto first = blocks(count, [&](std::size_t i) {
            const auto part = bytes.subspan(i * indexArrayBlockBytes,
                                            std::min(indexArrayBlockBytes, bytes.size() - i * indexArrayBlockBytes));
            return std::vector<std::byte>(part.begin(), part.end());
        });
        if (!first)
            return fail(first.error());
        return Json{{"first", *first}, {"bytes", bytes.size()}};
    }

    Result<Json> strings(const std::vector<std::string>& texts)
    {
        std::vector<std::uint32_t> lengths;
        std::string joined;
        for (const auto& text : texts) {
            lengths.push_back(static_cast<std::uint32_t>(text.size()));
            joined += text;
        }
        const auto sizes = array(std::span<const std::uint32_t>(lengths));
        const auto bytes = array(std::span<const char>(joined));
        if (!sizes || !bytes)
            return fail(!sizes ? sizes.error() : bytes.error());
        return Json{{"lengths", *sizes}, {"text", *bytes}};
    }

private:
    IndexFileWriter& m_file;
    JobContext& m_job;
};

Result<Json> sourcesJson(const RecordSet& set)
{
    Json out = Json::array();
    for (const auto& source : set.sources) {
        const auto described = store::describeSource(source->path());
        if (!described)
            return fail({ErrorCode::Config,
                         "an index needs sources that can be opened again: " + described.error().message,
                         described.error().where, "save the input as a file"});
        if (described->bytes != source->fileBytes() || described->modified_us != source->modifiedUs())
            return fail({ErrorCode::Config,
                         "the file has changed since it was read",
                         {source->path(), 0, 0},
                         "analyse it again"});
        out.push_back({{"path", described->path},
                       {"bytes", described->bytes},
                       {"modified", described->modified_us},
                       {"encoding", sources::encodingName(source->encoding())},
                       {"sha256", described->sha256}});
    }
    return out;
}

Result<Json> fieldsJson(const RecordTable& table, BlockWriter& writer)
{
    Json out = Json::array();
    for (const auto& field : table.fields) {
        std::vector<std::size_t> present;
        for (std::size_t c = 0; c < field.chunks(); ++c)
            if (!field.chunk(c).empty())
                present.push_back(c);
        const auto first = writer.blocks(present.size(), [&](std::size_t i) {
            const auto bytes = std::as_bytes(field.chunk(present[i]));
            return std::vector<std::byte>(bytes.begin(), bytes.end());
        });
        if (!first)
            return fail(first.error());
        out.push_back({{"name", field.name()}, {"unit", field.unit()}, {"chunks", present}, {"first", *first}});
    }
    return out;
}

Result<Json> templatesJson(const records::templates::TemplateSet& set, BlockWriter& writer)
{
    TensorBundle bundle;
    set.save(bundle, "templates");
    Json out{{"facts", bundle.facts}, {"tensors", Json::object()}};
    for (const auto& [name, tensor] : bundle.tensors()) {
        auto data = writer.array(std::span<const std::byte>(tensor.data));
        if (!data)
            return fail(data.error());
        out["tensors"][name] = {{"type", static_cast<int>(tensor.type)}, {"shape", tensor.shape}, {"data", *data}};
    }
    return out;
}

} // namespace

std::string indexPathOf(const std::string& casePath)
{
    return casePath + ".index";
}

Result<void> writeRecordIndex(const RecordSet& records, std::string_view settings, const std::string& path,
                              JobContext& job)
{
    const auto& table = records.table;
    job.begin("indexing", table.time.chunks());
    auto sources = sourcesJson(records);
    if (!sources)
        return fail(sources.error());
    auto file = IndexFileWriter::create(path);
    if (!file)
        return fail(file.error());
    BlockWriter writer(*file, job);
    Json facts{
        {"version", recordIndexVersion}, {"settings", settings}, {"sources", *sources}, {"records", table.size()}};
    for (const auto& report : records.reports)
        facts["reports"].push_back(sourceReportJson(report));
    const auto columns = writer.blocks(table.time.chunks(), [&](std::size_t i) { return packChunk(table, i); });
    if (!columns)
        return fail(columns.error());
    facts["columns"] = *columns;
    const std::pair<const char*, Result<Json>> parts[] = {
        {"fields", fieldsJson(table, writer)},
        {"entities", writer.strings(table.entities.all())},
        {"templates", templatesJson(records.templates, writer)},
        {"session_keys", writer.strings(records.sessions.keys.all())},
        {"session_begin", writer.array(std::span<const std::uint64_t>(records.sessions.begin))},
        {"session_records", writer.array(std::span<const std::uint32_t>(records.sessions.records))},
        {"line_jumps", writer.array(std::span<const RecordSet::LineJump>(records.lineJumps))},
        {"labels", writer.strings(records.labels)}};
    for (const auto& [name, part] : parts) {
        if (!part)
            return fail(part.error());
        facts[name] = *part;
    }
    return file->finish(facts);
}

} // namespace faultline::pipeline
