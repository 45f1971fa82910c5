// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/loader.h"
#include "tests/support/temporary_folder.h"
#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

namespace faultline::records
{
namespace
{

using testing::HasSubstr;

std::string logOf(int lines)
{
    std::string text;
    for (int i = 0; i < lines; ++i) {
        const auto clock = "2024-03-01 10:" + std::to_string(10 + i / 60 % 50) + ":" + std::to_string(10 + i % 50);
        text += clock + " INFO query took=" + std::to_string(i) + "ms for user " + (i % 2 ? "zora" : "milo") + "\n";
        text += clock + " INFO sent " + std::to_string(i) + " KB\n";
    }
    return text;
}

Result<RecordSet> loadWith(const std::string& path, templates::ParameterFields fields)
{
    LoadOptions options;
    options.mining.parameters = std::move(fields);
    QuietJob job;
    return load({path}, options, job);
}

class ParameterFields : public ::testing::Test
{
protected:
    [[nodiscard]] std::string idOf(std::string_view part) const
    {
        const auto set = loadWith(m_path, {}).value();
        for (const auto& each : set.templates.templates)
            if (each.text.find(part) != std::string::npos)
                return each.id;
        return {};
    }

    test::TemporaryFolder m_folder;
    std::string m_path = m_folder.write("app.log", logOf(500));
};

TEST_F(ParameterFields, HoldTheNumbersOfTheNamedVariable)
{
    const auto set = loadWith(m_path, {.named = {{.templateId = idOf("query"), .position = 1, .name = "took"}}});
    ASSERT_TRUE(set) << set.error().text();
    const auto field = set->table.fieldIndex("took");
    ASSERT_GE(field, 0);
    const auto& column = set->table.fields[static_cast<std::size_t>(field)];
    EXPECT_EQ(column.unit(), "ms");
    EXPECT_DOUBLE_EQ(column[0], 0.0);
    EXPECT_TRUE(std::isnan(column[1]));
    EXPECT_DOUBLE_EQ(column[998], 499.0);
}

TEST_F(ParameterFields, AutomaticOnesAreThoseOfNumbersInBaseUnits)
{
    const auto set = loadWith(m_path, {.automatic = true});
    ASSERT_TRUE(set) << set.error().text();
    ASSERT_EQ(set->table.fields.size(), 2U);
    const auto sent = set->table.fieldIndex(idOf("sent") + " #1");
    ASSERT_GE(sent, 0);
    EXPECT_EQ(set->table.fields[static_cast<std::size_t>(sent)].unit(), "bytes");
    EXPECT_DOUBLE_EQ(set->table.fields[static_cast<std::size_t>(sent)][5], 2048.0);
}

TEST_F(ParameterFields, AreTheSameWithOneThread)
{
    const auto many = loadWith(m_path, {.automatic = true}).value();
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const auto single = loadWith(m_path, {.automatic = true}).value();
    ASSERT_EQ(many.table.fields.size(), single.table.fields.size());
    for (std::size_t f = 0; f < many.table.fields.size(); ++f)
        for (std::size_t i = 0; i < many.table.size(); ++i)
            if (!std::isnan(many.table.fields[f][i])) {
                EXPECT_DOUBLE_EQ(many.table.fields[f][i], single.table.fields[f][i]);
            }
}

TEST_F(ParameterFields, OfAnUnknownTemplateAreAnError)
{
    const auto set = loadWith(m_path, {.named = {{.templateId = "T-00000000", .position = 1}}});
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, ErrorCode::Config);
    EXPECT_THAT(set.error().message, HasSubstr("T-00000000"));
}

TEST_F(ParameterFields, OfAPositionThatIsNotThereAreAnError)
{
    const auto set = loadWith(m_path, {.named = {{.templateId = idOf("sent"), .position = 2}}});
    ASSERT_FALSE(set);
    EXPECT_THAT(set.error().message, HasSubstr("has 1 variables"));
}

TEST_F(ParameterFields, HoldTheNumbersOfAMask)
{
    LoadOptions options;
    options.mining.masks = {{.pattern = "took=(\\d+)ms", .name = "took_ms"}};
    options.mining.parameters.automatic = true;
    QuietJob job;
    const auto set = load({m_path}, options, job);
    ASSERT_TRUE(set) << set.error().text();
    const auto& fields = set->table.fields;
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [](const auto& field) { return field.name().starts_with("took_ms ["); });
    ASSERT_NE(found, fields.end());
    EXPECT_DOUBLE_EQ((*found)[998], 499.0);
}

TEST_F(ParameterFields, CanBeNamedByTheTextOfTheirTemplate)
{
    const auto set = loadWith(m_path, {.named = {{.templateId = "sent <*>", .position = 1, .name = "sent"}}});
    ASSERT_TRUE(set) << set.error().text();
    EXPECT_GE(set->table.fieldIndex("sent"), 0);
}

TEST_F(ParameterFields, AnUnknownTemplateIsNamedWithTheNearest)
{
    const auto set = loadWith(m_path, {.named = {{.templateId = "send <*>", .position = 1}}});
    ASSERT_FALSE(set);
    EXPECT_THAT(set.error().hint, HasSubstr("sent <*>"));
}

} // namespace
} // namespace faultline::records
