// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <string_view>

namespace faultline::records::templates
{

/// Variables that reach over blanks or delimiters. Each rule looks at the text from `at` on and returns where the
/// variable ends, or 0 when it is not there. None of them looks further ahead than it matches, by more than a few
/// bytes.

/// `scheme:/...`, `scheme:sub:/...`, `C:\...`; `wordEnd` is where the first word ends (at a colon).
[[nodiscard]] std::size_t endOfUrl(std::string_view text, std::size_t at, std::size_t wordEnd);
/// `/path?query`, of which `/path?...` up to `wordEnd` is the first word.
[[nodiscard]] std::size_t endOfQuery(std::string_view text, std::size_t at, std::size_t wordEnd);
/// Where the quoted name of a program ends that begins at `at`, behind its quote: `Mozilla/5.0 (X11; Linux) Gecko/20`, a
/// product with its version and whatever follows (RFC 9110, 10.1.5), at most 1,000 bytes of it.
[[nodiscard]] std::size_t endOfUserAgent(std::string_view text, std::size_t at, char quote);
/// Whatever stands in front of ` HTTP/`: the target of a request has no blank in it.
[[nodiscard]] std::size_t endOfRequestTarget(std::string_view text, std::size_t at);
/// `1,2,3`
[[nodiscard]] std::size_t endOfNumberList(std::string_view text, std::size_t at);
/// IPv6 and MAC addresses, `host:port` of numbers, times: hexadecimal or decimal groups joined by colons (MAC: or
/// dashes).
[[nodiscard]] std::size_t endOfColonGroups(std::string_view text, std::size_t at);
/// `:8080` behind a host at `at`, which must be a colon.
[[nodiscard]] std::size_t endOfPort(std::string_view text, std::size_t at);
/// `:-3.5,2` behind a word at `at`, which must be a colon.
[[nodiscard]] std::size_t endOfLabelledNumber(std::string_view text, std::size_t at);
/// The end of an id whose further parts are joined by colons, as far as parts with a digit reach; `at` if there is
/// none.
[[nodiscard]] std::size_t endOfColonTail(std::string_view text, std::size_t at);

} // namespace faultline::records::templates
