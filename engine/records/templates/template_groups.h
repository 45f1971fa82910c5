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
    std::vector<Parameter> parameters; ///< of each `<*>` of the text
};

/// Splits the chosen shapes into groups, a function of the set of their tokens: neither their ids nor their order
/// matter.
///
/// Shapes can be one template only if their delimiters and spacing agree (their skeleton; a list of any length is one
/// place in it). Within a skeleton the question is for each slot whether its values are data, or words that tell
/// statements apart. They are data by their form when the slot is the value of `key=value`, or holds only variables,
/// quoted texts and dotted names, or a variable besides words, or words that differ in their digits alone. Otherwise
/// bits are weighed, log2 of the odds (GroupingRules):
///
///     log2(distinct values x (1 + constant words around them))
///       + dataElsewhere x share of the values that are data in other templates
///       - vocabulary x share of the values that are words of the language of programs (vocabulary.h)
///       - doubt - firstWord where the slot is the first
///
/// Many values in much that stays the same are data; but `opened` and `closed` are words that programs say, `alice` and
/// `bob` are not. As long as some slot has less than 0 bits, the shapes are split by the slot that has least; what is
/// left are variables. What is data elsewhere follows from the results of all, so the split is repeated until it finds
/// no new data words. The value of a key whose values are data somewhere is a wildcard everywhere. A group whose
/// constants are fewer than MiningOptions::similarity of its words is split further. At last, lists of different
/// lengths become one where their templates then coincide.
///
/// How little the four weights matter, and how they carry over to systems on which they were not chosen:
/// bench/README.md. Cost: O(tokens x slots) at worst; 200,000 shapes of free text take two seconds.
[[nodiscard]] Result<std::vector<ShapeGroup>> groupShapes(const std::vector<ShapeDictionary::Shape>& shapes,
                                                          const std::vector<ShapeId>& chosen,
                                                          const MiningOptions& options, JobContext& job);

/// The text with each list `<*>, <*> <*>` of variables as one `<*>`.
[[nodiscard]] std::string collapsedText(const std::string& text);

} // namespace faultline::records::templates
