// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/records/detection.h"
#include "engine/records/level.h"
#include "engine/records/time_format.h"
#include <map>
#include <memory>
#include <optional>
#include <re2/re2.h>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// What the text of a named group becomes.
enum class FieldType : std::uint8_t {
    Text,   ///< may name the entity, session or label
    Number, ///< a numeric field; - and what is no number are missing
    Sum,    ///< numbers between commas, colons and blanks, added up: nginx' $upstream_response_time
    Ignore,
};

struct FormatField {
    FieldType type = FieldType::Text;
    std::string unit{};
    double scale = 1.0; ///< field = number * scale
};

/// A pattern for a line, anchored at its start; what follows the match is the message unless a group has that name.
struct FormatPattern {
    std::string text;
    SourcePos where;
    std::shared_ptr<const RE2> compiled; // shared: RE2 is neither copied nor moved, and matching is const
    std::vector<int> columns;            ///< of each group: index into UserFormat::columns, or -1
};

/// What becomes of a line that no pattern matches.
enum class Unmatched : std::uint8_t {
    Join,   ///< belongs to the record before
    Record, ///< is a record of its own, all message
    Reject, ///< is counted as rejected
};

/// How a person says that lines are built: RE2 patterns with named groups. `time`, `date`, `zone`, `level`, `message`,
/// `entity`, `session` and `label` are what they are called; other groups are fields. Read by user_format_reader.h, or
/// made of an nginx or Apache log format. Immutable; shared by parse tasks.
struct UserFormat {
    struct Sample {
        std::string text;
        SourcePos where;
    };
    static constexpr std::size_t maxGroups = 60;

    std::string name, description;
    std::string yaml; ///< the definition itself; "" for a log format
    std::vector<FormatPattern> patterns; ///< the first that matches counts
    std::vector<std::string> columns;    ///< names of all groups, in order of first appearance
    std::vector<TimeFormat> times;       ///< the first that reads counts; empty: any shape the engine knows
    std::optional<TimeZone> zone;
    std::map<std::string, FormatField> fields; ///< by group
    std::map<std::string, Level> levels;       ///< words beside the usual ones
    std::shared_ptr<const RE2> starts;         ///< lines in which it is not found belong to the record before
    std::shared_ptr<const RE2> continuation;   ///< lines in which it is found belong to the record before
    Unmatched unmatched = Unmatched::Join;
    std::string entity, session, label; ///< groups; "" = the group of that name, if any
    bool levelFromStatus = false;       ///< 5xx is an error, 4xx a warning, by the number field `status`
    std::vector<Sample> samples;

    /// Index of the group, or -1.
    [[nodiscard]] int column(std::string_view group) const;
    [[nodiscard]] bool hasTime() const { return column("time") >= 0 || column("date") >= 0; }
};

/// Compiles a pattern for `format` and adds it: `(?<name>...)` is allowed as well as RE2's `(?P<name>...)`. Config
/// error with RE2's reason; refused, too, are more than 60 groups, more than 4,000 characters, and a pattern that
/// matches nothing at all.
[[nodiscard]] Result<void> addPattern(UserFormat& format, const std::string& text, const SourcePos& where);

/// A pattern that is searched within lines. Config error as addPattern().
[[nodiscard]] Result<std::shared_ptr<const RE2>> compilePattern(const std::string& text, const SourcePos& where);

/// Matches lines one after another. The groups of the last match are views into its line. One per thread.
class FormatMatcher
{
public:
    explicit FormatMatcher(const UserFormat& format);
    /// A few hundred nanoseconds, whatever the line: RE2's time is linear.
    [[nodiscard]] bool match(std::string_view line);
    /// The text of a column; "" when the pattern that matched has no such group, or it took no part.
    [[nodiscard]] std::string_view text(int column) const
    {
        return column < 0 ? std::string_view() : m_texts[static_cast<std::size_t>(column)];
    }
    /// Bytes that the pattern took.
    [[nodiscard]] std::size_t length() const { return m_length; }

private:
    const UserFormat& m_format;
    std::vector<re2::StringPiece> m_groups;
    std::vector<std::string_view> m_texts;
    std::size_t m_length = 0;
};

/// Which columns mean what, with what the person asked for.
struct FormatRoles {
    struct Number {
        int column = -1;
        std::string name, unit;
        double scale = 1.0;
        bool sum = false;
    };
    int time = -1, date = -1, zone = -1, level = -1, message = -1, entity = -1, session = -1, label = -1;
    std::vector<Number> numbers;
    int status = -1; ///< in numbers
};
[[nodiscard]] FormatRoles rolesOf(const UserFormat& format, const ParseOptions& options);

/// The number of a field's text as `Number` says; NaN when it is none.
[[nodiscard]] double numberOf(std::string_view text, const FormatRoles::Number& field);

/// A sentence for a line that no pattern matches: where the one that reached furthest stopped, and what would match
/// there. `column` is set to that place, 1-based.
[[nodiscard]] std::string whyUnmatched(const UserFormat& format, std::string_view line, std::uint32_t& column);

} // namespace faultline::records
