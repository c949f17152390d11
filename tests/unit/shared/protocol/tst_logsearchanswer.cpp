// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/logsearch.h"

#include <QTest>

using namespace danube;
using namespace danube::protocol;
using namespace Qt::StringLiterals;

namespace {

LogSearchAnswer::Line lineAt(qint64 offset, const QByteArray &bytes, QList<std::pair<qsizetype, qsizetype>> ranges)
{
    return {{offset, WallTime(milliseconds(1'769'860'800'123)), StepNumber(3), LogStream::Stdout, bytes, true},
            std::move(ranges)};
}

} // namespace

class TestLogSearchAnswer : public QObject
{
    Q_OBJECT
private slots:
    void hasItsWireForm()
    {
        const LogSearchAnswer answer{.matches = 3,
                                     .matchingLines = 2,
                                     .isComplete = false,
                                     .searchedTo = 90,
                                     .next = 80,
                                     .lines = {lineAt(1, "aba", {{0, 1}, {2, 3}}), lineAt(5, "a", {})}};
        QCOMPARE(
            toJson(answer),
            R"({"matches":3,"matching_lines":2,"complete":false,"searched_to":90,"next":80,"lines":[)"
            R"({"offset":1,"time":"2026-01-31T12:00:00.123Z","step":3,"stream":"stdout","text":"aba",)"
            R"("ranges":[[0,1],[2,3]]},)"
            R"({"offset":5,"time":"2026-01-31T12:00:00.123Z","step":3,"stream":"stdout","text":"a","ranges":[]}]})"_ba);
    }

    void readsWhatItWrites_data()
    {
        QTest::addColumn<LogSearchAnswer>("answer");
        QTest::newRow("nothing found") << LogSearchAnswer{.searchedTo = 7};
        QTest::newRow("last page") << LogSearchAnswer{
            .matches = 1, .matchingLines = 1, .searchedTo = 7, .lines = {lineAt(0, "grün\xff", {{0, 4}})}};
        QTest::newRow("more to come") << LogSearchAnswer{.matches = 2,
                                                         .matchingLines = 2,
                                                         .isComplete = false,
                                                         .searchedTo = 9,
                                                         .next = 0,
                                                         .lines = {lineAt(1, "x", {{0, 1}}), lineAt(3, "x", {{0, 1}})}};
    }
    void readsWhatItWrites()
    {
        QFETCH(LogSearchAnswer, answer);
        const auto read = logSearchAnswerFromJson(toJson(answer));
        QVERIFY2(read, read ? "" : qPrintable(read.error().message));
        QVERIFY(*read == answer);
    }

    void refusesWhatNoServerSends_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no JSON") << "x"_ba;
        QTest::newRow("no counts") << R"({"lines":[]})"_ba;
        QTest::newRow("negative count") << R"({"matches":-1,"matching_lines":0,"searched_to":0,"lines":[]})"_ba;
        QTest::newRow("no lines") << R"({"matches":0,"matching_lines":0,"searched_to":0})"_ba;
        QTest::newRow("no line") << R"({"matches":1,"matching_lines":1,"searched_to":0,"lines":[1]})"_ba;
        for (const char *range : {"[0,3]", "[2,1]", "[-1,1]", "[0]", "0"})
            QTest::newRow(range) << R"({"matches":1,"matching_lines":1,"searched_to":9,"lines":[{"offset":0,"time":"",)"
                                    R"("step":1,"stream":"stdout","text":"ab","ranges":[)"_ba +
                                        range + "]}]}";
    }
    void refusesWhatNoServerSends()
    {
        QFETCH(QByteArray, json);
        const auto read = logSearchAnswerFromJson(json);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Protocol);
    }
};

QTEST_APPLESS_MAIN(TestLogSearchAnswer)
#include "tst_logsearchanswer.moc"
