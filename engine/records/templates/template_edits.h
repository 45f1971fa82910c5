// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/template_groups.h"

namespace faultline::records::templates
{

/// Makes the merges and splits that a person asked for (MiningOptions), splits first. Function of the set of groups, so
/// ids stay stable:
/// - a merged template has the text and id of the first one that was named;
/// - of a split template, each value that the n-th variable took becomes a template whose text shows the value. Only
///   words can be split: what the scanner masks (numbers, addresses, ...) is not kept.
/// Config error that names the template nobody has with the most similar one there is, a position that the template
/// does not have, or one without words.
[[nodiscard]] Result<void> editTemplates(std::vector<ShapeGroup>& groups,
                                         const std::vector<ShapeDictionary::Shape>& shapes,
                                         const MiningOptions& options, const JobContext& job);

} // namespace faultline::records::templates
