// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Who may include whom. A folder sees itself and what its line names; a new folder needs a line of its own.
namespace faultline
{
namespace
{

using Folders = std::set<std::string>;

const std::map<std::string, Folders> mayInclude{
    {"engine/core", {}},
    {"engine/sources", {"engine/core"}},
    {"engine/records", {"engine/core", "engine/sources", "engine/records/templates"}},
    {"engine/records/templates", {"engine/core", "engine/sources"}},
    {"engine/features", {"engine/core", "engine/sources", "engine/records", "engine/records/templates"}},
    {"engine/neural", {"engine/core"}},
    {"engine/detectors", {"engine/core", "engine/features", "engine/neural"}},
    {"engine/ensemble", {"engine/core", "engine/features", "engine/detectors"}},
    {"engine/decisions", {"engine/core", "engine/features", "engine/detectors", "engine/ensemble"}},
    {"engine/evaluate", {"engine/core", "engine/features"}},
    {"engine/explain",
     {"engine/core", "engine/sources", "engine/records", "engine/records/templates", "engine/features",
      "engine/detectors", "engine/ensemble", "engine/decisions"}},
    {"engine/store", {"engine/core"}},
    {"engine/scenarios", {"engine/core"}},
    {"engine/pipeline",
     {"engine/core", "engine/sources", "engine/records", "engine/records/templates", "engine/features",
      "engine/detectors", "engine/ensemble", "engine/decisions", "engine/evaluate", "engine/explain", "engine/store",
      "engine/scenarios"}},
    {"ui", {"engine/core", "engine/pipeline"}},
    {"app/cli", {"engine/core", "engine/pipeline"}},
    {"app/workbench", {"engine/core", "engine/pipeline", "ui"}},
};

constexpr std::array<std::string_view, 18> detectorNames{"isolation_forest",
                                                         "IsolationForest",
                                                         "robust_z",
                                                         "RobustZ",
                                                         "knn",
                                                         "KnnDetector",
                                                         "lof",
                                                         "rrcf",
                                                         "count_vector",
                                                         "CountVector",
                                                         "unseen_template",
                                                         "UnseenTemplate",
                                                         "pca",
                                                         "ecod",
                                                         "lstm_autoencoder",
                                                         "LstmAutoencoder",
                                                         "hbos",
                                                         "one_class_svm"};

struct SourceFile {
    std::string path; ///< from the root of the project, e.g. engine/core/time.cpp
    std::vector<std::string> lines;
};

std::vector<SourceFile> sourcesUnder(const std::vector<std::string>& folders)
{
    const std::filesystem::path root = FAULTLINE_SOURCE_DIR;
    std::vector<SourceFile> files;
    for (const auto& folder : folders) {
        if (!std::filesystem::is_directory(root / folder))
            continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
            const auto extension = entry.path().extension();
            if (extension != ".h" && extension != ".cpp")
                continue;
            auto& file =
                files.emplace_back(SourceFile{std::filesystem::relative(entry.path(), root).generic_string(), {}});
            std::ifstream stream(entry.path());
            for (std::string line; std::getline(stream, line);)
                file.lines.push_back(line);
        }
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
}

/// The line of mayInclude that speaks of this path: the longest that is a folder above it; "" when none is.
std::string folderOf(std::string_view path)
{
    for (auto end = path.rfind('/'); end != std::string_view::npos; end = path.substr(0, end).rfind('/'))
        if (const auto found = mayInclude.find(std::string(path.substr(0, end))); found != mayInclude.end())
            return found->first;
    return {};
}

/// What stands between the quotes of an #include "..." line (or the brackets of an #include <...>); "" for any other
/// line.
std::string includedBy(std::string_view line, char open, char close)
{
    const auto hash = line.find_first_not_of(" \t");
    if (hash == std::string_view::npos || line[hash] != '#' || line.find("include") == std::string_view::npos)
        return {};
    const auto begin = line.find(open);
    const auto end = line.rfind(close);
    return begin == std::string_view::npos || end <= begin ? std::string()
                                                           : std::string(line.substr(begin + 1, end - begin - 1));
}

/// "" when the file may have this include, else what is wrong.
std::string complaint(const std::string& path, const std::string& include)
{
    const auto from = folderOf(path);
    const auto to = folderOf(include);
    if (from.empty())
        return "its folder has no line in the include rule";
    if (to.empty())
        return "\"" + include +
               "\" is not written from the project's root, or its folder has no line in the include rule";
    if (from == to || mayInclude.at(from).contains(to))
        return {};
    return from + " may not see " + to;
}

bool namesWord(std::string_view line, std::string_view word)
{
    const auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
        const auto end = at + word.size();
        if ((at == 0 || !isWord(line[at - 1])) && (end == line.size() || !isWord(line[end])))
            return true;
    }
    return false;
}

TEST(Layers, areSeenFromAboveOnly)
{
    for (const auto& file : sourcesUnder({"engine", "ui", "app"}))
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            if (const auto include = includedBy(file.lines[i], '"', '"'); !include.empty()) {
                EXPECT_EQ(complaint(file.path, include), "") << file.path << ':' << i + 1;
            }
}

TEST(Layers, haveARuleForEveryFolder)
{
    for (const auto& file : sourcesUnder({"engine", "ui", "app"}))
        EXPECT_NE(folderOf(file.path), "") << file.path;
}

TEST(Layers, areCheckedByARuleThatFindsViolations)
{
    EXPECT_NE(complaint("engine/core/time.cpp", "engine/records/level.h"), "");
    EXPECT_NE(complaint("engine/records/templates/template_set.cpp", "engine/records/level.h"), "");
    EXPECT_NE(complaint("engine/detectors/knn.cpp", "engine/records/level.h"), "");
    EXPECT_NE(complaint("ui/views/timeline.cpp", "engine/detectors/detector.h"), "");
    EXPECT_NE(complaint("engine/core/time.cpp", "time.h"), "");
    EXPECT_NE(complaint("engine/newcomer/a.cpp", "engine/core/time.h"), "");
    EXPECT_EQ(complaint("ui/views/timeline.cpp", "ui/charts/track.h"), "");
    EXPECT_EQ(includedBy("#include \"engine/core/time.h\" // why", '"', '"'), "engine/core/time.h");
}

TEST(Layers, haveNoCycle)
{
    for (const auto& [folder, below] : mayInclude) {
        Folders seen;
        std::vector<std::string> open(below.begin(), below.end());
        while (!open.empty()) {
            const auto next = open.back();
            open.pop_back();
            EXPECT_NE(next, folder);
            if (seen.insert(next).second)
                open.insert(open.end(), mayInclude.at(next).begin(), mayInclude.at(next).end());
        }
    }
}

TEST(Layers, keepQtOutOfTheEngineAndTheCommandLine)
{
    for (const auto& file : sourcesUnder({"engine", "app/cli"}))
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto include = includedBy(file.lines[i], '<', '>');
            EXPECT_FALSE(include.size() > 1 && include[0] == 'Q' && include[1] >= 'A' && include[1] <= 'Z')
                << file.path << ':' << i + 1;
        }
}

TEST(Layers, keepSqliteInTheStore)
{
    for (const auto& file : sourcesUnder({"engine", "ui", "app"}))
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            if (folderOf(file.path) != "engine/store") {
                EXPECT_NE(includedBy(file.lines[i], '<', '>'), "sqlite3.h") << file.path << ':' << i + 1;
            }
}

TEST(Layers, keepTheNamesOfDetectorsOutOfTheUi)
{
    for (const auto& file : sourcesUnder({"ui"}))
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            for (const auto name : detectorNames)
                EXPECT_FALSE(namesWord(file.lines[i], name)) << file.path << ':' << i + 1 << " names " << name;
}

} // namespace
} // namespace faultline
