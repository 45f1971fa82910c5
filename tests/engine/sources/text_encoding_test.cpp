// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/text_encoding.h"
#include "tests/engine/sources/source_folder.h"

namespace faultline::sources
{
namespace
{

/// ASCII and Latin-1 as UTF-16.
std::string utf16(const std::string& latin1, bool littleEndian, bool mark)
{
    std::string bytes = mark ? (littleEndian ? "\xFF\xFE" : "\xFE\xFF") : "";
    for (const char c : latin1) {
        bytes += littleEndian ? c : '\0';
        bytes += littleEndian ? '\0' : c;
    }
    return bytes;
}

const std::string lines = "2024-03-01 12:00:01 temperature 21 in the hall\n2024-03-01 12:00:02 ok\n";

TEST(EncodingDetection, PlainTextIsUtf8)
{
    EXPECT_EQ(detectEncoding(lines, {}).encoding, Encoding::Utf8);
    EXPECT_EQ(detectEncoding("", {}).encoding, Encoding::Utf8);
    EXPECT_EQ(detectEncoding("gr\xC3\xBC\xC3\x9F dich\n", {}).encoding, Encoding::Utf8);
}

TEST(EncodingDetection, Utf16IsKnownByItsMarkOrItsNuls)
{
    for (const bool mark : {true, false}) {
        EXPECT_EQ(detectEncoding(utf16(lines, true, mark), {}).encoding, Encoding::Utf16Le);
        EXPECT_EQ(detectEncoding(utf16(lines, false, mark), {}).encoding, Encoding::Utf16Be);
        EXPECT_EQ(detectEncoding(utf16(lines, true, mark), {}).markBytes, mark ? 2U : 0U);
    }
}

TEST(EncodingDetection, Utf16OfAnotherScriptIsKnownByItsBlanksAndDigits)
{
    std::string bytes;
    for (int line = 0; line < 20; ++line) {
        bytes += utf16("2024-03-01 12:00:01 ", true, false);
        for (int letter = 0; letter < 30; ++letter)
            bytes += std::string("\x30\x04", 2); // Cyrillic a
        bytes += utf16("\n", true, false);
    }
    EXPECT_EQ(detectEncoding(bytes, {}).encoding, Encoding::Utf16Le);
}

TEST(EncodingDetection, LettersOverAsciiThatAreNoUtf8AreWindows1252)
{
    EXPECT_EQ(detectEncoding("Messger\xE4t;Temperatur \xB0"
                             "C\n1;2\n",
                             {})
                  .encoding,
              Encoding::Windows1252);
    EXPECT_EQ(detectEncoding("price 5 \x80 \x96 cheap\n", {}).encoding, Encoding::Windows1252);
}

TEST(EncodingDetection, AFewBrokenBytesAmongUtf8LeaveItUtf8)
{
    EXPECT_EQ(detectEncoding("\xC3\xA4\xC3\xB6\xC3\xBC and \xE9 broken\n", {}).encoding, Encoding::Utf8);
}

TEST(EncodingDetection, AStrayByteInALongLogLeavesItUtf8)
{
    std::string text;
    while (text.size() < 60'000)
        text += lines;
    EXPECT_EQ(detectEncoding(text + "caf\xE9\n", {}).encoding, Encoding::Utf8);
}

TEST(EncodingDetection, BytesThatAreNoTextAreNotWindows1252)
{
    EXPECT_EQ(detectEncoding("x \xFF\xFF\x01\x02\xFE\n", {}).encoding, Encoding::Utf8);
    EXPECT_EQ(detectEncoding("GET \x16\x03\x01\xE9\xA8\x01\xFC\x03\x03\n", {}).encoding, Encoding::Utf8);
}

TEST(EncodingDetection, ACharacterThatTheSampleCutsIsNotBroken)
{
    EXPECT_EQ(detectEncoding("gr\xC3\xBC\xC3\x9F \xE2\x82", {}).encoding, Encoding::Utf8);
    EXPECT_EQ(detectEncoding("ab \xE2\x82", {}).encoding, Encoding::Utf8);
}

TEST(EncodingDetection, WhatThePersonSaysCounts)
{
    EXPECT_EQ(detectEncoding("\xC3\xA4", Encoding::Windows1252).encoding, Encoding::Windows1252);
    EXPECT_EQ(detectEncoding("\xEF\xBB\xBFx", Encoding::Utf8).markBytes, 3U);
    EXPECT_EQ(detectEncoding("\xEF\xBB\xBFx", Encoding::Windows1252).markBytes, 0U);
}

TEST(EncodingNames, AreTheUsualOnes)
{
    EXPECT_EQ(*encodingNamed("UTF-8"), Encoding::Utf8);
    EXPECT_EQ(*encodingNamed("latin1"), Encoding::Windows1252);
    EXPECT_EQ(*encodingNamed("ISO-8859-1"), Encoding::Windows1252);
    EXPECT_EQ(*encodingNamed("utf_16be"), Encoding::Utf16Be);
    EXPECT_EQ(encodingNamed("ebcdic").error().code, ErrorCode::Usage);
}

class EncodedFile : public SourceFolder
{
};

TEST_F(EncodedFile, Utf16BecomesUtf8InBothByteOrdersWithAndWithoutMark)
{
    for (const bool littleEndian : {true, false})
        for (const bool mark : {true, false})
            EXPECT_EQ(*contentOf(file("a.log", utf16(lines, littleEndian, mark))), lines) << littleEndian << mark;
}

TEST_F(EncodedFile, SurrogatePairsBecomeOneCharacter)
{
    const std::string bytes("\xFF\xFE\x3D\xD8\x00\xDE\n\0", 8);
    EXPECT_EQ(*contentOf(file("a.log", bytes)), "\xF0\x9F\x98\x80\n");
}

TEST_F(EncodedFile, UnpairedSurrogatesAndHalfCharactersBecomeReplacementsAndAreCounted)
{
    // a lone high one, a lone low one, a high one at the end, and half a unit
    const std::string bytes("\xFF\xFE\x3D\xD8x\0\x00\xDEy\0\x3D\xD8z", 13);
    const auto source = opened(file("a.log", bytes));
    EXPECT_EQ(joined(blocksOf(*source, 4096)), "\xEF\xBF\xBDx\xEF\xBF\xBDy\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_NE(source->warning().find("4 broken UTF-16"), std::string::npos) << source->warning();
}

TEST_F(EncodedFile, Windows1252BecomesUtf8)
{
    EXPECT_EQ(*contentOf(file("a.log", "5 \x80 f\xFCr \xA7 1 \x84quoted\x93\n")),
              "5 \xE2\x82\xAC f\xC3\xBCr \xC2\xA7 1 \xE2\x80\x9Equoted\xE2\x80\x9C\n");
}

TEST_F(EncodedFile, AByteOrderMarkOfUtf8IsNotContent)
{
    const auto source = opened(file("a.log", "\xEF\xBB\xBFone\ntwo\n"));
    EXPECT_EQ(joined(blocksOf(*source, 5)), "one\ntwo\n");
    EXPECT_EQ(source->contentBytes(), 8U);
    EXPECT_EQ(*source->read(4, 3), "two");
    EXPECT_EQ(*source->read(6, 100), "o\n");
    EXPECT_EQ(source->fractionAt(8), 1.0);
}

TEST_F(EncodedFile, PositionsAreThoseOfTheUtf8Content)
{
    std::string latin1, utf8;
    for (int i = 0; i < 200'000; ++i) {
        latin1 += "\xFC" + std::to_string(i) + "\n";
        utf8 += "\xC3\xBC" + std::to_string(i) + "\n";
    }
    const auto source = opened(file("a.log", latin1));
    EXPECT_EQ(source->encoding(), Encoding::Windows1252);
    EXPECT_EQ(joined(blocksOf(*source, 1U << 16)), utf8);
    for (std::size_t offset = 0; offset + 50 < utf8.size(); offset += 99'991)
        EXPECT_EQ(*source->read(offset, 50), utf8.substr(offset, 50)) << offset;
}

TEST_F(EncodedFile, TheEncodingCanBeForced)
{
    const auto source = opened(file("a.log", "\xC3\xA4\n"), {.encoding = Encoding::Windows1252});
    EXPECT_EQ(joined(blocksOf(*source, 4096)), "\xC3\x83\xC2\xA4\n");
}

TEST_F(EncodedFile, LoneCarriageReturnsEndLinesWhereNoLineFeedOccurs)
{
    const auto source = opened(file("a.log", "one\rtwo\r\rthree\r"));
    EXPECT_EQ(joined(blocksOf(*source, 6)), "one\ntwo\n\nthree\n");
}

TEST_F(EncodedFile, CarriageReturnsBesideLineFeedsStay)
{
    EXPECT_EQ(*contentOf(file("a.log", "one\r\ntwo\r50 %\rdone\n")), "one\r\ntwo\r50 %\rdone\n");
}

TEST_F(EncodedFile, ALineFeedBehindTheHeadKeepsItsCarriageReturn)
{
    const std::string early = "one\r" + std::string(70'000, 'x');
    EXPECT_EQ(*contentOf(file("a.log", early + "\r\ntwo\r")), "one\n" + std::string(70'000, 'x') + "\r\ntwo\n");
}

TEST_F(EncodedFile, AByteOrderMarkAloneIsEmpty)
{
    EXPECT_EQ(*contentOf(file("a.log", "\xEF\xBB\xBF")), "");
    EXPECT_EQ(*contentOf(file("b.log", "\xFF\xFE")), "");
}

} // namespace
} // namespace faultline::sources
