// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// How well messages are grouped into templates: bench_template_accuracy [LOG|all]
// The labelled systems as they are, re-drawn with other values (three seeds), and mixed in one file; invented systems
// of other families; and the question whether the rules carry over: the weights of the evidence are chosen on five
// systems and tested on the other five, ten random splits. With a name, what was split or joined in that log is listed.
#include "engine/records/templates/template_set.h"
#include "tests/support/statement_set.h"
#include <algorithm>
#include <cstdio>
#include <map>
#include <numeric>

namespace
{

using namespace faultline;
using namespace faultline::records::templates;
using testing::LabelledLog;
using testing::TemplateScores;

/// A log that was scanned once, to be grouped with many rules.
struct ScannedLog {
    LabelledLog log;
    ShapeDictionary shapes;
    std::vector<ShapeId> ids;
};

ScannedLog scanned(LabelledLog log)
{
    ScannedLog result{.log = std::move(log), .shapes = {}, .ids = {}};
    for (const auto& message : result.log.messages)
        result.ids.push_back(result.shapes.add(message));
    return result;
}

std::vector<std::string> textsOf(const ScannedLog& scanned, const MiningOptions& options)
{
    QuietJob job;
    const auto mined = mineTemplates(scanned.shapes, options, job).value();
    std::vector<std::string> texts;
    for (const auto id : scanned.ids)
        texts.push_back(mined.set.templates[mined.templateOfShape[id]].text);
    return texts;
}

TemplateScores scoreOf(const ScannedLog& log, const MiningOptions& options)
{
    return testing::scoreTemplates(log.log.templates, textsOf(log, options));
}

void listTorn(const char* what, const std::vector<std::string>& from, const std::vector<std::string>& to)
{
    std::map<std::string, std::map<std::string, int>> parts;
    for (std::size_t i = 0; i < from.size(); ++i)
        ++parts[from[i]][to[i]];
    for (const auto& [text, pieces] : parts) {
        if (pieces.size() < 2)
            continue;
        std::printf("  %s %s\n", what, text.c_str());
        int listed = 0;
        for (const auto& [piece, lines] : pieces)
            if (listed++ < 6)
                std::printf("    %5d %s\n", lines, piece.c_str());
    }
}

void print(const char* what, const std::string& name, const TemplateScores& s)
{
    std::printf("%-10s %-20s GA %.3f  FGA %.3f  PA %.3f  FTA %.3f\n", what, name.c_str(), s.ga, s.fga, s.pa, s.fta);
}

void report(const char* what, const std::vector<ScannedLog>& logs, const std::string& listed)
{
    TemplateScores sum;
    for (const auto& each : logs) {
        const auto score = scoreOf(each, {});
        print(what, each.log.name, score);
        sum += score;
        if (listed == each.log.name || listed == "all") {
            const auto texts = textsOf(each, {});
            listTorn("split", each.log.templates, texts);
            listTorn("joined", texts, each.log.templates);
        }
    }
    print(what, "mean", sum / static_cast<double>(logs.size()));
}

std::vector<GroupingRules> allRules()
{
    std::vector<GroupingRules> rules;
    for (const double doubt : {2.0, 2.5, 3.0, 3.5})
        for (const double vocabulary : {3.0, 4.0, 5.0, 6.0})
            for (const double elsewhere : {3.0, 5.0, 8.0})
                for (const double first : {0.0, 0.75, 1.5})
                    rules.push_back(
                        {.doubt = doubt, .vocabulary = vocabulary, .dataElsewhere = elsewhere, .firstWord = first});
    return rules;
}

/// scores[rule][system], for one variant of the systems
using Scores = std::vector<std::vector<TemplateScores>>;

Scores scoresOf(const std::vector<ScannedLog>& logs, const std::vector<GroupingRules>& rules)
{
    Scores scores;
    for (const auto& rule : rules) {
        scores.emplace_back();
        for (const auto& log : logs)
            scores.back().push_back(scoreOf(log, {.grouping = rule}));
    }
    return scores;
}

TemplateScores meanOf(const std::vector<TemplateScores>& scores, const std::vector<std::size_t>& systems)
{
    TemplateScores sum;
    for (const auto i : systems)
        sum += scores[i];
    return sum / static_cast<double>(systems.size());
}

/// GA and FGA of the rules over some systems, all variants.
double worth(const std::vector<Scores>& variants, std::size_t rule, const std::vector<std::size_t>& systems)
{
    double sum = 0.0;
    for (const auto& scores : variants) {
        const auto mean = meanOf(scores[rule], systems);
        sum += mean.ga + mean.fga;
    }
    return sum;
}

void carryOver(const std::vector<std::vector<ScannedLog>>& variants)
{
    const auto rules = allRules();
    std::vector<Scores> scores;
    for (const auto& logs : variants)
        scores.push_back(scoresOf(logs, rules));
    std::vector<std::size_t> systems(variants[0].size());
    std::iota(systems.begin(), systems.end(), 0U);
    for (std::size_t v = 0; v < variants.size(); ++v) {
        double least = 1.0, most = 0.0;
        for (const auto& each : scores[v]) {
            const auto mean = meanOf(each, systems);
            least = std::min(least, mean.ga);
            most = std::max(most, mean.ga);
        }
        std::printf("any of %zu rules, variant %zu: GA %.3f to %.3f\n", rules.size(), v, least, most);
    }
    Random random(1);
    std::vector<TemplateScores> sums(variants.size());
    constexpr int splits = 10;
    for (int split = 0; split < splits; ++split) {
        for (auto i = systems.size(); i > 1; --i)
            std::swap(systems[i - 1], systems[random.below(i)]);
        const auto half = static_cast<std::ptrdiff_t>(systems.size() / 2);
        const std::vector<std::size_t> chosenOn(systems.begin(), systems.begin() + half);
        const std::vector<std::size_t> testedOn(systems.begin() + half, systems.end());
        std::size_t best = 0;
        for (std::size_t r = 1; r < rules.size(); ++r)
            if (worth(scores, r, chosenOn) > worth(scores, best, chosenOn))
                best = r;
        for (std::size_t v = 0; v < variants.size(); ++v)
            sums[v] += meanOf(scores[v][best], testedOn);
    }
    for (std::size_t v = 0; v < variants.size(); ++v)
        print("carried to", "the other five, " + std::to_string(v), sums[v] / splits);
}

} // namespace

