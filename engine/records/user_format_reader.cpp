// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/user_format_reader.h"
#include "engine/core/text.h"
#include "engine/core/yaml_document.h"
#include "engine/records/format_times.h"
#include "engine/records/log_format.h"
#include <algorithm>
#include <cmath>

namespace faultline::records
{

namespace
{

using yaml::MapReader;
using yaml::Problem;
using yaml::reject;

constexpr std::size_t mostPatterns = 50, mostSamples = 1'000;

/// `/etc/formats/payment.yaml` -> "payment".
std::string stemOf(const std::string& path)
{
    auto name = path.substr(path.rfind('/') + 1);
    return name.substr(0, name.find('.'));
}

class FormatReader : private yaml::ValueReader
{
public:
    explicit FormatReader(const std::string& file) : yaml::ValueReader(file) {}

    UserFormat read(const YAML::Node& root)
    {
        MapReader(root, file(), "the format")
            .on("name", [&](const auto& n) { readName(n); })
            .on("description", [&](const auto& n) { m_format.description = text(n, "description"); })
            .on("pattern", [&](const auto& n) { m_patterns.push_back(n); })
            .on("patterns", [&](const auto& n) { list(n, "patterns", mostPatterns, m_patterns); })
            .on("log_format", [&](const auto& n) { m_logFormat.reset(n); })
            .on("time", [&](const auto& n) { m_time.reset(n); })
            .on("zone", [&](const auto& n) { m_format.zone = zone(n, "zone"); })
            .on("fields", [&](const auto& n) { m_fields.reset(n); })
            .on("levels", [&](const auto& n) { readLevels(n); })
            .on("level_from_status", [&](const auto& n) { m_levelFromStatus = boolean(n, "level_from_status"); })
            .on("multiline", [&](const auto& n) { readMultiline(n); })
            .on("unmatched",
                [&](const auto& n) {
                    m_unmatched = choice<Unmatched>(
                        n, "unmatched",
                        {{"join", Unmatched::Join}, {"record", Unmatched::Record}, {"reject", Unmatched::Reject}});
                })
            .on("entity",
                [&](const auto& n) {
                    m_groups.push_back({&m_format.entity, n, "entity"});
                })
            .on("session",
                [&](const auto& n) {
                    m_groups.push_back({&m_format.session, n, "session"});
                })
            .on("label",
                [&](const auto& n) {
                    m_groups.push_back({&m_format.label, n, "label"});
                })
            .on("samples", [&](const auto& n) { list(n, "samples", mostSamples, m_samples); })
            .read();
        if (m_format.name.empty())
            m_format.name = stemOf(file());
        compile(root);
        readTime();
        if (m_fields.IsDefined() && !m_fields.IsNull())
            readFields();
        for (const auto& group : m_groups)
            *group.target = groupName(group.node, group.key);
        for (const auto& node : m_samples)
            m_format.samples.push_back({text(node, "samples"), yaml::position(file(), node.Mark())});
        return std::move(m_format);
    }

private:
    struct GroupKey {
        std::string* target;
        YAML::Node node;
        std::string key;
    };

    void readName(const YAML::Node& node)
    {
        m_format.name = text(node, "name");
        const bool word = !m_format.name.empty() && m_format.name.size() <= 64 &&
                          std::all_of(m_format.name.begin(), m_format.name.end(), [](char c) {
                              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                     c == '_' || c == '-';
                          });
        if (!word)
            reject(file(), node.Mark(), "`name` must be one word of letters, digits, _ and -", "e.g. payment_service");
    }

    void list(const YAML::Node& node, const std::string& key, std::size_t most, std::vector<YAML::Node>& out) const
    {
        if (!node.IsSequence())
            reject(file(), node.Mark(), "`" + key + "` must be a list", "write lines of `- '...'`");
        for (const auto& item : node)
            out.push_back(item);
        if (out.size() > most)
            reject(file(), node.Mark(), "`" + key + "` has more than " + std::to_string(most) + " entries",
                   "keep the telling ones");
    }

