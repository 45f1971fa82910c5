// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <filesystem>
#include <gtest/gtest.h>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <unistd.h>

namespace faultline::store
{

/// A folder of its own for each test, with SQLite at hand to look into a case or to tamper with it.
class CaseFolder : public testing::Test
{
protected:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close(database); }
    };
    using Raw = std::unique_ptr<sqlite3, Close>;

    CaseFolder()
    {
        std::string pattern = testing::TempDir() + "case.XXXXXX";
        m_folder = ::mkdtemp(pattern.data());
    }
    ~CaseFolder() override { std::filesystem::remove_all(m_folder); }

    [[nodiscard]] const std::string& folder() const { return m_folder; }
    [[nodiscard]] std::string path() const { return m_folder + "/x.faultline"; }
    [[nodiscard]] std::size_t filesInFolder() const
    {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(m_folder))
            ++count;
        return count;
    }
    [[nodiscard]] Raw rawOpen() const
    {
        sqlite3* database = nullptr;
        sqlite3_open(path().c_str(), &database);
        return Raw(database);
    }
    static void rawExecute(sqlite3& database, const std::string& sql)
    {
        ASSERT_EQ(sqlite3_exec(&database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(&database);
    }
    void rawExecute(const std::string& sql) const { rawExecute(*rawOpen(), sql); }
    [[nodiscard]] std::int64_t rawInteger(const std::string& sql) const
    {
        const auto database = rawOpen();
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &statement, nullptr);
        const std::int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
        sqlite3_finalize(statement);
        return value;
    }

private:
    std::string m_folder;
};

} // namespace faultline::store
