// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/support/labelled_log.h"
#include "tests/support/data_folder.h"
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string_view>

namespace faultline::testing
{

namespace
{

namespace fs = std::filesystem;

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

LabelledLog readSystem(const std::string& name, const fs::path& csv)
{
    LabelledLog result{.name = name, .messages = {}, .templates = {}};
    const auto rows = readCsv(csv);
    const auto column = [&](std::string_view title) {
        return static_cast<std::size_t>(std::find(rows[0].begin(), rows[0].end(), title) - rows[0].begin());
    };
    const auto content = column("Content"), truth = column("EventTemplate");
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i].size() > std::max(content, truth)) {
            result.messages.push_back(rows[i][content]);
            result.templates.push_back(rows[i][truth]);
        }
    return result;
}

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

std::vector<std::string> singleBlanks(const std::vector<std::string>& texts)
{
    std::vector<std::string> result;
    for (const auto& text : texts)
        result.push_back(singleBlanks(text));
    return result;
}

constexpr std::string_view hole = "<*>";

enum class Style { Integer, Hex, Uuid, Address, Endpoint, Path, FewWords, ManyWords, Numbered, List, NumberList };

std::string invented(Random& random)
{
    static constexpr std::string_view onsets[] = {"b", "d", "f", "g", "k", "l",  "m",  "n",
                                                  "p", "r", "s", "t", "v", "br", "st", "tr"};
    static constexpr std::string_view rhymes[] = {"a", "e", "i", "o", "u", "an", "el", "or", "in", "ay"};
    std::string word;
    for (auto n = 2 + random.below(2); n > 0; --n) {
        word += onsets[random.below(std::size(onsets))];
        word += rhymes[random.below(std::size(rhymes))];
    }
    if (random.below(4) == 0)
        word[0] = static_cast<char>(word[0] - 'a' + 'A');
    if (random.below(6) == 0)
        word.insert(word.size() / 2, random.below(2) ? "_" : "-");
    return word;
}

std::string hex(Random& random, int digits)
{
    std::string text;
    for (int i = 0; i < digits; ++i)
        text += "0123456789abcdef"[random.below(16)];
    text[static_cast<std::size_t>(digits) / 2] = static_cast<char>('0' + random.below(10));
    return text;
}

/// One variable of one template: its style and the words it may take.
class Variable
{
public:
    /// `words`: names that the log's variables share.
    Variable(bool glued, bool standsAlone, const std::vector<std::string>& words, Random& random)
    {
        static constexpr Style anywhere[] = {Style::Integer,   Style::Hex,      Style::Uuid,     Style::Address,
                                             Style::Path,      Style::Endpoint, Style::FewWords, Style::FewWords,
                                             Style::ManyWords, Style::Numbered, Style::List,     Style::NumberList};
        m_style = glued ? Style::Integer : anywhere[random.below(standsAlone ? 12 : 10)];
        const auto poolSize = m_style == Style::FewWords ? 2 + random.below(5) : 60;
        for (std::size_t i = 0; i < poolSize; ++i)
            m_pool.push_back(words[random.below(words.size())]);
    }