    template <class T>
    static T taken(Result<T> result)
    {
        if (!result)
            throw Problem{result.error()};
        return std::move(*result);
    }

    void compile(const YAML::Node& root)
    {
        if (m_logFormat.IsDefined() && !m_logFormat.IsNull()) {
            if (!m_patterns.empty())
                reject(file(), m_logFormat.Mark(), "the format has `log_format` and patterns", "keep one of them");
            const auto layout = text(m_logFormat, "log_format");
            auto compiled = compileLogFormat(layout, yaml::position(file(), m_logFormat.Mark()));
            auto format = taken(std::move(compiled));
            format.name = m_format.name;
            format.description = m_format.description;
            format.zone = m_format.zone;
            format.levels = m_format.levels;
            format.starts = m_format.starts;
            format.continuation = m_format.continuation;
            m_format = std::move(format);
        }
        for (const auto& node : m_patterns)
            if (auto added = addPattern(m_format, text(node, "pattern"), yaml::position(file(), node.Mark())); !added)
                throw Problem{added.error()};
        if (m_format.patterns.empty())
            reject(file(), root.Mark(), "the format has no pattern", "add `pattern: '(?P<time>...) ...'`");
        if (m_levelFromStatus)
            m_format.levelFromStatus = *m_levelFromStatus;
        if (m_unmatched)
            m_format.unmatched = *m_unmatched;
        else if (!m_format.hasTime())
            m_format.unmatched = Unmatched::Record;
    }

    void readTime()
    {
        if (!m_time.IsDefined() || m_time.IsNull())
            return;
        if (!m_format.hasTime())
            reject(file(), m_time.Mark(), "`time` says how times are written, but no pattern has a group `time`",
                   "name the part that holds it: (?P<time>...)");
        std::vector<YAML::Node> nodes;
        if (m_time.IsSequence())
            list(m_time, "time", mostPatterns, nodes);
        else
            nodes.push_back(m_time);
        m_format.times.clear();
        for (const auto& node : nodes) {
            const auto written = text(node, "time");
            if (written == "auto" && nodes.size() == 1)
                return;
            auto format = TimeFormat::compile(written);
            if (!format)
                reject(file(), node.Mark(), format.error().message, format.error().hint);
            m_format.times.push_back(std::move(*format));
        }
    }

    [[nodiscard]] std::string groupName(const YAML::Node& node, const std::string& key) const
    {
        auto name = text(node, key);
        if (m_format.column(name) < 0)
            rejectGroup(node.Mark(), name);
        return name;
    }

    [[noreturn]] void rejectGroup(const YAML::Mark& mark, const std::string& name) const
    {
        const auto nearest = nearestWord(name, m_format.columns);
        reject(file(), mark, "no pattern has a group `" + displayText(name) + "`",
               nearest ? "did you mean `" + *nearest + "`?" : "groups are written (?P<" + displayText(name) + ">...)");
    }

    void readFields()
    {
        if (!m_fields.IsMap())
            reject(file(), m_fields.Mark(), "`fields` must be a mapping of groups",
                   "write `duration: {type: number, unit: ms}`");
        std::vector<std::string> seen;
        for (const auto& entry : m_fields) {
            const auto name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
            if (m_format.column(name) < 0)
                rejectGroup(entry.first.Mark(), name);
            if (std::find(seen.begin(), seen.end(), name) != seen.end())
                reject(file(), entry.first.Mark(), "the key `" + name + "` stands twice in `fields`",
                       "remove one of them");
            seen.push_back(name);
            m_format.fields[name] = fieldOf(entry.second, name);
        }
    }

    [[nodiscard]] FormatField fieldOf(const YAML::Node& node, const std::string& name) const
    {
        const std::map<std::string, FieldType> types{{"text", FieldType::Text},
                                                     {"number", FieldType::Number},
                                                     {"sum", FieldType::Sum},
                                                     {"ignore", FieldType::Ignore}};
        FormatField field{.type = FieldType::Number};
        if (node.IsScalar()) {
            field.type = choice<FieldType>(node, name, types);
            return field;
        }
        MapReader(node, file(), "the field `" + name + "`")
            .on("type", [&](const auto& n) { field.type = choice<FieldType>(n, "type", types); })
            .on("unit", [&](const auto& n) { field.unit = text(n, "unit"); })
            .on("scale", [&](const auto& n) { field.scale = number(n, "scale", -1e12, 1e12); })
            .read();
        return field;
    }

