// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/format_catalogue.h"
#include "engine/records/layout_catalogue.h"
#include <algorithm>
#include <string_view>

namespace faultline::records
{

namespace
{

struct NamedExample {
    std::string_view name, line;
};

/// One line of each layout that has a name, as its program writes it.
constexpr NamedExample layoutExamples[] = {
    {"syslog", "Mar 12 14:03:30 web-1 sshd[1021]: Accepted publickey for deploy"},
    {"syslog_rfc5424", R"(<34>1 2026-03-12T14:03:30.250Z web-1 app 42 ID47 [origin ip="10.0.0.1"] worker started)"},
    {"hdfs", "260312 140330 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 terminating"},
    {"spark", "26/03/12 14:03:30 INFO executor.Executor: Running task 0.0 in stage 1.0"},
    {"hadoop", "2026-03-12 14:03:30,250 INFO [main] org.apache.hadoop.mapreduce.v2.app.MRAppMaster: Executing"},
    {"zookeeper", "2026-03-12 14:03:30,250 - INFO  [main:QuorumPeer@913] - Notification time out: 6400"},
    {"openstack", "2026-03-12 14:03:30.250 25746 INFO nova.osapi.server [req-38101a0b - - - - -] GET /v2 status: 200"},
    {"bgl", "- 1773324210 2026.03.12 R02-M1 2026-03-12-14.03.30.250123 R02-M1 RAS KERNEL INFO cache parity corrected"},
    {"thunderbird", "- 1773324210 2026.03.12 an77 Mar 12 14:03:30 an77/an77 crond[2915]: session closed for user root"},
    {"hpc", "134681 node-246 unix.hw state_change.unavailable 1773324210 1 Component State Change"},
    {"logcat", "03-12 14:03:30.250  1702  2395 D WindowManager: printFreezingDisplayLogs"},
    {"health_app", "20260312-14:03:30:250|Step_LSC|30002312|onStandStepChanged 3579"},
    {"proxifier", "[03.12 14:03:30] chrome.exe - proxy.example.org:5070 open through proxy"},
    {"windows_cbs", "2026-03-12 14:03:30, Info                  CBS    Loaded Servicing Stack v6.1.7601"},
    {"apache_common", R"(10.0.0.9 - - [12/Mar/2026:14:03:30 +0000] "GET /index.html HTTP/1.1" 200 512)"},
    {"apache_combined", R"(10.0.0.9 - - [12/Mar/2026:14:03:30 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8.0" 0.012)"},
    {"apache_vhost_common", R"(shop:443 10.0.0.9 - - [12/Mar/2026:14:03:30 +0000] "GET / HTTP/1.1" 200 512)"},
    {"apache_vhost_combined", R"(shop:443 10.0.0.9 - - [12/Mar/2026:14:03:30 +0000] "GET / HTTP/1.1" 200 512 "-" "-")"},
    {"apache_error", "[Thu Mar 12 14:03:30.250123 2026] [core:error] [pid 35:tid 43] [client 10.0.0.9:512] denied"},
    {"nginx_error", "2026/03/12 14:03:30 [error] 1234#5678: *99 connect() failed, client: 10.0.0.9"},
    {"haproxy_http", "Mar 12 14:03:30 lb haproxy[14389]: 10.0.0.9:33317 [12/Mar/2026:14:03:30.250] web static/s1 "
                     R"(10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET /index.html HTTP/1.1")"},
    {"haproxy_tcp", "Mar 12 14:03:30 lb haproxy[14387]: 10.0.0.9:33313 [12/Mar/2026:14:03:30.250] fnt bck/s1 0/0/5007 "
                    "212 -- 0/0/0/0/3 0/0"},
    {"squid", "1773324210.250    812 10.0.0.9 TCP_MISS/200 4512 GET http://shop/ - DIRECT/10.0.0.3 text/html"},
    {"uwsgi", "[pid: 88|app: 0|req: 1/1] 10.0.0.9 () {38 vars in 696 bytes} [Thu Mar 12 14:03:30 2026] GET /a => ok"},
    {"xferlog", "Thu Mar 12 14:03:30 2026 1 10.0.0.9 896242 /pub/a.iso b _ o r fred ftp 0 * c"},
    {"postgresql", "2026-03-12 14:03:30.250 UTC [1234] app@shop LOG:  duration: 812.100 ms"},
    {"mysql_error", "2026-03-12T14:03:30.250123Z 7 [ERROR] [MY-012592] [InnoDB] Operating system error number 2"},
    {"redis", "1234:M 12 Mar 2026 14:03:30.250 * Background saving started by pid 99"},
    {"kafka", "[2026-03-12 14:03:30,250] INFO [Controller 0]: starting (kafka.controller.KafkaController)"},
    {"elasticsearch", "[2026-03-12T14:03:30,250][INFO ][o.e.n.Node               ] [es-1] started"},
    {"log4j", "2026-03-12 14:03:30,250 INFO shop.cart.Service: added 3 items"},
    {"logback", "14:03:30.250 [http-8080-1] INFO  shop.CartService - added 3 items"},
    {"spring_boot", "2026-03-12 14:03:30.250  INFO 4242 --- [main] o.s.b.w.embedded.tomcat : started on port 8080"},
    {"tomcat", "12-Mar-2026 14:03:30.250 INFO [main] org.apache.catalina.startup.Catalina.start Server startup"},
    {"java_util_logging", "Mar 12, 2026 2:03:30 PM org.shop.Cart add"},
    {"java_gc", "[2026-03-12T14:03:30.250+0000][0.123s][info][gc] GC(0) Pause Young 3.456ms"},
    {"python", "2026-03-12 14:03:30,250 - shop.db - WARNING - pool is nearly empty"},
    {"python_basic", "WARNING:shop.db:disk at 91 percent"},
    {"monolog", R"([2026-03-12T14:03:30.250000+01:00] app.INFO: added {"n":3} [])"},
    {"serilog", "2026-03-12 14:03:30.250 +01:00 [INF] Added 3 items"},
    {"nlog", "2026-03-12 14:03:30.2501|INFO|Shop.Cart|Added 3 items"},
    {"dotnet_console", "info: Shop.Cart[14]"},
    {"go", "2026/03/12 14:03:30 main.go:23: listening on :8080"},
    {"zap", "2026-03-12T14:03:30.250Z\tINFO\tapp/main.go:12\tstarting\t{\"port\": 8080}"},
    {"glog", "I0312 14:03:30.250123       1 main.go:12] starting controller"},
    {"env_logger", "[2026-03-12T14:03:30Z INFO  shop::cart] added 3 items"},
    {"tracing", "2026-03-12T14:03:30.250123Z  INFO shop::cart: added items=3"},
    {"strace", "7001 1773324210.000588 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3 <0.000015>"},
    {"daemontools", "@40000000433225833b6e1a8c tcpserver: status: 5/30"},
    {"shell_history", "#+1773324210"},
    {"kubernetes_cri", "2026-03-12T14:03:30.250000000Z stdout F worker started"},
    {"docker_compose", "web_1  | 2026-03-12 14:03:30 INFO worker started"},
};

/// Formats that are no layouts: tables, objects, several lines to a record.
const FormatDescription otherFormats[] = {
    {"mysql_slow", "several lines of comments and a statement to a record; query_time, lock_time, rows as fields",
     "# Query_time: 1.5  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 9"},
    {"logfmt", "key=value pairs; numbers with units become fields",
     R"(time=2026-03-12T14:03:30Z level=info msg="worker started" duration=12ms)"},
    {"cef", "Common Event Format, with or without a syslog header",
     "CEF:0|Vendor|Product|1.0|100|Login failed|5|src=10.0.0.9 rt=1773324210250"},
    {"leef", "Log Event Extended Format 1.0 and 2.0", "LEEF:2.0|Vendor|Product|1.0|4000|^|src=10.0.0.9^sev=5"},
    {"auditd", "records of the Linux audit system; session key `serial` joins an event",
     "type=SYSCALL msg=audit(1773324210.250:24287): arch=c000003e syscall=2 success=no"},
    {"w3c", "W3C extended logs whose #Fields line names the columns",
     "#Fields: date time c-ip cs-method cs-uri-stem sc-status time-taken"},
    {"iis", "W3C extended logs of IIS", "2026-03-12 14:03:30 10.0.0.1 GET /index.html - 80 - 10.0.0.9 200 0 0 15"},
    {"zeek", "Zeek and Bro logs whose #fields line names the columns", "#fields\tts\tuid\tid.orig_h\tduration"},
    {"journal_export", "journald's export format", "__REALTIME_TIMESTAMP=1773324210250000"},
    {"json", "JSON objects in lines, arrays or one document; nested fields named with dots",
     R"({"time":"2026-03-12T14:03:30Z","level":"info","message":"connection closed"})"},
    {"csv", "tables of delimited values, with a header or without", "2026-03-12 14:03:30,0.52,1024"},
    {"generic", "lines with a time near their start; the rest of the header is learned",
     "2026-03-12 14:03:30 [main] INFO server: connection closed"},
    {"text", "each line is a message without a header", ""},
};

std::string exampleOf(const std::string& name)
{
    const auto* const found = std::find_if(std::begin(layoutExamples), std::end(layoutExamples),
                                           [&](const NamedExample& example) { return example.name == name; });
    return found == std::end(layoutExamples) ? std::string() : std::string(found->line);
}

std::string fieldsOf(const LineLayout& layout)
{
    std::string fields;
    bool request = false;
    for (const auto& part : layout.parts) {
        request = request || part.kind == PartKind::Request;
        if (!part.name.empty())
            fields += (fields.empty() ? "" : ", ") + part.name;
    }
    return "lines of " + fields + (request ? "" : ", message");
}

} // namespace

std::vector<FormatDescription> describeFormats(const std::vector<std::shared_ptr<const UserFormat>>& own)
{
    std::vector<FormatDescription> out;
    for (const auto& format : own)
        out.push_back({.name = format->name,
                       .description = format->description,
                       .example = format->samples.empty() ? "" : format->samples.front().text,
                       .own = true});
    for (const auto* layouts : {&namedLayouts(), &envelopes()})
        for (const auto& layout : *layouts) {
            const bool known = std::any_of(out.begin(), out.end(), [&](const FormatDescription& other) {
                return !other.own && other.name == layout.name; // versions of one program share a name
            });
            if (!known)
                out.push_back({layout.name, fieldsOf(layout), exampleOf(layout.name)});
        }
    out.insert(out.end(), std::begin(otherFormats), std::end(otherFormats));
    return out;
}

} // namespace faultline::records
