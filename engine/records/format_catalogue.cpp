// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/format_catalogue.h"
#include "engine/records/layout_catalogue.h"
#include <array>

namespace faultline::records
{

namespace
{

std::string exampleTime(const HeaderPart& part)
{
    constexpr std::array examples{"2026-03-12 14:03:30,250",
                                  "Mar 12 14:03:30",
                                  "12/Mar/2026:14:03:30 +0000",
                                  "Thu Mar 12 14:03:30 2026",
                                  "260312 140330",
                                  "03-12 14:03:30.250",
                                  "12/03/2026 14:03:30",
                                  "I0312 14:03:30.250",
                                  "1773324210",
                                  "2026-03-12",
                                  "14:03:30.250"};
    const auto shape = part.shapes.empty() ? std::size_t{0} : static_cast<std::size_t>(part.shapes.front());
    std::string time = shape < examples.size() ? examples[shape] : examples[0];
    return part.prefix == "[" ? "[" + time + "]" : time;
}

std::string exampleBracket(const HeaderPart& part)
{
    if (part.prefix.size() > 1)
        return part.prefix + "42]";
    return "[main]";
}

std::string exampleOf(const HeaderPart& part)
{
    switch (part.kind) {
    case PartKind::Time:
        return exampleTime(part);
    case PartKind::Level:
        return part.prefix == "[" ? "[error]" : "INFO";
    case PartKind::Priority:
        return "<34>";
    case PartKind::Number:
        return "42";
    case PartKind::Separator:
        return part.prefix.empty() ? ":" : part.prefix;
    case PartKind::Bracketed:
        return exampleBracket(part);
    case PartKind::Component:
        return "server:";
    case PartKind::Piped:
        return "main|";
    case PartKind::Dashed:
        return "server.exe -";
    case PartKind::Padded:
        return "server  ";
    case PartKind::Quoted:
        return "\"-\"";
    case PartKind::Request:
        return "\"GET /index.html HTTP/1.1\"";
    case PartKind::Measure:
        return part.unit == "s" ? "0.012" : "200";
    case PartKind::StructuredData:
        return "[origin ip=\"10.0.0.1\"]";
    default:
        return part.name.empty() ? "-" : part.name;
    }
}

std::string fieldsOf(const LineLayout& layout)
{
    std::string fields;
    bool request = false;
    for (const auto& part : layout.parts) {
        request = request || part.kind == PartKind::Request;
        if (!part.name.empty())
            fields += (fields.empty() ? "" : ", ") + part.name;
    }
    return "lines of " + fields + (request ? "" : ", message");
}

} // namespace

std::string exampleOf(const LineLayout& layout)
{
    std::string line;
    bool request = false;
    for (const auto& part : layout.parts) {
        if (part.optional)
            continue;
        line += (line.empty() ? "" : " ") + exampleOf(part);
        request = request || part.kind == PartKind::Request;
    }
    return request ? line : line + " connection from 10.0.0.7 closed";
}

std::vector<FormatDescription> describeFormats(const std::vector<std::shared_ptr<const UserFormat>>& own)
{
    std::vector<FormatDescription> out;
    for (const auto& format : own)
        out.push_back({.name = format->name,
                       .description = format->description,
                       .example = format->samples.empty() ? "" : format->samples.front().text,
                       .own = true});
    for (const auto& layout : namedLayouts())
        out.push_back({.name = layout.name, .description = fieldsOf(layout), .example = exampleOf(layout)});
    out.push_back({.name = "json",
                   .description = "JSON objects, nested fields named with dots",
                   .example = R"({"time":"2026-03-12T14:03:30Z","level":"info","message":"connection closed"})"});
    out.push_back({.name = "csv",
                   .description = "tables of delimited values, with a header or without",
                   .example = "2026-03-12 14:03:30,0.52,1024"});
    out.push_back({.name = "generic",
                   .description = "lines with a time near their start; the rest of the header is learned",
                   .example = "2026-03-12 14:03:30 [main] INFO server: connection closed"});
    out.push_back({.name = "text", .description = "each line is a message without a header", .example = ""});
    return out;
}

} // namespace faultline::records
