// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/html_quality.h"
#include "engine/pipeline/html_text.h"
#include "engine/pipeline/svg_timeline.h"
#include <algorithm>
#include <cmath>
#include <numeric>

namespace faultline::pipeline
{

namespace
{

using html::escape;
using html::row;
using html::tag;

constexpr std::size_t reportedEpisodes = 25;

std::string percent(double share)
{
    return formatMeasure(std::round(share * 100.0)) + " %";
}

const char* styleSheet()
{
    return R"css(
:root{--bg:#F2F3F5;--surface:#FFFFFF;--border:#DDE1E6;--text:#1A212B;--muted:#5B6675;--model:#6D2A8E;--s1:#BE9AD2;--s3:#8B4BAE;
--none:#C5CBD3;--debug:#A3ACB8;--info:#7389A6;--warn:#C07A0C;--error:#C9352B;--fatal:#7D1457;--shade:#6D2A8E1A;--sunken:#ECEEF1}
@media (prefers-color-scheme:dark){:root{--bg:#14171C;--surface:#1A1E24;--border:#2C323B;--text:#E4E8EE;--muted:#919BA9;--model:#D9B4F7;
--s1:#6A4A86;--s3:#A577CC;--none:#434C59;--debug:#56606E;--info:#647F9F;--warn:#E0A43A;--error:#EF6A60;--fatal:#F293CC;--shade:#D9B4F71A;--sunken:#12151A}}
body{margin:0;background:var(--bg);color:var(--text);font:14px/20px Inter,"Noto Sans","DejaVu Sans",sans-serif}
main{max-width:1000px;margin:0 auto;padding:24px 16px 64px}
section{background:var(--surface);border:1px solid var(--border);border-radius:6px;padding:16px;margin:16px 0}
h1{font-size:22px;line-height:28px;margin:8px 0}h2{font-size:15px;margin:0 0 8px}h3{font-size:14px;margin:16px 0 4px}
p{margin:4px 0}.muted{color:var(--muted)}svg{width:100%;height:auto;display:block;margin:8px 0}
table{border-collapse:collapse;width:100%;font-size:13px}th{text-align:left;color:var(--muted);font-weight:500}
td,th{padding:3px 8px 3px 0;border-bottom:1px solid var(--border);vertical-align:top}
td.n,th.n,code,pre{font-family:"JetBrains Mono","DejaVu Sans Mono",monospace;font-size:12px}td.n,th.n{text-align:right}
pre{background:var(--sunken);border-radius:4px;padding:8px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;margin:4px 0}
.none{fill:var(--none)}.debug{fill:var(--debug)}.info{fill:var(--info)}.warn{fill:var(--warn)}.error{fill:var(--error)}.fatal{fill:var(--fatal)}
.quiet{fill:var(--s1)}.flagged{fill:var(--s3)}.episode{fill:var(--shade)}.threshold{stroke:var(--text);stroke-width:1.25;stroke-dasharray:5 3}
text{fill:var(--muted);font:11px "DejaVu Sans Mono",monospace}.label{fill:var(--text);font:600 11px Inter,"DejaVu Sans",sans-serif}
.scale{text-anchor:end}.tick{text-anchor:middle}.tick.first{text-anchor:start}.tick.last{text-anchor:end}
.figures{display:flex;flex-wrap:wrap;gap:8px 32px}.figures b{display:block;font-size:18px;line-height:26px}
)css";
}

std::string figure(const std::string& value, const std::string& caption)
{
    return "<div><b>" + value + "</b><span class=\"muted\">" + caption + "</span></div>";
}

std::string summarySection(const AnalysisResult& result)
{
    std::string figures =
        figure(formatCount(result.records ? result.records->table.size() : 0), "records") +
        figure(formatCount(result.table.units()), features::unitKindName(result.table.kind) + "s scored") +
        figure(formatCount(result.flaggedUnits()), "flagged") +
        figure(formatCount(result.episodes.size()), "episodes") +
        figure(formatMeasure(result.threshold.value), "threshold, " + escape(result.threshold.rule.text()));
    if (result.metrics)
        figures += figure(formatMeasure(result.metrics->f1), "F1 against the labels") +
                   figure(formatMeasure(result.metrics->aucPr), "average precision");
    return tag(
        "section",
        tag("div", figures, "figures") + svgTimeline(result) +
            tag("p",
                "Score: surprise in decades, -log10 of the chance that a normal unit scores this high. Times are UTC.",
                "muted"));
}

std::string featureTable(const explain::Explanation& why)
{
    if (why.features.empty())
        return {};
    std::string rows = "<tr><th>Feature</th><th class=\"n\">Actual</th><th class=\"n\">Typical</th><th>Unit</th><th "
                       "class=\"n\">Share</th></tr>";
    for (const auto& f : why.features)
        rows += "<tr><td>" + escape(f.feature) + "</td><td class=\"n\">" +
                (std::isfinite(f.actual) ? formatMeasure(f.actual) : "–") + "</td><td class=\"n\">" +
                formatMeasure(f.typicalLow) + "–" + formatMeasure(f.typicalHigh) + "</td><td>" + escape(f.unit) +
                "</td><td class=\"n\">" + percent(f.share) + "</td></tr>";
    return tag("table", rows);
}

std::string detectorLine(const explain::Explanation& why)
{
    std::string out;
    for (const auto& d : why.detectors)
        out += (out.empty() ? "By detector: " : ", ") + escape(d.detector) + " " + percent(d.share);
    return out.empty() ? out : tag("p", out, "muted");
}

std::string templateList(const AnalysisResult& result, const explain::Explanation& why)
{
    static const char* const names[] = {"new", "gone", "more", "fewer"};
    std::string rows;
    for (const auto& change : why.templates)
        if (change.templateId < result.templateTexts.size())
            rows += row({names[static_cast<std::size_t>(change.kind)],
                         formatCount(change.count) + " (usually " + formatMeasure(change.expected) + ")",
                         tag("code", escape(result.templateTexts[change.templateId]))});
    return rows.empty() ? rows : tag("h3", "Templates") + tag("table", rows);
}

std::string evidenceList(const AnalysisResult& result, const explain::Explanation& why)
{
    std::string lines;
    if (result.records)
        for (const auto& line : why.evidence)
            if (const auto content = result.records->text(line.record, 500))
                lines += escape(*content) + "\n";
    return lines.empty() ? lines : tag("h3", "Evidence") + tag("pre", lines);
}

std::string episodeSection(const AnalysisResult& result, std::size_t e, std::size_t number)
{
    const auto& episode = result.episodes[e];
    const auto& why = result.explanations[e];
    std::string when = episode.onset == noTime ? "unit " + formatCount(episode.peakUnit)
                                               : formatIso8601(episode.onset) + " to " + formatIso8601(episode.end) +
                                                     ", peak " + formatIso8601(episode.peakTime);
    return tag("section", tag("h2", formatCount(number) + ". " + escape(why.title)) +
                              tag("p",
                                  when + ", score " + formatMeasure(episode.score) + ", " +
                                      formatCount(episode.flaggedUnits) + " flagged",
                                  "muted") +
                              tag("p", escape(why.summary)) + svgEpisode(result, episode) + detectorLine(why) +
                              featureTable(why) + templateList(result, why) + evidenceList(result, why));
}

std::string settingsSection(const AnalysisResult& result, const std::string& commandLine)
{
    return tag("section", tag("h2", "How to reproduce") + tag("p", escape(result.recipeReason)) +
                              tag("pre", escape(commandLine)) + tag("h3", "Recipe") +
                              tag("pre", escape(writeRecipe(result.recipe))));
}

} // namespace

Result<void> writeHtmlReport(const AnalysisResult& result, const std::string& path, const std::string& commandLine)
{
    std::vector<std::size_t> order(result.episodes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return result.episodes[a].score > result.episodes[b].score; });
    std::string body = tag("h1", "What stopped being normal");
    std::string inputs;
    for (const auto& input : result.inputs)
        inputs += (inputs.empty() ? "" : ", ") + escape(input);
    body += tag("p", inputs, "muted") + summarySection(result);
    if (order.empty())
        body += tag("section", tag("p", "No unit reached the threshold."));
    for (std::size_t i = 0; i < std::min(order.size(), reportedEpisodes); ++i)
        body += episodeSection(result, order[i], i + 1);
    if (order.size() > reportedEpisodes)
        body += tag("p", "and " + formatCount(order.size() - reportedEpisodes) + " more episodes with lower scores",
                    "muted");
    if (result.records)
        body += html::qualitySection(result.quality, result.notices);
    body += settingsSection(result, commandLine);
    const auto page = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width\">"
                      "<title>Faultline report</title><style>" +
                      std::string(styleSheet()) + "</style></head><body>" + tag("main", body) + "</body></html>\n";
    return writeFileAtomically(path, page);
}

} // namespace faultline::pipeline
