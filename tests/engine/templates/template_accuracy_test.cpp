// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/template_set.h"
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace faultline::records::templates
{
namespace
{

namespace fs = std::filesystem;

fs::path systemsFolder()
{
    const char* root = std::getenv("FAULTLINE_DATA");
    return (root ? fs::path(root) : fs::path(FAULTLINE_SOURCE_DIR) / ".." / "shared" / "data") / "loghub_2k";
}

/// All cells of a CSV file, row by row.
std::vector<std::vector<std::string>> readCsv(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::vector<std::vector<std::string>> rows(1, {""});
    bool quoted = false;
    for (const char c : text) {
        quoted ^= c == '"'; // a doubled quote closes and opens again
        if (!quoted && c == ',')
            rows.back().emplace_back();
        else if (!quoted && c == '\n')
            rows.push_back({""});
        else if (c != '\r')
            rows.back().back() += c;
    }
    for (auto& row : rows)
        for (auto& cell : row) {
            if (cell.size() < 2 || cell.front() != '"')
                continue;
            std::string plain;
            for (std::size_t i = 1; i + 1 < cell.size(); ++i) {
                plain += cell[i];
                i += cell[i] == '"';
            }
            cell = std::move(plain);
        }
    return rows;
}

struct Labelled {
    std::vector<std::string> messages, templates;
};

Labelled readSystem(const fs::path& csv)
{
    Labelled result;
    const auto rows = readCsv(csv);
    const auto column = [&](std::string_view name) {
        return static_cast<std::size_t>(std::find(rows[0].begin(), rows[0].end(), name) - rows[0].begin());
    };
    const auto content = column("Content"), truth = column("EventTemplate");
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i].size() > std::max(content, truth)) {
            result.messages.push_back(rows[i][content]);
            result.templates.push_back(rows[i][truth]);
        }
    return result;
}

/// Grouping accuracy (share of lines whose group is exactly right), F1 over groups, share of lines with the right text,
/// F1 over texts; as in Loghub-2.0 (Jiang et al., ISSTA 2024).
struct Scores {
    double ga = 0, fga = 0, pa = 0, fta = 0;
};

Scores score(const std::vector<std::string>& truth, const std::vector<std::string>& predicted)
{
    std::map<std::string, std::vector<std::size_t>> trueLines, lines;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        trueLines[truth[i]].push_back(i);
        lines[predicted[i]].push_back(i);
    }
    double rightLines = 0, rightGroups = 0, rightTexts = 0, sameText = 0;
    for (const auto& [text, members] : lines) {
        if (members == trueLines[truth[members[0]]]) {
            rightLines += static_cast<double>(members.size());
            ++rightGroups;
        }
        std::set<std::string> texts;
        for (const auto i : members)
            texts.insert(truth[i]);
        rightTexts += texts == std::set<std::string>{text};
    }
    for (std::size_t i = 0; i < truth.size(); ++i)
        sameText += truth[i] == predicted[i];
    const auto n = static_cast<double>(truth.size());
    const auto both = static_cast<double>(lines.size() + trueLines.size());
    return {.ga = rightLines / n, .fga = 2 * rightGroups / both, .pa = sameText / n, .fta = 2 * rightTexts / both};
}

/// White space is single, in the truth as in ours.
std::string singleBlanks(const std::string& text)
{
    std::string result;
    for (const char c : text)
        if (c != ' ' || (!result.empty() && result.back() != ' '))
            result += c;
    while (!result.empty() && result.back() == ' ')
        result.pop_back();
    return result;
}

TEST(TemplateAccuracy, TenLabelledSystemsReachTheirGoals)
{
    if (!fs::exists(systemsFolder()))
        GTEST_SKIP() << "no labelled logs at " << systemsFolder();
    Scores sum;
    double systems = 0;
    for (const auto& folder : fs::directory_iterator(systemsFolder())) {
        const auto name = folder.path().filename().string();
        const auto csv = folder.path() / (name + "_2k.log_structured_corrected.csv");
        if (!fs::exists(csv))
            continue;
        auto system = readSystem(csv);
        ASSERT_EQ(system.messages.size(), 2000U) << name;
        ShapeDictionary shapes;
        std::vector<ShapeId> ids;
        for (const auto& message : system.messages)
            ids.push_back(shapes.add(message));
        const auto mined = mineTemplates(shapes, {});
        std::vector<std::string> predicted;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            predicted.push_back(singleBlanks(mined.set.templates[mined.templateOfShape[ids[i]]].text));
            system.templates[i] = singleBlanks(system.templates[i]);
        }
        const auto s = score(system.templates, predicted);
        EXPECT_GE(s.ga, 0.93) << name;
        sum = {.ga = sum.ga + s.ga, .fga = sum.fga + s.fga, .pa = sum.pa + s.pa, .fta = sum.fta + s.fta};
        ++systems;
    }
    ASSERT_GT(systems, 0);
    EXPECT_GE(sum.ga / systems, 0.97);
    EXPECT_GE(sum.fga / systems, 0.95);
    EXPECT_GE(sum.pa / systems, 0.85);
    EXPECT_GE(sum.fta / systems, 0.80);
}

} // namespace
} // namespace faultline::records::templates
