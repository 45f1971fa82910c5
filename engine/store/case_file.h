// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/core/tensor_bundle.h"
#include "engine/core/time.h"
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace faultline::store
{

class SqliteConnection;
class SqliteStatement;

/// What identifies an input file of an analysis.
struct StoredSource {
    std::string path{};
    std::uint64_t bytes = 0;
    TimeUs modified_us = noTime;
    std::string sha256{}; ///< of the first and last MiB and the size: cheap, and enough to notice a changed file
};

/// Describes the file as it is now. Io error when it cannot be read.
[[nodiscard]] Result<StoredSource> describeSource(const std::string& path);

/// One analysis as kept in a case.
struct StoredRun {
    std::int64_t id = 0;
    std::string name{};
    TimeUs created_us = noTime;
    std::string recipeYaml{};
    std::string summaryJson{}; ///< the document of `analyze --json`
};

struct StoredLabel {
    std::int64_t id = 0;
    TimeUs start = noTime, end = noTime;
    std::string entity{}, verdict{}, note{}; ///< verdict: "true", "false", "ignore"
};

/// An SQLite file (`*.faultline`) that holds sources, runs with their scores, models, labels, notes, thresholds and UI
/// state. application_id 0x464C544C ("FLTL"), user_version = schema version. WAL, synchronous=FULL, foreign keys on,
/// busy timeout 5 s; opened with DEFENSIVE on, trusted_schema off, extensions off; a file with a foreign
/// application_id, a newer schema, or unknown triggers, views or tables is refused. Each method is one transaction: it
/// either happened or did not. Not thread-safe: one object, one thread.
class CaseFile
{
public:
    /// How long a method waits for another program's write before it gives up with a Store error.
    static constexpr std::chrono::milliseconds busyTimeout{5'000};
    /// Arrays of a run or model take at most this; SQLite's own limit for a value, less the room for a row's other
    /// columns.
    static constexpr std::uint64_t maxArrayBytes = 999'000'000;
    /// Store error when so many bytes are more than that.
    [[nodiscard]] static Result<void> checkArrayBytes(std::uint64_t bytes);

    /// Makes a new case; Io error when the path exists or cannot be written. The file appears whole or not at all.
    [[nodiscard]] static Result<CaseFile> create(const std::string& path);
    /// Opens an existing case; Store error that says why not. Reads the whole file once to find damage.
    [[nodiscard]] static Result<CaseFile> open(const std::string& path, std::chrono::milliseconds wait = busyTimeout);
    /// open() when the path exists, else create().
    [[nodiscard]] static Result<CaseFile> openOrCreate(const std::string& path);
    ~CaseFile();
    CaseFile(CaseFile&&) noexcept;
    CaseFile& operator=(CaseFile&&) noexcept;

    [[nodiscard]] Result<void> setSources(const std::vector<StoredSource>& sources);
    [[nodiscard]] Result<std::vector<StoredSource>> sources() const;

    /// Adds a run with its arrays (kept as a safetensors blob, equal ones once); returns its id.
    [[nodiscard]] Result<std::int64_t> addRun(const StoredRun& run, const TensorBundle& arrays);
    [[nodiscard]] Result<std::vector<StoredRun>> runs() const; ///< oldest first
    [[nodiscard]] Result<TensorBundle> runArrays(std::int64_t run) const;

    [[nodiscard]] Result<std::int64_t> addModel(const std::string& name,
                                                const TensorBundle& model); ///< immutable; returns version
    [[nodiscard]] Result<TensorBundle> model(const std::string& name, std::int64_t version) const;

    [[nodiscard]] Result<std::int64_t> putLabel(const StoredLabel& label); ///< id 0 adds, else replaces or restores it
    [[nodiscard]] Result<void> removeLabel(std::int64_t id);
    [[nodiscard]] Result<std::vector<StoredLabel>> labels() const;

    /// Small named texts: notes, the threshold in use, window layout, zoom.
    [[nodiscard]] Result<void> setText(const std::string& key, const std::string& value);
    [[nodiscard]] Result<std::optional<std::string>> text(const std::string& key) const;

    [[nodiscard]] const std::string& path() const;

private:
    explicit CaseFile(std::unique_ptr<SqliteConnection> connection);
    [[nodiscard]] Result<std::int64_t> putArtifact(const TensorBundle& bundle);
    [[nodiscard]] Result<TensorBundle> artifact(SqliteStatement& statement, const std::string& absent) const;
    std::unique_ptr<SqliteConnection> m_connection;
};

} // namespace faultline::store
