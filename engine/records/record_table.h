// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/chunk_memory.h"
#include "engine/core/chunked_vector.h"
#include "engine/core/string_pool.h"
#include "engine/core/time.h"
#include "engine/records/level.h"
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

using TemplateId = std::uint32_t; ///< dense index into templates::TemplateSet
inline constexpr TemplateId noTemplate = std::numeric_limits<TemplateId>::max();
using EntityId = std::uint32_t; ///< index into RecordTable::entities; 0 is always "" (no entity)

/// Where a record's text stands: bytes [offset, offset + bytes) of its source's decompressed content.
struct TextSpan {
    std::uint64_t offset = 0;
    std::uint32_t bytes = 0;
    std::uint16_t messageStart =
        0; ///< where the message begins within the span (after time, level and other header fields)
};

/// Facts about one record that are worth a bit each.
enum RecordFlag : std::uint8_t {
    TimeInherited = 1,  ///< the line carries no time; it has the time of the record before it
    NoHeader = 2,       ///< the line does not match the layout; all of it is message
    Multiline = 4,      ///< the span holds continuation lines as well
    TimeBackwards = 8,  ///< earlier than the record before it in the same source
    ClockSkipped = 16,  ///< its local time does not exist: clocks were put forward over it
    ClockRepeated = 32, ///< its local time exists twice: clocks were put back; the order of lines says which is meant
};

/// A numeric column over all records, in chunks that exist only where a value does: a chunk of 65,536 records without a
/// single value costs 8 bytes. Missing is NaN.
class NumericField
{
public:
    /// Chunks lie on the heap, or in the memory that is given.
    NumericField(std::string name, std::string unit, ChunkMemoryPtr memory = {})
        : m_name(std::move(name)), m_unit(std::move(unit)), m_memory(std::move(memory))
    {
    }
    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] const std::string& unit() const { return m_unit; } ///< "" when not known
    [[nodiscard]] double operator[](std::size_t record) const
    {
        const auto chunk = record / chunkSize;
        if (chunk >= m_chunks.size() || !m_chunks[chunk])
            return std::numeric_limits<double>::quiet_NaN();
        return m_chunks[chunk][record % chunkSize];
    }
    void set(std::size_t record, double value)
    {
        const auto chunk = record / chunkSize;
        if (chunk >= m_chunks.size())
            m_chunks.resize(chunk + 1);
        if (!m_chunks[chunk]) {
            m_chunks[chunk] = newChunk();
            std::fill_n(m_chunks[chunk].get(), chunkSize, std::numeric_limits<double>::quiet_NaN());
        }
        m_chunks[chunk][record % chunkSize] = value;
    }

    /// Sets the values of the records from `first` on; NaN leaves a record as it is.
    void setRange(std::size_t first, std::span<const double> values);

    static constexpr std::size_t chunkSize = 65'536;
    /// The values of records [chunk * chunkSize, ...); empty when none of them has any.
    [[nodiscard]] std::span<const double> chunk(std::size_t chunk) const
    {
        return chunk < m_chunks.size() && m_chunks[chunk] ? std::span<const double>(m_chunks[chunk].get(), chunkSize)
                                                          : std::span<const double>();
    }
    [[nodiscard]] std::size_t chunks() const { return m_chunks.size(); }
    /// Replaces the values of a chunk; `values` has chunkSize of them.
    void setChunk(std::size_t chunk, std::span<const double> values)
    {
        if (chunk >= m_chunks.size())
            m_chunks.resize(chunk + 1);
        if (!m_chunks[chunk])
            m_chunks[chunk] = newChunk();
        std::copy_n(values.data(), chunkSize, m_chunks[chunk].get());
    }

private:
    struct Free {
        bool owned = true;
        void operator()(double* chunk) const
        {
            if (owned)
                delete[] chunk;
        }
    };
    using ChunkPtr = std::unique_ptr<double[], Free>;

    [[nodiscard]] ChunkPtr newChunk() const
    {
        return m_memory ? ChunkPtr(static_cast<double*>(m_memory->allocate(chunkSize * sizeof(double))), Free{false})
                        : ChunkPtr(new double[chunkSize]);
    }

    std::string m_name, m_unit;
    ChunkMemoryPtr m_memory; ///< null: the heap
    std::vector<ChunkPtr> m_chunks;
};

/// All records of an analysis, source after source, each source in file order; one column per property.
/// Cost: 34 bytes a record plus 8 bytes for each numeric field in the chunks where it occurs; with `memory`, what is beyond
/// its heap share need not be resident. Reading is thread-safe.
struct RecordTable {
    ChunkMemoryPtr memory{}; ///< where the columns lie; null: the heap. Given when the table is made
    ChunkedVector<TimeUs> time{memory};          ///< noTime when the source carries no time at all
    ChunkedVector<std::uint64_t> offset{memory}; ///< of the text, see TextSpan
    ChunkedVector<std::uint32_t> bytes{memory};
    ChunkedVector<std::uint32_t> templateId{memory}; ///< noTemplate for metric rows
    ChunkedVector<EntityId> entity{memory};
    ChunkedVector<std::uint16_t> messageStart{memory};
    ChunkedVector<std::uint16_t> source{memory}; ///< index into the list of sources of the analysis
    ChunkedVector<Level> level{memory};
    ChunkedVector<std::uint8_t> flags{memory}; ///< RecordFlag bits

    StringPool entities;
    std::vector<NumericField> fields;

    [[nodiscard]] std::size_t size() const { return time.size(); }
    [[nodiscard]] TextSpan span(std::size_t i) const { return {offset[i], bytes[i], messageStart[i]}; }
    /// Index of the field with this name, or -1.
    [[nodiscard]] int fieldIndex(std::string_view name) const;
};

} // namespace faultline::records
