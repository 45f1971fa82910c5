// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/records/loader.h"
#include "engine/records/missing_rows.h"
#include "engine/records/time_quality.h"
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace faultline::records
{

/// How much a finding matters to whoever trusts an analysis of the data.
enum class Severity : std::uint8_t {
    Info,    ///< good to know
    Warning, ///< may mislead: look at it
    Problem, ///< data is missing or read wrongly
};

/// "info", "warning", "problem".
[[nodiscard]] const char* severityName(Severity severity);

/// Something about the data that a person can act on.
struct Finding {
    Severity severity = Severity::Info;
    std::string kind;       ///< what it is about, one word that stays the same: "rejected", "gaps", "zone", ...
    std::string text;       ///< a sentence with its numbers
    std::string remedy;     ///< what to do about it
    std::string where;      ///< path of the source; of the first one when several share the finding
    std::uint64_t line = 0; ///< where it shows best; 0 = the whole source
    double share = 0.0;     ///< of the source's lines or records that it concerns, 0..1; ranks findings of one severity
};

/// One numeric field of the records.
struct FieldQuality {
    std::string name, unit;
    std::uint64_t values = 0;   ///< records that have it
    std::uint64_t distinct = 0; ///< estimated when not exact, standard error 6 %
    bool distinctExact = true;
    double min = std::numeric_limits<double>::quiet_NaN();
    double max = std::numeric_limits<double>::quiet_NaN();
};

/// What is known of one source, or of all of them together. lines + sharing = records + continuation + blank + header +
/// rejected.
struct SourceQuality {
    std::string path, format; ///< of all: "" and "mixed" when they differ
    double confidence = 0.0;  ///< of all: the least
    std::string encoding;     ///< "UTF-8", ...; of all: "mixed" when they differ
    std::string compression;  ///< "none", "gzip", ...; likewise
    std::uint64_t contentBytes = 0;
    std::uint64_t lines = 0, records = 0, continuationLines = 0, blankLines = 0, headerLines = 0, rejectedLines = 0;
    std::uint64_t recordsSharingLines = 0; ///< records on a line that another record stands on
    std::uint64_t invalidUtf8Lines = 0;
    std::vector<std::pair<std::string, std::uint64_t>> rejectedByReason; ///< most frequent first
    std::vector<RejectedLine> rejectedExamples; ///< up to 5 for each reason, text safe to show; of one source only
    LineStatistics text;
    TimeUs start = noTime, end = noTime;
    TimeQuality time; ///< of all: counts, the largest steps and the longest gaps; limits and medians stay 0
    MissingRows rows; ///< of a table with a time of its own; of all: sums, and the longest gap
    std::array<std::uint64_t, levelCount> levels{};
    std::uint64_t multilineRecords = 0; ///< span more than one line
    std::uint64_t plainRecords = 0;     ///< do not match the layout; all of them is message
    std::size_t entities = 0;           ///< that have records here
    std::size_t templates = 0;          ///< that have records here
    std::size_t singletons = 0;         ///< of these, with one record only
    std::vector<ColumnReport> columns;  ///< of a table
    std::string warning;                ///< of the source, e.g. a truncated gzip
};

/// How good the data is that was read. Values only, the same for the same input whatever the number of threads.
struct QualityReport {
    std::vector<SourceQuality> sources;
    SourceQuality total;
    std::size_t sessions = 0;         ///< different session keys
    std::vector<FieldQuality> fields; ///< of records that are no rows of tables; tables have `columns`
    std::vector<Finding> findings;    ///< the most severe first, then by share
};

/// Judges what was read. Reads no text again: O(records), below 5 % of the time that loading took (bench_throughput).
/// Cancelled.
[[nodiscard]] Result<QualityReport> assess(const RecordSet& records, JobContext& job);

/// The findings of a report whose other members are filled; see quality_findings.cpp for the rules.
[[nodiscard]] std::vector<Finding> findingsOf(const QualityReport& report, const RecordSet& records);

} // namespace faultline::records
