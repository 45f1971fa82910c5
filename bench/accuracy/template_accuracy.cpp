// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/template_set.h"
#include "tests/support/statement_set.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>

namespace
{
using namespace faultline;
using namespace faultline::records::templates;
using testing::LabelledLog;
using testing::TemplateScores;

TemplateScores scoreOf(const LabelledLog& log, const MiningOptions& options, bool show)
{
    ShapeDictionary shapes;
    std::vector<ShapeId> ids;
    for (const auto& message : log.messages)
        ids.push_back(shapes.add(message));
    const auto mined = mineTemplates(shapes, options);
    std::vector<std::string> texts;
    for (const auto id : ids)
        texts.push_back(mined.set.templates[mined.templateOfShape[id]].text);
    if (show) {
        std::map<std::string, std::map<std::string, int>> byTruth, byText;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            ++byTruth[log.templates[i]][texts[i]];
            ++byText[texts[i]][log.templates[i]];
        }
        for (const auto& [t, m] : byTruth)
            if (m.size() > 1) {
                std::printf("  SPLIT %s\n", t.c_str());
                int n = 0;
                for (const auto& [x, c] : m)
                    if (n++ < 8)
                        std::printf("     %4d %s\n", c, x.c_str());
            }
        for (const auto& [t, m] : byText)
            if (m.size() > 1) {
                std::printf("  MERGED %s\n", t.c_str());
                int n = 0;
                for (const auto& [x, c] : m)
                    if (n++ < 8)
                        std::printf("     %4d %s\n", c, x.c_str());
            }
    }
    return testing::scoreTemplates(log.templates, texts);
}

TemplateScores report(const char* title, const std::vector<LabelledLog>& logs, const char* show)
{
    TemplateScores sum;
    for (const auto& log : logs) {
        const bool wanted = show && (log.name == show || !std::strcmp(show, title) || !std::strcmp(show, "all"));
        if (wanted) std::printf("== %s\n", log.name.c_str());
        const auto s = scoreOf(log, {}, wanted);
        std::printf("%-10s %-20s %5zu GA %.3f FGA %.3f PA %.3f FTA %.3f\n", title, log.name.c_str(), log.messages.size(), s.ga, s.fga, s.pa, s.fta);
        sum += s;
    }
    sum = sum / static_cast<double>(logs.size());
    std::printf("%-10s %-20s       GA %.3f FGA %.3f PA %.3f FTA %.3f\n\n", title, "MEAN", sum.ga, sum.fga, sum.pa, sum.fta);
    return sum;
}
} // namespace

int main(int argc, char** argv)
{
    const char* show = argc > 1 ? argv[1] : nullptr;
    const auto systems = testing::readLabelledSystems(testing::labelledSystemsFolder());
    report("loghub", systems, show);
    std::vector<LabelledLog> mixes;
    Random r0(7);
    mixes.push_back(testing::mixed(systems, r0, "mixed"));
    for (int seed = 1; seed <= 3; ++seed) {
        Random random(static_cast<std::uint64_t>(seed));
        std::vector<LabelledLog> logs;
        for (const auto& s : systems)
            logs.push_back(testing::redrawn(s, random));
        report(("redrawn" + std::to_string(seed)).c_str(), logs, show);
        mixes.push_back(testing::mixed(logs, random, "mixed-redrawn"));
    }
    report("mixed", mixes, show);
    report("invented", testing::drawAllStatementSets(1), show);
}
