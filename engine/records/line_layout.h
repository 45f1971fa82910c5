// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/level.h"
#include "engine/records/timestamp.h"
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

enum class PartKind : std::uint8_t {
    Time,     ///< of one of the part's shapes; brackets around it and one of , : | behind it allowed
    Level,    ///< a level word, see header::level
    Priority, ///< `<34>`, gives the level
    Token,    ///< anything without blanks
    Number,
    Separator, ///< a mark alone between blanks
    Bracketed,
    Component, ///< a name that ends in a colon; `[pid]` before the colon is not part of the name
    Piped,     ///< a field that ends in |
    Dashed,    ///< up to three words and a dash
    Padded,    ///< a name padded with blanks
    Quoted,
    Request,        ///< quoted, and it is the message
    Measure,        ///< a number or a dash for none; becomes a numeric field
    StructuredData, ///< of RFC 5424
};

/// One field of a line's header.
struct HeaderPart {
    PartKind kind = PartKind::Token;
    std::string name{};              ///< "" when nobody would ask for it
    std::vector<TimeShape> shapes{}; ///< Time: tried in this order
    std::string prefix{};            ///< the part must begin with this
    std::string unit{};              ///< Measure
    bool optional = false;
};

/// How the lines of a file are built: a chain of header parts, then the message. The named layouts and the ones learned
/// from a sample are the same kind of thing and are executed by the same interpreter, matchLine().
struct LineLayout {
    static constexpr std::size_t maxParts = 20;

    std::string name;
    std::vector<HeaderPart> parts; ///< at most maxParts
    std::string entityPart{}; ///< name of the part that names the entity unless the person chose another; "" = none
    bool joinsLines = true;   ///< lines without a time belong to the record before; else they are records of their own
    bool levelFromStatus = false; ///< access logs: 5xx is an error, 4xx a warning
    /// The time stands anywhere in the first 64 bytes and the lines have no header in common (`time="..." level=info
    /// msg=...`): the only part is the time, all of the line is message, and the level is the word behind `level=`,
    /// `lvl=` or `severity=`.
    bool scans = false;

    [[nodiscard]] bool hasTime() const;
    /// Index of the part with this name, or -1.
    [[nodiscard]] int partIndex(std::string_view partName) const;
};

/// A part of a line as positions in it.
struct LinePart {
    std::uint32_t begin = 0, end = 0;
};

/// What matchLine() found. Parts beyond `reached` are not set.
struct LineMatch {
    ParsedTime time; ///< time_us is noTime when none was found
    Level level = Level::None;
    bool complete = false; ///< all parts that are not optional matched
    std::size_t reached = 0;
    std::uint32_t messageBegin = 0, messageEnd = 0;
    TimeShape shape{}; ///< of the time
    std::array<LinePart, LineLayout::maxParts> parts;

    [[nodiscard]] bool hasTime() const { return time.time_us != noTime; }
};

/// Reads a line (without its line end) under a layout: as many parts as match; the message is what follows them. About
/// 100 ns.
void matchLine(const LineLayout& layout, std::string_view line, const TimestampOptions& options, LineMatch& match);

/// Where the time of one of these shapes ends that begins at `position`, or npos; a bracket before and behind it and
/// one of , : | behind it belong to it.
[[nodiscard]] std::size_t matchTime(std::string_view line, std::size_t position, const std::vector<TimeShape>& shapes,
                                    const TimestampOptions& options, ParsedTime& time, TimeShape& shape);

/// The text of a part as one would name it: brackets, colon and `[pid]` taken off.
[[nodiscard]] std::string_view partText(const HeaderPart& part, std::string_view text);

} // namespace faultline::records