    std::string draw(Random& random) const
    {
        const auto number = [&](std::uint64_t below) { return std::to_string(random.below(below)); };
        const auto word = [&] { return m_pool[random.below(m_pool.size())]; };
        switch (m_style) {
        case Style::Integer:
            return number(random.below(2) ? 100 : 1'000'000);
        case Style::Hex:
            return hex(random, 12);
        case Style::Uuid:
            return hex(random, 8) + "-" + hex(random, 4) + "-" + hex(random, 4) + "-" + hex(random, 4) + "-" +
                   hex(random, 12);
        case Style::Address:
        case Style::Endpoint: {
            const auto address = "10." + number(256) + "." + number(256) + "." + number(256);
            return m_style == Style::Address ? address : address + ":" + std::to_string(1024 + random.below(60'000));
        }
        case Style::Path:
            return "/" + word() + "/" + word() + "/" + word() + (random.below(2) ? ".log" : "");
        case Style::FewWords:
        case Style::ManyWords:
            return word();
        case Style::Numbered:
            return m_pool[0] + "-" + number(1000);
        case Style::List:
        case Style::NumberList: {
            std::string list;
            for (auto n = 1 + random.below(4); n > 0; --n)
                list += (list.empty() ? "" : ", ") + (m_style == Style::List ? word() : number(10'000));
            return list;
        }
        }
        return {};
    }

private:
    Style m_style = Style::Integer;
    std::vector<std::string> m_pool;
};

/// The pieces of a template around its variables.
std::vector<std::string> piecesOf(const std::string& text)
{
    std::vector<std::string> pieces;
    std::size_t at = 0;
    for (auto next = text.find(hole); next != std::string::npos; next = text.find(hole, at)) {
        pieces.push_back(text.substr(at, next - at));
        at = next + hole.size();
    }
    pieces.push_back(text.substr(at));
    return pieces;
}

/// Letters, digits and what joins them: a value there is a part of a word.
bool joins(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("_-./@#$+*%<>:").find(c) != std::string::npos;
}

bool gluedBefore(const std::string& piece)
{
    return !piece.empty() && joins(piece.back()) && piece.back() != ':';
}

bool gluedBehind(const std::string& piece)
{
    if (piece.empty() || !joins(piece.front()))
        return false;
    return !(std::string_view(".:").find(piece.front()) != std::string::npos && (piece.size() == 1 || piece[1] == ' '));
}

} // namespace

TemplateScores& TemplateScores::operator+=(const TemplateScores& other)
{
    ga += other.ga;
    fga += other.fga;
    pa += other.pa;
    fta += other.fta;
    return *this;
}

TemplateScores operator/(TemplateScores sum, double n)
{
    return {.ga = sum.ga / n, .fga = sum.fga / n, .pa = sum.pa / n, .fta = sum.fta / n};
}

TemplateScores scoreTemplates(const std::vector<std::string>& trueTexts, const std::vector<std::string>& texts)
{
    const auto truth = singleBlanks(trueTexts), predicted = singleBlanks(texts);
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
        std::set<std::string> statements;
        for (const auto i : members)
            statements.insert(truth[i]);
        rightTexts += statements == std::set<std::string>{text};
    }
    for (std::size_t i = 0; i < truth.size(); ++i)
        sameText += truth[i] == predicted[i];
    const auto n = static_cast<double>(truth.size());
    const auto both = static_cast<double>(lines.size() + trueLines.size());
    return {.ga = rightLines / n, .fga = 2 * rightGroups / both, .pa = sameText / n, .fta = 2 * rightTexts / both};
}

fs::path labelledSystemsFolder()
{
    return test::dataFolder() / "loghub_2k";
}

std::vector<LabelledLog> readLabelledSystems(const fs::path& folder)
{
    std::vector<LabelledLog> logs;
    if (!fs::exists(folder))
        return logs;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto name = entry.path().filename().string();
        const auto csv = entry.path() / (name + "_2k.log_structured_corrected.csv");
        if (fs::exists(csv))
            logs.push_back(readSystem(name, csv));
    }
    std::sort(logs.begin(), logs.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return logs;
}

LabelledLog redrawn(const LabelledLog& log, Random& random)
{
    std::vector<std::string> words;
    for (int i = 0; i < 400; ++i)
        words.push_back(invented(random));
    LabelledLog result{.name = log.name, .messages = {}, .templates = {}};
    const std::set<std::string> statements(log.templates.begin(), log.templates.end());
    for (const auto& statement : statements) {
        const auto pieces = piecesOf(statement);
        std::vector<Variable> variables;
        for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
            const bool joined = (pieces[i].empty() && i > 0) || (pieces[i + 1].empty() && i + 2 < pieces.size());
            const bool glued = joined || gluedBefore(pieces[i]) || gluedBehind(pieces[i + 1]);
            const bool alone = (pieces[i].empty() || pieces[i].back() == ' ') &&
                               (pieces[i + 1].empty() || pieces[i + 1].front() == ' ');
            variables.emplace_back(glued, alone, words, random);
        }
        const auto lines = static_cast<int>(std::exp(random.uniform() * std::log(100.0)));
        for (int line = 0; line < lines; ++line) {
            auto message = pieces[0];
            for (std::size_t i = 0; i < variables.size(); ++i)
                message += variables[i].draw(random) + pieces[i + 1];
            result.messages.push_back(std::move(message));
            result.templates.push_back(statement);
        }
    }
    return result;
}

LabelledLog mixed(const std::vector<LabelledLog>& logs, Random& random, std::string name)
{
    LabelledLog all{.name = std::move(name), .messages = {}, .templates = {}};
    for (const auto& log : logs) {
        all.messages.insert(all.messages.end(), log.messages.begin(), log.messages.end());
        all.templates.insert(all.templates.end(), log.templates.begin(), log.templates.end());
    }
    for (auto i = all.messages.size(); i > 1; --i) {
        const auto j = random.below(i);
        std::swap(all.messages[i - 1], all.messages[j]);
        std::swap(all.templates[i - 1], all.templates[j]);
    }
    return all;
}

} // namespace faultline::testing
