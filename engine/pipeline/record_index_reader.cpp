// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/index_file.h"
#include "engine/pipeline/record_index.h"
#include "engine/pipeline/record_index_layout.h"
#include "engine/pipeline/source_report_json.h"
#include "engine/store/case_file.h"
#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <optional>
#include <tbb/parallel_for.h>

namespace faultline::pipeline
{

namespace
{

using Json = nlohmann::json;
using records::RecordSet;
using records::RecordTable;

template <class T>
void unpackDifferences(const std::byte* packed, std::span<T> values)
{
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint64_t difference = 0;
        std::memcpy(&difference, packed + i * sizeof(T), sizeof(T));
        last += difference;
        values[i] = static_cast<T>(last);
    }
}

void unpackChunk(const std::vector<std::byte>& packed, RecordTable& table, std::size_t chunk)
{
    const auto* at = packed.data();
    eachColumn(table, [&](auto& column, bool differences) {
        const auto values = column.mutableChunk(chunk);
        if (differences)
            unpackDifferences(at, values);
        else
            std::memcpy(values.data(), at, values.size_bytes());
        at += values.size_bytes();
    });
}

/// Reads blocks back and checks every length against what was promised.
class BlockFetcher
{
public:
    BlockFetcher(const IndexFileReader& file, JobContext& job) : m_file(file), m_job(job) {}

    [[nodiscard]] const IndexFileReader& file() const { return m_file; }

    template <class T>
    Result<std::vector<T>> array(const Json& json) const
    {
        const auto first = json.at("first").get<std::size_t>();
        const auto bytes = json.at("bytes").get<std::size_t>();
        const auto count = bytes / indexArrayBlockBytes + (bytes % indexArrayBlockBytes != 0 ? 1 : 0);
        if (bytes % sizeof(T) != 0 || first > m_file.blocks() || count > m_file.blocks() - first)
            return fail(m_file.damaged("an array is of another size"));
        std::vector<T> values(bytes / sizeof(T));
        const auto target = std::as_writable_bytes(std::span(values));
        for (std::size_t i = 0; i < count; ++i) {
            const auto at = i * indexArrayBlockBytes;
            if (auto done = m_file.read(first + i, target.subspan(at, std::min(indexArrayBlockBytes, bytes - at)));
                !done)
                return fail(done.error());
            if (!m_job.advance())
                return cancelled();
        }
        return values;
    }

    Result<std::vector<std::string>> strings(const Json& json) const
    {
        const auto lengths = array<std::uint32_t>(json.at("lengths"));
        const auto text = array<char>(json.at("text"));
        if (!lengths || !text)
            return fail(!lengths ? lengths.error() : text.error());
        std::vector<std::string> out;
        out.reserve(lengths->size());
        std::size_t at = 0;
        for (const auto length : *lengths) {
            if (length > text->size() - at)
                return fail(m_file.damaged("a text is longer than its list"));
            out.emplace_back(text->data() + at, length);
            at += length;
        }
        return out;
    }

    /// Blocks [first, first + count) in parallel; use(i, bytes) may refuse one by returning false.
    template <class Use>
    Result<void> blocks(std::size_t first, std::size_t count, const Use& use) const
    {
        if (first > m_file.blocks() || count > m_file.blocks() - first)
            return fail(m_file.damaged("blocks are missing"));
        std::mutex mutex;
        std::optional<Error> problem;
        tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
            if (!m_job.advance())
                return;
            std::vector<std::byte> bytes(m_file.rawBytes(first + i));
            auto done = m_file.read(first + i, bytes);
            if (done && !use(i, bytes))
                done = fail(m_file.damaged("a block is of another size"));
            if (!done) {
                const std::lock_guard lock(mutex);
                problem = done.error();
            }
        });
        if (m_job.stopRequested())
            return cancelled();
        if (problem)
            return fail(*problem);
        return {};
    }

private:
    const IndexFileReader& m_file;
    JobContext& m_job;
};

