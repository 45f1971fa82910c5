// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/core/text.h"
#include "engine/core/time.h"
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>
#include <yaml-cpp/yaml.h>

/// Reading YAML files that people write: whatever is wrong is a Config error as `file:line:column: what (how to fix
/// it)`. The readers here throw Problem, so that nested ones need no plumbing; read() turns it into a Result. Nothing
/// else may let it out.
namespace faultline::yaml
{

inline constexpr std::size_t limitBytes = 1'000'000;

struct Problem {
    Error error;
};

[[nodiscard]] SourcePos position(const std::string& file, const YAML::Mark& mark);
[[noreturn]] void reject(const std::string& file, const YAML::Mark& mark, std::string message, std::string hint);

/// Reads a mapping key by key; every key must be one that a handler knows, and none may come twice. An unknown key is
/// refused with the nearest known one.
class MapReader
{
public:
    using Handler = std::function<void(const YAML::Node&)>;
    /// `where` names the mapping in messages: "the recipe", "`parse`".
    MapReader(const YAML::Node& node, std::string file, std::string where);
    MapReader& on(const std::string& key, Handler handler)
    {
        m_handlers[key] = std::move(handler);
        return *this;
    }
    void read() const;

private:
    YAML::Node m_node;
    std::string m_file, m_where;
    std::map<std::string, Handler> m_handlers;
};

/// Reads values of one file; each throws Problem when the value is not what its key wants.
class ValueReader
{
public:
    explicit ValueReader(std::string file) : m_file(std::move(file)) {}

    [[nodiscard]] const std::string& file() const { return m_file; }
    [[nodiscard]] std::string text(const YAML::Node& node, const std::string& key) const;
    [[nodiscard]] double number(const YAML::Node& node, const std::string& key, double low, double high) const;
    [[nodiscard]] std::uint64_t integer(const YAML::Node& node, const std::string& key, double low, double high) const;
    [[nodiscard]] bool boolean(const YAML::Node& node, const std::string& key) const;
    [[nodiscard]] std::vector<std::string> words(const YAML::Node& node, const std::string& key) const;
    [[nodiscard]] DurationUs duration(const YAML::Node& node, const std::string& key) const;
    [[nodiscard]] TimeZone zone(const YAML::Node& node, const std::string& key) const;
    template <class T>
    [[nodiscard]] T choice(const YAML::Node& node, const std::string& key, const std::map<std::string, T>& values) const
    {
        const auto word = text(node, key);
        if (const auto it = values.find(word); it != values.end())
            return it->second;
        std::vector<std::string> known;
        for (const auto& [name, value] : values)
            known.push_back(name);
        rejectChoice(node, key, word, known);
    }

private:
    [[noreturn]] void rejectChoice(const YAML::Node& node, const std::string& key, const std::string& word,
                                   const std::vector<std::string>& known) const;

    std::string m_file;
};

/// What a document is, for its messages.
struct DocumentKind {
    std::string noun;      ///< "recipe"
    std::string emptyHint; ///< what to do about an empty one
};

/// The root of a document of at most 1 MB without anchors or aliases (they can blow a small file up to gigabytes),
/// nested at most 16 deep. Throws Problem or YAML::Exception.
[[nodiscard]] YAML::Node loadRoot(std::string_view yaml, const std::string& file, const DocumentKind& kind);

/// The error of an exception that loadRoot() or a reader has thrown; called within a catch block.
[[nodiscard]] Error caughtError(const std::string& file);

/// What `take` makes of the document's root.
template <class Take>
[[nodiscard]] auto read(std::string_view yaml, const std::string& file, const DocumentKind& kind, Take&& take)
    -> Result<decltype(take(YAML::Node()))>
{
    try {
        return take(loadRoot(yaml, file, kind));
    } catch (const Problem& problem) {
        return fail(problem.error);
    } catch (const YAML::Exception&) {
        return fail(caughtError(file));
    }
}

} // namespace faultline::yaml
