// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/records/loader.h"
#include <string>
#include <vector>

namespace faultline::pipeline
{

/// What inputs hold, before anything is learned from them.
struct Inspection {
    records::RecordSet records;
    double seconds = 0.0;
};

/// Reads the inputs whole: formats, times, rejected lines, templates.
[[nodiscard]] Result<Inspection> inspect(const std::vector<std::string>& inputs, const records::ParseOptions& parse,
                                         JobContext& job);

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
