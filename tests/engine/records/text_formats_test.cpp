// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/record_batch.h"
#include "engine/records/record_table.h"
#include "tests/engine/records/parsed_text.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

/// A few lines of one program, and what the first and the last record of them must be.
struct Example {
    const char* test;
    const char* format;
    const char* text;
    const char* firstMessage;
    const char* firstTime; ///< "" when the format has none
    Level firstLevel;
    const char* lastMessage;
    std::size_t records;
};

void PrintTo(const Example& example, std::ostream* out)
{
    *out << example.test;
}

class TextFormats : public testing::TestWithParam<Example>
{
protected:
    static void expectAsGiven(const ParsedText& result)
    {
        const auto& example = GetParam();
        EXPECT_EQ(result.candidate.detection.format, example.format);
        ASSERT_EQ(result.batch.time.size(), example.records);
        EXPECT_EQ(result.messages.front(), example.firstMessage);
        EXPECT_EQ(result.messages.back(), example.lastMessage);
        EXPECT_EQ(formatIso8601(result.batch.time.front()), example.firstTime);
        EXPECT_EQ(result.batch.level.front(), example.firstLevel);
        EXPECT_EQ(result.batch.lines, result.batch.time.size() + result.batch.continuationLines +
                                          result.batch.blankLines + result.batch.headerLines +
                                          result.batch.rejected.size());
    }
};

TEST_P(TextFormats, IsDetectedWithConfidenceAndReasons)
{
    const auto result = parsedText(GetParam().text);
    expectAsGiven(result);
    EXPECT_GE(result.candidate.detection.confidence, 0.6);
    EXPECT_FALSE(result.candidate.detection.reasons.empty());
}

TEST_P(TextFormats, CanBeForcedByName)
{
    expectAsGiven(parsedText(GetParam().text, {.format = GetParam().format}));
}

const Example systemExamples[] = {
    {"Thunderbird", "thunderbird",
     "- 1131566461 2005.11.09 an77 Nov 9 12:01:01 an77/an77 crond(pam_unix)[2915]: session closed for user root\n"
     "R_DAL 1131566479 2005.11.09 bn3 Nov 9 12:01:19 bn3/bn3 kernel: rts: kernel panic soon\n",
     "session closed for user root", "2005-11-09T20:01:01Z", Level::None, "rts: kernel panic soon", 2},
    {"Spark", "spark",
     "17/06/09 20:10:40 INFO executor.Backend: Registered signal handlers for [TERM, HUP]\n"
     "17/06/09 20:10:45 WARN storage.BlockManager: Block rdd_42 already exists\n",
     "Registered signal handlers for [TERM, HUP]", "2017-06-09T20:10:40Z", Level::Info, "Block rdd_42 already exists",
     2},
    {"HealthApp", "health_app",
     "20171223-22:15:29:606|Step_LSC|30002312|onStandStepChanged 3579\n"
     "20171224-0:7:20:44|Step_SPUtils|30002312|setTodayTotalDetailSteps=1514\n",
     "onStandStepChanged 3579", "2017-12-23T22:15:29.606Z", Level::None, "setTodayTotalDetailSteps=1514", 2},
    {"Mac", "syslog",
     "Jul  1 09:00:55 calvisitor-10-105 kernel[0]: IOThunderboltSwitch<0>(0x0)::listenerCallback - Thunderbolt\n"
     "Jul  1 09:01:05 calvisitor-10-105 com.apple.xpc.launchd[1] (com.apple.quicklook[4104]): Service exited\n",
     "IOThunderboltSwitch<0>(0x0)::listenerCallback - Thunderbolt", "2000-07-01T09:00:55Z", Level::None,
     "Service exited", 2},
    {"OpenStackWithFileNames", "openstack",
     "nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 INFO nova.osapi.server "
     "[req-38101a0b 113d3a99 54fadb41 - - -] 10.11.10.1 \"GET /v2 HTTP/1.1\" status: 200\n"
     "nova-compute.log.1.2017-05-16_13:55:31 2017-05-16 00:00:00.272 2931 ERROR nova.compute.manager [-] disk full\n",
     "10.11.10.1 \"GET /v2 HTTP/1.1\" status: 200", "2017-05-16T00:00:00.008Z", Level::Info, "disk full", 2},
    {"WindowsCbs", "windows_cbs",
     "2016-09-28 04:30:30, Info                  CBS    Loaded Servicing Stack v6.1.7601.23505\n"
     "2016-09-28 04:30:31, Error                 CSI    00000001@2016/9/27:20:30:31.455 WcpInitialize failed\n"
     "2016-09-28 04:30:32, Info                         Ending\n",
     "Loaded Servicing Stack v6.1.7601.23505", "2016-09-28T04:30:30Z", Level::Info, "Ending", 3},
    {"LogcatWithTags", "logcat",
     "03-17 16:13:38.811 D/WifiService( 585): acquireWifiLock\n"
     "03-17 16:13:39.002 E/ActivityManager( 1702): ANR in com.shop.app\n",
     "acquireWifiLock", "2000-03-17T16:13:38.811Z", Level::Debug, "ANR in com.shop.app", 2},
};
INSTANTIATE_TEST_SUITE_P(Systems, TextFormats, testing::ValuesIn(systemExamples),
                         [](const auto& example) { return std::string(example.param.test); });

