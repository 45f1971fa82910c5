// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/random.h"
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace faultline::testing
{

/// Messages and, for each, the template that wrote it (variables are `<*>`).
struct LabelledLog {
    std::string name;
    std::vector<std::string> messages, templates;
};

/// Grouping accuracy (share of lines whose group is exactly right), F1 over groups, share of lines with the right text,
/// F1 over texts; as in Loghub-2.0 (Jiang et al., ISSTA 2024). White space counts once.
struct TemplateScores {
    double ga = 0, fga = 0, pa = 0, fta = 0;

    TemplateScores& operator+=(const TemplateScores& other);
    friend TemplateScores operator/(TemplateScores sum, double n);
};
/// Parallel vectors of one template text a line.
[[nodiscard]] TemplateScores scoreTemplates(const std::vector<std::string>& truth,
                                            const std::vector<std::string>& predicted);

/// The folder of labelled systems: $FAULTLINE_DATA/loghub_2k, or beside the repository.
[[nodiscard]] std::filesystem::path labelledSystemsFolder();
/// Messages and corrected templates of each system in the folder, by name; empty where there is none.
[[nodiscard]] std::vector<LabelledLog> readLabelledSystems(const std::filesystem::path& folder);

/// The same statements with other values: each `<*>` of each template gets a style (integers, hexadecimal ids,
/// addresses, paths, words of a pool of 2 to 6 or of 60, names with numbers, lists of 1 to 4) and each template a
/// number of lines between 1 and 100. Variables glued to letters are numbers.
[[nodiscard]] LabelledLog redrawn(const LabelledLog& log, Random& random);
/// All lines of all logs, shuffled.
[[nodiscard]] LabelledLog mixed(const std::vector<LabelledLog>& logs, Random& random, std::string name);

} // namespace faultline::testing
