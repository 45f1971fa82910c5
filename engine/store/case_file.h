// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/core/tensor_bundle.h"
#include "engine/core/time.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace faultline::store
{

struct StoredSource {
    std::string path;
    std::uint64_t bytes = 0;
    TimeUs modified_us = noTime;
    std::string sha256; ///< of the first and last MiB and the size: cheap, and enough to notice a changed file
};

/// One analysis as kept in a case.
struct StoredRun {
    std::int64_t id = 0;
    std::string name;
    TimeUs created_us = noTime;
    std::string recipeYaml;
    std::string summaryJson; ///< the document of `analyze --json`
};

struct StoredLabel {
    std::int64_t id = 0;
    TimeUs start = noTime, end = noTime;
    std::string entity, verdict, note; ///< verdict: "true", "false", "ignore"
};

/// An SQLite file (`*.faultline`) that holds sources, runs with their scores, models, labels, notes, thresholds and UI state.
/// application_id 0x464C544C ("FLTL"), user_version = schema version. WAL, synchronous=FULL, foreign keys on, busy timeout 5 s;
/// opened with DEFENSIVE on, trusted_schema off, extensions off; a file with a foreign application_id, a newer schema, or unknown
/// triggers or views is refused. Each method is one transaction: it either happened or did not. Not thread-safe: one object,
/// one thread.
class CaseFile
{
public:
    /// Makes a new case; Io error when the path exists or cannot be written.
    [[nodiscard]] static Result<CaseFile> create(const std::string& path);
    /// Opens an existing case; Store error that says why not.
    [[nodiscard]] static Result<CaseFile> open(const std::string& path);
    /// open() when the path holds a case, else create().
    [[nodiscard]] static Result<CaseFile> openOrCreate(const std::string& path);
    ~CaseFile();
    CaseFile(CaseFile&&) noexcept;
    CaseFile& operator=(CaseFile&&) noexcept;

    [[nodiscard]] Result<void> setSources(const std::vector<StoredSource>& sources);
    [[nodiscard]] Result<std::vector<StoredSource>> sources() const;

    /// Adds a run with its arrays (kept as a safetensors blob); returns its id.
    [[nodiscard]] Result<std::int64_t> addRun(const StoredRun& run, const TensorBundle& arrays);
    [[nodiscard]] Result<std::vector<StoredRun>> runs() const; ///< oldest first
    [[nodiscard]] Result<TensorBundle> runArrays(std::int64_t run) const;

    [[nodiscard]] Result<std::int64_t> addModel(const std::string& name, const TensorBundle& model); ///< immutable; returns version
    [[nodiscard]] Result<TensorBundle> model(const std::string& name, std::int64_t version) const;

    [[nodiscard]] Result<std::int64_t> putLabel(const StoredLabel& label); ///< id 0 adds, else replaces
    [[nodiscard]] Result<void> removeLabel(std::int64_t id);
    [[nodiscard]] Result<std::vector<StoredLabel>> labels() const;

    /// Small named texts: notes, the threshold in use, window layout, zoom.
    [[nodiscard]] Result<void> setText(const std::string& key, const std::string& value);
    [[nodiscard]] Result<std::optional<std::string>> text(const std::string& key) const;

    [[nodiscard]] const std::string& path() const;

private:
    struct Connection;
    explicit CaseFile(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> m_connection;
};

} // namespace faultline::store