int main(int argc, char** argv)
{
    const std::string listed = argc > 1 ? argv[1] : "";
    std::vector<ScannedLog> invented;
    for (auto& log : testing::drawAllStatementSets(1))
        invented.push_back(scanned(std::move(log)));
    report("invented", invented, listed);
    const auto systems = testing::readLabelledSystems(testing::labelledSystemsFolder());
    if (systems.empty()) {
        std::printf("no labelled systems: set FAULTLINE_DATA\n");
        return 0;
    }
    std::vector<std::vector<ScannedLog>> variants(1);
    for (const auto& system : systems)
        variants[0].push_back(scanned(system));
    report("as it is", variants[0], listed);
    Random shuffle(7);
    std::vector<ScannedLog> mixes;
    mixes.push_back(scanned(testing::mixed(systems, shuffle, "mixed")));
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        Random random(seed);
        std::vector<LabelledLog> logs;
        for (const auto& system : systems)
            logs.push_back(testing::redrawn(system, random));
        mixes.push_back(scanned(testing::mixed(logs, random, "mixed, re-drawn")));
        variants.emplace_back();
        for (auto& log : logs)
            variants.back().push_back(scanned(std::move(log)));
        report("re-drawn", variants.back(), listed);
    }
    report("mixed", mixes, listed);
    carryOver(variants);
    return 0;
}
