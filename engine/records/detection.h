// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include "engine/records/column_report.h"
#include "engine/records/line_tally.h"
#include "engine/sources/source.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

enum class Kind : std::uint8_t { TextLog, JsonLines, Delimited, Binary };

/// What a file looks like: the name of the layout, how sure that is, and why. Made from a sample of its first lines.
struct Detection {
    Kind kind = Kind::TextLog;
    std::string format;      ///< "hdfs", "syslog", "apache_combined", "json_lines", "csv", "text", ...
    double confidence = 0.0; ///< share of the sampled lines that parse completely under the layout, 0..1
    std::vector<std::string>
        reasons; ///< sentences a person can check: "time `yymmdd HHMMSS` at the start of 2,000 of 2,000 lines"
    std::string timeFormat; ///< "" when no time was found, else e.g. "yyyy-MM-dd HH:mm:ss,SSS" or "epoch seconds"
    std::string zone;       ///< "UTC (assumed)", "+02:00 (in each line)", "Europe/Berlin (given)"
    std::vector<std::string> columns;        ///< names of the fields that the layout yields
    std::vector<ColumnReport> columnReports; ///< Delimited only: each column of the file, judged by the sample
    char delimiter = '\0';                   ///< Delimited only
    bool hasHeader = false;                  ///< Delimited only
    bool hasMessage = true; ///< records carry a message (and so a template); false for tables of measures
};

struct UserFormat;

/// The zone of the sources whose path or file name fits a pattern with * and ?.
struct SourceZone {
    std::string pattern;
    TimeZone zone;
};

/// The format of the sources whose path or file name fits a pattern with * and ?.
struct SourceFormat {
    std::string pattern;
    std::string format;     ///< "": it is detected, whatever the others' is
    std::string formatText; ///< see ParseOptions
};

/// How a table is laid out: wide has a column for each series, long has a row for each value of a series.
enum class TableLayout : std::uint8_t { Detected, Wide, Long };

/// What the person asked for; empty members are detected. A column is named by its name, or by its 0-based number when
/// there is no header; where several may be named, they are separated by commas: `Date,Time`.
struct ParseOptions {
    std::string format;    ///< forces a layout by name
    std::string delimiter; ///< one character, `tab` or `blanks`
    TableLayout layout = TableLayout::Detected;
    std::string seriesColumn; ///< one or several: they name the series of a long table
    std::string timeColumn;   ///< one, or several that make up a time together
    std::vector<std::string> valueColumns;
    std::string labelColumn; ///< never becomes a field; its values are returned apart, for evaluation only
    std::string entityField; ///< field, column or header part that names the entity; several columns are joined
    std::string sessionKey;  ///< RE2 pattern searched in each line (all matches count), or the name of a field
    TimeZone zone;           ///< applied to times that carry no zone
    bool zoneGiven = false;
    std::vector<SourceZone> zones;               ///< of single sources, before `zone`; the first that fits counts
    std::vector<SourceFormat> formats;           ///< of single sources, before `format`; the first that fits counts
    std::string logFormat;                       ///< nginx `log_format` or Apache `LogFormat` string
    std::string formatText;                      ///< a user's format itself, as YAML, when `format` names one
    std::vector<std::shared_ptr<const UserFormat>> ownFormats; ///< a person's own, which take part in detection
    std::optional<sources::Encoding> encoding{};               ///< of the text
    bool allowExpansion = false;                 ///< read compressed files that grow beyond sources::ExpansionLimit
};

/// Why lines were not made into records.
struct Rejection {
    std::uint64_t line = 0; ///< 1-based in its source
    std::string
        reason; ///< one of a few fixed sentences, so that they can be counted: "3 fields where the header has 5"
};

/// A rejected line with its text, to be shown.
struct RejectedLine {
    std::uint64_t line = 0; ///< 1-based in its source
    std::string reason;
    std::string text; ///< as it stands in the source, cut (see where it is used)
};

/// What reading one source came to.
/// lines + recordsSharingLines = records + continuationLines + blankLines + headerLines + rejectedLines.
struct SourceReport {
    std::string path;
    std::string origin; ///< short name of the log that the file belongs to, see sources::Input
    sources::Compression compression = sources::Compression::None;
    sources::Encoding encoding = sources::Encoding::Utf8; ///< before it was made UTF-8
    Detection detection;
    std::uint64_t fileBytes = 0;
    std::uint64_t contentBytes = 0; ///< decompressed
    std::uint64_t lines = 0;
    std::uint64_t records = 0;
    std::uint64_t continuationLines =
        0; ///< joined to a record: further lines of a message, further rows of a long record
    std::uint64_t blankLines = 0;
    std::uint64_t headerLines = 0; ///< CSV header, directives, the brackets around JSON records
    std::uint64_t recordsSharingLines = 0; ///< records (or rejected ones) on a line that is counted already: JSON arrays
    std::uint64_t rejectedLines = 0;
    std::uint64_t linesWithTime = 0;
    std::uint64_t backwardTimes = 0;
    std::uint64_t duplicateTimes = 0;     ///< records with exactly the time of the record before
    std::uint64_t skippedLocalTimes = 0;  ///< records whose local time does not exist (clocks put forward)
    std::uint64_t repeatedLocalTimes = 0; ///< records whose local time exists twice (clocks put back)
    std::uint64_t invalidUtf8Lines = 0;
    std::uint64_t longestLineBytes = 0;
    std::vector<Rejection> rejected; ///< each rejected line, up to 100,000 of them
    std::vector<std::pair<std::string, std::uint64_t>> rejectedByReason; ///< most frequent first
    std::vector<RejectedLine> rejectedExamples; ///< up to 5 for each reason, in file order, with 200 bytes of text
    LineStatistics text;
    TimeUs start = noTime, end = noTime; ///< earliest and latest record
    std::vector<ColumnReport> columns;   ///< of a table, in the order of the file, over all its rows
    TimeZone zone;                       ///< of times that carry none; UTC where each says its own
    std::string warning;                 ///< of the source, e.g. a truncated gzip
    std::size_t firstRecord = 0; ///< this source's records are [firstRecord, firstRecord + records) of the table
};

} // namespace faultline::records
