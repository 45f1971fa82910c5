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
    FoundTime,      ///< a time anywhere in the next 64 bytes, and the level beside it; takes no text itself
    Keyword,        ///< one of the part's `words`
    Mark,           ///< exactly the part's `prefix`, whatever follows
    Host,           ///< a token that is no level word and holds no brackets
    Braced,         ///< `{38 vars in 696 bytes}`
    ColonField,     ///< up to a colon, without blanks: `root:`
    ModulePath,     ///< a Rust module with the spans before it: `request{id=7}:shop::cart:`
    SourceLine,     ///< `main.go:23:`, `file.cc:253]`, `Cart.java:17`
    Channel,        ///< a name with its level: `app.ERROR:`
    ThreadLevel,    ///< `[Server thread/INFO]:`, `INFO/MainProcess]`
    AndroidTag,     ///< a level with its tag: `I/ActivityManager( 585):`
    Uptime,         ///< seconds since a start: `1.595:`
    Service,        ///< a name padded with blanks, and a bar: `web-1  |`
    SystemCall,     ///< what strace writes about a call begins here; takes no text itself
    SlashMeasure,   ///< a number before a slash; becomes a numeric field unless negative
    TrailingName,   ///< `(kafka.log.Log)` at the line's end, not part of the message
    TrailingTime,   ///< `<0.000421>` at the line's end, not part of the message; becomes a numeric field
};

/// One of the words that a Keyword part may be.
struct HeaderWord {
    std::string text;
    Level level = Level::None;
    bool continues = false; ///< a line with this word belongs to the record before it
    bool partial = false;   ///< the record goes on in the next line of the same stream
};

/// One field of a line's header.
struct HeaderPart {
    PartKind kind = PartKind::Token;
    std::string name{};              ///< "" when nobody would ask for it
    std::vector<TimeShape> shapes{}; ///< Time: tried in this order
    std::string prefix{};            ///< the part must begin with this
    std::string unit{};              ///< of measures
    bool optional = false;
    std::string suffix{};            ///< the part must end with this
    std::vector<HeaderWord> words{}; ///< Keyword
    std::size_t bytes = 0;           ///< the part must be this long; 0 = any length
    char contains = '\0';            ///< the part must contain this; NUL = anything
    bool zoned = false;              ///< Time: it must name its zone
    bool isMessage = false;          ///< the message is this part
};

/// How the lines of a file are built: a chain of header parts, then the message. The named layouts and the ones learned
/// from a sample are the same kind of thing and are executed by the same interpreter, matchLine().
struct LineLayout {
    static constexpr std::size_t maxParts = 32;

    std::string name;
    std::vector<HeaderPart> parts; ///< at most maxParts
    std::string entityPart{}; ///< name of the part that names the entity unless the person chose another; "" = none
    bool joinsLines = true;   ///< lines without a time belong to the record before; else they are records of their own
    bool levelFromStatus = false; ///< access logs: 5xx is an error, 4xx a warning
    /// The first so many parts make a line complete; the others are read when all of them are there, else the message
    /// begins behind the core. 0 = all parts.
    std::size_t core = 0;
    bool headed = false;      ///< no time, yet lines without the header belong to the record before
    bool wholeStarts = false; ///< a line begins a record only when all parts match: logs within another log's envelope
    bool general = false;     ///< gives way to a learned layout that reads more parts
    bool onlyByName = false;  ///< fits too much to be detected
    bool atMargin = false;    ///< records begin in the first column: an indented line belongs to the record before
    std::string streamPart{}; ///< lines belong together only when this part is the same; "" = all do

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
    bool complete = false;  ///< all parts of the core that are not optional matched
    bool whole = false;     ///< all parts that are not optional matched
    bool continues = false; ///< belongs to the record before
    bool partial = false;   ///< goes on in the next line of its stream
    std::size_t reached = 0;
    std::uint32_t messageBegin = 0, messageEnd = 0;
    TimeShape shape{}; ///< of the time
    std::array<LinePart, LineLayout::maxParts> parts;

    [[nodiscard]] bool hasTime() const { return time.time_us != noTime; }
};

/// Reads a line (without its line end) under a layout: as many parts as match (the core, when not all match behind it);
/// the message is what follows them. About 100 ns.
void matchLine(const LineLayout& layout, std::string_view line, const TimestampOptions& options, LineMatch& match);

/// Where the time of one of these shapes ends that begins at `position`, or npos; a bracket before and behind it and
/// one of , : | behind it belong to it.
[[nodiscard]] std::size_t matchTime(std::string_view line, std::size_t position, const std::vector<TimeShape>& shapes,
                                    const TimestampOptions& options, ParsedTime& time, TimeShape& shape);

/// The text of a part as one would name it: brackets, colon and `[pid]` taken off.
[[nodiscard]] std::string_view partText(const HeaderPart& part, std::string_view text);

} // namespace faultline::records
