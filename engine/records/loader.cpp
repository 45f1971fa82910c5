// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/loader.h"
#include "engine/records/batch_merger.h"
#include "engine/records/format_detection.h"
#include "engine/records/format_files.h"
#include "engine/records/record_blocks.h"
#include "engine/records/template_parameters.h"
#include "engine/records/whole_records.h"
#include <algorithm>
#include <fnmatch.h>
#include <limits>
#include <optional>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

namespace faultline::records
{

namespace
{

/// One source through the pipeline: read in order, parse in parallel, append in order.
class SourceLoad
{
public:
    SourceLoad(sources::Source& source, const LoadOptions& options, const BlockParser& parser, const SessionKeys* keys,
               BatchMerger& merger, JobContext& job)
        : m_reader(wholeRecords(source.blocks(options.blockBytes), parser), parser.cutter()),
          m_compressed(source.compression() != sources::Compression::None), m_limitBytes(options.limitBytes),
          m_parser(parser), m_keys(keys), m_merger(merger), m_job(job),
          m_masks(templates::MaskScope::current())
    {
    }

    Result<void> run()
    {
        using Item = std::shared_ptr<ParsedBlock>; // shared: TBB copies what it passes between filters
        const auto inFlight = static_cast<std::size_t>(2 * tbb::this_task_arena::max_concurrency());
        tbb::parallel_pipeline(
            inFlight, tbb::make_filter<void, Item>(tbb::filter_mode::serial_in_order, [this](tbb::flow_control& flow) {
                          return readBlock(flow);
                      }) & tbb::make_filter<Item, Item>(tbb::filter_mode::parallel, [this](Item item) {
                          return parseBlock(std::move(item));
                      }) & tbb::make_filter<Item, void>(tbb::filter_mode::serial_in_order, [this](const Item& item) {
                          const templates::MaskScope scope(m_masks);
                          m_merger.add(*item);
                      }));
        if (m_error)
            return tl::unexpected(*m_error);
        return {};
    }

    /// The content broke off within its only line, which was parsed all the same.
    [[nodiscard]] bool brokeOff() const { return m_brokeOff; }

private:
    std::shared_ptr<ParsedBlock> readBlock(tbb::flow_control& flow)
    {
        if (m_limitBytes != 0 && m_read >= m_limitBytes) {
            flow.stop();
            return nullptr;
        }
        auto block = m_reader.next();
        const auto consumed = m_reader.consumedFileBytes();
        if (!m_job.advance(consumed - m_reported))
            m_error = cancelled().value();
        else if (!block)
            m_error = block.error();
        m_reported = consumed;
        if (m_error || !*block) {
            flow.stop();
            return nullptr;
        }
        auto parsed = std::make_shared<ParsedBlock>();
        if ((*block)->tooLong)
            parsed->batch = rejectTooLong(**block);
        parsed->tooLong = (*block)->tooLong.has_value();
        parsed->block = std::move((*block)->block);
        // Nobody is going to write the rest of a compressed file that was cut, and half a record says more than none.
        m_brokeOff = m_compressed && parsed->block.unfinished && parsed->block.offset == 0;
        if (m_brokeOff)
            parsed->block.unfinished = false;
        parsed->context = std::move((*block)->context);
        m_read += parsed->block.bytes.size();
        return parsed;
    }

    std::shared_ptr<ParsedBlock> parseBlock(std::shared_ptr<ParsedBlock> parsed) const
    {
        const auto& block = parsed->block;
        parsed->lines =
            blockLines(block.bytes, {.startsInsideLine = block.startsInsideLine || parsed->context.startsInsideLine,
                                     .endsInsideLine = block.endsInsideLine || parsed->context.endsInsideLine});
        const bool piece = block.startsInsideLine || block.endsInsideLine || block.unfinished || parsed->tooLong;
        if (piece || m_job.stopRequested())
            return parsed;
        const templates::MaskScope scope(m_masks);
        parsed->batch = m_parser.parseIn(parsed->context, block.bytes);
        parsed->jumps = lineJumpsOf(parsed->batch, block.bytes, block.offset);
        if (m_keys != nullptr && parsed->batch.keyHits.empty())
            parsed->leadingKeys = m_keys->find(block.bytes, block.offset, parsed->batch);
        return parsed;
    }

