// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/inputs.h"
#include "engine/sources/input_kind.h"
#include "engine/sources/input_name.h"
#include "engine/sources/pipe_stream.h"
#include <algorithm>
#include <filesystem>
#include <fnmatch.h>
#include <map>
#include <numeric>
#include <tuple>

namespace faultline::sources
{

namespace
{

namespace fs = std::filesystem;

constexpr std::size_t headBytes = 64 * 1024;

/// What is in a folder, by name; hidden entries are left out.
std::vector<fs::directory_entry> entriesOf(const fs::path& folder, std::error_code& problem)
{
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem))
        if (!at->path().filename().string().starts_with('.'))
            entries.push_back(*at);
    std::sort(entries.begin(), entries.end());
    return entries;
}

class Expansion
{
public:
    Expansion(const OpenOptions& options, JobContext& job) : m_options(options), m_job(job) {}

    Result<void> add(const std::string& name)
    {
        std::error_code code;
        const auto status = fs::status(name, code);
        const auto before = m_inputs.files.size() + m_inputs.passedOver.size();
        if (name != "-" && fs::is_directory(status)) {
            m_root = name.size() + (name.ends_with('/') ? 0 : 1);
            addFolder(name);
        } else if (name != "-" && !fs::exists(status) && name.find_first_of("*?[") != std::string::npos) {
            m_root = name.substr(0, name.find_first_of("*?[")).rfind('/') + 1;
            const fs::path pattern(name);
            std::vector<std::string> parts;
            for (const auto& part : pattern.relative_path())
                parts.push_back(part.string());
            addMatches(pattern.root_path(), parts, 0);
            if (m_inputs.files.size() + m_inputs.passedOver.size() == before)
                return fail({ErrorCode::Io, "no file fits this pattern", {name, 0, 0}, "check its spelling"});
        } else {
            take(name, true);
        }
        return m_job.stopRequested() ? Result<void>(cancelled()) : Result<void>();
    }

    Result<Inputs> finish(const std::vector<std::string>& names)
    {
        if (m_inputs.files.empty()) {
            const auto& why = m_inputs.passedOver;
            return fail(
                {ErrorCode::Io,
                 "holds no file that can be read" +
                     (why.empty() ? "" : ": " + why.front().path + " is passed over (" + why.front().reason + ")"),
                 {names.front(), 0, 0},
                 "name log files, tables, or a folder that holds some"});
        }
        std::vector<InputName> parsed;
        for (const auto& file : m_inputs.files)
            parsed.push_back(inputNameOf(file.path));
        const auto origins = originsOf(parsed);
        std::vector<std::size_t> order(parsed.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return std::tie(origins[a], parsed[a].age, m_inputs.files[a].path) <
                   std::tie(origins[b], parsed[b].age, m_inputs.files[b].path);
        });
        Inputs sorted{.files = {}, .passedOver = std::move(m_inputs.passedOver)};
        const auto wasTaken = [&](const PassedOver& passed) { // named beside the folder that it lies in
            return std::any_of(m_inputs.files.begin(), m_inputs.files.end(),
                               [&](const Input& file) { return file.path == passed.path; });
        };
        std::erase_if(sorted.passedOver, wasTaken);
        std::sort(sorted.passedOver.begin(), sorted.passedOver.end(),
                  [](const auto& a, const auto& b) { return a.path < b.path; });
        for (const auto i : order) {
            sorted.files.push_back(std::move(m_inputs.files[i]));
            sorted.files.back().origin = origins[i];
        }
        return sorted;
    }

private:
    void addFolder(const fs::path& folder)
    {
        std::error_code problem;
        for (const auto& entry : entriesOf(folder, problem)) {
            if (m_job.stopRequested())
                return;
            std::error_code code;
            if (!entry.is_directory(code))
                take(entry.path().string(), false);
            else if (entry.is_symlink(code))
                passOver(entry.path().string(), "a link to a folder");
            else
                addFolder(entry.path());
        }
        if (problem)
            passOver(folder.string(), "a folder that cannot be read: " + problem.message());
    }

    void addMatches(const fs::path& folder, const std::vector<std::string>& parts, std::size_t part)
    {
        std::error_code problem;
        if (part == parts.size() || m_job.stopRequested())
            return;
        if (parts[part] == "**") {
            addMatches(folder, parts, part + 1);
            if (part + 1 == parts.size())
                return addFolder(folder.empty() ? "." : folder);
        }
        for (const auto& entry : entriesOf(folder.empty() ? "." : folder, problem)) {
            const auto name = entry.path().filename();
            const auto path = folder / name;
            std::error_code code;
            const bool isFolder = entry.is_directory(code);
            if (parts[part] == "**") {
                if (isFolder && !entry.is_symlink(code))
                    addMatches(path, parts, part);
            } else if (::fnmatch(parts[part].c_str(), name.c_str(), 0) == 0) {
                if (part + 1 < parts.size() && isFolder)
                    addMatches(path, parts, part + 1);
                else if (part + 1 == parts.size() && isFolder)
                    addFolder(path);
                else if (part + 1 == parts.size())
                    take(path.string(), false);
            }
        }
    }

    /// One file, however it was found; the same file twice is one input.
    void take(const std::string& path, bool named)
    {
        std::error_code code;
        const auto real = path == "-" ? fs::path(path) : fs::weakly_canonical(path, code);
        if (const auto known = m_known.find(real); known != m_known.end()) {
            if (known->second < m_inputs.files.size())
                m_inputs.files[known->second].named |= named;
            return;
        }
        if (!named)
            if (auto reason = whyPassed(path)) {
                passOver(path, std::move(*reason));
                return;
            }
        m_known.emplace(real, m_inputs.files.size());
        m_inputs.files.push_back({path, {}, named});
    }

    std::optional<std::string> whyPassed(const std::string& path) const
    {
        std::error_code code;
        if (!fs::is_regular_file(path, code))
            return fs::exists(path, code) ? "not a file: a pipe, socket or device" : "a link that leads nowhere";
        const auto source = Source::open(path, m_options);
        if (!source)
            return source.error().message;
        const auto head = (*source)->head(headBytes);
        if (!head)
            return head.error().message;
        return whyNoData(path.size() > m_root ? std::string_view(path).substr(m_root) : std::string_view(path), *head);
    }

    void passOver(std::string path, std::string reason)
    {
        m_inputs.passedOver.push_back({std::move(path), std::move(reason)});
    }

    const OpenOptions& m_options;
    JobContext& m_job;
    std::size_t m_root = 0; ///< length of what the person named, before the paths found below it
    Inputs m_inputs;
    std::map<fs::path, std::size_t> m_known; ///< to the index in m_inputs.files
};

} // namespace

Result<Inputs> expandInputs(const std::vector<std::string>& names, const OpenOptions& options, JobContext& job)
{
    if (names.empty())
        return fail({ErrorCode::Usage, "no input was named", {}, "name at least one log, CSV or JSON lines file"});
    Expansion expansion(options, job);
    for (const auto& name : names)
        if (auto added = expansion.add(name); !added)
            return tl::unexpected(added.error());
    return expansion.finish(names);
}

} // namespace faultline::sources
