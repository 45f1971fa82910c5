// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/catalogue.h"
#include <gmock/gmock.h>
#include <set>

using namespace faultline;
using namespace faultline::detectors;
using testing::HasSubstr;

TEST(Catalogue, HasEachNameOnceWithHelpAndPaper)
{
    std::set<std::string> names;
    for (const auto& spec : catalogue()) {
        EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
        EXPECT_FALSE(spec.title.empty() || spec.help.empty() || spec.paper.empty() || spec.units.empty()) << spec.name;
        for (const auto& parameter : spec.parameters)
            EXPECT_FALSE(parameter.help.empty()) << spec.name << " " << parameter.name;
    }
    EXPECT_TRUE(names.contains("isolation_forest"));
}

TEST(Catalogue, EveryStandardValueIsAllowed)
{
    for (const auto& spec : catalogue()) {
        Parameters standard;
        for (const auto& parameter : spec.parameters)
            standard[parameter.name] = parameter.standard;
        const auto detector = make(spec.name, standard, 1);
        ASSERT_TRUE(detector) << detector.error().text();
        EXPECT_EQ((*detector)->spec().name, spec.name);
        EXPECT_EQ((*detector)->parameters(), standard);
    }
}

TEST(Catalogue, AnUnknownDetectorNamesTheNearest)
{
    const auto detector = make("isolation_forrest", {}, 1);
    ASSERT_FALSE(detector);
    EXPECT_EQ(detector.error().code, ErrorCode::Config);
    EXPECT_THAT(detector.error().text(), HasSubstr("did you mean 'isolation_forest'?"));
    EXPECT_FALSE(specOf("nothing of the kind"));
}

TEST(Catalogue, AnUnknownParameterNamesTheNearest)
{
    const auto detector = make("knn", {{"neighbors", std::int64_t{3}}}, 1);
    ASSERT_FALSE(detector);
    EXPECT_EQ(detector.error().code, ErrorCode::Config);
    EXPECT_THAT(detector.error().text(), HasSubstr("did you mean 'neighbours'?"));
}

TEST(Catalogue, AValueOutOfRangeNamesTheRange)
{
    const auto detector = make("isolation_forest", {{"trees", std::int64_t{0}}}, 1);
    ASSERT_FALSE(detector);
    EXPECT_THAT(detector.error().text(), HasSubstr("1 to 2000"));
}

TEST(Catalogue, AWrongTypeSaysWhatIsWanted)
{
    EXPECT_THAT(make("knn", {{"neighbours", 2.5}}, 1).error().text(), HasSubstr("whole number"));
    EXPECT_THAT(make("knn", {{"distance", std::string("least")}}, 1).error().text(),
                HasSubstr("largest, mean, median"));
    EXPECT_THAT(make("count_vector", {{"reference_share", std::string("x")}}, 1).error().text(), HasSubstr("number"));
}

TEST(Catalogue, AWholeNumberIsAcceptedWhereARealOneIsWanted)
{
    const auto detector = make("count_vector", {{"reference_share", std::int64_t{0}}}, 1);
    ASSERT_TRUE(detector);
    EXPECT_EQ(std::get<double>((*detector)->parameters().at("reference_share")), 0.0);
}