const Example syslogExamples[] = {
    {"WithYears", "syslog",
     "Jul 29 2015 17:41:44 gate sshd[1021]: Accepted publickey\nJul 29 2015 17:41:45 gate cron[7]: ran\n",
     "Accepted publickey", "2015-07-29T17:41:44Z", Level::None, "ran", 2},
    {"WithIsoTimesAndPriorities", "syslog",
     "<86>2026-01-05T10:00:01.250+01:00 gate sshd[1021]: Accepted publickey\n"
     "<83>2026-01-05T10:00:02.250+01:00 gate sshd[1021]: failed\n",
     "Accepted publickey", "2026-01-05T09:00:01.250Z", Level::Info, "failed", 2},
    {"ThroughARelay", "syslog",
     "Nov  3 09:23:40 relay01 Nov  3 09:23:38 web-2 nginx[7998]: worker exited\n"
     "Nov  3 09:23:41 relay01 Nov  3 09:23:39 web-3 nginx[7999]: worker started\n",
     "worker exited", "2000-11-03T09:23:40Z", Level::None, "worker started", 2},
    {"InFrench", "syslog",
     "ao\u00fbt 19 11:08:37 poste cron[4961]: lanc\u00e9\nd\u00e9c. 20 11:08:38 poste cron[4961]: fini\n", "lanc\u00e9",
     "2000-08-19T11:08:37Z", Level::None, "fini", 2},
    {"InGerman", "syslog", "M\u00e4r 19 11:08:37 host kernel: eth0 up\nOkt 20 11:08:38 host kernel: eth0 down\n",
     "eth0 up", "2000-03-19T11:08:37Z", Level::None, "eth0 down", 2},
    {"SomeLinesWithoutAProgram", "syslog",
     "Nov  3 09:23:38 veritas automount[7998]: lookup failed\nNov  3 09:23:39 veritas last message was lost\n"
     "Nov  3 09:23:40 veritas automount[7998]: mounted\n",
     "lookup failed", "2000-11-03T09:23:38Z", Level::None, "mounted", 3},
};
INSTANTIATE_TEST_SUITE_P(Syslog, TextFormats, testing::ValuesIn(syslogExamples),
                         [](const auto& example) { return std::string(example.param.test); });

