// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/docker_json.h"
#include "engine/core/text.h"
#include "engine/records/docker_lines.h"
#include "engine/records/json_lines.h"
#include "engine/records/json_values.h"
#include "engine/records/message_finder.h"
#include "engine/records/record_table.h"
#include "engine/records/text_parser.h"
#include <algorithm>
#include <optional>

namespace faultline::records
{

namespace
{
constexpr double leastHeaderShare = 0.5; ///< of the texts that have the header

/// The header that the texts of a container have.
struct InnerHeader {
    LineLayout layout;
    TimestampOptions time;
};

/// Lines of one record.
struct Group {
    std::size_t begin = 0, end = 0; ///< of its first line and those right behind it, in the block
    std::uint64_t line = 0;         ///< number of its first line
    std::vector<std::string_view> more{};
};

std::string_view withoutReturn(std::string_view line)
{
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

class DockerBatch
{
public:
    DockerBatch(const JsonLayout& layout, const std::optional<InnerHeader>& header, std::string_view bytes,
                std::uint64_t offset)
        : m_layout(layout), m_header(header), m_bytes(bytes), m_offset(offset), m_records(layout),
          m_values(layout, m_records), m_finder(layout.messageKey)
    {
    }

    RecordBatch run()
    {
        group();
        for (const auto& one : m_groups)
            takeGroup(one);
        return std::move(m_records.batch());
    }

private:
    void group();
    void takeGroup(const Group& group);
    [[nodiscard]] std::string_view textOf(const Group& group);
    void takeHeader(std::string_view text, std::string_view line);
    [[nodiscard]] JsonKind read(JsonText& json, std::string_view line) const
    {
        return json.read(line, static_cast<std::size_t>(m_bytes.data() + m_bytes.size() - line.data()));
    }

    const JsonLayout& m_layout;
    const std::optional<InnerHeader>& m_header;
    std::string_view m_bytes;
    std::uint64_t m_offset;
    StructuredBatch m_records;
    JsonValues m_values;
    MessageFinder m_finder;
    std::vector<Group> m_groups;
    JsonText m_json, m_more;
    std::string m_joined;
    std::uint16_t m_messageStart = 0;
};

/// Lines into groups. A line that is not Docker's is a group of its own.
void DockerBatch::group()
{
    DockerGroups groups;
    auto& batch = m_records.batch();
    for (std::size_t at = 0; at < m_bytes.size();) {
        const auto end = std::min(m_bytes.find('\n', at), m_bytes.size());
        const auto line = withoutReturn(m_bytes.substr(at, end - at));
        ++batch.lines;
        batch.longestLineBytes = std::max<std::uint64_t>(batch.longestLineBytes, line.size());
        const auto joins = groups.add(m_bytes.substr(at, end - at));
        if (trim(line).empty()) {
            ++batch.blankLines;
            m_groups.push_back({.begin = at, .end = at});
        } else if (joins == DockerGroups::none) {
            m_groups.push_back({.begin = at, .end = at + line.size(), .line = batch.lines});
        } else {
            auto& joined = m_groups[joins];
            joined.more.push_back(line);
            if (&joined == &m_groups.back())
                joined.end = at + line.size();
            ++batch.continuationLines;
        }
        at = end + 1;
    }
}

/// The text of the group's first line, with what its stream's next lines added to it.
std::string_view DockerBatch::textOf(const Group& group)
{
    auto text = m_records.message();
    if (group.more.empty() || text.ends_with('\n'))
        return text;
    m_joined.assign(text);
    for (const auto line : group.more) {
        std::string_view more;
        if (read(m_more, line) != JsonKind::Object ||
            m_more.object().at_key(m_layout.messageKey).get(more) != simdjson::SUCCESS)
            continue;
        m_joined.append(more);
        if (more.ends_with('\n'))
            break;
    }
    return m_joined;
}

void DockerBatch::takeHeader(std::string_view text, std::string_view line)
{
    auto shown = text.substr(0, text.find('\n'));
    shown = withoutReturn(shown);
    const auto where = m_finder.find(line, m_records.message());
    std::size_t header = 0;
    if (m_header && !shown.starts_with('{')) {
        LineMatch match;
        matchLine(m_header->layout, shown, m_header->time, match);
        if (match.complete) {
            header = match.messageBegin;
            m_records.setLevel(match.level);
        }
    }
    m_records.setMessage(shown.substr(std::min(header, shown.size())));
    const auto start = where == 0 ? 0 : where + header;
    m_messageStart = start <= UINT16_MAX ? static_cast<std::uint16_t>(start) : std::uint16_t{0};
}

void DockerBatch::takeGroup(const Group& group)
{
    if (group.line == 0)
        return; // blank
    const auto line = m_bytes.substr(group.begin, m_bytes.find('\n', group.begin) - group.begin);
    const auto head = withoutReturn(line);
    const auto kind = read(m_json, head);
    if (kind != JsonKind::Object) {
        m_records.batch().invalidUtf8Lines += invalidUtf8Bytes(head) > 0 ? 1U : 0U;
        m_records.reject(group.line, jsonProblem(kind));
        return;
    }
    m_records.begin();
    m_values.take(m_json.object());
    takeHeader(textOf(group), head);
    m_records.append({.offset = m_offset + group.begin,
                      .bytes = static_cast<std::uint32_t>(group.end - group.begin),
                      .flags = group.more.empty() ? std::uint8_t{0} : std::uint8_t{Multiline}},
                     m_messageStart);
}

class DockerParser final : public BlockParser
{
public:
    DockerParser(JsonLayout layout, std::optional<InnerHeader> header)
        : m_layout(std::move(layout)), m_header(std::move(header))
    {
    }
    [[nodiscard]] MissingDate missingDate() const override { return m_layout.missingDate(); }
    [[nodiscard]] std::unique_ptr<RecordCutter> cutter() const override { return std::make_unique<DockerCutter>(); }
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool) const override
    {
        return DockerBatch(m_layout, m_header, bytes, offset).run();
    }

private:
    JsonLayout m_layout;
    std::optional<InnerHeader> m_header;
};

std::string innerTexts(std::string_view sample)
{
    std::string texts;
    for (JsonLines lines(sample); lines.next();) {
        std::string_view text;
        const auto read = readDockerLine(lines.line());
        if (lines.kind() == JsonKind::Object && !read.goesOn &&
            lines.object().at_key("log").get(text) == simdjson::SUCCESS)
            texts.append(text.substr(0, text.find('\n'))).append(1, '\n');
    }
    return texts;
}
} // namespace

std::shared_ptr<const BlockParser> makeDockerParser(std::string_view sample, JsonLayout layout, const FileFacts& file,
                                                    Detection& detection)
{
    std::optional<InnerHeader> header;
    const auto inner = detectText(innerTexts(sample), {}, file);
    const auto* text = dynamic_cast<const TextParser*>(inner.parser.get());
    if (text != nullptr && inner.detection.confidence >= leastHeaderShare && !text->setup().layout.parts.empty()) {
        header = InnerHeader{text->setup().layout, text->setup().time};
        std::string parts;
        for (const auto& column : inner.detection.columns)
            parts += (parts.empty() ? "" : ", ") + column;
        detection.reasons.push_back("the texts have a header of their own (" + parts + ")");
    }
    return std::make_shared<const DockerParser>(std::move(layout), std::move(header));
}

} // namespace faultline::records
