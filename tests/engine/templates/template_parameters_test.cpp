// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/parameter_type.h"
#include "tests/engine/templates/mined_messages.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records::templates
{
namespace
{

using testing::ElementsAre;

std::string typeName(std::string_view value)
{
    const auto type = typeOfValue(value);
    return type ? std::string(nameOf(*type)) : "none";
}

TEST(ParameterType, IsReadFromTheValue)
{
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"42", "integer"},
        {"-7", "integer"},
        {"1,234", "integer"},
        {"0.5", "float"},
        {"12%", "float"},
        {"0x1f", "hex"},
        {"9f4ef63c", "hex"},
        {"10.0.0.1", "ip"},
        {"/10.0.0.1:50010", "ip"},
        {"fe80::1:2", "ip"},
        {"00:1a:2b:3c:4d:5e", "ip"},
        {"550e8400-e29b-41d4-a716-446655440000", "uuid"},
        {"/var/log/syslog", "path"},
        {"C:\\Windows\\x", "path"},
        {"https://example.com/a", "url"},
        {"10:20:30", "time"},
        {"2024-03-01 10:20:30", "time"},
        {"15ms", "duration"},
        {"3 seconds", "duration"},
        {"5.2 KB", "size"},
        {"2048 bytes (2.0 KB)", "size"},
        {"true", "boolean"},
        {"alice", "word"},
        {"blk_17", "word"},
        {"a, b", "list"},
        {"a b", "text"},
        {"", "none"},
        {"null", "none"},
    };
    for (const auto& [value, type] : expected)
        EXPECT_EQ(typeName(value), type) << value;
}

TEST(ParameterType, OfSeveralValuesCoversThemAll)
{
    const auto of = [](auto... types) {
        return nameOf(coveringType(static_cast<ParameterTypes>((bitOf(types) | ...))));
    };
    EXPECT_EQ(of(ParameterType::Integer, ParameterType::Float), "float");
    EXPECT_EQ(of(ParameterType::Integer, ParameterType::Hex), "hex");
    EXPECT_EQ(of(ParameterType::Float, ParameterType::Duration), "duration");
    EXPECT_EQ(of(ParameterType::Word, ParameterType::Address), "word");
    EXPECT_EQ(of(ParameterType::Word, ParameterType::Text), "text");
    EXPECT_EQ(nameOf(coveringType(0)), "text");
}

TEST(ParameterNumber, IsInTheBaseUnit)
{
    EXPECT_DOUBLE_EQ(numberOfValue("1.5s")->value, 1500.0);
    EXPECT_EQ(numberOfValue("1.5s")->unit, "ms");
    EXPECT_DOUBLE_EQ(numberOfValue("2 KB")->value, 2048.0);
    EXPECT_EQ(numberOfValue("2 KB")->unit, "bytes");
    EXPECT_DOUBLE_EQ(numberOfValue("1,234.5")->value, 1234.5);
    EXPECT_EQ(numberOfValue("17")->unit, "");
}

TEST(ParameterNumber, IsMissingWhereThereIsNone)
{
    for (const auto* value : {"", "alice", "10.0.0.1", "3 wishes", "0x1f", "-"})
        EXPECT_FALSE(numberOfValue(value)) << value;
}

std::vector<std::string> typesOf(const Template& of)
{
    std::vector<std::string> types;
    for (const auto& parameter : of.parameters)
        types.push_back((parameter.name.empty() ? "" : parameter.name + ":") + std::string(nameOf(parameter.type())));
    return types;
}

Template onlyTemplate(const std::vector<std::string>& messages)
{
    const auto mined = minedFrom(dictionaryOf(messages));
    EXPECT_EQ(mined.set.size(), 1U);
    return mined.set.templates[0];
}

TEST(TemplateParameters, HaveATypeForEachVariableInOrder)
{
    EXPECT_THAT(typesOf(onlyTemplate({"sent 12 to 10.0.0.1 in 3ms", "sent 1.5 to 10.0.0.2 in 15ms"})),
                ElementsAre("float", "ip", "duration"));
}

TEST(TemplateParameters, AreNamedByTheirKeys)
{
    EXPECT_THAT(typesOf(onlyTemplate({"done took=3 user=zora state: /tmp/x", "done took=4 user=milo state: /tmp/y"})),
                ElementsAre("took:integer", "user:word", "state:path"));
    EXPECT_THAT(typesOf(onlyTemplate({R"({"took": 3, "id": "0x12ab"})", R"({"took": 4, "id": "0x12ac"})"})),
                ElementsAre("took:integer", "id:hex"));
}

TEST(TemplateParameters, OfListsOfDifferentLengthsAreLists)
{
    EXPECT_THAT(typesOf(onlyTemplate({"acls changed to zora", "acls changed to zora, milo"})), ElementsAre("list"));
    EXPECT_THAT(typesOf(onlyTemplate({"calling 1", "calling 1, 2", "calling 1, 2, 3"})), ElementsAre("list"));
}

TEST(TemplateParameters, AreAsManyAsTheVariablesOfTheText)
{
    const std::vector<std::string> messages = {"a=1, b=2, c=zora", "x 1, 2 y core.17 9 bytes", "job-12 eth0 up",
                                               "job-13 eth1 up", "\"GET /x?a=1 HTTP/1.1\" 200", "[] () '' \"\""};
    for (const auto& each : minedFrom(dictionaryOf(messages)).set.templates) {
        std::size_t variables = 0;
        for (auto at = each.text.find("<*>"); at != std::string::npos; at = each.text.find("<*>", at + 1))
            ++variables;
        EXPECT_EQ(each.parameters.size(), variables) << each.text;
    }
}

TEST(TemplateParameters, SurviveSavingAndLoading)
{
    const auto mined = minedFrom(dictionaryOf({"done took=3", "done took=4", "link up"}));
    TensorBundle bundle;
    mined.set.save(bundle, "t");
    const auto loaded = TemplateSet::load(bundle, "t");
    ASSERT_TRUE(loaded);
    for (std::size_t i = 0; i < mined.set.size(); ++i) {
        EXPECT_EQ(typesOf(loaded->templates[i]), typesOf(mined.set.templates[i]));
        for (std::size_t p = 0; p < mined.set.templates[i].parameters.size(); ++p)
            EXPECT_EQ(loaded->templates[i].parameters[p].examples, mined.set.templates[i].parameters[p].examples);
    }
}

} // namespace
} // namespace faultline::records::templates
