// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/w3c_parser.h"
#include "engine/core/text.h"
#include "engine/records/key_value_parser.h"
#include "engine/records/line_walk.h"
#include "engine/records/structured_batch.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

namespace
{
/// Calls `take(line, position)` for each line, without its line end.
template <class Take>
void forEachLine(std::string_view text, Take&& take)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, end - at);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        take(line, at);
        at = end + 1;
    }
}

class W3cBatch
{
public:
    W3cBatch(const JsonLayout& layout, const BlockContext& context, std::string_view bytes)
        : m_layout(layout), m_bytes(bytes), m_offset(context.offset), m_records(layout), m_batch(m_records.batch())
    {
        forEachLine(context.preface, [this](std::string_view line, std::size_t) { m_header.take(line); });
    }

    RecordBatch run()
    {
        for (LineWalk walk(m_bytes, m_batch); walk.next();)
            takeLine(walk.line(), walk.position());
        return std::move(m_batch);
    }

private:
    void takeLine(std::string_view line, std::size_t at);

    const JsonLayout& m_layout;
    std::string_view m_bytes;
    std::uint64_t m_offset;
    StructuredBatch m_records;
    RecordBatch& m_batch;
    W3cHeader m_header;
    KeyValueRecord m_row;
};

void W3cBatch::takeLine(std::string_view line, std::size_t at)
{
    if (line.front() == '#') {
        m_header.take(line);
        ++m_batch.headerLines;
        return;
    }
    if (m_header.columns().empty())
        return m_records.reject(m_batch.lines, "no header before the row names its columns");
    if (!m_header.read(line, m_row))
        return m_records.reject(m_batch.lines, "fewer values than the header names columns");
    m_records.begin();
    std::size_t next = 0;
    for (const auto& [key, value] : m_row.pairs())
        if (const auto id = m_layout.keys.find(JsonKeys::root, key, next); id != JsonKeys::none)
            m_records.take(m_layout.keys[id], value);
    if (!m_row.message.empty())
        m_records.setMessage(m_row.message);
    m_records.append({m_offset + at, static_cast<std::uint32_t>(line.size()), 0}, 0);
}

bool isQuantityType(std::string_view zeekType)
{
    return zeekType == "count" || zeekType == "int" || zeekType == "double" || zeekType == "interval";
}

/// The rows of the sample under their headers.
struct Sampled {
    KeyValueSample pairs;
    W3cHeader header;
    std::size_t rows = 0, headers = 0;
};

Sampled sampleRows(std::string_view sample)
{
    Sampled sampled;
    KeyValueRecord row;
    forEachLine(sample, [&](std::string_view line, std::size_t) {
        if (trim(line).empty() || sampled.rows >= KeyValueSample::maxRecords)
            return;
        if (line.front() == '#') {
            sampled.header.take(line);
            sampled.headers += line.starts_with("#Fields:") || line.starts_with("#fields") ? 1U : 0U;
            const auto& types = sampled.header.types();
            for (std::size_t i = 0; i < std::min(types.size(), sampled.header.columns().size()); ++i)
                if (!isQuantityType(types[i]))
                    sampled.pairs.excludeNumbers(sampled.header.columns()[i]);
            return;
        }
        ++sampled.rows;
        if (sampled.header.read(line, row))
            sampled.pairs.add(row);
    });
    return sampled;
}
} // namespace

RecordBatch W3cParser::parseIn(const BlockContext& context, std::string_view bytes) const
{
    return W3cBatch(m_layout, context, bytes).run();
}

Candidate detectW3c(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    constexpr std::size_t surelyWholeBytes = 64 * 1'024;
    constexpr std::array<std::string_view, 3> names{"w3c", "iis", "zeek"};
    Candidate candidate;
    const bool asked = std::find(names.begin(), names.end(), options.format) != names.end();
    if (!options.format.empty() && !asked)
        return candidate;
    if (sample.size() >= surelyWholeBytes && sample.find('\n') != std::string_view::npos)
        sample = sample.substr(0, sample.rfind('\n'));
    auto sampled = sampleRows(sample);
    if (sampled.headers == 0 || sampled.pairs.records() == 0)
        return candidate;
    auto& detection = candidate.detection;
    const bool iis = sampled.header.software().find("Internet Information Services") != std::string::npos;
    detection.format = sampled.header.isZeek() ? "zeek" : iis ? "iis" : "w3c";
    // The header is half of the proof.
    detection.confidence = 0.5 + 0.5 * static_cast<double>(sampled.pairs.records()) / static_cast<double>(sampled.rows);
    detection.reasons.push_back("a #" + std::string(sampled.header.isZeek() ? "fields" : "Fields:") +
                                " line names the columns; " + formatCount(sampled.pairs.records()) + " of " +
                                formatCount(sampled.rows) + " sampled rows have them");
    auto layout = sampled.pairs.layout(options, file, detection);
    if (!layout) {
        candidate.error = std::move(layout.error());
        return candidate;
    }
    if (layout->time) {
        detection.timeFormat = layout->time->format();
        detection.zone = layout->zoneText();
    }
    for (auto& field : layout->fields)
        if (field.name == "time-taken")
            field.unit = "ms";
    candidate.parser = std::make_shared<const W3cParser>(std::move(*layout));
    return candidate;
}

} // namespace faultline::records
