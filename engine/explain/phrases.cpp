// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/phrases.h"
#include "engine/core/text.h"
#include <cmath>

namespace faultline::explain
{

namespace
{
using features::ColumnRole;

const features::Column& columnOf(const FeatureReason& reason, const ExplainInput& input)
{
    return input.table->columns[reason.column];
}

/// Counts are whole numbers; their quantiles are shown as such.
std::string number(double value, const FeatureReason& reason, const ExplainInput& input)
{
    const bool whole = columnOf(reason, input).role == ColumnRole::Count && std::abs(value) < 1e15;
    return formatMeasure(whole ? std::round(value) : value);
}

/// The unit as it stands behind a number. "per session" goes without saying, and so does what the name ends with.
std::string unitText(const FeatureReason& reason)
{
    const std::string_view unit = reason.unit, name = reason.feature;
    if (unit.empty() || unit == "per session")
        return {};
    if (unit.starts_with("per ") && name.ends_with(std::string(" in ").append(unit.substr(4))))
        return {};
    return ' ' + displayText(unit);
}
} // namespace

std::size_t characters(std::string_view text)
{
    std::size_t count = 0;
    for (const char c : text)
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
    return count;
}

std::string shorten(std::string_view text, std::size_t most)
{
    if (characters(text) <= most)
        return std::string(text);
    std::size_t end = 0;
    for (std::size_t taken = 0; end < text.size(); ++end)
        if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U && ++taken == most)
            break;
    return std::string(trim(text.substr(0, end))) + "\u2026";
}

std::string joined(std::span<const std::string> parts)
{
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    return text;
}

std::string counted(std::uint64_t count, std::string_view noun)
{
    return formatCount(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

std::string quotedTemplate(std::uint32_t templateId, const ExplainInput& input, std::size_t most)
{
    if (input.records == nullptr || templateId >= input.records->templates.size())
        return "template " + formatCount(templateId);
    return '`' + shorten(displayText(input.records->templates.templates[templateId].text), most) + '`';
}

Direction directionOf(const FeatureReason& reason)
{
    if (std::isnan(reason.actual))
        return Direction::Missing;
    return reason.actual > reason.typicalHigh  ? Direction::Rise
           : reason.actual < reason.typicalLow ? Direction::Fall
                                               : Direction::Within;
}

std::string featureName(const FeatureReason& reason, const ExplainInput& input)
{
    if (const auto id = columnOf(reason, input).templateId; id != records::noTemplate)
        return quotedTemplate(id, input, 40);
    return displayText(reason.feature);
}

std::string actualText(const FeatureReason& reason, const ExplainInput& input)
{
    return std::isnan(reason.actual) ? "missing" : number(reason.actual, reason, input) + unitText(reason);
}

std::string typicalText(const FeatureReason& reason, const ExplainInput& input)
{
    const auto low = number(reason.typicalLow, reason, input), high = number(reason.typicalHigh, reason, input);
    if (low == high)
        return "typical " + low;
    return "typical " + low + (low.starts_with('-') || high.starts_with('-') ? " to " : "-") + high;
}

std::string verb(const FeatureReason& reason, const ExplainInput& input)
{
    const auto& column = columnOf(reason, input);
    const bool counts = column.role == ColumnRole::Count || column.role == ColumnRole::Novelty;
    const auto name = std::string_view(reason.feature);
    const auto noun = name.substr(0, std::min(name.find(" in "), name.size()));
    const bool plural = counts && column.templateId == records::noTemplate && noun.ends_with('s');
    const std::string stem = directionOf(reason) == Direction::Fall ? "fall" : "rise";
    return plural ? stem : stem + 's';
}

} // namespace faultline::explain
