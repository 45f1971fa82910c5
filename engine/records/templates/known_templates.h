// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/stop_check.h"
#include "engine/records/templates/template_set.h"
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace faultline::records::templates
{

/// Everything a set holds, in arrays of its own.
struct TemplateArrays {
    std::vector<Template> templates;
    std::vector<TemplatePattern> patterns;    ///< ordered by templateIndex
    std::vector<std::uint64_t> shapeHash;     ///< sorted
    std::vector<std::uint32_t> shapeTemplate; ///< parallel

    [[nodiscard]] static TemplateArrays of(const TemplateSet& set);
};

/// Looks patterns up by what a shape must have in common with them. Borrows them.
class PatternIndex
{
public:
    /// How well a pattern covers a shape: the more constants they share, the better.
    struct Cover {
        std::uint32_t templateIndex = 0;
        std::size_t constants = 0; ///< 0: none covers it
    };

    /// Nothing when the job is told to stop.
    [[nodiscard]] static std::optional<PatternIndex> of(const std::vector<TemplatePattern>& patterns, StopCheck& check);
    /// The best cover if it is better than the one given.
    [[nodiscard]] Cover best(const ShapeDictionary::Shape& shape, Cover soFar, StopCheck& check) const;

private:
    std::unordered_map<std::string, std::vector<const TemplatePattern*>> m_bySkeleton;
};

/// The part of a template set that never changes and that other sets share, with what finds things in it, which is made
/// when it is first asked for. Thread-safe.
class KnownTemplates
{
public:
    explicit KnownTemplates(TemplateArrays arrays) : m_arrays(std::move(arrays)) {}
    KnownTemplates(const KnownTemplates&) = delete;
    KnownTemplates& operator=(const KnownTemplates&) = delete;

    struct Index {
        PatternIndex patterns;
        std::unordered_map<std::string_view, std::uint32_t> byText;
        std::unordered_map<std::string, std::uint32_t> byCollapsedText; ///< see collapsedText()
        std::unordered_set<std::string_view> ids;
    };

    [[nodiscard]] const TemplateArrays& arrays() const { return m_arrays; }
    /// Null when the job is told to stop. Cost: O(patterns) once, a look at a pointer from then on.
    [[nodiscard]] const Index* index(StopCheck& check) const;

private:
    TemplateArrays m_arrays;
    mutable std::mutex m_mutex;
    mutable std::unique_ptr<const Index> m_index; ///< guarded by m_mutex until it is made
};

/// A set that has these arrays as its shared part, and nothing of its own.
[[nodiscard]] TemplateSet sharedSet(TemplateArrays arrays, MessageMasksPtr masks);
/// The template of a shape with this hash.
[[nodiscard]] std::optional<std::uint32_t> templateOfHash(std::span<const std::uint64_t> sorted,
                                                          std::span<const std::uint32_t> templates, std::uint64_t hash);

} // namespace faultline::records::templates
