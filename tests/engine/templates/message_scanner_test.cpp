// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/templates/mined_messages.h"
#include <gtest/gtest.h>

namespace faultline::records::templates
{
namespace
{

TEST(MessageScanner, MasksNumbersAndKeepsWords)
{
    EXPECT_EQ(masked("Receiving block blk_-1608999687919862906 of size 91178"), "Receiving block <*> of size <*>");
}

TEST(MessageScanner, MasksAHostWithItsPort)
{
    EXPECT_EQ(masked("src: /10.250.19.102:54106 dest: /10.250.19.102:50010"), "src: <*> dest: <*>");
    EXPECT_EQ(masked("proxy.cse.example.edu.hk:5070 open"), "<*> open");
}

TEST(MessageScanner, MasksADateThatReachesOverBlanks)
{
    EXPECT_EQ(masked("connection at Fri Jun 17 07:07:00 2005"), "connection at <*>");
    EXPECT_EQ(masked("since Thu, 2 Jan 2003 10:00:01 +0100."), "since <*>.");
    EXPECT_EQ(masked("until 2015-10-18T18:01:47.978Z today"), "until <*> today");
}

TEST(MessageScanner, AWordLikeAMonthIsAWord)
{
    EXPECT_EQ(masked("May fail"), "May fail");
}

TEST(MessageScanner, MasksASizeWithItsShortUnitAndKeepsAUnitWord)
{
    EXPECT_EQ(masked("lifetime 300 ms, 1.5 KB"), "lifetime <*>, <*>");
    EXPECT_EQ(masked("403 bytes sent, 6,534 bytes (6.38 KB) received"), "<*> bytes sent, <*> received");
    EXPECT_EQ(masked("after 30 seconds"), "after <*> seconds");
}

TEST(MessageScanner, MasksUrlsAndPaths)
{
    EXPECT_EQ(masked("GET https://example.org/a?b=1, done"), "GET <*>, done");
    EXPECT_EQ(masked("open jdbc:mysql://db/x now"), "open <*> now");
    EXPECT_EQ(masked("file /var/log/messages missing"), "file <*> missing");
    EXPECT_EQ(masked("in C:\\Windows\\System32 found"), "in <*> found");
}

TEST(MessageScanner, APathWithAQueryIsOneVariable)
{
    EXPECT_EQ(masked("GET /cart?id=3&sort=price HTTP/1.1"), "GET <*> HTTP/<*>");
    EXPECT_EQ(masked("GET /a';select(7);{}[x]=%27'|<b> HTTP/1.1"), "GET <*> HTTP/<*>");
    EXPECT_EQ(masked("GET / HTTP/2.0"), "GET <*> HTTP/<*>");
}

TEST(MessageScanner, MasksUuidAndMacAndIpv6)
{
    EXPECT_EQ(masked("instance bd9dd6e2-4bfa-4c18-ad71-6a3bf2a1e4c8 up"), "instance <*> up");
    EXPECT_EQ(masked("from 5a:00:11:ab:cd:ef now"), "from <*> now");
    EXPECT_EQ(masked("dhcp fe80::a6bf:1%eth0 ok"), "dhcp <*> ok");
}

TEST(MessageScanner, AColonAfterAHexadecimalWordIsNoAddress)
{
    EXPECT_EQ(masked("bad: face: dead end"), "bad: face: dead end");
}

TEST(MessageScanner, TheValueOfAKeyIsMaskedAndTheKeyStays)
{
    EXPECT_EQ(masked("uid=0 euid=1000 tty=ssh"), "uid=<*> euid=<*> tty=ssh");
}

TEST(MessageScanner, MasksTruthValues)
{
    EXPECT_EQ(masked("visible=true, last: null"), "visible=<*>, last: <*>");
}

TEST(MessageScanner, KeepsAPrefixBeforeANumber)
{
    EXPECT_EQ(masked("generating core.2275"), "generating core.<*>");
    EXPECT_EQ(masked("CE sym.....3 at BGLMaster@4f2a"), "CE sym.....<*> at BGLMaster@<*>");
    EXPECT_EQ(masked("retry attempt:3 now"), "retry attempt:<*> now");
}

TEST(MessageScanner, AWordWithFewDigitsKeepsItsText)
{
    const auto tokens = scanMessage("on eth0");
    ASSERT_EQ(tokens.size(), 2U);
    EXPECT_EQ(tokens[1].kind, TokenKind::Alphanumeric);
    EXPECT_EQ(tokens[1].text, "eth0");
}

TEST(MessageScanner, MasksQuotedTextWithADigitAndKeepsQuotedWords)
{
    EXPECT_EQ(masked("tag=\"abc1\", name=\"View Lock\", none=\"\""), "tag=\"<*>\", name=\"View Lock\", none=\"<*>\"");
}

TEST(MessageScanner, ReadsAQuotedRequestLikeTheRestOfTheMessage)
{
    EXPECT_EQ(masked("\"GET /index.html HTTP/1.1\" 200"), "\"GET <*> HTTP/<*>\" <*>");
    EXPECT_EQ(masked("\"POST /index.html HTTP/1.1\" 200"), "\"POST <*> HTTP/<*>\" <*>");
}

TEST(MessageScanner, AQuotedKeyIsAWord)
{
    const auto tokens = scanMessage("{\"level\":\"info\"}");
    ASSERT_EQ(tokens.size(), 9U);
    EXPECT_EQ(tokens[2].kind, TokenKind::Word);
    EXPECT_EQ(tokens[6].kind, TokenKind::Soft);
}

TEST(MessageScanner, AnEmptyPairOfBracketsHoldsAVariable)
{
    EXPECT_EQ(masked("args () list []"), "args (<*>) list [<*>]");
}

TEST(MessageScanner, AnApostropheInAWordQuotesNothing)
{
    EXPECT_EQ(masked("can't open, won't try"), "can't open, won't try");
}

TEST(MessageScanner, AFullStopBehindANumberStays)
{
    EXPECT_EQ(masked("took 35."), "took <*>.");
}

TEST(MessageScanner, AnEmptyMessageHasNoTokens)
{
    EXPECT_TRUE(scanMessage("").empty());
    EXPECT_TRUE(scanMessage(" \t ").empty());
}

TEST(MessageScanner, NonAsciiWordsAreWords)
{
    EXPECT_EQ(masked("Verbindung zu Gerät 7 verloren"), "Verbindung zu Gerät <*> verloren");
}

TEST(MessageScanner, AQuotedUserAgentIsOneVariable)
{
    EXPECT_EQ(masked(R"("GET /a HTTP/1.1" 200 "Mozilla/5.0 (X11; Linux x86_64) Gecko/2010 Firefox/99.0")"),
              R"("GET <*> HTTP/<*>" <*> "<*>")");
    EXPECT_EQ(masked(R"(agent="curl/7.88.1" done)"), R"(agent="<*>" done)");
}

TEST(MessageScanner, AUserAgentMayHoldEscapedQuotes)
{
    EXPECT_EQ(masked(R"(by "bot/1.0 \"x\" end" ok)"), R"(by "<*>" ok)");
}

TEST(MessageScanner, AQuotedPhraseThatBeginsWithNoProductIsReadOn)
{
    EXPECT_EQ(masked(R"(said "opened 3 files")"), R"(said "opened <*> files")");
    EXPECT_EQ(masked(R"(open "Mozilla/5.0 without end)"), R"(open "Mozilla/<*> without end)");
}

} // namespace
} // namespace faultline::records::templates
