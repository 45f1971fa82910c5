// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/key_value_parser.h"
#include "engine/core/text.h"
#include "engine/records/line_walk.h"
#include "engine/records/record_table.h"
#include "engine/records/service_prefix.h"
#include "engine/records/structured_batch.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

namespace
{
/// One block's batch.
class KeyValueBatch
{
public:
    KeyValueBatch(const JsonLayout& layout, const KeyValueLines& lines, std::string_view bytes, std::uint64_t offset)
        : m_layout(layout), m_lines(lines), m_offset(offset), m_records(layout), m_batch(m_records.batch()),
          m_walk(bytes, m_batch)
    {
    }

    RecordBatch run()
    {
        while (m_walk.next())
            takeLine();
        return std::move(m_batch);
    }

private:
    void takeLine();
    void takePairs();
    void append(std::uint8_t flags);

    const JsonLayout& m_layout;
    const KeyValueLines& m_lines;
    std::uint64_t m_offset;
    StructuredBatch m_records;
    RecordBatch& m_batch;
    LineWalk m_walk;
    ServicePrefix m_prefix;
    KeyValueRecord m_record;
};

void KeyValueBatch::takeLine()
{
    const auto content = m_lines.services ? m_prefix.strip(m_walk.line()) : m_walk.line();
    if (trim(content).empty()) {
        ++m_batch.blankLines;
        return;
    }
    const bool pairs = m_lines.syntax.read(content, m_record);
    if (!pairs && (content.starts_with(' ') || content.starts_with('\t')))
        return continueRecord(m_batch, m_offset, m_walk.end());
    m_records.begin();
    if (pairs)
        takePairs();
    if (m_records.message().empty() && (!pairs || m_layout.shown.empty()))
        m_records.setMessage(content);
    append(pairs ? std::uint8_t{0} : std::uint8_t{NoHeader});
}

void KeyValueBatch::takePairs()
{
    std::size_t next = 0;
    for (const auto& [key, value] : m_record.pairs())
        if (const auto id = m_layout.keys.find(JsonKeys::root, key, next); id != JsonKeys::none)
            m_records.take(m_layout.keys[id], value);
    if (!m_record.message.empty())
        m_records.setMessage(m_record.message);
}

void KeyValueBatch::append(std::uint8_t flags)
{
    const auto line = m_walk.line();
    const auto message = m_records.message();
    const bool inLine = message.data() >= line.data() && message.data() < line.data() + line.size();
    const auto start = inLine ? message.data() - line.data() : 0;
    if (m_lines.serviceIsEntity && !m_prefix.service().empty())
        m_records.setEntity(m_prefix.service());
    m_records.append({m_offset + m_walk.position(), static_cast<std::uint32_t>(line.size()), flags},
                     start <= UINT16_MAX ? static_cast<std::uint16_t>(start) : std::uint16_t{0});
}
} // namespace

RecordBatch KeyValueParser::parse(std::string_view bytes, std::uint64_t offset, bool /*firstBlock*/) const
{
    return KeyValueBatch(m_layout, m_lines, bytes, offset).run();
}