const Example libraryExamples[] = {
    {"LogbackPattern", "logback",
     "2026-01-05 10:00:01,250 [http-8080-1] INFO  CartService - added 3 items\n"
     "2026-01-05 10:00:02,250 [http-8080-2] ERROR CartService - no stock\njava.lang.IllegalStateException: x\n"
     "\tat shop.Cart.add(Cart.java:17)\n2026-01-05 10:00:03,250 [main] WARN  Boot - slow\n",
     "added 3 items", "2026-01-05T10:00:01.250Z", Level::Info, "slow", 3},
    {"Log4j2Instants", "log4j",
     "2026-01-05T10:00:01.250123456Z INFO shop.cart.Service: added 3 items\n"
     "2026-01-05T10:00:02.250123456Z FATAL shop.cart.Service: no memory\n",
     "added 3 items", "2026-01-05T10:00:01.250123Z", Level::Info, "no memory", 2},
    {"JavaUtilLogging", "java_util_logging",
     "Jan 05, 2026 3:00:01 PM org.shop.Cart add\nSEVERE: no stock for 17\nJan 05, 2026 3:00:02 PM org.shop.Cart add\n"
     "INFO: added\n",
     "no stock for 17", "2026-01-05T15:00:01Z", Level::Error, "added", 2},
    {"Tomcat", "tomcat",
     "05-Jan-2026 10:00:01.250 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in 812 ms\n"
     "05-Jan-2026 10:00:02.250 SEVERE [main] org.apache.catalina.core.StandardContext.run failed\n",
     "Server startup in 812 ms", "2026-01-05T10:00:01.250Z", Level::Info, "failed", 2},
    {"PythonDefaultNames", "python",
     "2026-01-05 10:00:01,250 shop.db WARNING pool is nearly empty\n2026-01-05 10:00:02,250 shop.db INFO refilled\n",
     "pool is nearly empty", "2026-01-05T10:00:01.250Z", Level::Warn, "refilled", 2},
    {"PythonBasic", "python_basic",
     "WARNING:root:disk at 91 percent\nERROR:shop.db:lost connection\nTraceback (most recent call last):\n"
     "  File \"db.py\", line 4, in run\nOSError: gone\nINFO:shop.db:back\n",
     "disk at 91 percent", "", Level::Warn, "back", 3},
    {"Loguru", "python",
     "2026-01-05 10:00:01.250 | INFO     | shop.cart:add:41 - added 3 items\n"
     "2026-01-05 10:00:02.250 | ERROR    | shop.cart:add:44 - no stock\n",
     "added 3 items", "2026-01-05T10:00:01.250Z", Level::Info, "no stock", 2},
    {"Celery", "python",
     "[2026-01-05 10:00:01,250: INFO/MainProcess] Connected to broker\n"
     "[2026-01-05 10:00:02,250: ERROR/ForkPoolWorker-2] Task failed\n",
     "Connected to broker", "2026-01-05T10:00:01.250Z", Level::Info, "Task failed", 2},
    {"GoLogWithFiles", "go",
     "2026/01/05 10:00:01 main.go:23: listening on :8080\n2026/01/05 10:00:02.000012 cart.go:7: added\n",
     "listening on :8080", "2026-01-05T10:00:01Z", Level::None, "added", 2},
    {"Klog", "glog",
     "I0105 10:00:01.250123       1 main.go:12] starting controller\n"
     "E0105 10:00:02.250123       1 reflector.go:138] watch failed\n",
     "starting controller", "2000-01-05T10:00:01.250123Z", Level::Info, "watch failed", 2},
    {"ZapConsole", "zap",
     "2026-01-05T10:00:01.250Z\tINFO\tapp/main.go:12\tstarting\t{\"port\": 8080}\n"
     "2026-01-05T10:00:02.250Z\tDPANIC\tapp/main.go:19\tbad state\n",
     "starting\t{\"port\": 8080}", "2026-01-05T10:00:01.250Z", Level::Info, "bad state", 2},
    {"EnvLogger", "env_logger",
     "[2026-01-05T10:00:01Z INFO  shop::cart] added 3 items\n[2026-01-05T10:00:02Z WARN  shop::cart] low stock\n",
     "added 3 items", "2026-01-05T10:00:01Z", Level::Info, "low stock", 2},
    {"Tracing", "tracing",
     "2026-01-05T10:00:01.250123Z  INFO shop::cart: added items=3\n"
     "2026-01-05T10:00:02.250123Z ERROR request{id=7 path=\"/buy\"}:shop::cart: no stock\n",
     "added items=3", "2026-01-05T10:00:01.250123Z", Level::Info, "no stock", 2},
    {"SerilogFile", "serilog",
     "2026-01-05 10:00:01.250 +01:00 [INF] Added 3 items\n2026-01-05 10:00:02.250 +01:00 [FTL] Host terminated\n"
     "System.InvalidOperationException: no stock\n   at Shop.Cart.Add()\n",
     "Added 3 items", "2026-01-05T09:00:01.250Z", Level::Info,
     "Host terminated\nSystem.InvalidOperationException: no stock\n   at Shop.Cart.Add()", 2},
    {"SerilogConsole", "serilog", "[10:00:01 INF] Added 3 items\n[10:00:02 WRN] Low stock\n", "Added 3 items",
     "1970-01-01T10:00:01Z", Level::Info, "Low stock", 2},
    {"DotnetConsole", "dotnet_console",
     "info: Shop.Cart[14]\n      Added 3 items\nfail: Shop.Cart[0]\n      No stock\n"
     "      System.InvalidOperationException: x\n",
     "Added 3 items", "", Level::Info, "No stock\n      System.InvalidOperationException: x", 2},
    {"NLog", "nlog",
     "2026-01-05 10:00:01.2501|INFO|Shop.Cart|Added 3 items\n2026-01-05 10:00:02.2501|FATAL|Shop.Cart|Stopped\n",
     "Added 3 items", "2026-01-05T10:00:01.250100Z", Level::Info, "Stopped", 2},
    {"Monolog", "monolog",
     "[2026-01-05T10:00:01.250000+01:00] app.INFO: added {\"n\":3} []\n[2026-01-05T10:00:02+01:00] app.CRITICAL: x\n",
     "added {\"n\":3} []", "2026-01-05T09:00:01.250Z", Level::Info, "x", 2},
    {"Elasticsearch", "elasticsearch",
     "[2026-01-05T10:00:01,250][INFO ][o.e.n.Node               ] [es-1] started\n"
     "[2026-01-05T10:00:02,250][WARN ][o.e.m.j.JvmGcMonitorService] [es-1] overhead\n",
     "started", "2026-01-05T10:00:01.250Z", Level::Info, "overhead", 2},
};
INSTANTIATE_TEST_SUITE_P(Libraries, TextFormats, testing::ValuesIn(libraryExamples),
                         [](const auto& example) { return std::string(example.param.test); });

