// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/store/sqlite_connection.h"

namespace faultline::store
{

inline constexpr std::int64_t caseApplicationId = 0x464C544C; // "FLTL"
inline constexpr std::int64_t caseSchemaVersion = 1;

/// Makes the tables of an empty database, all or nothing.
[[nodiscard]] Result<void> createSchema(const SqliteConnection& connection);
/// Store error unless the file is a sound case of this schema version and holds nothing else: no table, index, trigger
/// or view that createSchema() did not make, word for word.
[[nodiscard]] Result<void> checkSchema(const SqliteConnection& connection);

} // namespace faultline::store
