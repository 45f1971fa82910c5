// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/store/sqlite_connection.h"
#include <sqlite3.h>

namespace faultline::store
{

namespace
{
/// Settings of the connection itself; nothing in the file is read for them. Nonzero: SQLite's code for the first that
/// failed.
int harden(sqlite3* database)
{
    constexpr std::pair<int, int> settings[] = {{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                                {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                                {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                                {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                                {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
                                                {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
                                                {SQLITE_DBCONFIG_DQS_DML, 0},
                                                {SQLITE_DBCONFIG_DQS_DDL, 0}};
    for (const auto& [setting, value] : settings)
        if (const int code = sqlite3_db_config(database, setting, value, nullptr); code != SQLITE_OK)
            return code;
    return SQLITE_OK;
}
} // namespace

Error sqliteError(const std::string& path, int code, const char* detail)
{
    const auto error = [&](std::string message, std::string hint) {
        return Error{ErrorCode::Store, std::move(message), {.file = path}, std::move(hint)};
    };
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error("another program is writing to this case", "close it there or try again in a moment");
    case SQLITE_NOTADB:
        return error("this is not a Faultline case", "a case is made by `faultline analyze --case FILE.faultline`");
    case SQLITE_CORRUPT:
        return error("the case is damaged: " + std::string(detail), "go back to a copy, or analyse the sources again");
    case SQLITE_FULL:
        return error("the disk is full; the case is unchanged", "free some disk space and save again");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return error("the case cannot be written here: " + std::string(detail),
                     "the file and its folder must be writable; copy the case elsewhere");
    case SQLITE_TOOBIG:
        return error("a value is larger than the 1 GB that a case can hold", "use longer windows or fewer units");
    case SQLITE_NOMEM:
        return error("there is not enough memory", "");
    case SQLITE_IOERR:
        return error("the case cannot be read or written: " + std::string(detail), "check the disk");
    default:
        return error("the case cannot be used: " + std::string(detail), "");
    }
}

SqliteStatement::SqliteStatement(sqlite3* database, const std::string& path, std::string_view sql)
    : m_database(database), m_path(path)
{
    sqlite3_stmt* statement = nullptr;
    m_code = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    m_statement.reset(statement);
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

SqliteStatement& SqliteStatement::bind(std::int64_t value)
{
    if (m_code == SQLITE_OK)
        m_code = sqlite3_bind_int64(m_statement.get(), ++m_bound, value);
    return *this;
}

SqliteStatement& SqliteStatement::bind(std::string_view text)
{
    if (m_code == SQLITE_OK) // an empty view may hold a null pointer, which SQLite would take for NULL
        m_code = sqlite3_bind_text64(m_statement.get(), ++m_bound, text.empty() ? "" : text.data(), text.size(),
                                     SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

SqliteStatement& SqliteStatement::bind(std::span<const std::byte> content)
{
    if (m_code == SQLITE_OK)
        m_code = sqlite3_bind_blob64(m_statement.get(), ++m_bound,
                                     content.empty() ? static_cast<const void*>("") : content.data(), content.size(),
                                     SQLITE_STATIC);
    return *this;
}

Result<bool> SqliteStatement::step()
{
    if (m_code == SQLITE_OK)
        m_code = sqlite3_step(m_statement.get());
    const int code = std::exchange(m_code, SQLITE_OK);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return code == SQLITE_ROW;
    return fail(sqliteError(m_path, code, sqlite3_errmsg(m_database)));
}

Result<void> SqliteStatement::run()
{
    for (;;) {
        const auto row = step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
    }
}

std::int64_t SqliteStatement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::string SqliteStatement::text(int column) const
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    return text == nullptr
               ? std::string()
               : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column)));
}

std::span<const std::byte> SqliteStatement::content(int column) const
{
    const auto* content = static_cast<const std::byte*>(sqlite3_column_blob(m_statement.get(), column));
    return {content,
            content == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))};
}

Result<SqliteConnection> SqliteConnection::open(const std::string& path, std::chrono::milliseconds busyTimeout)
{
    sqlite3* database = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &database,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    SqliteConnection connection(path, database); // owns the handle even when opening failed
    if (opened != SQLITE_OK)
        return fail(sqliteError(path, opened, database == nullptr ? "no memory" : sqlite3_errmsg(database)));
    sqlite3_busy_timeout(database, static_cast<int>(busyTimeout.count()));
    if (const int code = harden(database); code != SQLITE_OK)
        return fail(sqliteError(path, code, sqlite3_errmsg(database)));
    for (const auto* setting : {"PRAGMA cell_size_check=ON", "PRAGMA mmap_size=0", "PRAGMA synchronous=FULL"})
        if (const auto done = connection.execute(setting); !done)
            return fail(done.error());
    return connection;
}

Result<std::int64_t> SqliteConnection::integer(std::string_view sql) const
{
    auto statement = prepare(sql);
    const auto row = statement.step();
    if (!row)
        return fail(row.error());
    return *row ? statement.integer(0) : 0;
}

std::int64_t SqliteConnection::lastRow() const
{
    return sqlite3_last_insert_rowid(m_database.get());
}

std::int64_t SqliteConnection::changes() const
{
    return sqlite3_changes64(m_database.get());
}

void SqliteConnection::Close::operator()(sqlite3* database) const
{
    sqlite3_close_v2(database);
}

Result<SqliteTransaction> SqliteTransaction::begin(const SqliteConnection& connection)
{
    if (const auto begun = connection.execute("BEGIN IMMEDIATE"); !begun)
        return fail(begun.error());
    return SqliteTransaction(connection);
}

SqliteTransaction::~SqliteTransaction()
{
    if (m_connection != nullptr)
        static_cast<void>(m_connection->execute("ROLLBACK")); // SQLite may have rolled back by itself already
}

Result<void> SqliteTransaction::commit()
{
    auto done = m_connection->execute("COMMIT");
    if (done)
        m_connection = nullptr;
    return done;
}

} // namespace faultline::store
