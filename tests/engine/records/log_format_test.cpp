// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/loader.h"
#include "engine/records/log_format.h"
#include "tests/engine/records/scratch_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

using testing::HasSubstr;

RecordSet loaded(const std::string& layout, const std::string& content)
{
    const ScratchFolder folder("log_format");
    LoadOptions options;
    options.parse.logFormat = layout;
    QuietJob job;
    auto set = load({folder.write("access.log", content)}, options, job);
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().text());
    return set ? std::move(*set) : RecordSet{};
}

double field(const RecordSet& set, std::string_view name, std::size_t record = 0)
{
    const auto index = set.table.fieldIndex(name);
    EXPECT_GE(index, 0) << name;
    return index < 0 ? -1.0 : set.table.fields[static_cast<std::size_t>(index)][record];
}

TEST(LogFormat, NginxVariablesGetTheirRolesAndUnits)
{
    const auto set = loaded(
        R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time $upstream_response_time $pipe)",
        "10.0.0.1 - - [12/Mar/2026:14:03:30 +0100] \"GET /a?b=\\x22 HTTP/1.1\" 502 157 \"-\" \"curl/8 (x)\" 0.120 "
        "0.100, 0.015 : 0.001 .\n");
    ASSERT_EQ(set.table.size(), 1U);
    EXPECT_EQ(formatIso8601(set.table.time[0]), "2026-03-12T13:03:30Z");
    EXPECT_EQ(set.table.level[0], Level::Error);
    EXPECT_DOUBLE_EQ(field(set, "status"), 502);
    EXPECT_DOUBLE_EQ(field(set, "bytes"), 157);
    EXPECT_DOUBLE_EQ(field(set, "request_time"), 0.12);
    EXPECT_NEAR(field(set, "upstream_response_time"), 0.116, 1e-12);
    EXPECT_EQ(set.table.fields[static_cast<std::size_t>(set.table.fieldIndex("request_time"))].unit(), "s");
    EXPECT_THAT(set.templates.templates[0].text, HasSubstr("GET"));
}

TEST(LogFormat, AMissingNumberIsADash)
{
    const auto set = loaded("$msec $status $upstream_response_time", "1773324210.250 200 -\n1773324211.250 200 0.5\n");
    ASSERT_EQ(set.table.size(), 2U);
    EXPECT_EQ(formatIso8601(set.table.time[0]), "2026-03-12T14:03:30.250Z");
    EXPECT_TRUE(std::isnan(field(set, "upstream_response_time", 0)));
    EXPECT_DOUBLE_EQ(field(set, "upstream_response_time", 1), 0.5);
}

TEST(LogFormat, AJsonLayoutOfNginxIsRead)
{
    const auto set = loaded(R"({"time":"$time_iso8601","status":"$status","uri":"$request_uri"})",
                            "{\"time\":\"2026-03-12T14:03:30+00:00\",\"status\":\"404\",\"uri\":\"/a \\\"b\\\"\"}\n");
    ASSERT_EQ(set.table.size(), 1U);
    EXPECT_EQ(set.table.level[0], Level::Warn);
}

TEST(LogFormat, ApacheDirectivesGetTheirRolesAndUnits)
{
    const auto set =
        loaded(R"(%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\" %D %{ms}T)",
               "shop.example:443 10.0.0.1 - frank [12/Mar/2026:14:03:30 +0000] \"GET /x \\\"q\\\" HTTP/1.0\" 200 2326 "
               "\"http://a/\" \"Mozilla/5.0 (X11)\" 1500 2\n");
    ASSERT_EQ(set.table.size(), 1U);
    EXPECT_EQ(formatIso8601(set.table.time[0]), "2026-03-12T14:03:30Z");
    EXPECT_DOUBLE_EQ(field(set, "bytes_sent"), 2326);
    EXPECT_NEAR(field(set, "request_time"), 0.0015, 1e-12);
    EXPECT_THAT(set.reports[0].detection.columns,
                testing::IsSupersetOf({"client", "host", "agent", "referer", "user"}));
}

TEST(LogFormat, ApacheTimesOfAnyLayoutAreRead)
{
    EXPECT_EQ(formatIso8601(loaded("%{%Y-%m-%d %H:%M:%S}t %s", "2026-03-12 14:03:30 200\n").table.time[0]),
              "2026-03-12T14:03:30Z");
    EXPECT_EQ(formatIso8601(loaded("%{msec}t %s", "1773324210250 200\n").table.time[0]), "2026-03-12T14:03:30.250Z");
}

TEST(LogFormat, LinesThatDoNotMatchAreRecordsWithoutHeader)
{
    const auto set =
        loaded("$remote_addr [$time_iso8601] $status", "10.0.0.1 [2026-03-12T14:03:30Z] 200\nbroken line\n");
    ASSERT_EQ(set.table.size(), 2U);
    EXPECT_NE(set.table.flags[1] & NoHeader, 0);
}

TEST(LogFormat, AnUnknownDirectiveIsNamed)
{
    const auto format = compileLogFormat("%h %Z", {});
    ASSERT_FALSE(format);
    EXPECT_THAT(format.error().message, HasSubstr("unknown directive `%Z`"));
    EXPECT_THAT(format.error().message, HasSubstr("column 4"));
}

TEST(LogFormat, ATextWithoutVariablesIsRefused)
{
    EXPECT_FALSE(compileLogFormat("combined", {}));
    EXPECT_FALSE(compileLogFormat("", {}));
}

TEST(LogFormat, ServerConfigurationsAreSearchedByName)
{
    const ScratchFolder folder("server_config");
    const auto path = folder.write(
        "nginx.conf", "http {\n  # log_format old '$x';\n  log_format  main escape=json '$remote_addr [$time_local] '\n"
                      "      '\"$request\" $status'; log_format tiny $status;\n}\n");
    EXPECT_EQ(logFormatLayout("@" + path + ":main").value(), R"($remote_addr [$time_local] "$request" $status)");
    EXPECT_EQ(logFormatLayout("@" + path + ":tiny").value(), "$status");
    const auto wrong = logFormatLayout("@" + path + ":mian");
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().hint, HasSubstr("main"));
    EXPECT_THAT(logFormatLayout("@" + path).error().message, HasSubstr("several log formats"));
    const auto apache = folder.write("httpd.conf", "LogFormat \"%h %l \\\"%r\\\" %>s\" common\n");
    EXPECT_EQ(logFormatLayout("@" + apache).value(), R"(%h %l "%r" %>s)");
}

} // namespace
} // namespace faultline::records
