// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/html_quality.h"
#include "engine/core/text.h"
#include "engine/pipeline/html_text.h"
#include <algorithm>
#include <cmath>

namespace faultline::pipeline::html
{

namespace
{

constexpr std::size_t listedFindings = 40;
constexpr std::size_t listedSources = 200;
constexpr std::size_t listedExamples = 20;

std::string number(std::uint64_t count)
{
    return "<td class=\"n\">" + formatCount(count) + "</td>";
}

std::string findingList(const records::QualityReport& report)
{
    if (report.findings.empty())
        return tag("p", "Nothing to act on was found.");
    std::string rows;
    for (std::size_t i = 0; i < std::min(report.findings.size(), listedFindings); ++i) {
        const auto& finding = report.findings[i];
        const auto line = finding.line == 0 ? "" : ":" + std::to_string(finding.line);
        rows += row({records::severityName(finding.severity),
                     escape(finding.text) + tag("div", escape(finding.remedy), "muted"),
                     tag("code", escape(finding.where) + line)});
    }
    if (report.findings.size() > listedFindings)
        rows += row({"", "and " + formatCount(report.findings.size() - listedFindings) + " more", ""});
    return tag("table", rows);
}

std::string sourceRow(const records::SourceQuality& source, const std::string& name)
{
    return tag("tr", tag("td", name) + tag("td", escape(source.format)) + "<td class=\"n\">" +
                         formatMeasure(std::round(source.confidence * 100.0)) + " %</td>" + number(source.lines) +
                         number(source.records) + number(source.rejectedLines) +
                         number(source.time.inherited + source.time.none) + number(source.time.gapCount) +
                         number(source.time.backwardSteps) + number(source.text.duplicateLines) +
                         tag("td", formatIso8601(source.start)) + tag("td", formatIso8601(source.end)));
}

std::string sourceTable(const records::QualityReport& report)
{
    std::string rows = "<tr><th>File</th><th>Format</th>";
    for (const char* title : {"Sure", "Lines", "Records", "Rejected", "No time", "Gaps", "Back", "Duplicate"})
        rows += "<th class=\"n\">" + std::string(title) + "</th>";
    rows += "<th>From</th><th>To</th></tr>";
    for (std::size_t i = 0; i < std::min(report.sources.size(), listedSources); ++i)
        rows += sourceRow(report.sources[i], escape(report.sources[i].path));
    if (report.sources.size() > listedSources)
        rows += row({"and " + formatCount(report.sources.size() - listedSources) + " more files"});
    if (report.sources.size() > 1)
        rows += sourceRow(report.total, "all " + formatCount(report.sources.size()) + " files");
    return tag("table", rows);
}

std::string rejectedTable(const records::QualityReport& report)
{
    std::string rows;
    std::size_t listed = 0;
    for (const auto& source : report.sources)
        for (const auto& example : source.rejectedExamples)
            if (listed++ < listedExamples)
                rows += row({tag("code", escape(source.path) + ":" + std::to_string(example.line)),
                             escape(example.reason), tag("code", escape(example.text))});
    return rows.empty() ? rows : tag("h3", "Rejected lines, for example") + tag("table", rows);
}

} // namespace

std::string qualitySection(const records::QualityReport& report, const std::vector<std::string>& notices)
{
    std::string list;
    for (const auto& notice : notices)
        list += tag("li", escape(notice));
    return tag("section", tag("h2", "Data quality") + findingList(report) + tag("h3", "What was read") +
                              sourceTable(report) + rejectedTable(report) + (list.empty() ? "" : tag("ul", list)));
}

} // namespace faultline::pipeline::html
