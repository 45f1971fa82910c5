// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace faultline::store
{

/// One prepared statement. The first failure is kept, so that bindings can be chained and asked about once, by step()
/// or run().
class SqliteStatement
{
public:
    SqliteStatement(sqlite3* database, const std::string& path, std::string_view sql);

    SqliteStatement& bind(std::int64_t value);
    SqliteStatement& bind(std::string_view text);              ///< borrowed until the statement is gone
    SqliteStatement& bind(std::span<const std::byte> content); ///< likewise

    [[nodiscard]] Result<bool> step(); ///< true: there is a row
    [[nodiscard]] Result<void> run();  ///< steps to the end

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::span<const std::byte> content(int column) const; ///< valid until the next step

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    sqlite3* m_database;
    std::string m_path;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_code = 0;
    int m_bound = 0;
};

/// An open SQLite file, hardened against what a hostile file may hold: no extensions, triggers or views, the schema's
/// own SQL is not trusted, no memory mapping.
class SqliteConnection
{
public:
    /// Opens an existing file for reading and writing.
    [[nodiscard]] static Result<SqliteConnection> open(const std::string& path, std::chrono::milliseconds busyTimeout);

    [[nodiscard]] SqliteStatement prepare(std::string_view sql) const { return {m_database.get(), m_path, sql}; }
    [[nodiscard]] Result<void> execute(std::string_view sql) const { return prepare(sql).run(); }
    /// The first column of the first row; 0 when there is none.
    [[nodiscard]] Result<std::int64_t> integer(std::string_view sql) const;
    [[nodiscard]] std::int64_t lastRow() const;
    [[nodiscard]] std::int64_t changes() const; ///< rows that the last statement changed
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    SqliteConnection(std::string path, sqlite3* database) : m_path(std::move(path)), m_database(database) {}
    std::string m_path;
    std::unique_ptr<sqlite3, Close> m_database;
};

/// A write transaction that is undone unless commit() succeeded.
class SqliteTransaction
{
public:
    [[nodiscard]] static Result<SqliteTransaction> begin(const SqliteConnection& connection);
    ~SqliteTransaction();
    SqliteTransaction(SqliteTransaction&& other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}
    SqliteTransaction& operator=(SqliteTransaction&&) = delete;
    [[nodiscard]] Result<void> commit();

private:
    explicit SqliteTransaction(const SqliteConnection& connection) : m_connection(&connection) {}
    const SqliteConnection* m_connection;
};

/// What an SQLite result code means to a person.
[[nodiscard]] Error sqliteError(const std::string& path, int code, const char* detail);

} // namespace faultline::store
