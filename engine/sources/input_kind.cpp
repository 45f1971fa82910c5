// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/input_kind.h"
#include "engine/core/text.h"
#include "engine/sources/text_encoding.h"
#include <algorithm>
#include <array>
#include <set>

namespace faultline::sources
{

namespace
{

constexpr std::array<std::string_view, 36> documentEndings{
    ".md",   ".rst", ".adoc", ".html", ".htm", ".xhtml", ".css", ".js",  ".ts",    ".pdf",  ".tex",    ".ipynb",
    ".py",   ".pyc", ".sh",   ".c",    ".cpp", ".h",     ".hpp", ".rs",  ".go",    ".java", ".rb",     ".pl",
    ".yaml", ".yml", ".toml", ".ini",  ".cfg", ".conf",  ".svg", ".pem", ".proto", ".flm",  ".sha256", ".md5"};
constexpr std::array<std::string_view, 10> documentNames{"license", "licence",  "copying",   "notice",     "readme",
                                                         "authors", "makefile", "changelog", "sha256sums", "md5sums"};
constexpr std::array<std::string_view, 8> labelWords{"label",      "ground_truth", "ground-truth", "groundtruth",
                                                     "fault_list", "fault-list",   "root_cause",   "root-cause"};
constexpr std::array<std::string_view, 5> labelEndings{".csv", ".tsv", ".txt", ".json", ".jsonl"};
constexpr std::array<std::string_view, 3> ownTables{"unit,start,end,entity,score,tail_p,flag",
                                                    "template_id,count,share,level,first,last,template",
                                                    "line,template_id,template"};

std::string lowered(std::string_view text)
{
    std::string lower(text);
    for (auto& c : lower)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

template <class Words, class Test>
bool anyOf(const Words& words, const Test& test)
{
    return std::any_of(words.begin(), words.end(), test);
}

/// LICENSE, LICENSE_DATA, license.txt; but not license-server.log.
bool isDocument(std::string_view name)
{
    return anyOf(documentEndings, [&](auto ending) { return name.ends_with(ending); }) ||
           anyOf(documentNames, [&](auto word) {
               return name.starts_with(word) &&
                      (name.find('.') == std::string_view::npos || name.substr(word.size()) == ".txt");
           });
}

/// A model: the length of its header, eight bytes, and a JSON object (safetensors).
bool isModel(std::string_view head)
{
    return head.size() > 16 && head[8] == '{' && head[9] == '"' && head.substr(4, 4) == std::string_view("\0\0\0\0", 4);
}

std::string_view firstLine(std::string_view head)
{
    const auto line = head.substr(0, head.find('\n'));
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

} // namespace

bool isLabelTable(std::string_view head)
{
    static const std::set<std::string> keys{"key", "session", "session_id", "block_id", "blockid", "row", "entity"};
    static const std::set<std::string> labels{"label", "labels", "anomaly", "is_anomaly"};
    static const std::set<std::string> starts{"start", "start_time"}, ends{"end", "end_time"};
    static const std::set<std::string> others{"name", "type", "kind", "cause", "description", "service", "fault"};
    bool key = false, label = false, start = false, end = false;
    for (const auto field : split(firstLine(head), ',')) {
        auto name = lowered(trim(field));
        std::erase(name, '"');
        if (!keys.contains(name) && !labels.contains(name) && !starts.contains(name) && !ends.contains(name) &&
            !others.contains(name))
            return false;
        key |= keys.contains(name);
        label |= labels.contains(name);
        start |= starts.contains(name);
        end |= ends.contains(name);
    }
    return (key && label) || (start && end);
}

std::optional<std::string> whyNoData(std::string_view pathInFolder, std::string_view head)
{
    const auto path = lowered(pathInFolder);
    const auto name = std::string_view(path).substr(path.rfind('/') + 1);
    if (isDocument(name))
        return "a document or program by its name";
    if (anyOf(labelEndings, [&](auto ending) { return name.ends_with(ending); }) &&
        anyOf(labelWords, [&](auto word) { return path.find(word) != std::string::npos; }))
        return "labels by its name, which are not data: use --labels";
    if (head.empty())
        return "empty";
    if (isModel(head))
        return "a model";
    if (looksBinary(head))
        return "binary, not a log or table";
    const auto line = firstLine(head);
    if (anyOf(ownTables, [&](auto table) { return line == table; }))
        return "a table that this program wrote";
    if (isLabelTable(head))
        return "a table of labels, which are not data: use --labels";
    const auto start = lowered(trim(head.substr(0, 100)));
    if (start.starts_with("<!doctype html") || start.starts_with("<html"))
        return "a web page";
    return std::nullopt;
}

} // namespace faultline::sources
