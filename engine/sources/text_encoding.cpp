// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/text_encoding.h"
#include "engine/core/text.h"
#include <algorithm>
#include <array>

namespace faultline::sources
{

namespace
{

constexpr std::size_t pieceBytes = 64 * 1024;
constexpr char32_t replacement = 0xFFFD;

bool isControl(unsigned char byte)
{
    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f' && byte != 0x1b) ||
           byte == 0x7F;
}

/// Length of the well-formed UTF-8 sequence of more than one byte that begins here, 0 for none. A sequence that the end
/// of the text cuts counts as long as what is there of it.
std::size_t sequenceLength(std::string_view text)
{
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : (lead & 0xF0) == 0xE0        ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    const auto present = std::min(length, text.size());
    for (std::size_t i = 1; i < present; ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80)
            return 0;
    return present;
}

struct ByteCounts {
    std::size_t sequences = 0; ///< well-formed UTF-8 of more than one byte
    std::size_t signs = 0;     ///< other bytes that are a letter or sign in Windows-1252
    std::size_t strange = 0;   ///< other bytes that hardly occur in it, and control characters
};

ByteCounts countBytes(std::string_view head)
{
    ByteCounts counts;
    for (std::size_t i = 0; i < head.size();) {
        const auto byte = static_cast<unsigned char>(head[i]);
        std::size_t step = 1;
        if (byte < 0x80) {
            counts.strange += isControl(byte) ? 1U : 0U;
        } else if (const auto length = sequenceLength(head.substr(i)); length != 0) {
            ++counts.sequences;
            step = length;
        } else {
            // Quotation marks, dashes, euro and dots of 0x80-0x9F, and 0xA0-0xFD; not thorn, y with dots, or nothing.
            constexpr std::string_view punctuation =
                "\x80\x82\x84\x85\x8A\x8C\x8E\x91\x92\x93\x94\x95\x96\x97\x99\x9A\x9C\x9E";
            const bool sign = (byte >= 0xA0 && byte <= 0xFD) || punctuation.find(head[i]) != std::string_view::npos;
            ++(sign ? counts.signs : counts.strange);
        }
        i += step;
    }
    return counts;
}

/// A stray byte in a long log of ASCII is no encoding, but names in the first line of a table are.
bool isWindows1252(std::string_view head)
{
    constexpr std::size_t bytesPerSign = 4'000;
    const auto counts = countBytes(head);
    if (counts.signs <= counts.sequences || counts.strange * 20 >= counts.signs)
        return false;
    return counts.signs * bytesPerSign >= head.size() || countBytes(head.substr(0, head.find('\n'))).signs != 0;
}

/// ASCII in UTF-16 has a NUL at every second byte. Other scripts have at least their blanks, digits and line ends
/// there.
std::optional<Encoding> utf16By(std::string_view head)
{
    std::array<std::size_t, 2> nuls{};
    for (std::size_t i = 0; i < head.size(); ++i)
        nuls[i % 2] += head[i] == '\0' ? 1U : 0U;
    const auto pairs = head.size() / 2;
    if (pairs < 4)
        return std::nullopt;
    const auto most = std::max(nuls[0], nuls[1]), least = std::min(nuls[0], nuls[1]);
    if (most * 5 < pairs || least * 100 > pairs)
        return std::nullopt;
    return nuls[1] > nuls[0] ? Encoding::Utf16Le : Encoding::Utf16Be;
}

void appendUtf8(std::string& text, char32_t c)
{
    const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xC0 | (c >> 6));
        tail(0);
    } else if (c < 0x10000) {
        text += static_cast<char>(0xE0 | (c >> 12));
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xF0 | (c >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

/// 0x80 to 0x9F of Windows-1252; the rest of it is Latin-1.
constexpr std::array<char16_t, 32> windowsSigns{0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                                0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

/// A layer that makes pieces of text out of pieces of bytes.
class TextLayer : public ByteStream
{
public:
    TextLayer(std::unique_ptr<ByteStream> below, std::size_t skipBytes)
        : m_below(std::move(below)), m_skip(skipBytes), m_piece(pieceBytes, '\0')
    {
    }
    Result<std::size_t> fill(std::span<char> target) final
    {
        std::size_t done = 0;
        while (done < target.size()) {
            if (m_given == m_text.size()) {
                if (m_atEnd)
                    break;
                if (auto more = nextPiece(); !more)
                    return tl::unexpected(more.error());
                continue;
            }
            const auto step = std::min(target.size() - done, m_text.size() - m_given);
            m_text.copy(target.data() + done, step, m_given);
            m_given += step;
            done += step;
        }
        return done;
    }
    std::uint64_t consumedFileBytes() const final { return m_below->consumedFileBytes(); }
    std::string problem() const override { return m_below->problem(); }
    bool endedEarly() const final { return m_below->endedEarly(); }

protected:
    /// Appends the text of these bytes; bytes of an unfinished character are kept for the next call.
    virtual void convert(std::string_view bytes, std::string& text) = 0;
    virtual void end(std::string& text) = 0;

private:
    Result<void> nextPiece()
    {
        const auto got = m_below->fill(m_piece);
        if (!got)
            return tl::unexpected(got.error());
        m_text.clear();
        m_given = 0;
        const auto skipped = std::min(m_skip, *got);
        m_skip -= skipped;
        convert(std::string_view(m_piece).substr(skipped, *got - skipped), m_text);
        m_atEnd = *got < m_piece.size();
        if (m_atEnd)
            end(m_text);
        return {};
    }

    std::unique_ptr<ByteStream> m_below;
    std::size_t m_skip;
    std::string m_piece, m_text;
    std::size_t m_given = 0; ///< of m_text
    bool m_atEnd = false;
};

class Utf16Layer final : public TextLayer
{
public:
    Utf16Layer(std::unique_ptr<ByteStream> below, std::size_t skipBytes, bool littleEndian)
        : TextLayer(std::move(below), skipBytes), m_littleEndian(littleEndian)
    {
    }
    std::string problem() const override
    {
        const auto below = TextLayer::problem();
        if (m_broken == 0)
            return below;
        return (below.empty() ? "" : below + "; ") + formatCount(m_broken) +
               " broken UTF-16 characters were read as U+FFFD";
    }

private:
    void convert(std::string_view bytes, std::string& text) override
    {
        for (const char c : bytes) {
            if (!m_half) {
                m_half = static_cast<unsigned char>(c);
                continue;
            }
            const auto second = static_cast<unsigned char>(c);
            take(static_cast<char16_t>(m_littleEndian ? second << 8 | *m_half : *m_half << 8 | second), text);
            m_half.reset();
        }
    }
    void take(char16_t unit, std::string& text)
    {
        const bool high = unit >= 0xD800 && unit < 0xDC00, low = unit >= 0xDC00 && unit < 0xE000;
        if (m_high != 0 && low) {
            appendUtf8(text, 0x10000U + ((m_high - 0xD800U) << 10) + (unit - 0xDC00U));
            m_high = 0;
            return;
        }
        dropHigh(text);
        if (high)
            m_high = unit;
        else if (low)
            replace(text);
        else
            appendUtf8(text, unit);
    }
    void end(std::string& text) override
    {
        dropHigh(text);
        if (m_half)
            replace(text);
        m_half.reset();
    }
    void dropHigh(std::string& text)
    {
        if (m_high != 0)
            replace(text);
        m_high = 0;
    }
    void replace(std::string& text)
    {
        appendUtf8(text, replacement);
        ++m_broken;
    }

    bool m_littleEndian;
    std::optional<unsigned char> m_half; ///< first byte of a unit
    char32_t m_high = 0;                 ///< a high surrogate that waits for its partner
    std::uint64_t m_broken = 0;
};

class Windows1252Layer final : public TextLayer
{
public:
    using TextLayer::TextLayer;

private:
    void convert(std::string_view bytes, std::string& text) override
    {
        for (const char c : bytes) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 0x80)
                text += c;
            else
                appendUtf8(text, byte < 0xA0 ? windowsSigns[byte - 0x80U] : char32_t{byte});
        }
    }
    void end(std::string&) override {}
};

class Utf8Layer final : public TextLayer
{
public:
    using TextLayer::TextLayer;

private:
    void convert(std::string_view bytes, std::string& text) override { text.append(bytes); }
    void end(std::string&) override {}
};

class LineFeedLayer final : public TextLayer
{
public:
    explicit LineFeedLayer(std::unique_ptr<ByteStream> below) : TextLayer(std::move(below), 0) {}

private:
    void convert(std::string_view bytes, std::string& text) override
    {
        for (const char c : bytes) {
            if (m_return)
                text += c == '\n' ? '\r' : '\n';
            m_return = c == '\r';
            if (!m_return)
                text += c;
        }
    }
    void end(std::string& text) override
    {
        if (m_return)
            text += '\n';
        m_return = false;
    }
    bool m_return = false; ///< a carriage return that waits for what follows it
};

} // namespace

DetectedEncoding detectEncoding(std::string_view head, std::optional<Encoding> forced)
{
    DetectedEncoding found;
    if (head.starts_with("\xEF\xBB\xBF"))
        found = {Encoding::Utf8, 3};
    else if (head.starts_with("\xFF\xFE"))
        found = {Encoding::Utf16Le, 2};
    else if (head.starts_with("\xFE\xFF"))
        found = {Encoding::Utf16Be, 2};
    if (forced)
        return {*forced, found.encoding == *forced ? found.markBytes : 0};
    if (found.markBytes != 0)
        return found;
    if (const auto utf16 = utf16By(head))
        return {*utf16, 0};
    if (isWindows1252(head))
        return {Encoding::Windows1252, 0};
    return {};
}

std::unique_ptr<ByteStream> transcoded(std::unique_ptr<ByteStream> below, Encoding encoding, std::size_t skipBytes)
{
    if (encoding == Encoding::Windows1252)
        return std::make_unique<Windows1252Layer>(std::move(below), skipBytes);
    if (encoding == Encoding::Utf8)
        return std::make_unique<Utf8Layer>(std::move(below), skipBytes);
    return std::make_unique<Utf16Layer>(std::move(below), skipBytes, encoding == Encoding::Utf16Le);
}

bool hasLoneReturns(std::string_view head)
{
    return head.find('\n') == std::string_view::npos &&
           head.substr(0, head.size() - 1).find('\r') != std::string_view::npos;
}

std::unique_ptr<ByteStream> withLineFeeds(std::unique_ptr<ByteStream> below)
{
    return std::make_unique<LineFeedLayer>(std::move(below));
}

namespace
{
/// Half of the bytes stand in runs of printable characters that are longer than packed fields usually have between
/// them, and none is malformed UTF-8.
bool isMostlyPrintable(std::string_view sample)
{
    constexpr std::size_t longRun = 8, longestCharacter = 4;
    std::size_t run = 0, printable = 0;
    const auto closeRun = [&] {
        printable += run >= longRun ? run : 0;
        run = 0;
    };
    for (std::size_t i = 0; i < sample.size();) {
        const auto byte = static_cast<unsigned char>(sample[i]);
        const auto length = byte < 0x80 ? 1 : sequenceLength(sample.substr(i));
        if (length == 0 && sample.size() - i >= longestCharacter)
            return false;
        if (length == 0)
            break; // the sample was cut within a character
        if (isControl(byte) || byte == '\n')
            closeRun();
        else
            run += length;
        i += length;
    }
    closeRun();
    return printable * 2 >= sample.size();
}
} // namespace

bool looksBinary(std::string_view sample)
{
    std::size_t controls = 0, nuls = 0;
    char before = '\n';
    for (const char c : sample) {
        const auto byte = static_cast<unsigned char>(c);
        // A crash leaves one block of NULs in a log, a binary file has them everywhere: a run counts once.
        const bool repeated = byte == 0 && before == 0;
        nuls += byte == 0 && !repeated ? 1U : 0U;
        controls += !repeated && byte != 0x7F && isControl(byte) ? 1U : 0U;
        before = c;
    }
    if (nuls * 50 > sample.size())
        return true;
    return controls * 20 > sample.size() && (nuls > 0 || !isMostlyPrintable(sample));
}

} // namespace faultline::sources
