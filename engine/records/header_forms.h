// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/level.h"
#include <cstddef>
#include <string_view>

/// What stands in the headers of single programs; the rules are those of header_match.h: each function looks at one
/// position of a line and returns where the thing ends, or header::nowhere.
namespace faultline::records::header
{

/// A token that can be a host's name: no level word, no brackets, quotes or equals sign, no colon at its end.
[[nodiscard]] std::size_t host(std::string_view s, std::size_t p);
/// `{...}` with a blank or the line's end behind it.
[[nodiscard]] std::size_t braced(std::string_view s, std::size_t p);
/// Up to and with a colon, without blanks before it.
[[nodiscard]] std::size_t colonField(std::string_view s, std::size_t p);
/// `shop::cart:` with tracing's spans before it, `request{id=7 path="/"}:shop::cart:`. A name without `::` counts, one
/// with a dot does not.
[[nodiscard]] std::size_t modulePath(std::string_view s, std::size_t p);
/// A file name with an extension, a colon and a line number; one of : ] ) may follow.
[[nodiscard]] std::size_t sourceLine(std::string_view s, std::size_t p);
/// `channel.LEVEL:`, as Monolog writes.
[[nodiscard]] std::size_t channel(std::string_view s, std::size_t p, Level& level);
/// A level and the name of a thread or process with a slash between them, in a bracket that may have been opened
/// before:
/// `[Server thread/INFO]:`, `INFO/MainProcess]`.
[[nodiscard]] std::size_t threadLevel(std::string_view s, std::size_t p, Level& level);
/// `I/Tag( 585):`, as logcat's brief and time formats write.
[[nodiscard]] std::size_t androidTag(std::string_view s, std::size_t p, Level& level);
/// `1.595:`
[[nodiscard]] std::size_t uptime(std::string_view s, std::size_t p);
/// `web-1  |` with one blank behind it, or the line's end.
[[nodiscard]] std::size_t service(std::string_view s, std::size_t p);
/// At `name(`, `<... name resumed>`, `+++` or `---`; ends where it begins.
[[nodiscard]] std::size_t systemCall(std::string_view s, std::size_t p);
/// A number, perhaps with a sign, and a slash.
[[nodiscard]] std::size_t slashMeasure(std::string_view s, std::size_t p);
/// Where ` (name)` begins that ends the line at or behind p; the name has no blanks.
[[nodiscard]] std::size_t trailingName(std::string_view s, std::size_t p);
/// Where ` <0.000421>` begins that ends the line at or behind p.
[[nodiscard]] std::size_t trailingTime(std::string_view s, std::size_t p);

} // namespace faultline::records::header
