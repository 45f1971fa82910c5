// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/store/case_file.h"
#include "engine/core/hash.h"
#include "engine/core/text.h"
#include "engine/store/artifact.h"
#include "engine/store/case_schema.h"
#include "engine/store/new_file.h"
#include "engine/store/sqlite_connection.h"
#include <array>
#include <filesystem>

namespace faultline::store
{

namespace
{
tl::unexpected<Error> refuse(const std::string& path, std::string why, std::string hint)
{
    return fail({ErrorCode::Store, std::move(why), {.file = path}, std::move(hint)});
}

/// Every row of a query, each made into a T.
template <class T, class MakeRow>
Result<std::vector<T>> rows(SqliteStatement statement, const MakeRow& make)
{
    std::vector<T> all;
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return all;
        all.push_back(make(statement));
    }
}

/// Runs `change` as one transaction: its result stands once the commit has succeeded.
template <class Change>
auto inTransaction(const SqliteConnection& connection, const Change& change) -> decltype(change())
{
    auto transaction = SqliteTransaction::begin(connection);
    if (!transaction)
        return fail(transaction.error());
    auto result = change();
    if (!result)
        return result;
    if (const auto done = transaction->commit(); !done)
        return fail(done.error());
    return result;
}
} // namespace

CaseFile::CaseFile(std::unique_ptr<SqliteConnection> connection) : m_connection(std::move(connection)) {}
CaseFile::~CaseFile() = default;
CaseFile::CaseFile(CaseFile&&) noexcept = default;
CaseFile& CaseFile::operator=(CaseFile&&) noexcept = default;

Result<CaseFile> CaseFile::create(const std::string& path)
{
    // Made under another name and moved into place when complete, so that a crash never leaves half a case.
    auto file = NewFile::beside(path);
    if (!file)
        return fail(file.error());
    {
        auto connection = SqliteConnection::open(file->temporaryPath(), busyTimeout);
        if (!connection)
            return fail(connection.error());
        if (auto made = createSchema(*connection); !made)
            return fail(made.error());
    }
    if (auto moved = file->moveIntoPlace(); !moved)
        return fail(moved.error());
    return open(path);
}

Result<CaseFile> CaseFile::open(const std::string& path, std::chrono::milliseconds wait)
{
    std::error_code reason;
    const auto status = std::filesystem::status(path, reason);
    if (!std::filesystem::exists(status))
        return refuse(path, "there is no such case", "check the path");
    if (!std::filesystem::is_regular_file(status))
        return refuse(path, "this is not a file", "give the path of a case (*.faultline)");
    auto connection = SqliteConnection::open(path, wait);
    if (!connection)
        return fail(connection.error());
    if (auto good = checkSchema(*connection); !good)
        return fail(good.error());
    return CaseFile(std::make_unique<SqliteConnection>(std::move(*connection)));
}

Result<CaseFile> CaseFile::openOrCreate(const std::string& path)
{
    std::error_code reason;
    return std::filesystem::exists(path, reason) ? open(path) : create(path);
}

const std::string& CaseFile::path() const
{
    return m_connection->path();
}

Result<void> CaseFile::setSources(const std::vector<StoredSource>& sources)
{
    return inTransaction(*m_connection, [&]() -> Result<void> {
        if (auto cleared = m_connection->execute("DELETE FROM sources"); !cleared)
            return cleared;
        std::int64_t position = 0;
        for (const auto& source : sources) {
            auto statement = m_connection->prepare("INSERT INTO sources VALUES (?, ?, ?, ?, ?)");
            statement.bind(position++).bind(source.path).bind(static_cast<std::int64_t>(source.bytes));
            if (auto added = statement.bind(source.modified_us).bind(source.sha256).run(); !added)
                return added;
        }
        return {};
    });
}

Result<std::vector<StoredSource>> CaseFile::sources() const
{
    return rows<StoredSource>(
        m_connection->prepare("SELECT path, bytes, modified_us, sha256 FROM sources ORDER BY position"),
        [](const SqliteStatement& row) {
            return StoredSource{.path = row.text(0),
                                .bytes = static_cast<std::uint64_t>(row.integer(1)),
                                .modified_us = row.integer(2),
                                .sha256 = row.text(3)};
        });
}

Result<void> CaseFile::checkArrayBytes(std::uint64_t bytes)
{
    if (bytes <= maxArrayBytes)
        return {};
    return fail({ErrorCode::Store,
                 "the arrays take " + formatBytes(bytes) + ", more than the " + formatBytes(maxArrayBytes) +
                     " that a case can hold",
                 {},
                 "use longer windows or fewer units"});
}

/// Precondition: within a transaction. Equal content is kept once.
Result<std::int64_t> CaseFile::putArtifact(const TensorBundle& bundle)
{
    if (const auto fits = checkArrayBytes(tensorBytes(bundle)); !fits)
        return fail(fits.error());
    const auto content = encodeArtifact(bundle);
    if (const auto fits = checkArrayBytes(content.size()); !fits)
        return fail(fits.error());
    const auto hash = sha256Hex(content);
    auto insert =
        m_connection->prepare("INSERT INTO artifacts (sha256, content) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING");
    if (const auto added = insert.bind(hash).bind(std::span(content)).run(); !added)
        return fail(added.error());
    auto find = m_connection->prepare("SELECT id FROM artifacts WHERE sha256 = ?");
    const auto row = find.bind(hash).step();
    if (!row)
        return fail(row.error());
    return find.integer(0);
}

