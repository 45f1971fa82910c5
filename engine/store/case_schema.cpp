// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/store/case_schema.h"
#include <algorithm>
#include <array>
#include <string>

namespace faultline::store
{

namespace
{
// SQLite keeps these texts as they are, and checkSchema() compares them: a change here is a new schema version.
constexpr std::array<std::string_view, 6> tables{
    "CREATE TABLE sources (position INTEGER PRIMARY KEY, path TEXT NOT NULL, bytes INTEGER NOT NULL, modified_us "
    "INTEGER NOT NULL, "
    "sha256 TEXT NOT NULL) STRICT",
    "CREATE TABLE artifacts (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, content BLOB NOT NULL) STRICT",
    "CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, created_us INTEGER NOT NULL, recipe "
    "TEXT NOT NULL, "
    "summary TEXT NOT NULL, artifact INTEGER NOT NULL REFERENCES artifacts(id)) STRICT",
    "CREATE TABLE models (name TEXT NOT NULL, version INTEGER NOT NULL, artifact INTEGER NOT NULL REFERENCES "
    "artifacts(id), "
    "PRIMARY KEY (name, version)) STRICT",
    "CREATE TABLE labels (id INTEGER PRIMARY KEY AUTOINCREMENT, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL, "
    "entity TEXT NOT NULL, verdict TEXT NOT NULL, note TEXT NOT NULL) STRICT",
    "CREATE TABLE texts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"};

tl::unexpected<Error> refuse(const SqliteConnection& connection, std::string why, std::string hint)
{
    return fail({ErrorCode::Store, std::move(why), {.file = connection.path()}, std::move(hint)});
}

/// Objects that SQLite itself makes for the tables above.
bool madeBySqlite(std::string_view name, std::string_view sql)
{
    return (sql.empty() && name.starts_with("sqlite_autoindex_")) ||
           (name == "sqlite_sequence" && sql == "CREATE TABLE sqlite_sequence(name,seq)");
}

Result<void> checkObjects(const SqliteConnection& connection)
{
    auto statement = connection.prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema");
    std::size_t known = 0;
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        const auto sql = statement.text(2);
        if (std::ranges::find(tables, sql) != tables.end())
            ++known;
        else if (!madeBySqlite(statement.text(1), sql))
            return refuse(connection,
                          "the case holds " + std::string(statement.text(0) == "index" ? "an " : "a ") +
                              statement.text(0) + " that Faultline did not make: " + statement.text(1).substr(0, 60),
                          "it may have been tampered with; it was not opened");
    }
    if (known != tables.size())
        return refuse(connection, "the case lacks some of its tables",
                      "go back to a copy, or analyse the sources again");
    return {};
}

Result<void> checkPages(const SqliteConnection& connection)
{
    auto statement = connection.prepare("PRAGMA quick_check(1)");
    const auto row = statement.step();
    if (!row)
        return fail(row.error());
    const auto verdict = *row ? statement.text(0) : "no answer";
    if (verdict != "ok")
        return refuse(connection, "the case is damaged: " + verdict, "go back to a copy, or analyse the sources again");
    return {};
}
} // namespace

Result<void> createSchema(const SqliteConnection& connection)
{
    if (const auto wal = connection.execute("PRAGMA journal_mode=WAL"); !wal)
        return fail(wal.error());
    auto transaction = SqliteTransaction::begin(connection);
    if (!transaction)
        return fail(transaction.error());
    for (const auto sql : tables)
        if (const auto made = connection.execute(sql); !made)
            return fail(made.error());
    for (const auto& [what, value] :
         {std::pair{"application_id", caseApplicationId}, std::pair{"user_version", caseSchemaVersion}})
        if (const auto set = connection.execute("PRAGMA " + std::string(what) + "=" + std::to_string(value)); !set)
            return fail(set.error());
    return transaction->commit();
}

Result<void> checkSchema(const SqliteConnection& connection)
{
    const auto application = connection.integer("PRAGMA application_id");
    if (!application)
        return fail(application.error());
    if (*application != caseApplicationId)
        return refuse(connection, "this is an SQLite file, but not a Faultline case",
                      "a case is made by `faultline analyze --case FILE.faultline`");
    const auto version = connection.integer("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    if (*version != caseSchemaVersion)
        return refuse(connection,
                      "the case has schema version " + std::to_string(*version) + "; this program knows version " +
                          std::to_string(caseSchemaVersion),
                      *version > caseSchemaVersion ? "open it with a newer Faultline" : "the file is damaged");
    if (auto sound = checkPages(connection); !sound)
        return sound;
    return checkObjects(connection);
}

} // namespace faultline::store