const Example serverExamples[] = {
    {"ApacheErrors24", "apache_error",
     "[Mon Jan 05 10:00:01.250123 2026] [core:error] [pid 3570:tid 4328] [client 10.0.0.9:51234] AH00037: denied\n"
     "[Mon Jan 05 10:00:02.250123 2026] [ssl:trace3] [pid 3570:tid 4328] handshake done\n",
     "AH00037: denied", "2026-01-05T10:00:01.250123Z", Level::Error, "handshake done", 2},
    {"ApacheErrors22", "apache_error",
     "[Mon Jan 05 10:00:01 2026] [error] [client 10.0.0.9] File does not exist\n"
     "[Mon Jan 05 10:00:02 2026] [notice] caught SIGTERM\n",
     "[client 10.0.0.9] File does not exist", "2026-01-05T10:00:01Z", Level::Error, "caught SIGTERM", 2},
    {"NginxErrors", "nginx_error",
     "2026/01/05 10:00:01 [error] 1234#5678: *99 connect() failed (111: Connection refused), client: 10.0.0.9\n"
     "2026/01/05 10:00:02 [notice] 1234#5678: signal process started\n",
     "connect() failed (111: Connection refused), client: 10.0.0.9", "2026-01-05T10:00:01Z", Level::Error,
     "signal process started", 2},
    {"Uwsgi", "uwsgi",
     "[pid: 88185|app: 0|req: 1/1] 10.0.0.9 () {38 vars in 696 bytes} [Mon Jan  5 10:00:01 2026] GET /a => generated "
     "47 bytes\n[pid: 88185|app: 0|req: 2/2] 10.0.0.9 (bob) {38 vars in 696 bytes} [Mon Jan  5 10:00:02 2026] GET /b\n",
     "GET /a => generated 47 bytes", "2026-01-05T10:00:01Z", Level::None, "GET /b", 2},
    {"Strace", "strace",
     "7001 1767607201.000588 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3 <0.000015>\n"
     "7001 1767607201.000604 +++ exited with 0 +++\n",
     "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3 <0.000015>", "2026-01-05T10:00:01.000588Z", Level::None,
     "+++ exited with 0 +++", 2},
    {"Squid", "squid",
     "1767607201.250    812 10.0.0.9 TCP_MISS/200 4512 GET http://shop/ - DIRECT/10.0.0.3 text/html\n"
     "1767607202.250     12 10.0.0.8 TCP_HIT/200 45 GET http://pay/ - NONE/- text/html\n",
     "GET http://shop/ - DIRECT/10.0.0.3 text/html", "2026-01-05T10:00:01.250Z", Level::None,
     "GET http://pay/ - NONE/- text/html", 2},
    {"FtpTransfers", "xferlog",
     "Mon Jan  5 10:00:01 2026 1 10.0.0.9 896242 /pub/a.iso b _ o r fred ftp 0 * c\n"
     "Mon Jan  5 10:00:09 2026 7 10.0.0.8 17 /pub/b.iso b _ o r fred ftp 0 * c\n",
     "/pub/a.iso b _ o r fred ftp 0 * c", "2026-01-05T10:00:01Z", Level::None, "/pub/b.iso b _ o r fred ftp 0 * c", 2},
    {"ShellHistory", "shell_history", "#+1162490366\n./run_tests\n#+1162490385\nexit\n", "./run_tests",
     "2006-11-02T17:59:26Z", Level::None, "exit", 2},
    {"Daemontools", "daemontools",
     "@40000000433225833b6e1a8c tcpserver: status: 5/30\n@40000000433225840c85ba04 tcpserver: pid 26162 from x\n",
     "status: 5/30", "2005-09-22T03:31:05.997071Z", Level::None, "pid 26162 from x", 2},
    {"JavaGarbageCollection", "java_gc",
     "2026-01-05T10:00:01.250+0100: 1.595: [GC pause (G1 Evacuation Pause) (young), 0.0096173 secs]\n"
     "2026-01-05T10:00:02.250+0100: 2.595: [GC concurrent-mark-start]\n",
     "[GC pause (G1 Evacuation Pause) (young), 0.0096173 secs]", "2026-01-05T09:00:01.250Z", Level::None,
     "[GC concurrent-mark-start]", 2},
    {"UnifiedGarbageCollection", "java_gc",
     "[2026-01-05T10:00:01.250+0000][0.123s][info][gc] GC(0) Pause Young 3.456ms\n"
     "[2026-01-05T10:00:02.250+0000][1.123s][warning][gc,heap] heap is nearly full\n",
     "GC(0) Pause Young 3.456ms", "2026-01-05T10:00:01.250Z", Level::Info, "heap is nearly full", 2},
};
INSTANTIATE_TEST_SUITE_P(Servers, TextFormats, testing::ValuesIn(serverExamples),
                         [](const auto& example) { return std::string(example.param.test); });

