// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/source.h"
#include "engine/sources/archive.h"
#include "engine/sources/compressed_stream.h"
#include "engine/sources/file_stream.h"
#include "engine/sources/gzip_source.h"
#include "engine/sources/pipe_stream.h"
#include "engine/sources/plain_source.h"
#include "engine/sources/spooled_source.h"
#include "engine/sources/text_encoding.h"
#include <array>
#include <map>
#include <mutex>
#include <string_view>

namespace faultline::sources
{

namespace
{

constexpr std::size_t headBytes = 64 * 1024; // by which encoding and archives are known
constexpr std::size_t magicBytes = 6;

constexpr std::array compressionNames{"none", "gzip", "zstd", "xz", "bzip2"};
constexpr std::array encodingNames{"UTF-8", "UTF-16 LE", "UTF-16 BE", "Windows-1252"};

struct EncodingAlias {
    std::string_view name;
    Encoding encoding;
};
constexpr std::array encodingAliases{
    EncodingAlias{"utf8", Encoding::Utf8},          EncodingAlias{"utf16", Encoding::Utf16Le},
    EncodingAlias{"utf16le", Encoding::Utf16Le},    EncodingAlias{"utf16be", Encoding::Utf16Be},
    EncodingAlias{"cp1252", Encoding::Windows1252}, EncodingAlias{"windows1252", Encoding::Windows1252},
    EncodingAlias{"latin1", Encoding::Windows1252}, EncodingAlias{"iso88591", Encoding::Windows1252},
};

/// How the first bytes say that content is to be made text.
struct TextForm {
    DetectedEncoding detected;
    bool loneReturns = false;
    [[nodiscard]] bool isPlain() const { return detected.encoding == Encoding::Utf8 && !loneReturns; }
};

Result<TextForm> textFormOf(std::string_view head, const std::string& path, const OpenOptions& options)
{
    if (const auto refusal = refusalOf(head))
        return fail({ErrorCode::Io, refusal->what, {path, 0, 0}, refusal->remedy});
    if (compressionOf(head) != Compression::None)
        return fail({ErrorCode::Io, "is compressed twice", {path, 0, 0}, "decompress it once before"});
    TextForm form{detectEncoding(head, options.encoding), false};
    form.loneReturns = form.detected.encoding == Encoding::Utf8 && hasLoneReturns(head);
    return form;
}

/// Content as UTF-8 with line feeds, and what it was before.
struct OpenedText {
    Encoding encoding = Encoding::Utf8;
    std::unique_ptr<ByteStream> text;
};

/// `content` is decompressed.
Result<OpenedText> openText(std::unique_ptr<PeekStream> content, const std::string& path, const OpenOptions& options)
{
    const auto head = content->peek(headBytes);
    if (!head)
        return tl::unexpected(head.error());
    const auto form = textFormOf(*head, path, options);
    if (!form)
        return tl::unexpected(form.error());
    OpenedText opened{form->detected.encoding, std::move(content)};
    bool loneReturns = form->loneReturns;
    if (opened.encoding != Encoding::Utf8 || form->detected.markBytes != 0) {
        auto decoded =
            std::make_unique<PeekStream>(transcoded(std::move(opened.text), opened.encoding, form->detected.markBytes));
        const auto start = decoded->peek(headBytes);
        if (!start)
            return tl::unexpected(start.error());
        loneReturns = hasLoneReturns(*start);
        opened.text = std::move(decoded);
    }
    if (loneReturns)
        opened.text = withLineFeeds(std::move(opened.text));
    return opened;
}

std::unique_ptr<PeekStream> decompressed(std::unique_ptr<ByteStream> packed, const SpooledFacts& facts,
                                         const OpenOptions& options, StopSignalPtr stop)
{
    if (facts.compression == Compression::None)
        return std::make_unique<PeekStream>(std::move(packed));
    return std::make_unique<PeekStream>(std::make_unique<CompressedStream>(
        std::move(packed), CompressedStreamSetup{.path = facts.path,
                                                 .compression = facts.compression,
                                                 .packedBytes = facts.fileBytes,
                                                 .allowExpansion = options.allowExpansion,
                                                 .stop = std::move(stop)}));
}

/// A file whose content is spooled once somebody reads it: looking into it needs a decoder for a moment only.
Result<std::shared_ptr<Source>> spooledFile(FileHandlePtr file, SpooledFacts facts, OpenOptions options)
{
    auto stop = std::make_shared<StopSignal>(options.stop);
    const auto open = [file = std::move(file), facts, options, stop](std::optional<Encoding> encoding) {
        auto forced = options;
        forced.encoding = encoding;
        return openText(decompressed(std::make_unique<FileStream>(file), facts, options, stop), facts.path, forced);
    };
    const auto looked = open(options.encoding);
    if (!looked)
        return tl::unexpected(looked.error());
    facts.encoding = looked->encoding;
    facts.spoolFolder = options.spoolFolder;
    auto content = std::make_unique<LazyStream>([open, encoding = facts.encoding]() {
        return open(encoding).map([](OpenedText&& opened) { return std::move(opened.text); });
    });
    return std::make_shared<SpooledSource>(std::move(facts), std::move(content));
}

Result<std::shared_ptr<Source>> openFile(FileHandle file, const OpenOptions& options)
{
    std::string head(headBytes, '\0');
    const auto got = file.readAt(0, head);
    if (!got)
        return tl::unexpected(got.error());
    head.resize(*got);
    SpooledFacts facts{.path = file.path(),
                       .compression = compressionOf(head),
                       .fileBytes = file.bytes(),
                       .modified_us = file.modifiedUs()};
    // What can be addressed in its file is not spooled: UTF-8 as it is, and in gzip.
    if (facts.compression == Compression::None) {
        const auto form = textFormOf(head, facts.path, options);
        if (!form)
            return tl::unexpected(form.error());
        if (form->isPlain())
            return std::make_shared<PlainSource>(std::move(file), form->detected.markBytes);
    } else if (facts.compression == Compression::Gzip) {
        auto again = FileHandle::open(facts.path);
        if (!again)
            return tl::unexpected(again.error());
        auto source = std::make_shared<GzipSource>(std::move(*again), options.allowExpansion);
        const auto content = source->read(0, headBytes);
        const auto form = textFormOf(content.value_or(""), facts.path, options);
        if (!form)
            return tl::unexpected(form.error());
        if (form->isPlain() && form->detected.markBytes == 0)
            return source;
    }
    return spooledFile(std::make_shared<const FileHandle>(std::move(file)), std::move(facts), options);
}

/// A pipe that was opened, and whom it listens to.
struct OpenPipe {
    std::shared_ptr<Source> source; // shared: with everybody who opened it
    StopSignalPtr stop;
};

Result<OpenPipe> newPipe(const std::string& path, const OpenOptions& options)
{
    auto stop = std::make_shared<StopSignal>(options.stop);
    auto pipe = PipeStream::open(path, stop);
    if (!pipe)
        return tl::unexpected(pipe.error());
    SpooledFacts facts{.path = path, .modified_us = (*pipe)->modifiedUs()};
    auto packed = std::make_unique<PeekStream>(std::move(*pipe));
    const auto magic = packed->peek(magicBytes);
    if (!magic)
        return tl::unexpected(magic.error());
    facts.compression = compressionOf(*magic);
    auto opened = openText(decompressed(std::move(packed), facts, options, stop), path, options);
    if (!opened)
        return tl::unexpected(opened.error());
    facts.encoding = opened->encoding;
    facts.spoolFolder = options.spoolFolder;
    return OpenPipe{std::make_shared<SpooledSource>(std::move(facts), std::move(opened->text)), std::move(stop)};
}

Result<std::shared_ptr<Source>> openPipe(const std::string& path, const OpenOptions& options)
{
    // What went through a pipe is gone for everyone but who took it: detection and loading must share one source.
    static std::mutex mutex;
    static std::map<std::string, OpenPipe> known;
    const std::lock_guard lock(mutex);
    if (const auto found = known.find(path); found != known.end()) {
        found->second.stop->follow(options.stop);
        return found->second.source;
    }
    auto opened = newPipe(path, options);
    if (!opened)
        return tl::unexpected(opened.error());
    return known.emplace(path, std::move(*opened)).first->second.source;
}

} // namespace

const char* compressionName(Compression compression)
{
    return compressionNames.at(static_cast<std::size_t>(compression));
}

const char* encodingName(Encoding encoding)
{
    return encodingNames.at(static_cast<std::size_t>(encoding));
}

Result<Encoding> encodingNamed(std::string_view name)
{
    std::string letters;
    for (const char c : name)
        if (c != '-' && c != '_' && c != ' ')
            letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (const auto& alias : encodingAliases)
        if (letters == alias.name)
            return alias.encoding;
    return fail({ErrorCode::Usage,
                 "the encoding `" + std::string(name) + "` is not known",
                 {},
                 "one of utf-8, utf-16le, utf-16be, windows-1252, latin-1"});
}

Result<std::shared_ptr<Source>> Source::open(const std::string& path, const OpenOptions& options)
{
    if (isPipe(path))
        return openPipe(path, options);
    auto file = FileHandle::open(path);
    if (!file)
        return tl::unexpected(file.error());
    return openFile(std::move(*file), options);
}

Result<void> Source::forEachBlock(std::size_t blockBytes, const std::function<bool(Block)>& take, JobContext& job)
{
    const auto reader = blocks(blockBytes);
    std::uint64_t reported = 0;
    while (true) {
        auto block = reader->next();
        if (!block)
            return tl::unexpected(block.error());
        const auto consumed = reader->consumedFileBytes();
        if (!job.advance(consumed - reported))
            return cancelled();
        reported = consumed;
        if (!*block || !take(std::move(**block)))
            return {};
    }
}

} // namespace faultline::sources