Result<TensorBundle> CaseFile::artifact(SqliteStatement& statement, const std::string& absent) const
{
    const auto row = statement.step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return refuse(path(), absent, "");
    const auto content = statement.content(1);
    if (sha256Hex(content) != statement.text(0))
        return refuse(path(), "stored arrays do not match their SHA-256", "the case is damaged; go back to a copy");
    return decodeArtifact(content, path());
}

Result<std::int64_t> CaseFile::addRun(const StoredRun& run, const TensorBundle& arrays)
{
    return inTransaction(*m_connection, [&]() -> Result<std::int64_t> {
        const auto artifact = putArtifact(arrays);
        if (!artifact)
            return artifact;
        auto insert = m_connection->prepare(
            "INSERT INTO runs (name, created_us, recipe, summary, artifact) VALUES (?, ?, ?, ?, ?)");
        insert.bind(run.name).bind(run.created_us).bind(run.recipeYaml).bind(run.summaryJson);
        if (const auto added = insert.bind(*artifact).run(); !added)
            return fail(added.error());
        return m_connection->lastRow();
    });
}

Result<std::vector<StoredRun>> CaseFile::runs() const
{
    return rows<StoredRun>(m_connection->prepare("SELECT id, name, created_us, recipe, summary FROM runs ORDER BY id"),
                           [](const SqliteStatement& row) {
                               return StoredRun{.id = row.integer(0),
                                                .name = row.text(1),
                                                .created_us = row.integer(2),
                                                .recipeYaml = row.text(3),
                                                .summaryJson = row.text(4)};
                           });
}

Result<TensorBundle> CaseFile::runArrays(std::int64_t run) const
{
    auto statement = m_connection->prepare(
        "SELECT a.sha256, a.content FROM runs r JOIN artifacts a ON a.id = r.artifact WHERE r.id = ?");
    return artifact(statement.bind(run), "the case has no run " + std::to_string(run));
}

Result<std::int64_t> CaseFile::addModel(const std::string& name, const TensorBundle& model)
{
    return inTransaction(*m_connection, [&]() -> Result<std::int64_t> {
        const auto artifact = putArtifact(model);
        if (!artifact)
            return artifact;
        auto newest = m_connection->prepare("SELECT coalesce(max(version), 0) FROM models WHERE name = ?");
        if (const auto row = newest.bind(name).step(); !row)
            return fail(row.error());
        const auto version = newest.integer(0) + 1;
        auto insert = m_connection->prepare("INSERT INTO models (name, version, artifact) VALUES (?, ?, ?)");
        if (const auto added = insert.bind(name).bind(version).bind(*artifact).run(); !added)
            return fail(added.error());
        return version;
    });
}

Result<TensorBundle> CaseFile::model(const std::string& name, std::int64_t version) const
{
    auto statement = m_connection->prepare("SELECT a.sha256, a.content FROM models m JOIN artifacts a ON a.id = "
                                           "m.artifact WHERE m.name = ? AND m.version = ?");
    return artifact(statement.bind(name).bind(version),
                    "the case has no model " + name + " version " + std::to_string(version));
}

Result<std::int64_t> CaseFile::putLabel(const StoredLabel& label)
{
    constexpr std::array<std::string_view, 3> verdicts{"true", "false", "ignore"};
    if (std::ranges::find(verdicts, label.verdict) == verdicts.end())
        return fail({ErrorCode::Config, "`" + label.verdict + "` is no verdict", {}, "use true, false or ignore"});
    return inTransaction(*m_connection, [&]() -> Result<std::int64_t> {
        auto put = m_connection->prepare(
            "INSERT INTO labels (id, start_us, end_us, entity, verdict, note) VALUES (nullif(?, 0), ?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET start_us = excluded.start_us, end_us = excluded.end_us, "
            "entity = excluded.entity, verdict = excluded.verdict, note = excluded.note");
        put.bind(label.id).bind(label.start).bind(label.end).bind(label.entity).bind(label.verdict);
        if (const auto done = put.bind(label.note).run(); !done)
            return fail(done.error());
        return label.id == 0 ? m_connection->lastRow() : label.id;
    });
}

Result<void> CaseFile::removeLabel(std::int64_t id)
{
    return inTransaction(*m_connection, [&]() -> Result<void> {
        if (auto removed = m_connection->prepare("DELETE FROM labels WHERE id = ?").bind(id).run(); !removed)
            return removed;
        if (m_connection->changes() == 0)
            return refuse(path(), "the case has no label " + std::to_string(id), "");
        return {};
    });
}

Result<std::vector<StoredLabel>> CaseFile::labels() const
{
    return rows<StoredLabel>(
        m_connection->prepare("SELECT id, start_us, end_us, entity, verdict, note FROM labels ORDER BY start_us, id"),
        [](const SqliteStatement& row) {
            return StoredLabel{.id = row.integer(0),
                               .start = row.integer(1),
                               .end = row.integer(2),
                               .entity = row.text(3),
                               .verdict = row.text(4),
                               .note = row.text(5)};
        });
}

Result<void> CaseFile::setText(const std::string& key, const std::string& value)
{
    return inTransaction(*m_connection, [&] {
        return m_connection
            ->prepare("INSERT INTO texts VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
            .bind(key)
            .bind(value)
            .run();
    });
}

Result<std::optional<std::string>> CaseFile::text(const std::string& key) const
{
    auto statement = m_connection->prepare("SELECT value FROM texts WHERE key = ?");
    const auto row = statement.bind(key).step();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(statement.text(0)) : std::nullopt;
}

} // namespace faultline::store