    void readLevels(const YAML::Node& node)
    {
        if (!node.IsMap())
            reject(file(), node.Mark(), "`levels` must be a mapping of words to levels",
                   "write {NOTE: info, \"3\": error}");
        for (const auto& entry : node) {
            const auto word = text(entry.first, "levels");
            const auto level = parseLevel(text(entry.second, word));
            if (!level)
                reject(file(), entry.second.Mark(), "`" + displayText(entry.second.Scalar()) + "` is not a level",
                       "one of: debug, info, warn, error, fatal");
            if (!m_format.levels.emplace(word, *level).second)
                reject(file(), entry.first.Mark(), "the key `" + displayText(word) + "` stands twice in `levels`",
                       "remove one of them");
        }
    }

    void readMultiline(const YAML::Node& node)
    {
        const auto pattern = [&](const YAML::Node& n, const char* key) {
            return taken(compilePattern(text(n, key), yaml::position(file(), n.Mark())));
        };
        MapReader(node, file(), "`multiline`")
            .on("starts", [&](const auto& n) { m_format.starts = pattern(n, "starts"); })
            .on("continuation", [&](const auto& n) { m_format.continuation = pattern(n, "continuation"); })
            .read();
    }

    UserFormat m_format;
    std::vector<YAML::Node> m_patterns, m_samples;
    YAML::Node m_logFormat, m_time, m_fields;
    std::vector<GroupKey> m_groups;
    std::optional<bool> m_levelFromStatus;
    std::optional<Unmatched> m_unmatched;
};

/// The format must read what its author shows it.
void trySamples(const UserFormat& format)
{
    FormatMatcher matcher(format);
    const auto roles = rolesOf(format, {});
    std::vector<std::string> times;
    std::string scratch;
    const auto refuse = [](const UserFormat::Sample& sample, std::string message, std::string hint) {
        throw Problem{{ErrorCode::Config, std::move(message), sample.where, std::move(hint)}};
    };
    for (const auto& sample : format.samples) {
        const auto line = std::string_view(sample.text).substr(0, sample.text.find('\n'));
        if (!matcher.match(line)) {
            std::uint32_t column = 0;
            refuse(sample, "the sample does not match: " + whyUnmatched(format, line, column),
                   "change the pattern or the sample");
        }
        for (const auto& number : roles.numbers) {
            const auto value = trim(matcher.text(number.column));
            if (!value.empty() && value != "-" && std::isnan(numberOf(value, number)))
                refuse(sample,
                       "the field `" + number.name + "` of the sample is `" + displayText(value) +
                           "`, which is no number",
                       "change the group, or make the field a text");
        }
        times.emplace_back(timeTextOf(matcher, roles, scratch));
    }
    if (!format.hasTime())
        return;
    const auto reader = FormatTimes::learn(format, std::vector<std::string_view>(times.begin(), times.end()), {});
    for (std::size_t i = 0; i < times.size(); ++i)
        if (!reader.read(times[i]))
            refuse(format.samples[i],
                   "the time of the sample, `" + displayText(times[i]) + "`, does not read as " + reader.description(),
                   "write `time:` as the times are written, e.g. '%Y-%m-%d %H:%M:%S'");
}

} // namespace

UserFormat readUserFormat(const YAML::Node& node, const std::string& fileName)
{
    auto format = FormatReader(fileName).read(node);
    trySamples(format);
    format.yaml = YAML::Dump(node);
    return format;
}

Result<UserFormat> parseUserFormat(std::string_view yaml, const std::string& fileName)
{
    return yaml::read(yaml, fileName,
                      {.noun = "format", .emptyHint = "see `faultline formats` and the user guide for an example"},
                      [&](const YAML::Node& root) { return readUserFormat(root, fileName); });
}

} // namespace faultline::records
