// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/line_layout.h"
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

/// Short names for writing down layouts, for the catalogue's files alone.
namespace faultline::records::catalogue
{

using Layouts = std::vector<LineLayout>;
using Parts = std::vector<HeaderPart>;

inline HeaderPart time(std::vector<TimeShape> shapes, std::string prefix = {})
{
    return {.kind = PartKind::Time, .name = "time", .shapes = std::move(shapes), .prefix = std::move(prefix)};
}
inline HeaderPart isoTime()
{
    return time({TimeShape::IsoDateTime});
}
/// With its zone in each line.
inline HeaderPart zonedTime(std::string prefix = {})
{
    auto part = time({TimeShape::IsoDateTime}, std::move(prefix));
    part.zoned = true;
    return part;
}
inline HeaderPart part(PartKind kind, std::string name)
{
    return {.kind = kind, .name = std::move(name)};
}
inline HeaderPart optionalPart(PartKind kind, std::string name)
{
    return {.kind = kind, .name = std::move(name), .optional = true};
}
inline HeaderPart optional(HeaderPart part)
{
    part.optional = true;
    return part;
}
inline HeaderPart beginning(PartKind kind, std::string name, std::string prefix)
{
    return {.kind = kind, .name = std::move(name), .prefix = std::move(prefix)};
}
inline HeaderPart ending(HeaderPart part, std::string suffix)
{
    part.suffix = std::move(suffix);
    return part;
}
inline HeaderPart containing(HeaderPart part, char what)
{
    part.contains = what;
    return part;
}
inline HeaderPart measure(std::string name, std::string unit, PartKind kind = PartKind::Measure)
{
    return {.kind = kind, .name = std::move(name), .unit = std::move(unit)};
}
inline HeaderPart words(std::string name, std::vector<HeaderWord> words)
{
    HeaderPart part{.kind = PartKind::Keyword, .name = std::move(name)};
    part.words = std::move(words);
    return part;
}
/// A dash between fields; three of them in Spring Boot's lines.
inline HeaderPart dash()
{
    return {.kind = PartKind::Separator, .prefix = "-"};
}
inline HeaderPart bar()
{
    return {.kind = PartKind::Separator, .prefix = "|"};
}

/// The catalogue by family, each the more particular before the more general.
[[nodiscard]] Layouts systemLayouts();      ///< operating systems, clusters, phones
[[nodiscard]] Layouts accessLayouts();      ///< web servers' and proxies' requests
[[nodiscard]] Layouts serverLayouts();      ///< web servers' errors, containers, tools
[[nodiscard]] Layouts databaseLayouts();    ///< databases and brokers
[[nodiscard]] Layouts applicationLayouts(); ///< logging libraries
[[nodiscard]] Layouts syslogLayouts();
/// `PartKind::Service` and the like around lines of another layout.
[[nodiscard]] Layouts envelopeLayouts();

} // namespace faultline::records::catalogue