Result<void> openSources(const Json& json, RecordSet& set)
{
    for (const auto& entry : json) {
        const auto path = entry.at("path").get<std::string>();
        const auto now = store::describeSource(path);
        if (!now)
            return fail(now.error());
        if (now->bytes != entry.at("bytes").get<std::uint64_t>() ||
            now->modified_us != entry.at("modified").get<TimeUs>() ||
            now->sha256 != entry.at("sha256").get<std::string>())
            return fail(
                {ErrorCode::Config, "the file has changed since its index was made", {path, 0, 0}, "it is read again"});
        // As it was read: positions are of the content in this encoding, and whoever read it all allowed that.
        const auto encoding = sources::encodingNamed(entry.at("encoding").get<std::string>());
        if (!encoding)
            return fail(encoding.error());
        auto source = sources::Source::open(path, {.encoding = *encoding, .allowExpansion = true});
        if (!source)
            return fail(source.error());
        set.sources.push_back(std::move(*source));
    }
    return {};
}

Result<void> readColumns(const Json& facts, const BlockFetcher& fetch, RecordTable& table)
{
    const auto size = facts.at("records").get<std::size_t>();
    if (size / indexChunkRecords > fetch.file().blocks()) // before anything is allocated for a size that is not true
        return fail(fetch.file().damaged("it has fewer blocks than records need"));
    eachColumn(table, [&](auto& column, bool) { column.resizeForOverwrite(size); });
    return fetch.blocks(facts.at("columns").get<std::size_t>(), table.time.chunks(),
                        [&](std::size_t chunk, const std::vector<std::byte>& bytes) {
                            if (bytes.size() != table.time.chunk(chunk).size() * indexRecordBytes)
                                return false;
                            unpackChunk(bytes, table, chunk);
                            return true;
                        });
}

Result<void> readFields(const Json& json, const BlockFetcher& fetch, RecordTable& table)
{
    for (const auto& entry : json) {
        auto& field = table.fields.emplace_back(entry.at("name"), entry.at("unit"), table.memory);
        const auto present = entry.at("chunks").get<std::vector<std::size_t>>();
        std::vector<double> values(indexChunkRecords);
        for (std::size_t i = 0; i < present.size(); ++i) {
            if (present[i] >= table.time.chunks())
                return fail(fetch.file().damaged("a field has values behind the last record"));
            if (auto done = fetch.file().read(entry.at("first").get<std::size_t>() + i,
                                              std::as_writable_bytes(std::span(values)));
                !done)
                return done;
            field.setChunk(present[i], values);
        }
    }
    return {};
}

Result<records::templates::TemplateSet> readTemplates(const Json& json, const BlockFetcher& fetch)
{
    TensorBundle bundle;
    bundle.facts = json.at("facts");
    for (const auto& [name, entry] : json.at("tensors").items()) {
        auto data = fetch.array<std::byte>(entry.at("data"));
        if (!data)
            return fail(data.error());
        const auto type = std::clamp(entry.at("type").get<int>(), 0, static_cast<int>(TensorType::U8));
        bundle.insert(name, {static_cast<TensorType>(type), entry.at("shape").get<std::vector<std::uint64_t>>(),
                             std::move(*data)});
    }
    return records::templates::TemplateSet::load(bundle, "templates");
}

