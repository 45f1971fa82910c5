// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "tests/support/labelled_log.h"

namespace faultline::testing
{

/// Invented systems in the spirit of real ones: `statements/NAME.txt` holds a line for each statement, its number of
/// lines, a blank, and its text with typed variables: `{user}`, `{ip}`, `{int}`, `{word:idle,busy}`, ... Lines come out
/// shuffled. An unknown kind of variable throws std::invalid_argument.
[[nodiscard]] LabelledLog drawStatements(const std::filesystem::path& file, Random& random);
/// All sets in tests/support/statements, by name.
[[nodiscard]] std::vector<LabelledLog> drawAllStatementSets(std::uint64_t seed);

} // namespace faultline::testing
