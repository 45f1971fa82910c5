// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/tensor_bundle.h"
#include "engine/records/templates/shape_dictionary.h"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records::templates
{

/// A message with its variable parts masked.
struct Template {
    std::string text; ///< `Receiving block <*> src: <*> dest: <*>`
    std::string id; ///< stable: derived from the text alone (`T-` and 8 hex digits of its hash; longer on a collision)
    std::vector<Parameter> parameters; ///< of each `<*>` of the text, in order
};

/// What a template looks like to the scanner; a template has one or more. A token `<*>` is a wildcard: of kind Variable
/// where only variables were seen, Soft where words were among its values.
struct TemplatePattern {
    std::uint32_t templateIndex = 0;
    std::vector<Token> tokens;
};

/// Weights of the evidence by which grouping tells data from words of statements, in bits; see template_groups.h.
struct GroupingRules {
    double doubt = 2.5;         ///< what data must show: for names, two values among two constant words
    double vocabulary = 4.0;    ///< against data: the words belong to the language of programs
    double dataElsewhere = 3.0; ///< for data: the words are data in other templates
    double firstWord = 0.75;    ///< against data: sentences begin with words
};

/// A variable that shall be a constant again: one template for each word it took.
struct TemplateSplit {
    std::string name;           ///< the template's id or text, or a message of it
    std::uint32_t position = 1; ///< which `<*>` of the text, from 1

    friend bool operator==(const TemplateSplit&, const TemplateSplit&) = default;
};

/// A variable whose numbers become a field of the records.
struct ParameterField {
    std::string templateId;
    std::uint32_t position = 1; ///< which `<*>` of the text, from 1
    std::string name, unit;     ///< "": as the template says

    friend bool operator==(const ParameterField&, const ParameterField&) = default;
};
struct ParameterFields {
    bool automatic = false; ///< those of the most frequent templates
    std::vector<ParameterField> named;

    [[nodiscard]] bool any() const { return automatic || !named.empty(); }
};

struct MiningOptions {
    GroupingRules grouping;
    std::vector<TemplateSplit> splits;            ///< made first; see template_edits.h
    std::vector<std::vector<std::string>> merges; ///< each: names of templates that are the first one's
    ParameterFields parameters;                   ///< for the loader, see template_parameters.h
    double similarity = 0.4; ///< share of constant tokens two shapes must have in common to be one template, 0..1
    /// false: every shape is a template of its own. Grouping looks at all shapes, so live analysis, which must not look
    /// ahead, goes without.
    bool group = true;
};

/// The templates of a set of records, dense-indexed. The same shapes make the same templates and ids whatever their
/// order.
struct TemplateSet {
    std::vector<Template> templates;
    /// Templates from here on were not known to the frozen set that the records were matched against; equals size()
    /// when mined.
    std::uint32_t firstUnseen = 0;
    /// For matching new shapes: each template's distinct shapes' hashes, parallel arrays sorted by hash.
    std::vector<std::uint64_t> shapeHash;
    std::vector<std::uint32_t> shapeTemplate;
    /// For matching shapes that were never seen: ordered by templateIndex.
    std::vector<TemplatePattern> patterns;

    [[nodiscard]] std::size_t size() const { return templates.size(); }
    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<TemplateSet> load(const TensorBundle& bundle, const std::string& prefix);
};

struct MiningResult {
    TemplateSet set;
    std::vector<std::uint32_t> templateOfShape; ///< index = ShapeId
};

enum class TemplateIdForm : std::uint8_t {
    Short,
    Long, ///< where two texts share the short form
};
/// `T-` and 8 or 16 hex digits of the text's hash.
[[nodiscard]] std::string templateId(const std::string& text, TemplateIdForm form);

/// The message of these tokens: texts with a blank where one stood before, none at the start.
[[nodiscard]] std::string templateText(const std::vector<Token>& tokens);

/// Groups shapes into templates. Function of the set of shapes only, not of their order. See engine/README.md for the
/// rules.
/// Cancelled when the job is told to stop.
[[nodiscard]] Result<MiningResult> mineTemplates(const ShapeDictionary& shapes, const MiningOptions& options,
                                                 JobContext& job);
/// Assigns shapes to the templates of a frozen set: exact shape first, then a template whose wildcards cover it; else a
/// new template behind firstUnseen.
[[nodiscard]] Result<MiningResult> matchTemplates(const ShapeDictionary& shapes, const TemplateSet& frozen,
                                                  JobContext& job);

} // namespace faultline::records::templates