void KeyValueSample::add(const KeyValueRecord& record)
{
    ++m_records;
    m_messages += record.message.empty() ? 0U : 1U;
    std::size_t next = 0;
    for (const auto& [key, value] : record.pairs()) {
        const auto id = m_keys.findOrAdd(JsonKeys::root, key, next);
        if (id == JsonKeys::none)
            continue;
        if (id > m_columns.size())
            m_columns.resize(id);
        m_columns[id - 1].key = id;
        m_columns[id - 1].values.emplace_back(value.substr(0, 1'024));
    }
}

void KeyValueSample::excludeNumbers(std::string_view key)
{
    m_notNumbers.emplace_back(key);
}

Result<JsonLayout> KeyValueSample::layout(const ParseOptions& options, const FileFacts& file, Detection& detection)
{
    for (auto& column : m_columns) {
        const auto& name = m_keys[column.key].path;
        detection.columns.push_back(name);
        std::array<std::size_t, 4> kinds{};
        std::size_t present = 0;
        for (const auto& value : column.values) {
            present += isMissingText(value) ? 0U : 1U;
            if (const auto quantity = readQuantity(value))
                ++kinds[static_cast<std::size_t>(quantity->kind)];
        }
        const auto most = std::max_element(kinds.begin(), kinds.end());
        const bool excluded = std::find(m_notNumbers.begin(), m_notNumbers.end(), name) != m_notNumbers.end();
        column.quantity = static_cast<QuantityKind>(most - kinds.begin());
        const bool numbers = *most > 0 && *most * 10 >= present * 9 && !excluded && !isIdentifierName(name);
        column.numbers = numbers ? column.values.size() : 0;
    }
    std::vector<std::string> reasons;
    auto layout = assignJsonRoles(m_keys, m_columns, options, toCivil(file.modified_us).year, reasons);
    if (layout && m_messages > 0) { // the syntax knows the message
        if (!layout->shown.empty())
            std::erase_if(reasons, [](const std::string& one) { return one.starts_with("no key holds a message"); });
        layout->shown.clear();
    }
    detection.reasons.insert(detection.reasons.end(), reasons.begin(), reasons.end());
    return layout;
}

namespace
{
/// The lines of a sample read by one syntax.
struct SyntaxFit {
    const KeyValueSyntax* syntax = nullptr;
    bool services = false;
    KeyValueSample pairs;
    std::size_t lines = 0;

    [[nodiscard]] double share() const
    {
        return lines == 0 ? 0.0 : static_cast<double>(pairs.records()) / static_cast<double>(lines);
    }
};

SyntaxFit fitOf(const KeyValueSyntax& syntax, std::string_view sample, bool services)
{
    SyntaxFit fit{.syntax = &syntax, .services = services, .pairs = {}};
    ServicePrefix prefix;
    KeyValueRecord record;
    for (auto line : split(sample, '\n')) {
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (services)
            line = prefix.strip(line);
        if (trim(line).empty() || line.front() == ' ' || line.front() == '\t')
            continue;
        if (fit.lines == KeyValueSample::maxRecords)
            break;
        ++fit.lines;
        if (syntax.read(line, record))
            fit.pairs.add(record);
    }
    return fit;
}

/// The syntax that reads most lines, the first of equals; behind the names of services when it hardly reads any as they
/// are.
SyntaxFit bestFit(std::string_view sample, const std::string& asked)
{
    constexpr double leastShare = 0.5;
    SyntaxFit best;
    for (const bool services : {false, true}) {
        for (const auto& syntax : keyValueSyntaxes()) {
            if (!asked.empty() && asked != syntax.name)
                continue;
            auto fit = fitOf(syntax, sample, services);
            if (fit.pairs.records() > best.pairs.records())
                best = std::move(fit);
        }
        if (best.share() >= leastShare)
            break;
    }
    return best;
}
} // namespace

Candidate detectKeyValues(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    constexpr std::size_t surelyWholeBytes = 64 * 1'024;
    Candidate candidate;
    if (sample.size() >= surelyWholeBytes && sample.find('\n') != std::string_view::npos)
        sample = sample.substr(0, sample.rfind('\n'));
    auto best = bestFit(sample, options.format);
    if (best.syntax == nullptr)
        return candidate;
    auto& detection = candidate.detection;
    detection.format = best.syntax->name;
    detection.confidence = best.share();
    detection.reasons.push_back(formatCount(best.pairs.records()) + " of " + formatCount(best.lines) +
                                " sampled lines are " + std::string(best.syntax->what));
    if (best.services)
        detection.reasons.emplace_back("a service is named before each line, as docker compose writes");
    auto layout = best.pairs.layout(options, file, detection);
    if (!layout) {
        candidate.error = std::move(layout.error());
        return candidate;
    }
    if (layout->time) {
        detection.timeFormat = layout->time->format();
        detection.zone = layout->zoneText();
    } else if (options.format.empty()) {
        detection.confidence *= 0.5; // pairs alone are weak: settings files are made of them
    }
    candidate.parser = std::make_shared<const KeyValueParser>(
        std::move(*layout), KeyValueLines{.syntax = *best.syntax,
                                          .services = best.services,
                                          .serviceIsEntity = options.entityField.empty()});
    return candidate;
}

} // namespace faultline::records