const Example databaseExamples[] = {
    {"PostgresDefaults", "postgresql",
     "2026-01-05 10:00:01.250 CET [1234] LOG:  checkpoint starting: time\n"
     "2026-01-05 10:00:02.250 CET [1301] ERROR:  relation \"carts\" does not exist at character 15\n"
     "2026-01-05 10:00:02.250 CET [1301] STATEMENT:  SELECT *\n\tFROM carts\n"
     "2026-01-05 10:00:03.250 CET [1301] FATAL:  terminating connection\n",
     "checkpoint starting: time", "2026-01-05T09:00:01.250Z", Level::Info, "terminating connection", 3},
    {"PostgresWithUsers", "postgresql",
     "2026-01-05 10:00:01.250 UTC [1234] app@shop LOG:  duration: 812.100 ms\n"
     "2026-01-05 10:00:02.250 UTC [1234] app@shop WARNING:  there is no transaction in progress\n",
     "duration: 812.100 ms", "2026-01-05T10:00:01.250Z", Level::Info, "there is no transaction in progress", 2},
    {"PostgresAtAmazon", "postgresql",
     "2026-01-05 10:00:01 UTC:10.0.0.9(5123):app@shop:[1234]:LOG:  connection authorized\n"
     "2026-01-05 10:00:02 UTC:10.0.0.9(5123):app@shop:[1234]:ERROR:  deadlock detected\n",
     "connection authorized", "2026-01-05T10:00:01Z", Level::Info, "deadlock detected", 2},
    {"MySqlErrors", "mysql_error",
     "2026-01-05T10:00:01.250123Z 0 [System] [MY-010116] [Server] mysqld starting\n"
     "2026-01-05T10:00:02.250123Z 7 [ERROR] [MY-012592] [InnoDB] Operating system error number 2\n",
     "mysqld starting", "2026-01-05T10:00:01.250123Z", Level::Info, "Operating system error number 2", 2},
    {"MariaDbErrors", "mysql_error",
     "2026-01-05 10:00:01 0 [Note] InnoDB: Buffer pool loaded\n2026-01-05 10:00:02 0 [Warning] Could not resolve\n",
     "InnoDB: Buffer pool loaded", "2026-01-05T10:00:01Z", Level::Info, "Could not resolve", 2},
    {"Redis", "redis",
     "1234:M 05 Jan 2026 10:00:01.250 * Background saving started by pid 99\n"
     "1234:M 05 Jan 2026 10:00:02.250 # Out of memory\n",
     "Background saving started by pid 99", "2026-01-05T10:00:01.250Z", Level::Info, "Out of memory", 2},
    {"Kafka", "kafka",
     "[2026-01-05 10:00:01,250] INFO [Controller 0]: starting (kafka.controller.KafkaController)\n"
     "[2026-01-05 10:00:02,250] INFO KafkaConfig values: \n\tadvertised.port = null\n (kafka.server.KafkaConfig)\n"
     "[2026-01-05 10:00:03,250] ERROR broken (kafka.log.Log)\n",
     "[Controller 0]: starting (kafka.controller.KafkaController)", "2026-01-05T10:00:01.250Z", Level::Info,
     "broken (kafka.log.Log)", 3},
};
INSTANTIATE_TEST_SUITE_P(Databases, TextFormats, testing::ValuesIn(databaseExamples),
                         [](const auto& example) { return std::string(example.param.test); });

} // namespace
} // namespace faultline::records
