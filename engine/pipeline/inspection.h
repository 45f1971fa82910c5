// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/records/loader.h"
#include "engine/records/quality.h"
#include "engine/records/unseen_templates.h"
#include <string>
#include <vector>

namespace faultline::pipeline
{

/// What inputs hold, before anything is learned from them.
struct Inspection {
    records::RecordSet records;
    records::QualityReport quality;
    double seconds = 0.0;        ///< reading and judging
    double judgingSeconds = 0.0; ///< of these, judging
};

struct InspectRequest {
    std::vector<std::string> inputs;
    records::ParseOptions parse;
    records::templates::MiningOptions mining{};
    const records::templates::TemplateSet* frozen = nullptr; ///< match against these instead, see records::LoadOptions
    std::string rejectedPath; ///< when not empty: file,line,reason,text of every rejected line go to this CSV file
};
/// Reads the inputs whole: formats, times, rejected lines, templates, quality. The file of rejected lines is written
/// also when no record is left.
[[nodiscard]] Result<Inspection> inspect(const InspectRequest& request, JobContext& job);

/// The document of `inspect --json`.
[[nodiscard]] std::string toJson(const Inspection& inspection);

struct TemplateRow {
    std::uint32_t templateId = 0; ///< index into the set
    std::uint64_t count = 0;
    records::Level level = records::Level::None; ///< highest level seen with it
    TimeUs first = noTime, last = noTime;
};
/// Templates with how often and when they occur, most frequent first.
[[nodiscard]] std::vector<TemplateRow> templateRows(const records::RecordSet& records);
/// The document of `templates --json`.
[[nodiscard]] std::string templatesToJson(const records::RecordSet& records);
/// template_id,count,share,level,first,last,template. Io error.
[[nodiscard]] Result<void> writeTemplatesCsv(const records::RecordSet& records, const std::string& path);
/// line,template_id,template for each record, in input order. Io error.
[[nodiscard]] Result<void> writeTemplateLinesCsv(const records::RecordSet& records, const std::string& path);

} // namespace faultline::pipeline
