// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/models/json_message.h"
#include "ui/models/text_format.h"
#include <QTest>
#include <limits>

using namespace faultline;
using namespace faultline::ui;

class TextFormatTest : public QObject
{
    Q_OBJECT
private slots:
    void probabilitiesHaveTwoFigures()
    {
        QCOMPARE(probabilityText(1.63e-10), QStringLiteral("1.6e−10"));
        QCOMPARE(probabilityText(0.08), QStringLiteral(".08"));
        QCOMPARE(probabilityText(3e-14), QStringLiteral("<1e−12"));
    }
    void theGutterHasOneFigure() { QCOMPARE(shortProbabilityText(1.63e-10), QStringLiteral("2e−10")); }
    void unknownIsADashAndNoneIsZero()
    {
        QCOMPARE(scoreText(std::numeric_limits<double>::quiet_NaN()), QStringLiteral("–"));
        QCOMPARE(scoreText(0.0), QStringLiteral("0.0"));
        QCOMPARE(clockText(noTime), QStringLiteral("–"));
    }
    void minusIsAMinus() { QCOMPARE(scoreText(-1.5), QStringLiteral("−1.5")); }
    void smallSharesKeepTwoDecimals()
    {
        QCOMPARE(shareText(0.31), QStringLiteral("31 %"));
        QCOMPARE(shareText(0.0004), QStringLiteral("0.04 %"));
    }
    void aTableSaysDurationsInOneUnit()
    {
        QCOMPARE(shortDurationText(16 * minute_us), QStringLiteral("16 min"));
        QCOMPARE(shortDurationText(132 * minute_us), QStringLiteral("2.2 h"));
        QCOMPARE(shortDurationText(45 * second_us), QStringLiteral("45 s"));
    }
    void controlCharactersOfALogAreShownNotRun()
    {
        const auto text = safeText("a\x1b[31mred\x07");
        QVERIFY(!text.contains(QChar(0x1b)));
        QVERIFY(!text.contains(QChar(0x07)));
    }

    void aJsonLineReadsAsMessageAndFields()
    {
        const std::string line = "{\"time\":\"x\",\"message\":\"charge failed: \\\"no route\\\"\",\"order\":46601,"
                                 "\"user\":\"ann\",\"tags\":{\"a\":[1,2]}}";
        const auto start = line.find("charge");
        QCOMPARE(QString::fromStdString(readableMessage(line, start)),
                 QStringLiteral("charge failed: \"no route\" order=46601 user=ann tags={\"a\":[1,2]}"));
    }
    void aPlainLineStaysAsItIs()
    {
        QCOMPARE(readableMessage("12:00 say \"hi\", ok", 6), std::string("say \"hi\", ok"));
    }
    void aCutJsonLineStaysAsItIs()
    {
        const std::string line = "{\"message\":\"half of a";
        QCOMPARE(readableMessage(line, 12), std::string("half of a"));
    }
    void aMessageBehindTheLineIsEmpty() { QCOMPARE(readableMessage("abc", 9), std::string()); }
};

QTEST_GUILESS_MAIN(TextFormatTest)
#include "text_format_test.moc"
