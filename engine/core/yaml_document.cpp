// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/yaml_document.h"
#include <set>
#include <sstream>
#include <yaml-cpp/eventhandler.h>

namespace faultline::yaml
{

namespace
{

constexpr int deepest = 16;

/// Refuses anchors and aliases before a tree is built.
class AliasGuard final : public YAML::EventHandler
{
public:
    AliasGuard(std::string file, std::string noun) : m_file(std::move(file)), m_noun(std::move(noun)) {}
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { check(mark, anchor); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { check(mark, 1); }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string&) override
    {
        check(mark, anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        check(mark, anchor);
        deeper(mark);
    }
    void OnSequenceEnd() override { --m_depth; }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        check(mark, anchor);
        deeper(mark);
    }
    void OnMapEnd() override { --m_depth; }

private:
    void check(const YAML::Mark& mark, YAML::anchor_t anchor) const
    {
        if (anchor != 0)
            reject(m_file, mark, "anchors and aliases are not allowed in a " + m_noun, "write the value out");
    }
    void deeper(const YAML::Mark& mark)
    {
        if (++m_depth > deepest)
            reject(m_file, mark, "the " + m_noun + " is nested too deeply",
                   "a " + m_noun + " has a few levels at most");
    }
    std::string m_file, m_noun;
    int m_depth = 0;
};

std::string listOf(const std::vector<std::string>& words)
{
    std::string all;
    for (const auto& word : words)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

std::string suggestion(const std::string& typed, const std::vector<std::string>& known, const std::string& intro)
{
    if (const auto near = nearestWord(typed, known))
        return "did you mean `" + *near + "`?";
    return intro + listOf(known);
}

} // namespace

SourcePos position(const std::string& file, const YAML::Mark& mark)
{
    if (mark.is_null())
        return {file, 0, 0};
    return {file, static_cast<std::uint64_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

void reject(const std::string& file, const YAML::Mark& mark, std::string message, std::string hint)
{
    throw Problem{{ErrorCode::Config, std::move(message), position(file, mark), std::move(hint)}};
}

MapReader::MapReader(const YAML::Node& node, std::string file, std::string where)
    : m_node(node), m_file(std::move(file)), m_where(std::move(where))
{
    if (!node.IsMap())
        reject(m_file, node.Mark(), m_where + " must be a mapping of keys to values", "write `key: value` lines");
}

void MapReader::read() const
{
    std::vector<std::string> known;
    for (const auto& [key, handler] : m_handlers)
        known.push_back(key);
    std::set<std::string> seen;
    for (const auto& entry : m_node) {
        if (!entry.first.IsScalar())
            reject(m_file, entry.first.Mark(), "a key of " + m_where + " is not a word", "use plain keys");
        const auto key = entry.first.Scalar();
        if (!seen.insert(key).second)
            reject(m_file, entry.first.Mark(), "the key `" + key + "` stands twice in " + m_where,
                   "remove one of them");
        const auto handler = m_handlers.find(key);
        if (handler == m_handlers.end())
            reject(m_file, entry.first.Mark(), "unknown key `" + key + "` in " + m_where,
                   suggestion(key, known, "known keys: "));
        handler->second(entry.second);
    }
}

std::string ValueReader::text(const YAML::Node& node, const std::string& key) const
{
    if (!node.IsScalar())
        reject(m_file, node.Mark(), "`" + key + "` must be a single text", "put it in quotes");
    return node.Scalar();
}

double ValueReader::number(const YAML::Node& node, const std::string& key, double low, double high) const
{
    const auto value = node.IsScalar() ? parseNumber(node.Scalar()) : std::nullopt;
    if (!value || *value < low || *value > high)
        reject(m_file, node.Mark(), "`" + key + "` must be a number",
               "from " + formatNumber(low) + " to " + formatNumber(high));
    return *value;
}

std::uint64_t ValueReader::integer(const YAML::Node& node, const std::string& key, double low, double high) const
{
    const double value = number(node, key, low, high);
    if (value != static_cast<double>(static_cast<std::uint64_t>(value)))
        reject(m_file, node.Mark(), "`" + key + "` must be a whole number", "drop the fraction");
    return static_cast<std::uint64_t>(value);
}

bool ValueReader::boolean(const YAML::Node& node, const std::string& key) const
{
    return choice<bool>(node, key, {{"true", true}, {"false", false}});
}

std::vector<std::string> ValueReader::words(const YAML::Node& node, const std::string& key) const
{
    if (!node.IsSequence())
        reject(m_file, node.Mark(), "`" + key + "` must be a list", "write [a, b]");
    std::vector<std::string> out;
    for (const auto& item : node)
        out.push_back(text(item, key));
    return out;
}

DurationUs ValueReader::duration(const YAML::Node& node, const std::string& key) const
{
    const auto value = parseDuration(text(node, key));
    if (!value)
        reject(m_file, node.Mark(), "`" + key + "`: " + value.error().message, "write 30s, 5min or 1h");
    return *value;
}

TimeZone ValueReader::zone(const YAML::Node& node, const std::string& key) const
{
    auto zone = TimeZone::named(text(node, key));
    if (!zone)
        reject(m_file, node.Mark(), zone.error().message, zone.error().hint);
    return std::move(*zone);
}

void ValueReader::rejectChoice(const YAML::Node& node, const std::string& key, const std::string& word,
                               const std::vector<std::string>& known) const
{
    reject(m_file, node.Mark(), "`" + key + "` cannot be `" + word + "`", suggestion(word, known, "one of: "));
}

YAML::Node loadRoot(std::string_view yaml, const std::string& file, const DocumentKind& kind)
{
    if (yaml.size() > limitBytes)
        throw Problem{{ErrorCode::Config,
                       "the " + kind.noun + " is larger than 1 MB",
                       {file, 0, 0},
                       "a " + kind.noun + " is a page of text; is this the right file?"}};
    const std::string content(yaml);
    std::istringstream stream(content);
    YAML::Parser parser(stream);
    AliasGuard guard(file, kind.noun);
    if (!parser.HandleNextDocument(guard))
        throw Problem{{ErrorCode::Config, "the " + kind.noun + " is empty", {file, 1, 1}, kind.emptyHint}};
    return YAML::Load(content);
}

Error caughtError(const std::string& file)
{
    try {
        throw;
    } catch (const Problem& problem) {
        return problem.error;
    } catch (const YAML::Exception& problem) {
        return {ErrorCode::Config, "this is not valid YAML: " + problem.msg, position(file, problem.mark),
                "check indentation, colons and quotes around this line"};
    }
}

} // namespace faultline::yaml
