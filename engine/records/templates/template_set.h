// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/tensor_bundle.h"
#include "engine/records/templates/shape_dictionary.h"
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
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
    std::string templateId;     ///< or its text
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
    std::vector<Mask> masks; ///< for the loader: what a person says is variable, applied in this order
    double similarity = 0.4; ///< share of constant tokens two shapes must have in common to be one template, 0..1
    /// false: every shape is a template of its own. Grouping looks at all shapes, so live analysis, which must not look
    /// ahead, goes without.
    bool group = true;
};

class KnownTemplates;

/// Templates by index: those that sets share, then a set's own. Only own ones can change.
class TemplateList
{
public:
    TemplateList() = default;
    explicit TemplateList(std::shared_ptr<const std::vector<Template>> shared) : m_shared(std::move(shared)) {}

    [[nodiscard]] std::size_t size() const { return sharedSize() + m_own.size(); }
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] const Template& operator[](std::size_t index) const
    {
        return index < sharedSize() ? (*m_shared)[index] : m_own[index - sharedSize()];
    }
    [[nodiscard]] const Template& back() const { return (*this)[size() - 1]; }
    void push_back(Template added) { m_own.push_back(std::move(added)); }
    [[nodiscard]] std::vector<Template>& own() { return m_own; }

    class Iterator
    {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = Template;
        using difference_type = std::ptrdiff_t;
        using pointer = const Template*;
        using reference = const Template&;

        Iterator() = default;
        Iterator(const TemplateList& list, std::size_t at) : m_list(&list), m_at(at) {}
        reference operator*() const { return (*m_list)[m_at]; }
        pointer operator->() const { return &**this; }
        Iterator& operator++()
        {
            ++m_at;
            return *this;
        }
        Iterator operator++(int)
        {
            auto before = *this;
            ++m_at;
            return before;
        }
        friend bool operator==(const Iterator& a, const Iterator& b) { return a.m_at == b.m_at; }
        friend difference_type operator-(const Iterator& a, const Iterator& b)
        {
            return static_cast<difference_type>(a.m_at) - static_cast<difference_type>(b.m_at);
        }

    private:
        const TemplateList* m_list = nullptr;
        std::size_t m_at = 0;
    };
    [[nodiscard]] Iterator begin() const { return {*this, 0}; }
    [[nodiscard]] Iterator end() const { return {*this, size()}; }

private:
    [[nodiscard]] std::size_t sharedSize() const { return m_shared ? m_shared->size() : 0; }

    std::shared_ptr<const std::vector<Template>> m_shared; // shared: by all sets that were matched against the same
    std::vector<Template> m_own;
};

/// The templates of a set of records, dense-indexed. The same shapes make the same templates and ids whatever their
/// order. What was mined or loaded is shared by copies and by what is matched against it, so a copy costs no more than
/// what a set added of its own.
struct TemplateSet {
    TemplateList templates;
    /// Templates from here on were not known to the frozen set that the records were matched against; equals size()
    /// when mined.
    std::uint32_t firstUnseen = 0;
    MessageMasksPtr masks;                       ///< that its messages are scanned with; null: none
    std::shared_ptr<const KnownTemplates> known; // shared: see above. Null: the set has nothing to match against
    /// Patterns of what was added to `known`, and of new shapes of its templates.
    std::vector<TemplatePattern> patterns;
    /// Of these, the shapes that were met: hashes and templates, parallel arrays sorted by hash.
    std::vector<std::uint64_t> shapeHash;
    std::vector<std::uint32_t> shapeTemplate;

    [[nodiscard]] std::size_t size() const { return templates.size(); }
    void forEachPattern(const std::function<void(const TemplatePattern&)>& take) const;
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
/// new template behind firstUnseen. The shapes were scanned with the set's masks. The frozen set is shared, not copied:
/// after a first call, which indexes it, a call costs what its shapes cost, and a copy of what the set holds beyond its
/// shared part. Thread-safe. Cancelled when the job is told to stop.
[[nodiscard]] Result<MiningResult> matchTemplates(const ShapeDictionary& shapes, const TemplateSet& frozen,
                                                  JobContext& job);

} // namespace faultline::records::templates
