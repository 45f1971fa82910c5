// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/store/case_file.h"
#include "tests/engine/store/case_folder.h"
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace faultline::store
{

namespace
{
using testing::HasSubstr;

/// A case that was made properly, to be tampered with.
class HostileCase : public CaseFolder
{
protected:
    HostileCase()
    {
        auto file = CaseFile::create(path()).value();
        TensorBundle bundle;
        bundle.put("score", std::vector<double>(20'000, 0.5));
        EXPECT_TRUE(file.addModel("m", bundle));
        EXPECT_TRUE(file.setText("note", "mine"));
    }
    [[nodiscard]] std::string openError() const
    {
        const auto file = CaseFile::open(path());
        if (file)
            return "no error";
        EXPECT_EQ(file.error().code, ErrorCode::Store);
        return file.error().text();
    }
    void overwrite(std::streamoff at, const std::string& bytes) const
    {
        std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(at).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
};

/// Root may write everywhere; as another user the rights of a folder count.
class AsNobody
{
public:
    AsNobody() : m_user(::geteuid()), m_effective(m_user == 0 && ::seteuid(65'534) == 0) {}
    ~AsNobody()
    {
        if (m_effective) {
            EXPECT_EQ(::seteuid(m_user), 0);
        }
    }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;

private:
    uid_t m_user;
    bool m_effective;
};
} // namespace

TEST_F(HostileCase, IsSoundBeforeItIsTamperedWith)
{
    EXPECT_EQ(openError(), "no error");
}

TEST_F(HostileCase, RefusesAForeignApplicationId)
{
    rawExecute("PRAGMA application_id=7");
    EXPECT_THAT(openError(), HasSubstr("not a Faultline case"));
}

TEST_F(HostileCase, RefusesANewerSchemaAndSaysWhatToDo)
{
    rawExecute("PRAGMA user_version=2");
    EXPECT_THAT(openError(), HasSubstr("schema version 2"));
    EXPECT_THAT(openError(), HasSubstr("newer Faultline"));
}

TEST_F(HostileCase, RefusesATrigger)
{
    rawExecute("CREATE TRIGGER t AFTER INSERT ON texts BEGIN DELETE FROM labels; END");
    EXPECT_THAT(openError(), HasSubstr("a trigger that Faultline did not make: t"));
}

TEST_F(HostileCase, RefusesAView)
{
    rawExecute("CREATE VIEW v AS SELECT * FROM texts");
    EXPECT_THAT(openError(), HasSubstr("a view that Faultline did not make: v"));
}

TEST_F(HostileCase, RefusesAViewInPlaceOfATable)
{
    rawExecute("DROP TABLE texts; CREATE VIEW texts AS SELECT 'k' AS key, 'v' AS value");
    EXPECT_THAT(openError(), HasSubstr("a view"));
}

TEST_F(HostileCase, RefusesATableOfItsNameWithOtherColumns)
{
    rawExecute("DROP TABLE texts; CREATE TABLE texts (key TEXT, value TEXT GENERATED ALWAYS AS (upper(key)))");
    EXPECT_THAT(openError(), HasSubstr("a table that Faultline did not make: texts"));
}

TEST_F(HostileCase, RefusesAnUnknownTableAndIndex)
{
    rawExecute("CREATE INDEX i ON texts (upper(value))");
    EXPECT_THAT(openError(), HasSubstr("an index that Faultline did not make: i"));
    rawExecute("DROP INDEX i; CREATE TABLE more (x)");
    EXPECT_THAT(openError(), HasSubstr("did not make: more"));
}

TEST_F(HostileCase, RefusesACaseWithoutOneOfItsTables)
{
    rawExecute("DROP TABLE labels");
    EXPECT_THAT(openError(), HasSubstr("lacks some of its tables"));
}

TEST_F(HostileCase, RefusesAFileThatIsNoDatabase)
{
    std::ofstream(path()) << "timestamp,value\n1,2\n" << std::string(5'000, 'x');
    EXPECT_THAT(openError(), HasSubstr("not a Faultline case"));
}

TEST_F(HostileCase, RefusesAnEmptyFile)
{
    std::ofstream(path(), std::ios::trunc).close();
    EXPECT_THAT(openError(), HasSubstr("not a Faultline case"));
}

TEST_F(HostileCase, SaysThatThereIsNoSuchCaseAndMakesNone)
{
    std::filesystem::remove(path());
    EXPECT_THAT(openError(), HasSubstr("no such case"));
    EXPECT_EQ(filesInFolder(), 0U);
}

TEST_F(HostileCase, RefusesAFolder)
{
    EXPECT_THAT(CaseFile::open(folder()).error().text(), HasSubstr("not a file"));
}

TEST_F(HostileCase, RefusesDamagedPages)
{
    overwrite(4'096, std::string(512, '\xee'));
    EXPECT_THAT(openError(), HasSubstr("damaged"));
}

TEST_F(HostileCase, RefusesACutFile)
{
    std::filesystem::resize_file(path(), std::filesystem::file_size(path()) / 2);
    EXPECT_THAT(openError(), HasSubstr("damaged"));
}

TEST_F(HostileCase, NeverCrashesOnADamagedPage)
{
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path()));
    std::ifstream file(path(), std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(file)), {});
    for (std::streamoff at = 0; at < std::min<std::streamoff>(size, 40'960); at += 97) {
        std::ofstream(path(), std::ios::binary | std::ios::trunc) << whole;
        overwrite(at, "\xff\x01");
        const auto opened = CaseFile::open(path());
        if (opened) { // a change within a text or an array is no damage to the pages
            static_cast<void>(opened->model("m", 1));
            static_cast<void>(opened->text("note"));
        }
    }
}

TEST_F(HostileCase, NoticesArraysThatWereChanged)
{
    rawExecute("UPDATE artifacts SET content = x'00112233'");
    const auto model = CaseFile::open(path()).value().model("m", 1);
    ASSERT_FALSE(model);
    EXPECT_THAT(model.error().text(), HasSubstr("do not match their SHA-256"));
}

TEST_F(HostileCase, NoticesArraysThatWereChangedTogetherWithTheirHash)
{
    rawExecute("UPDATE artifacts SET content = x'00', sha256 = "
               "'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'"); // SHA-256 of one zero byte
    const auto model = CaseFile::open(path()).value().model("m", 1);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::Parse);
}

TEST_F(HostileCase, SaysThatAFolderMayNotBeWritten)
{
    ASSERT_EQ(::chmod(folder().c_str(), 0555), 0);
    const AsNobody nobody;
    const auto created = CaseFile::create(folder() + "/y.faultline");
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().code, ErrorCode::Io);
    EXPECT_THAT(created.error().text(), HasSubstr("Permission denied"));
    EXPECT_THAT(openError(), HasSubstr("cannot be written here"));
}

} // namespace faultline::store
