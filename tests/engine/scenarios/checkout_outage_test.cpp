// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/hash.h"
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/scenarios/checkout_outage.h"
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace faultline::scenarios
{
namespace
{

constexpr std::uint64_t rows = 10'000;

class CheckoutOutage : public testing::Test
{
protected:
    ~CheckoutOutage() override { std::filesystem::remove_all(m_folder); }

    Result<GeneratedFiles> make(const std::string& scenario, const std::string& name,
                                GenerateOptions options = {.rows = rows})
    {
        options.outputFolder = m_folder + "/" + name;
        return generate(scenario, options, m_job);
    }
    /// Contents by file name.
    std::map<std::string, std::string> contents(const std::string& scenario, const std::string& name,
                                                const GenerateOptions& options)
    {
        std::map<std::string, std::string> all;
        const auto made = make(scenario, name, options);
        if (!made)
            return all;
        for (const auto& path : made->files)
            all[std::filesystem::path(path).filename().string()] = readSmallFile(path, 100'000'000).value();
        return all;
    }
    static std::vector<std::string> lines(const std::string& content)
    {
        std::vector<std::string> all;
        for (const auto line : split(content, '\n'))
            if (!line.empty())
                all.emplace_back(line);
        return all;
    }

    QuietJob m_job;
    std::string m_folder =
        testing::TempDir() + "checkout_outage_" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(CheckoutOutage, writesFiveLogsMetricsAndLabels)
{
    const auto made = contents("checkout-outage", "a", {.rows = rows});
    std::set<std::string> names;
    for (const auto& [name, content] : made)
        names.insert(name);
    EXPECT_EQ(names, (std::set<std::string>{"api-gateway.log", "checkout.jsonl", "inventory.log", "labels.csv",
                                            "metrics.csv", "payments.jsonl", "postgres.log"}));
}

TEST_F(CheckoutOutage, givesTheSameBytesForTheSameSeed)
{
    EXPECT_EQ(contents("checkout-outage", "a", {.rows = rows, .seed = 5}),
              contents("checkout-outage", "b", {.rows = rows, .seed = 5}));
}

TEST_F(CheckoutOutage, givesOtherNoiseForAnotherSeed)
{
    const auto a = contents("checkout-calm", "a", {.rows = rows, .seed = 5});
    const auto b = contents("checkout-calm", "b", {.rows = rows, .seed = 6});
    EXPECT_NE(a.at("checkout.jsonl"), b.at("checkout.jsonl"));
    EXPECT_NE(a.at("metrics.csv"), b.at("metrics.csv"));
}

TEST_F(CheckoutOutage, isCalmWithoutAnomalies)
{
    EXPECT_EQ(contents("checkout-calm", "a", {.rows = rows}),
              contents("checkout-outage", "b", {.rows = rows, .anomalies = false}));
}

TEST_F(CheckoutOutage, meetsTheWantedRowsWithinTwoPercent)
{
    for (const std::uint64_t wanted : {10'000U, 40'000U, 250'000U}) {
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            const auto made = make("checkout-outage", "a", {.rows = wanted, .seed = seed});
            ASSERT_TRUE(made.has_value());
            EXPECT_NEAR(static_cast<double>(made->records), static_cast<double>(wanted),
                        0.02 * static_cast<double>(wanted))
                << seed;
        }
    }
}

TEST_F(CheckoutOutage, countsWhatItWrote)
{
    const auto made = make("checkout-outage", "a");
    ASSERT_TRUE(made.has_value());
    std::uint64_t records = 0, bytes = 0;
    for (const auto& path : made->files) {
        const auto content = readSmallFile(path, 100'000'000).value();
        bytes += content.size();
        if (!path.ends_with(".csv"))
            for (const auto& line : lines(content))
                records += line.starts_with(' ') ? 0U : 1U; // stack traces go on with blanks
    }
    EXPECT_EQ(made->records, records);
    EXPECT_EQ(made->bytes, bytes);
}

TEST_F(CheckoutOutage, labelsLieInsideTheSpanAndHoldEightKindsAtLeast)
{
    const auto labels = lines(contents("checkout-outage", "a", {.rows = rows}).at("labels.csv"));
    const std::set<std::string> services = {"api-gateway", "checkout", "payments", "inventory", "postgres"};
    ASSERT_EQ(labels.front(), "start,end,entity,kind,description");
    std::set<std::string> kinds;
    for (std::size_t i = 1; i < labels.size(); ++i) {
        const auto fields = split(labels[i], ',');
        const auto start = parseIso8601(fields[0]), end = parseIso8601(fields[1]);
        ASSERT_TRUE(start.has_value() && end.has_value()) << labels[i];
        EXPECT_GE(*start, parseIso8601("2026-03-12T02:40:00Z").value());
        EXPECT_LE(*end, parseIso8601("2026-03-12T14:40:00Z").value());
        EXPECT_LT(*start, *end);
        EXPECT_TRUE(services.contains(std::string(fields[2]))) << labels[i];
        kinds.emplace(fields[3]);
    }
    EXPECT_GE(kinds.size(), 8U);
}

TEST_F(CheckoutOutage, calmHasNoLabels)
{
    EXPECT_EQ(lines(contents("checkout-calm", "a", {.rows = rows}).at("labels.csv")).size(), 1U);
}

TEST_F(CheckoutOutage, writesValidJsonOfOneService)
{
    const auto made = contents("checkout-outage", "a", {.rows = rows});
    for (const std::string service : {"checkout", "payments"}) {
        for (const auto& line : lines(made.at(service + ".jsonl"))) {
            const auto json = nlohmann::json::parse(line, nullptr, false);
            ASSERT_FALSE(json.is_discarded()) << line;
            EXPECT_EQ(json.at("service"), service);
            EXPECT_TRUE(parseIso8601(json.at("time").get<std::string>()).has_value()) << line;
        }
    }
}

TEST_F(CheckoutOutage, hasAMetricRowForEachServiceAndMinute)
{
    const auto metrics = lines(contents("checkout-outage", "a", {.rows = rows}).at("metrics.csv"));
    EXPECT_EQ(metrics.size(), 1U + 12U * 60U * 5U);
    EXPECT_TRUE(metrics[1].starts_with("2026-03-12T02:40:00Z,api-gateway,")) << metrics[1];
}

TEST_F(CheckoutOutage, inventoryIsSilentInTheOutage)
{
    for (const auto& line : lines(contents("checkout-outage", "a", {.rows = rows}).at("inventory.log")))
        EXPECT_FALSE(line >= "2026-03-12T14:06:30.000Z" && line < "2026-03-12T14:16:50.000Z") << line;
}

TEST_F(CheckoutOutage, chargesFailInTheOutageOnly)
{
    std::size_t failures = 0;
    for (const auto& line : lines(contents("checkout-outage", "a", {.rows = 40'000}).at("checkout.jsonl"))) {
        if (line.find("charge failed") == std::string::npos)
            continue;
        const auto time = nlohmann::json::parse(line).at("time").get<std::string>();
        EXPECT_GE(time, "2026-03-12T14:03:30.000Z");
        EXPECT_LT(time, "2026-03-12T14:19:00.000Z");
        ++failures;
    }
    EXPECT_GE(failures, 10U);
}

TEST_F(CheckoutOutage, refusesRowsOutOfRange)
{
    for (const std::uint64_t wanted : {9'999U, 100'000'001U, 0U}) {
        const auto made = make("checkout-outage", "a", {.rows = wanted});
        ASSERT_FALSE(made.has_value());
        EXPECT_EQ(made.error().code, ErrorCode::Usage);
    }
}

TEST_F(CheckoutOutage, namesTheNearestScenario)
{
    const auto made = make("checkout-outrage", "a");
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, ErrorCode::Usage);
    EXPECT_NE(made.error().text().find("checkout-outage"), std::string::npos);
}

TEST_F(CheckoutOutage, saysWhereItCannotWrite)
{
    const auto made = generate("checkout-outage", {.outputFolder = "/proc/faultline", .rows = rows}, m_job);
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, ErrorCode::Io);
    EXPECT_NE(made.error().text().find("/proc/faultline"), std::string::npos);
}

TEST_F(CheckoutOutage, leavesNothingBehindWhenStopped)
{
    std::stop_source stop;
    Progress progress;
    JobContext job(stop.get_token(), progress);
    stop.request_stop();
    const auto made = generate("checkout-outage", {.outputFolder = m_folder, .rows = rows}, job);
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, ErrorCode::Cancelled);
    EXPECT_TRUE(std::filesystem::is_empty(m_folder));
}

} // namespace
} // namespace faultline::scenarios
