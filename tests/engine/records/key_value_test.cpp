// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/key_value_syntax.h"
#include "engine/records/quantity.h"
#include "tests/engine/records/structured_text.h"
#include <gmock/gmock.h>

namespace faultline::records
{
namespace
{

using namespace std::string_literals;
using testing::HasSubstr;

KeyValueRecord readBy(bool (*read)(std::string_view, KeyValueRecord&), std::string_view line)
{
    KeyValueRecord record;
    EXPECT_TRUE(read(line, record)) << line;
    return record;
}

TEST(Quantities, AreBroughtToOneUnit)
{
    EXPECT_EQ(readQuantity("12ms")->value, 12.0);
    EXPECT_EQ(readQuantity("1m30.5s")->value, 90'500.0);
    EXPECT_DOUBLE_EQ(readQuantity("250\u00b5s")->value, 0.25);
    EXPECT_EQ(readQuantity("4 KiB")->value, 4'096.0);
    EXPECT_EQ(readQuantity("93%")->kind, QuantityKind::Percent);
    EXPECT_EQ(readQuantity("-5s")->value, -5'000.0);
    for (const auto* none : {"", "ms", "12 apples", "1.2.3", "5s5", "1e400", "--5s"})
        EXPECT_FALSE(readQuantity(none)) << none;
}

TEST(Logfmt, ReadsQuotesEscapesAndEmptyValues)
{
    const auto record = readBy(readLogfmt, R"(level=info msg="say \"hi\"" empty= took=12ms)");
    EXPECT_EQ(record["msg"], "say \"hi\"");
    EXPECT_EQ(record["empty"], "");
    EXPECT_EQ(record["took"], "12ms");
}

TEST(Logfmt, TakesWordsWithoutANameIntoTheValueBefore)
{
    EXPECT_EQ(readBy(readLogfmt, "level=info msg=starting the server port=80")["msg"], "starting the server");
}

TEST(Logfmt, IsNotProseWithAnEqualsSign)
{
    KeyValueRecord record;
    EXPECT_FALSE(readLogfmt("the result was x=1 and y=2", record));
    EXPECT_FALSE(readLogfmt("x=1", record));
}

TEST(Logfmt, BecomesRecordsWithFieldsInOneUnit)
{
    const auto set =
        loadInAllBlocks("time=2026-03-12T14:03:30Z level=error service=cart msg=\"disk 7 full\" took=1.5s\n"
                        "panic: oh\n\tat main.go:7\n"
                        "time=2026-03-12T14:03:31Z level=info service=cart msg=\"disk 8 full\" took=20ms\n");
    ASSERT_EQ(set.table.size(), 3U);
    EXPECT_EQ(set.reports[0].detection.format, "logfmt");
    EXPECT_EQ(set.table.level[0], Level::Error);
    EXPECT_EQ(entity(set, 0), "cart");
    EXPECT_EQ(field(set, "took", 0), 1'500.0);
    EXPECT_EQ(field(set, "took", 2), 20.0);
    EXPECT_EQ(set.table.fields[0].unit(), "ms");
    EXPECT_EQ(set.table.templateId[0], set.table.templateId[2]);
    EXPECT_EQ(set.reports[0].continuationLines, 1U);
}

TEST(Cef, ReadsHeaderExtensionLabelsAndEscapes)
{
    const auto record = readBy(readCef, R"(Mar 12 14:03:30 fw1 CEF:0|Acme|Wall|1.0|100|a\|b blocked|8|src=10.0.0.1 )"
                                        R"(msg=no entry for a\=b here cn1=5 cn1Label=Retries rt=1700000000000)");
    EXPECT_EQ(record["name"], "a|b blocked");
    EXPECT_EQ(record["host"], "fw1");
    EXPECT_EQ(record["severity"], "error");
    EXPECT_EQ(record["msg"], "no entry for a=b here");
    EXPECT_EQ(record["Retries"], "5");
    EXPECT_EQ(record["rt"], "1700000000000");
}

TEST(Cef, BecomesRecords)
{
    const auto set = loadInAllBlocks("CEF:0|Acme|Wall|1.0|100|blocked|9|rt=Mar 12 2026 14:03:30.250 in=120\n"
                                     "CEF:0|Acme|Wall|1.0|100|blocked|3|rt=Mar 12 2026 14:03:31.250 in=130\n");
    EXPECT_EQ(set.reports[0].detection.format, "cef");
    EXPECT_EQ(timeText(set, 0), "2026-03-12T14:03:30.250Z");
    EXPECT_EQ(set.table.level[0], Level::Fatal);
    EXPECT_EQ(set.table.level[1], Level::Info);
    EXPECT_EQ(field(set, "in", 1), 130.0);
    EXPECT_EQ(messageTemplate(set, 0), "blocked");
}

TEST(Leef, ReadsTabsAndDeclaredDelimiters)
{
    const auto first =
        readBy(readLeef, "LEEF:1.0|Acme|Wall|1.0|login|devTime=Mar 12 2026 14:03:30\tsev=9\tusrName=a b");
    EXPECT_EQ(first["usrName"], "a b");
    EXPECT_EQ(first["severity"], "critical");
    EXPECT_EQ(first["devTime"], "2026-03-12 14:03:30");
    EXPECT_EQ(readBy(readLeef, "LEEF:2.0|Acme|Wall|1.0|login|^|a=1^b=2")["b"], "2");
    EXPECT_EQ(readBy(readLeef, "LEEF:2.0|Acme|Wall|1.0|login|x5E|a=1^b=2")["b"], "2");
}

const std::string audit =
    "type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2 success=no exit=-13 pid=3538 comm=\"cat\"\n"
    "type=CWD msg=audit(1364481363.243:24287):  cwd=\"/home/shadowman\"\n"
    "type=USER_AUTH msg=audit(1364481364.5:24288): pid=1 uid=0 msg='op=PAM:authentication acct=\"root\" res=success'\n";

TEST(Audit, ReadsTimeSerialAndPairsWithinQuotes)
{
    const auto set = loadInAllBlocks(audit);
    EXPECT_EQ(set.reports[0].detection.format, "auditd");
    EXPECT_EQ(set.table.time[0], 1'364'481'363'243'000);
    EXPECT_EQ(set.table.level[0], Level::Warn);
    EXPECT_EQ(set.table.level[2], Level::Info);
    EXPECT_EQ(readBy(readAudit, audit.substr(audit.find("type=USER")))["acct"], "root");
}

TEST(Audit, MakesNoFieldsOfIdentifiers)
{
    EXPECT_TRUE(loadText(audit).table.fields.empty());
}

TEST(Audit, PutsRecordsOfOneSerialIntoOneSession)
{
    ParseOptions options;
    options.sessionKey = "serial";
    const auto set = loadText(audit, options);
    ASSERT_EQ(set.sessions.keys.size(), 2U);
    EXPECT_EQ(set.sessions.begin[1] - set.sessions.begin[0], 2U);
}

const std::string w3c = "#Software: Microsoft Internet Information Services 8.5\n#Version: 1.0\n"
                        "#Fields: date time cs-method cs-uri-stem sc-status time-taken cs(User-Agent)\n"
                        "2026-03-12 14:03:30 GET /a.html 200 15 Mozilla/5.0+(X)\n"
                        "2026-03-12 14:03:31 GET /b.html 503 1500 -\n";

TEST(W3c, ReadsRowsUnderTheirHeader)
{
    const auto set = loadInAllBlocks(w3c);
    EXPECT_EQ(set.reports[0].detection.format, "iis");
    EXPECT_EQ(timeText(set, 1), "2026-03-12T14:03:31Z");
    EXPECT_EQ(set.table.level[1], Level::Error);
    EXPECT_EQ(field(set, "time-taken", 1), 1'500.0);
    EXPECT_EQ(set.reports[0].headerLines, 3U);
}

TEST(W3c, FollowsAHeaderThatChangesOnTheWay)
{
    std::string text = w3c;
    for (int i = 0; i < 100; ++i)
        text += "2026-03-12 14:03:31 GET /b.html 200 7 -\n";
    text += "#Fields: time-taken date time sc-status\n";
    for (int i = 0; i < 100; ++i)
        text += "9 2026-03-12 14:03:32 404\n";
    const auto set = loadInAllBlocks(text);
    ASSERT_EQ(set.table.size(), 202U);
    EXPECT_EQ(field(set, "time-taken", 101), 7.0);
    EXPECT_EQ(field(set, "time-taken", 201), 9.0);
    EXPECT_EQ(set.table.level[201], Level::Warn);
}

TEST(Zeek, ReadsTypesSeparatorAndMissingValues)
{
    const auto set = loadInAllBlocks("#separator \\x09\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
                                     "#fields\tts\tid.orig_p\tservice\tduration\tnote\n"
                                     "#types\ttime\tport\tstring\tinterval\tstring\n"
                                     "1320279554.496300\t52025\thttp\t2.125850\t(empty)\n"
                                     "1320279567.181431\t52034\t-\t-\ta b\n");
    EXPECT_EQ(set.reports[0].detection.format, "zeek");
    EXPECT_EQ(set.table.time[0], 1'320'279'554'496'300);
    ASSERT_EQ(set.table.fields.size(), 1U);
    EXPECT_EQ(field(set, "duration", 0), 2.12585);
    EXPECT_TRUE(std::isnan(field(set, "duration", 1)));
}

TEST(JournalExport, ReadsTextAndBinaryFields)
{
    const std::string first = "__CURSOR=s\n__REALTIME_TIMESTAMP=1534860261221373\nPRIORITY=3\n_SYSTEMD_UNIT=a.service\n"
                              "_HOSTNAME=h\nMESSAGE=disk 7 full\n\n";
    const std::string second =
        "__CURSOR=t\n__REALTIME_TIMESTAMP=1534860262000000\nPRIORITY=6\n_SYSTEMD_UNIT=b.service\n"
        "_HOSTNAME=h\nMESSAGE\n"s +
        "\x0d\0\0\0\0\0\0\0"s + "two\n\nlines 12\n\n";
    const auto set = loadInAllBlocks(first + second + first);
    ASSERT_EQ(set.table.size(), 3U);
    EXPECT_EQ(set.reports[0].detection.format, "journal_export");
    EXPECT_EQ(set.table.time[1], 1'534'860'262'000'000);
    EXPECT_EQ(set.table.level[0], Level::Error);
    EXPECT_EQ(entity(set, 1), "b.service");
    EXPECT_EQ(messageTemplate(set, 0), "disk <*> full");
    EXPECT_EQ(set.reports[0].rejectedLines, 0U);
}

} // namespace
} // namespace faultline::records
