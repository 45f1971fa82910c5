// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/inspection.h"
#include "engine/core/text.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

namespace faultline::pipeline
{

namespace
{

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Result<File> createFile(const std::string& path)
{
    File file(std::fopen(path.c_str(), "wb"));
    if (!file)
        return fail({ErrorCode::Io,
                     "this file cannot be written",
                     {path, 0, 0},
                     "check that the folder exists and is writable"});
    return file;
}

Result<void> finishFile(File file, const std::string& path)
{
    const bool failed = std::ferror(file.get()) != 0 || std::fflush(file.get()) != 0;
    if (failed)
        return fail({ErrorCode::Io, "this file could not be written whole", {path, 0, 0}, "is the disk full?"});
    return {};
}

/// file,line,reason,text
std::function<void(const records::SourceReport&, const records::RejectedLine&)> rejectedWriter(std::FILE* file)
{
    std::fputs("file,line,reason,text\n", file);
    return [file](const records::SourceReport& report, const records::RejectedLine& rejected) {
        const auto line = csvText(report.path) + ',' + std::to_string(rejected.line) + ',' + csvText(rejected.reason) +
                          ',' + csvText(displayText(rejected.text)) + '\n';
        std::fwrite(line.data(), 1, line.size(), file);
    };
}

/// The file is emptied before the inputs are read.
Result<void> refuseInputAsOutput(const std::vector<std::string>& inputs, const std::string& path)
{
    std::error_code absent;
    for (const auto& input : inputs)
        if (std::filesystem::equivalent(input, path, absent))
            return fail({ErrorCode::Usage, "this is one of the inputs", {path, 0, 0}, "name another file to write to"});
    return {};
}

double secondsSince(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

} // namespace

Result<Inspection> inspect(const InspectRequest& request, JobContext& job)
{
    const auto begin = std::chrono::steady_clock::now();
    records::LoadOptions options;
    options.parse = request.parse;
    options.mining = request.mining;
    options.frozen = request.frozen;
    File rejected;
    if (!request.rejectedPath.empty()) {
        if (const auto allowed = refuseInputAsOutput(request.inputs, request.rejectedPath); !allowed)
            return fail(allowed.error());
        auto file = createFile(request.rejectedPath);
        if (!file)
            return fail(file.error());
        rejected = std::move(*file);
        options.onRejected = rejectedWriter(rejected.get());
    }
    auto records = records::load(request.inputs, options, job);
    if (rejected)
        if (const auto done = finishFile(std::move(rejected), request.rejectedPath); !done)
            return fail(done.error());
    if (!records)
        return fail(records.error());
    const auto judging = std::chrono::steady_clock::now();
    auto quality = records::assess(*records, job);
    if (!quality)
        return fail(quality.error());
    return Inspection{std::move(*records), std::move(*quality), secondsSince(begin), secondsSince(judging)};
}

std::vector<TemplateRow> templateRows(const records::RecordSet& records)
{
    const auto& table = records.table;
    std::vector<TemplateRow> rows(records.templates.size());
    for (std::uint32_t t = 0; t < rows.size(); ++t)
        rows[t].templateId = t;
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table.templateId[i] >= rows.size())
            continue;
        auto& row = rows[table.templateId[i]];
        ++row.count;
        row.level = std::max(row.level, table.level[i]);
        const auto time = table.time[i];
        if (time == noTime)
            continue;
        row.first = row.first == noTime ? time : std::min(row.first, time);
        row.last = row.last == noTime ? time : std::max(row.last, time);
    }
    std::erase_if(rows, [](const TemplateRow& row) { return row.count == 0; });
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
    return rows;
}

std::string templatesToJson(const records::RecordSet& records)
{
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const auto& row : templateRows(records)) {
        const auto& t = records.templates.templates[row.templateId];
        auto parameters = nlohmann::ordered_json::array();
        for (const auto& parameter : t.parameters)
            parameters.push_back({{"type", records::templates::nameOf(parameter.type())},
                                  {"name", displayText(parameter.name)},
                                  {"examples", parameter.examples}});
        out.push_back({{"id", t.id},
                       {"count", row.count},
                       {"level", records::levelName(row.level)},
                       {"first", formatIso8601(row.first)},
                       {"last", formatIso8601(row.last)},
                       {"template", displayText(t.text)},
                       {"unseen", row.templateId >= records.templates.firstUnseen},
                       {"parameters", std::move(parameters)}});
    }
    return out.dump(2) + "\n";
}

Result<void> writeTemplatesCsv(const records::RecordSet& records, const std::string& path)
{
    auto file = createFile(path);
    if (!file)
        return fail(file.error());
    std::fputs("template_id,count,share,level,first,last,template\n", file->get());
    const auto total = static_cast<double>(std::max<std::size_t>(1, records.table.size()));
    for (const auto& row : templateRows(records)) {
        const auto& t = records.templates.templates[row.templateId];
        const auto line = t.id + ',' + std::to_string(row.count) + ',' +
                          formatNumber(static_cast<double>(row.count) / total) + ',' +
                          std::string(records::levelName(row.level)) + ',' + formatIso8601(row.first) + ',' +
                          formatIso8601(row.last) + ',' + csvText(t.text) + '\n';
        std::fwrite(line.data(), 1, line.size(), file->get());
    }
    return finishFile(std::move(*file), path);
}

Result<void> writeTemplateLinesCsv(const records::RecordSet& records, const std::string& path)
{
    auto file = createFile(path);
    if (!file)
        return fail(file.error());
    std::fputs("line,template_id,template\n", file->get());
    std::vector<std::string> tails;
    for (const auto& t : records.templates.templates)
        tails.push_back(',' + t.id + ',' + csvText(t.text) + '\n');
    for (std::size_t i = 0; i < records.table.size(); ++i) {
        const auto id = records.table.templateId[i];
        const auto line = std::to_string(records.lineNumber(i)) + (id < tails.size() ? tails[id] : std::string(",,\n"));
        std::fwrite(line.data(), 1, line.size(), file->get());
    }
    return finishFile(std::move(*file), path);
}

} // namespace faultline::pipeline