    RecordBlocks m_reader;
    bool m_compressed;
    bool m_brokeOff = false;
    std::uint64_t m_limitBytes;
    const BlockParser& m_parser;
    const SessionKeys* m_keys;
    BatchMerger& m_merger;
    JobContext& m_job;
    templates::MessageMasksPtr m_masks; ///< of the loading thread, for those that parse
    std::uint64_t m_reported = 0, m_read = 0;
    std::optional<Error> m_error;
};

tl::unexpected<Error> failure(ErrorCode code, std::string message, std::string file, std::string hint)
{
    return fail({code, std::move(message), {std::move(file), 0, 0}, std::move(hint)});
}

sources::OpenOptions openOptions(const ParseOptions& parse, std::stop_token stop)
{
    return {.encoding = parse.encoding, .allowExpansion = parse.allowExpansion, .stop = std::move(stop)};
}

/// An opened input on its way into the set.
struct OpenedInput {
    sources::Input input;
    std::shared_ptr<sources::Source> source;
};

/// What was not asked for by name may fail and be left out; the set says so. False when `error` must end the loading.
bool leaveOut(const sources::Input& input, const Error& error, RecordSet& set)
{
    if (input.named || error.code == ErrorCode::Cancelled || error.code == ErrorCode::Config)
        return false;
    set.notices.push_back(input.path + " is left out: " + error.message);
    return true;
}

void notePassedOver(const std::vector<sources::PassedOver>& passedOver, RecordSet& set)
{
    constexpr std::size_t listed = 20;
    for (std::size_t i = 0; i < std::min(passedOver.size(), listed); ++i)
        set.notices.push_back(passedOver[i].path + " is passed over: " + passedOver[i].reason);
    if (passedOver.size() > listed)
        set.notices.push_back("and " + std::to_string(passedOver.size() - listed) + " more files are passed over");
}

Result<std::vector<OpenedInput>> openAll(const std::vector<std::string>& names, const sources::OpenOptions& options,
                                         RecordSet& set, JobContext& job)
{
    auto inputs = sources::expandInputs(names, options, job);
    if (!inputs)
        return tl::unexpected(inputs.error());
    if (inputs->files.size() > std::numeric_limits<std::uint16_t>::max())
        return failure(ErrorCode::Usage, "more than 65,535 inputs", "", "join small files first");
    notePassedOver(inputs->passedOver, set);
    std::vector<OpenedInput> opened;
    for (auto& input : inputs->files) {
        auto source = sources::Source::open(input.path, options);
        if (source)
            opened.push_back({std::move(input), std::move(*source)});
        else if (!leaveOut(input, source.error(), set))
            return tl::unexpected(source.error());
    }
    return opened;
}

bool haveManyOrigins(const std::vector<OpenedInput>& opened)
{
    return std::any_of(opened.begin(), opened.end(),
                       [&](const OpenedInput& other) { return other.input.origin != opened.front().input.origin; });
}

bool isField(const Detection& detection, const std::string& name)
{
    return std::find(detection.columns.begin(), detection.columns.end(), name) != detection.columns.end();
}

/// The pattern, unless the key is a field of this source; that is its parser's business.
Result<std::optional<SessionKeys>> keysFor(const Detection& detection, const ParseOptions& options)
{
    if (options.sessionKey.empty() || isField(detection, options.sessionKey))
        return std::optional<SessionKeys>();
    auto keys = SessionKeys::compile(options.sessionKey);
    if (!keys)
        return tl::unexpected(keys.error());
    return std::optional(std::move(*keys));
}

std::string emptyMessage(const SourceReport& report)
{
    std::string message = "holds no record: of " + std::to_string(report.lines) + " lines, " +
                          std::to_string(report.blankLines) + " are blank and " + std::to_string(report.rejectedLines) +
                          " were rejected";
    if (!report.rejectedByReason.empty())
        message += " (" + report.rejectedByReason.front().first + ")";
    return message;
}

/// What the person asked for, with the zone and the format of this source.
ParseOptions optionsFor(const sources::Source& source, const ParseOptions& options)
{
    auto own = options;
    const auto& path = source.path();
    const auto name = path.substr(path.rfind('/') + 1);
    const auto fits = [&](const auto& each) {
        const auto* pattern = each.pattern.c_str();
        return each.pattern == path || ::fnmatch(pattern, path.c_str(), 0) == 0 ||
               ::fnmatch(pattern, name.c_str(), 0) == 0;
    };
    if (const auto zone = std::find_if(options.zones.begin(), options.zones.end(), fits); zone != options.zones.end()) {
        own.zone = zone->zone;
        own.zoneGiven = true;
    }
    const auto format = std::find_if(options.formats.begin(), options.formats.end(), fits);
    if (format != options.formats.end()) {
        own.format = format->format;
        own.formatText = format->formatText;
        own.logFormat.clear();
    }
    return own;
}

/// Reads one input into the set. Where it fails before its first record is in, nothing of it is.
Result<void> loadSource(const OpenedInput& opened, const LoadOptions& options, BatchMerger& merger, RecordSet& set,
                        JobContext& job)
{
    auto& source = *opened.source;
    const auto parse = optionsFor(source, options.parse);
    const auto candidate = detectFormat(source, parse);
    if (!candidate)
        return tl::unexpected(candidate.error());
    const auto keys = keysFor(candidate->detection, parse);
    if (!keys)
        return tl::unexpected(keys.error());
    set.sources.push_back(opened.source);
    merger.beginSource(candidate->detection, opened.input.origin);
    SourceLoad sourceLoad(source, options, *candidate->parser, *keys ? &**keys : nullptr, merger, job);
    const auto done = sourceLoad.run();
    if (!done && done.error().code == ErrorCode::Cancelled)
        return done;
    merger.endSource(candidate->parser->missingDate(), candidate->parser->zone().value_or(parse.zone));
    if (!done)
        return done;
    auto& report = set.reports.back();
    if (sourceLoad.brokeOff())
        report.detection.reasons.emplace_back("the content breaks off within its only line; what is there is a record");
    if (report.records == 0)
        return failure(ErrorCode::Parse, emptyMessage(report), report.path, "choose a file with records");
    return {};
}

} // namespace

Result<RecordSet> load(const std::vector<std::string>& inputs, const LoadOptions& asked, JobContext& job)
{
    auto parse = resolveFormat(asked.parse);
    if (!parse)
        return tl::unexpected(parse.error());
    auto options = asked;
    options.parse = std::move(*parse);
    auto masks = options.frozen != nullptr ? Result<templates::MessageMasksPtr>(options.frozen->masks)
                                           : templates::MessageMasks::compile(options.mining.masks);
    if (!masks)
        return tl::unexpected(masks.error());
    const templates::MaskScope scope(std::move(*masks));
    RecordSet set;
    set.table = RecordTable{.memory = std::make_shared<ChunkMemory>(options.heapBytes)};
    const auto opened = openAll(inputs, openOptions(options.parse, job.stopToken()), set, job);
    if (!opened)
        return tl::unexpected(opened.error());
    std::uint64_t bytes = 0;
    for (const auto& input : *opened)
        bytes += input.source->fileBytes();
    job.begin("reading", bytes);

    BatchMerger merger(set, haveManyOrigins(*opened), options.onRejected);
    std::optional<Error> firstError;
    for (const auto& input : *opened) {
        const auto done = loadSource(input, options, merger, set, job);
        if (done)
            continue;
        if (!leaveOut(input.input, done.error(), set))
            return tl::unexpected(done.error());
        firstError = firstError.value_or(done.error());
    }
    if (job.stopRequested())
        return cancelled();
    if (set.table.size() == 0)
        return tl::unexpected(firstError.value_or(
            Error{ErrorCode::Io, "holds no file that can be read", {inputs.front(), 0, 0}, set.notices.front()}));
    if (auto done = merger.finish(options, job); !done)
        return tl::unexpected(done.error());
    if (options.mining.parameters.any())
        if (auto done = addParameterFields(set, options.mining.parameters, job); !done)
            return tl::unexpected(done.error());
    return set;
}

Result<Detection> detect(const std::string& input, const ParseOptions& options)
{
    const auto source = sources::Source::open(input, openOptions(options, {}));
    if (!source)
        return tl::unexpected(source.error());
    const auto resolved = resolveFormat(options);
    if (!resolved)
        return tl::unexpected(resolved.error());
    auto candidate = detectFormat(**source, optionsFor(**source, *resolved));
    if (!candidate)
        return tl::unexpected(candidate.error());
    return std::move(candidate->detection);
}

} // namespace faultline::records