/// Every id points at something that is there.
bool idsAreValid(const RecordSet& set)
{
    const auto& table = set.table;
    std::atomic<bool> valid{true};
    tbb::parallel_for(std::size_t{0}, table.time.chunks(), [&](std::size_t chunk) {
        const auto within = [&](const auto& column, std::size_t limit, std::uint32_t none) {
            for (const auto id : column.chunk(chunk))
                if (id >= limit && id != none)
                    return false;
            return true;
        };
        const auto levels = table.level.chunk(chunk);
        if (!within(table.templateId, set.templates.size(), records::noTemplate) ||
            !within(table.entity, table.entities.size(), UINT32_MAX) ||
            !within(table.source, set.sources.size(), UINT32_MAX) ||
            std::any_of(levels.begin(), levels.end(),
                        [](auto level) { return static_cast<std::size_t>(level) >= records::levelCount; }))
            valid = false;
    });
    const auto& sessions = set.sessions;
    if (!sessions.keys.empty()) {
        valid = valid && sessions.begin.size() == sessions.keys.size() + 1 && sessions.begin.front() == 0 &&
                sessions.begin.back() == sessions.records.size() &&
                std::is_sorted(sessions.begin.begin(), sessions.begin.end());
        for (const auto record : sessions.records)
            valid = valid && record < table.size();
    }
    for (const auto& report : set.reports)
        valid = valid && report.firstRecord <= table.size() && report.records <= table.size() - report.firstRecord;
    return valid && set.reports.size() == set.sources.size() &&
           (set.labels.empty() || set.labels.size() == table.size());
}

Result<void> readSessions(const Json& facts, const BlockFetcher& fetch, RecordSet& set)
{
    auto keys = fetch.strings(facts.at("session_keys"));
    auto begin = fetch.array<std::uint64_t>(facts.at("session_begin"));
    auto members = fetch.array<std::uint32_t>(facts.at("session_records"));
    auto jumps = fetch.array<RecordSet::LineJump>(facts.at("line_jumps"));
    auto labels = fetch.strings(facts.at("labels"));
    for (const auto* error :
         {keys ? nullptr : &keys.error(), begin ? nullptr : &begin.error(), members ? nullptr : &members.error(),
          jumps ? nullptr : &jumps.error(), labels ? nullptr : &labels.error()})
        if (error != nullptr)
            return fail(*error);
    for (const auto& key : *keys)
        set.sessions.keys.intern(key);
    set.sessions.begin = std::move(*begin);
    set.sessions.records = std::move(*members);
    set.lineJumps = std::move(*jumps);
    set.labels = std::move(*labels);
    return {};
}

Result<RecordSet> readSet(const Json& facts, const BlockFetcher& fetch)
{
    RecordSet set;
    set.table = RecordTable{.memory = std::make_shared<ChunkMemory>()};
    if (auto done = openSources(facts.at("sources"), set); !done)
        return fail(done.error());
    for (const auto& report : facts.at("reports"))
        set.reports.push_back(sourceReportFrom(report));
    if (auto done = readColumns(facts, fetch, set.table); !done)
        return fail(done.error());
    if (auto done = readFields(facts.at("fields"), fetch, set.table); !done)
        return fail(done.error());
    auto entities = fetch.strings(facts.at("entities"));
    auto templates = readTemplates(facts.at("templates"), fetch);
    if (!entities || !templates)
        return fail(!entities ? entities.error() : templates.error());
    for (const auto& entity : *entities)
        set.table.entities.intern(entity);
    set.templates = std::move(*templates);
    if (auto done = readSessions(facts, fetch, set); !done)
        return fail(done.error());
    if (!idsAreValid(set))
        return fail(fetch.file().damaged("an id points at nothing"));
    return set;
}

} // namespace

Result<RecordSet> readRecordIndex(const std::string& path, std::string_view settings, JobContext& job)
{
    auto file = IndexFileReader::open(path);
    if (!file)
        return fail(file.error());
    job.begin("reading the index", file->blocks());
    try {
        const auto& facts = file->facts();
        if (facts.at("version").get<int>() != recordIndexVersion || facts.at("settings").get<std::string>() != settings)
            return fail({ErrorCode::Config,
                         "the index was made with other settings or by another version",
                         {path, 0, 0},
                         "the sources are read again"});
        return readSet(facts, BlockFetcher(*file, job));
    } catch (const nlohmann::json::exception&) {
        return fail(file->damaged("its facts are incomplete"));
    } catch (const std::bad_alloc&) {
        return fail(file->damaged("it claims more than fits into memory"));
    } catch (const std::length_error&) {
        return fail(file->damaged("it claims more than fits into memory"));
    }
}

} // namespace faultline::pipeline
