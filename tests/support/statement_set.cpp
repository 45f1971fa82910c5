// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/support/statement_set.h"
#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>

namespace faultline::testing
{

namespace
{

using Words = std::vector<std::string>;

std::string oneOf(Random& random, const Words& words)
{
    return words[random.below(words.size())];
}

std::string number(Random& random, std::uint64_t from, std::uint64_t below)
{
    return std::to_string(from + random.below(below - from));
}

std::string digits(Random& random, int count)
{
    std::string text(1, static_cast<char>('1' + random.below(9)));
    while (static_cast<int>(text.size()) < count)
        text += static_cast<char>('0' + random.below(10));
    return text;
}

std::string hex(Random& random, int count)
{
    std::string text;
    while (static_cast<int>(text.size()) < count)
        text += "0123456789abcdef"[random.below(16)];
    text.back() = static_cast<char>('0' + random.below(10));
    return text;
}

std::string address(Random& random)
{
    return "10." + number(random, 0, 32) + "." + number(random, 0, 256) + "." + number(random, 1, 255);
}

std::string clock(Random& random)
{
    return digits(random, 1) + ":" + number(random, 10, 60) + ":" + number(random, 10, 60);
}

const Words users = {"root",    "alice",   "bob",    "deploy",    "www-data", "news",  "backup", "carol",
                     "jenkins", "mallory", "oracle", "svc_batch", "peter",    "guest", "admin"};
const Words hosts = {"web-1",
                     "web-2",
                     "db01",
                     "gateway.example.com",
                     "cn42.cluster.local",
                     "shop.example.org",
                     "bastion",
                     "tn-17",
                     "build.lab.example.net"};
const Words tables = {"orders", "order_items", "customers", "prices_pkey", "stock", "public.invoices", "fk_customer"};
const Words units = {"nginx.service",           "cron.service",      "ssh.service",  "Daily apt download activities",
                     "PostgreSQL Cluster",      "logrotate.service", "snapd.socket", "Network Manager",
                     "phpsessionclean.service", "Message of the Day"};
const Words devices = {"eth0", "eth1", "en0", "wlan0", "sda", "sdb1"};
const Words paths = {"/var/log/app.log", "/srv/www/favicon.ico",  "/api/v1/orders/17",
                     "/usr/share/doc",   "/var/lib/data/base/42", "/login",
                     "/boot/efi",        "/home/alice/.profile",  "/tmp/x9f3"};

using Draw = std::function<std::string(Random&)>;

const std::map<std::string, Draw>& draws()
{
    static const std::map<std::string, Draw> all = {
        {"int", [](Random& r) { return number(r, 0, r.below(2) ? 100 : 100'000); }},
        {"small", [](Random& r) { return number(r, 0, 10); }},
        {"port", [](Random& r) { return number(r, 1024, 65'000); }},
        {"status",
         [](Random& r) {
             return oneOf(r, {"200", "201", "302", "404", "500"});
         }},
        {"float", [](Random& r) { return number(r, 0, 900) + "." + number(r, 10, 100); }},
        {"float1", [](Random& r) { return number(r, 0, 40) + ".0"; }},
        {"size",
         [](Random& r) {
             return number(r, 1, 900) + "." + number(r, 0, 10) + oneOf(r, {" KB", " MB", " B"});
         }},
        {"bool",
         [](Random& r) {
             return oneOf(r, {"true", "false"});
         }},
        {"ip", address},
        {"clock", clock},
        {"date",
         [](Random& r) {
             return "2024-" + number(r, 10, 13) + "-" + number(r, 10, 29) + " " + number(r, 10, 24) +
                    clock(r).substr(1);
         }},
        {"version", [](Random& r) { return number(r, 1, 6) + "." + number(r, 0, 20) + "." + number(r, 0, 9); }},
        {"mac",
         [](Random& r) {
             return hex(r, 2) + ":" + hex(r, 2) + ":" + hex(r, 2) + ":" + hex(r, 2) + ":" + hex(r, 2) + ":" + hex(r, 2);
         }},
        {"uuid",
         [](Random& r) { return hex(r, 8) + "-" + hex(r, 4) + "-" + hex(r, 4) + "-" + hex(r, 4) + "-" + hex(r, 12); }},
        {"lsn", [](Random& r) { return number(r, 0, 9) + "/" + hex(r, 7); }},
        {"hex2", [](Random& r) { return "0x" + hex(r, 2); }},
        {"hex4", [](Random& r) { return "0x" + hex(r, 4); }},
        {"hex6", [](Random& r) { return hex(r, 6); }},
        {"hex8", [](Random& r) { return hex(r, 8); }},
        {"hex12", [](Random& r) { return hex(r, 12); }},
        {"hex16", [](Random& r) { return "0x" + hex(r, 16); }},
        {"hex32", [](Random& r) { return hex(r, 32); }},
        {"hex64", [](Random& r) { return hex(r, 64); }},
        {"int4", [](Random& r) { return digits(r, 4); }},
        {"int5", [](Random& r) { return digits(r, 5); }},
        {"int7", [](Random& r) { return digits(r, 7); }},
        {"int9", [](Random& r) { return digits(r, 9); }},
        {"int12", [](Random& r) { return digits(r, 12); }},
        {"int13", [](Random& r) { return digits(r, 13); }},
        {"upper",
         [](Random& r) {
             return oneOf(r, {"Alpha_A8", "Alpha_B1", "Rack_C5", "Rack_D3"});
         }},
        {"user", [](Random& r) { return oneOf(r, users); }},
        {"host", [](Random& r) { return oneOf(r, hosts); }},
        {"table", [](Random& r) { return oneOf(r, tables); }},
        {"unit", [](Random& r) { return oneOf(r, units); }},
        {"dev", [](Random& r) { return oneOf(r, devices); }},
        {"path", [](Random& r) { return oneOf(r, paths); }},
        {"email", [](Random& r) { return oneOf(r, users) + "@example.com"; }},
        {"pod",
         [](Random& r) {
             return oneOf(r, {"api", "web", "cart"}) + "-" + hex(r, 9) + "-" + hex(r, 5);
         }},
        {"image",
         [](Random& r) {
             return "registry.example.com/shop/" + oneOf(r, {"api", "web", "cart"}) + ":" + number(r, 1, 4) + "." +
                    number(r, 0, 30);
         }},
    };
    return all;
}

Draw drawOf(const std::string& kind)
{
    constexpr std::string_view pool = "word:";
    if (kind.starts_with(pool)) {
        Words words(1);
        for (const char c : kind.substr(pool.size()))
            if (c == ',')
                words.emplace_back();
            else
                words.back() += c;
        return [words](Random& random) { return oneOf(random, words); };
    }
    const auto found = draws().find(kind);
    if (found == draws().end())
        throw std::invalid_argument("no variable of kind {" + kind + "}");
    return found->second;
}

/// The end of the variable that begins at `at`, or npos: JSON has braces, too.
std::size_t variableEnd(const std::string& text, std::size_t at)
{
    const auto isName = at + 1 < text.size() && text[at] == '{' && text[at + 1] >= 'a' && text[at + 1] <= 'z';
    return isName ? text.find('}', at) : std::string::npos;
}

struct Statement {
    std::vector<std::string> pieces{""};
    std::vector<Draw> variables;
    std::string text;
};

Statement readStatement(const std::string& line)
{
    Statement statement;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto end = variableEnd(line, i);
        if (end == std::string::npos) {
            statement.pieces.back() += line[i];
            statement.text += line[i];
            continue;
        }
        statement.variables.push_back(drawOf(line.substr(i + 1, end - i - 1)));
        statement.pieces.emplace_back();
        statement.text += "<*>";
        i = end;
    }
    return statement;
}

} // namespace

LabelledLog drawStatements(const std::filesystem::path& path, Random& random)
{
    LabelledLog log{.name = path.stem().string(), .messages = {}, .templates = {}};
    std::ifstream file(path);
    int lines = 0;
    std::string text;
    while (file >> lines && file.get() && std::getline(file, text)) {
        const auto statement = readStatement(text);
        for (int i = 0; i < lines; ++i) {
            auto message = statement.pieces[0];
            for (std::size_t v = 0; v < statement.variables.size(); ++v)
                message += statement.variables[v](random) + statement.pieces[v + 1];
            log.messages.push_back(std::move(message));
            log.templates.push_back(statement.text);
        }
    }
    return mixed({log}, random, log.name);
}

std::vector<LabelledLog> drawAllStatementSets(std::uint64_t seed)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests" /
                                                                 "support" / "statements"))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<LabelledLog> logs;
    Random random(seed);
    for (const auto& file : files)
        logs.push_back(drawStatements(file, random));
    return logs;
}

} // namespace faultline::testing
