// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/docker_json.h"
#include "engine/records/json_sample.h"
#include "engine/records/json_scanner.h"
#include "engine/records/otlp_parser.h"

namespace faultline::records
{

namespace
{
/// A sample shorter than this is the whole content, its last line whole.
constexpr std::size_t surelyWholeBytes = 64 * 1'024;
constexpr double leastMajority = 0.5; ///< of the lines that are objects

std::string_view wholeLines(std::string_view sample)
{
    const auto lastEnd = sample.rfind('\n');
    return sample.size() >= surelyWholeBytes && lastEnd != std::string_view::npos ? sample.substr(0, lastEnd + 1)
                                                                                  : sample;
}

std::string_view uncutRecords(std::string_view sample, const std::vector<std::string>& path)
{
    return sample.size() >= surelyWholeBytes ? sample.substr(0, JsonCutter(path).cut(sample, 0).end) : sample;
}

/// How the objects stand in the file, with the sample read that way.
struct Framed {
    JsonFraming framing;
    JsonSample sample;
};

Framed frame(std::string_view text)
{
    Framed framed{.framing = {}, .sample = JsonSample::ofLines(wholeLines(text))};
    if (framed.sample.share() < leastMajority)
        if (auto services = JsonSample::ofLines(wholeLines(text), JsonLineStart::Service);
            services.share() >= leastMajority)
            return {.framing = {.start = JsonLineStart::Service}, .sample = std::move(services)};
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (text[first] != '{' && text[first] != '['))
        return framed;
    auto path = text[first] == '{' ? shellPath(text) : std::vector<std::string>();
    if (path.empty() && text[first] == '{' && framed.sample.share() >= leastMajority)
        return framed;
    auto documents = JsonSample::ofDocuments(uncutRecords(text, path), path);
    const bool more = documents.objects() > framed.sample.objects() || text[first] == '[' || !path.empty();
    if (more && documents.objects() > 0 && documents.share() >= framed.sample.share())
        framed = {.framing = {.lines = false, .path = std::move(path)}, .sample = std::move(documents)};
    return framed;
}

std::string placeOf(const JsonFraming& framing)
{
    std::string path;
    for (const auto& key : framing.path)
        path += (path.empty() ? "" : ".") + key;
    return path.empty() ? "objects, alone or in arrays, over any number of lines"
                        : "objects in the array `" + displayText(path) + "`";
}

void describe(const Framed& framed, Detection& detection)
{
    const auto& sample = framed.sample;
    if (framed.framing.lines)
        detection.reasons.push_back(formatCount(sample.objects()) + " of " + formatCount(sample.units()) +
                                    " sampled lines are JSON objects");
    else
        detection.reasons.push_back("JSON " + placeOf(framed.framing) + ": " + formatCount(sample.objects()) +
                                    " in the sample, " + formatCount(sample.units() - sample.objects()) +
                                    " lines that are none");
    if (framed.framing.start == JsonLineStart::Service)
        detection.reasons.emplace_back("a service is named before each object, as docker compose writes");
    if (sample.texts() > 0)
        detection.reasons.push_back(formatCount(sample.texts()) +
                                    " sampled lines are text; each is a record, its message the line");
    for (const auto& column : sample.columns())
        detection.columns.push_back(sample.keys()[column.key].path);
    if (const auto flavour = jsonFlavour(sample); !flavour.empty()) {
        detection.format = flavour;
        detection.reasons.push_back("the keys are those of " + flavour);
    }
    if (sample.tooManyKeys())
        detection.reasons.push_back("there are more than " + formatCount(JsonKeys::maxKeys) +
                                    " keys; those beyond are left out");
}
} // namespace

bool endsInsideFirstJson(std::string_view sample)
{
    const auto first = sample.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (sample[first] != '{' && sample[first] != '['))
        return false;
    const auto path = sample[first] == '{' ? shellPath(sample) : std::vector<std::string>();
    return JsonCutter(path).cut(sample, 0).end == 0;
}

Candidate detectJsonLines(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    Candidate candidate;
    auto& detection = candidate.detection;
    detection.kind = Kind::JsonLines;
    auto framed = frame(sample);
    if (framed.sample.objects() == 0)
        return candidate;
    const auto& path = framed.framing.path;
    detection.format = framed.framing.lines ? "json_lines" : path.empty() ? "json_objects" : "json_array";
    const bool forced = options.format.starts_with("json");
    detection.confidence = forced ? 1.0 : framed.sample.share();
    if (isOtlp(path)) {
        describeOtlp(path.front(), detection);
        candidate.parser = makeOtlpParser(path.front(), options);
        return candidate;
    }
    describe(framed, detection);
    auto layout = assignJsonRoles(framed.sample.keys(), framed.sample.columns(), options,
                                  toCivil(file.modified_us).year, detection.reasons);
    if (!layout) {
        detection.reasons.push_back(layout.error().text());
        candidate.error = std::move(layout.error());
        return candidate;
    }
    if (layout->time) {
        detection.timeFormat = layout->time->format();
        detection.zone = layout->zoneText();
    }
    detection.hasMessage = layout->hasMessage() || framed.sample.texts() > 0;
    framed.framing.serviceIsEntity = options.entityField.empty();
    if (detection.format == "docker_json" && framed.framing.lines && layout->messageKey == "log")
        candidate.parser = makeDockerParser(wholeLines(sample), std::move(*layout), file, detection);
    else
        candidate.parser = std::make_shared<const JsonParser>(std::move(*layout), std::move(framed.framing));
    return candidate;
}

} // namespace faultline::records
