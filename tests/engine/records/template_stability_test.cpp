// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/records/unseen_templates.h"
#include "tests/support/temporary_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <tbb/global_control.h>

namespace faultline::records
{
namespace
{

using testing::ElementsAre;

/// Lines of a made-up service: names, numbers, lists, statements that differ in a word.
std::vector<std::string> someLines()
{
    const std::vector<std::string> names{"zora", "milo", "kim", "lee", "ada"};
    const std::vector<std::string> verbs{"opened", "closed", "refused"};
    Random random(7);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < 4'000; ++i) {
        auto line = "2024-03-01 10:00:" + std::to_string(10 + i % 50) + ",000 INFO shop.Desk: ";
        switch (random.below(5)) {
        case 0:
            line += "connection of " + names[random.below(5)] + ' ' + verbs[random.below(3)];
            break;
        case 1:
            line += "took=" + std::to_string(random.below(999)) + "ms user=" + names[random.below(5)];
            break;
        case 2:
            line += "calling 10.0.0." + std::to_string(random.below(250)) + (i % 2 != 0 ? ", 10.0.0.9" : "");
            break;
        case 3:
            line += "node" + std::to_string(random.below(4)) + " is " + (i % 3 == 0 ? "up" : "down");
            break;
        default:
            line += "cache miss for /var/" + names[random.below(5)] + '/' + std::to_string(i);
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines, std::size_t first, std::size_t end)
{
    std::string text;
    for (auto i = first; i < end; ++i)
        text += lines[i] + '\n';
    return text;
}

/// Id, text and number of records of each template.
using Counts = std::map<std::pair<std::string, std::string>, std::size_t>;

Counts countsOf(const std::vector<std::string>& inputs)
{
    LoadOptions options;
    options.blockBytes = 16'384;
    QuietJob job;
    const auto set = load(inputs, options, job).value();
    Counts counts;
    for (std::size_t i = 0; i < set.table.size(); ++i) {
        const auto& of = set.templates.templates[set.table.templateId[i]];
        ++counts[{of.id, of.text}];
    }
    return counts;
}

RecordSet matchedTo(const RecordSet& learned, const std::string& path)
{
    LoadOptions options;
    options.frozen = &learned.templates;
    QuietJob job;
    return load({path}, options, job).value();
}

class TemplateStability : public ::testing::Test
{
protected:
    std::vector<std::string> m_lines = someLines();
    test::TemporaryFolder m_folder;
    std::string m_whole = m_folder.write("whole.log", joined(m_lines, 0, m_lines.size()));
    Counts m_expected = countsOf({m_whole});

    /// The lines in four files; `names` in the order of the lines.
    std::vector<std::string> inFiles(const std::vector<std::string>& names)
    {
        std::vector<std::string> paths;
        const auto quarter = m_lines.size() / names.size();
        for (std::size_t i = 0; i < names.size(); ++i)
            paths.push_back(m_folder.write(names[i], joined(m_lines, i * quarter, (i + 1) * quarter)));
        return paths;
    }
};

TEST_F(TemplateStability, ManyFilesHaveTheTemplatesOfOne)
{
    EXPECT_EQ(countsOf(inFiles({"a.log", "b.log", "c.log", "d.log"})), m_expected);
}

TEST_F(TemplateStability, TheOrderOfTheFilesDoesNotMatter)
{
    EXPECT_EQ(countsOf(inFiles({"d.log", "b.log", "a.log", "c.log"})), m_expected);
}

TEST_F(TemplateStability, TheOrderOfTheLinesDoesNotMatter)
{
    Random random(3);
    for (auto i = m_lines.size(); i > 1; --i)
        std::swap(m_lines[i - 1], m_lines[random.below(i)]);
    EXPECT_EQ(countsOf({m_folder.write("shuffled.log", joined(m_lines, 0, m_lines.size()))}), m_expected);
}

TEST_F(TemplateStability, TheNumberOfThreadsDoesNotMatter)
{
    for (const std::size_t threads : {1U, 2U, 4U}) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        EXPECT_EQ(countsOf({m_whole}), m_expected) << threads;
    }
}

TEST_F(TemplateStability, UnseenTemplatesAreCountedWithTheirFirstLine)
{
    QuietJob job;
    const auto learned = load({m_whole}, {}, job).value();
    const auto path = m_folder.write("new.log", m_lines[0] + '\n' + "2024-03-01 10:00:10,000 INFO shop.Desk: fire\n" +
                                                    "2024-03-01 10:00:11,000 INFO shop.Desk: fire\n");
    const auto set = matchedTo(learned, path);
    const auto unseen = unseenTemplates(set);
    EXPECT_EQ(unseen.records, 2U);
    ASSERT_EQ(unseen.templates.size(), 1U);
    EXPECT_EQ(unseen.templates[0].records, 2U);
    EXPECT_EQ(unseen.templates[0].line, 2U);
    EXPECT_EQ(unseen.templates[0].path, path);
    EXPECT_EQ(set.templates.templates[unseen.templates[0].templateId].text, "fire");
}

TEST_F(TemplateStability, MinedRecordsHaveNoUnseenTemplates)
{
    QuietJob job;
    EXPECT_EQ(unseenTemplates(load({m_whole}, {}, job).value()).records, 0U);
}

TEST_F(TemplateStability, MasksAreThoseOfTheFrozenSet)
{
    QuietJob job;
    LoadOptions options;
    options.mining.masks = {{.pattern = "connection of (\\w+)", .name = "who"}};
    const auto learned = load({m_whole}, options, job).value();
    const auto path = m_folder.write("new.log", "2024-03-01 10:00:10,000 INFO shop.Desk: connection of bo opened\n");
    const auto set = matchedTo(learned, path);
    EXPECT_EQ(set.templates.templates[set.table.templateId[0]].text, "connection of <who> opened");
    EXPECT_EQ(unseenTemplates(set).records, 0U);
}

} // namespace
} // namespace faultline::records
