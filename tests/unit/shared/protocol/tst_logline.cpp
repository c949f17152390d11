// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/logline.h"

#include "shared/protocol/text.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

using namespace danube;
using namespace danube::protocol;
using namespace Qt::StringLiterals;

namespace {

LogLine lineOf(const QByteArray &bytes)
{
    return {17, WallTime(milliseconds(1'769'860'800'123)), StepNumber(3), LogStream::Stderr, bytes, true};
}

} // namespace

class TestLogLine : public QObject
{
    Q_OBJECT
private slots:
    void hasItsWireForm()
    {
        const QByteArray plain =
            "{\"offset\":17,\"time\":\"2026-01-31T12:00:00.123Z\",\"step\":3,\"stream\":\"stderr\","
            "\"text\":\"a\\u000d\\\"\\\\b\"}";
        QCOMPARE(toJson(lineOf("a\r\"\\b")), plain);
        LogLine odd = lineOf("\xff");
        odd.eol = false;
        odd.time = {};
        const QByteArray exact =
            "{\"offset\":17,\"time\":\"\",\"step\":3,\"stream\":\"stderr\",\"text\":\"\xEF\xBF\xBD\","
            "\"b64\":\"/w==\",\"eol\":false}";
        QCOMPARE(toJson(odd), exact);
        QByteArray appended = "x";
        appendJson(appended, odd);
        QCOMPARE(appended, "x" + exact);
    }

    void isExactForEveryByte_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << "hello"_ba;
        QTest::newRow("UTF-8") << "grün 日本 😀"_ba;
        QTest::newRow("byte order mark") << "\xEF\xBB\xBF"
                                            "x"_ba;
        QTest::newRow("two byte order marks") << "\xEF\xBB\xBF\xEF\xBB\xBF"_ba;
        QTest::newRow("CR and LF") << "a\rb\nc"_ba;
        QTest::newRow("controls") << QByteArray("\0\1\2\x1b\x7f\x1f", 6);
        QTest::newRow("overlong") << "\xc0\x80"_ba;
        QTest::newRow("surrogate") << "\xed\xa0\x80"_ba;
        QTest::newRow("cut sequence") << "\xe6\x97"_ba;
        QTest::newRow("beyond Unicode") << "\xf4\x90\x80\x80"_ba;
        QTest::newRow("noncharacter") << "\xef\xbf\xbf\xef\xb7\x90"_ba;
        QTest::newRow("replacement character itself") << "\xef\xbf\xbd"_ba;
        QTest::newRow("line separators") << "\xe2\x80\xa8\xe2\x80\xa9"_ba;
        QByteArray all;
        for (int i = 0; i < 256; ++i)
            all += static_cast<char>(i);
        QTest::newRow("every byte") << all;
    }
    void isExactForEveryByte()
    {
        QFETCH(QByteArray, bytes);
        const QByteArray json = toJson(lineOf(bytes));
        QVERIFY(!json.contains('\n') && !json.contains('\r'));
        QCOMPARE(logLineFromJson(json).value(), lineOf(bytes));
    }

    void isExactForRandomBytes()
    {
        QRandomGenerator random(11);
        for (int round = 0; round < 3000; ++round) {
            QByteArray bytes;
            for (int i = random.bounded(12); i > 0; --i)
                bytes += static_cast<char>(random.bounded(256));
            QCOMPARE(logLineFromJson(toJson(lineOf(bytes)))->bytes, bytes);
        }
    }

    void keepsEveryMember()
    {
        for (const LogStream stream : {LogStream::Stdout, LogStream::Stderr, LogStream::System}) {
            for (const bool eol : {true, false}) {
                const LogLine line{
                    9'000'000'000'000, WallTime(milliseconds(1)), StepNumber(UINT32_MAX), stream, "x", eol};
                QCOMPARE(logLineFromJson(toJson(line)).value(), line);
            }
        }
    }

    void writesTimesAsRfc3339()
    {
        for (const qint64 count : {1LL, 86'399'999LL, 951'782'400'000LL, 1'769'860'800'123LL, 4'102'444'799'999LL}) {
            LogLine line = lineOf("x");
            line.time = WallTime(milliseconds(count));
            const auto object = QJsonDocument::fromJson(toJson(line)).object();
            QCOMPARE(object.value("time"_L1).toString(), toRfc3339(line.time));
        }
    }

    void knowsWhatWasPrintedAndStored()
    {
        LogLine line = lineOf("abc");
        QCOMPARE(line.printed(), "abc\n"_ba);
        QCOMPARE(line.stored(), 4);
        line.eol = false;
        QCOMPARE(line.printed(), "abc"_ba);
        QCOMPARE(line.stored(), 4);
    }

    void refusesWhatNoServerSends_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no JSON") << "x"_ba;
        QTest::newRow("array") << "[]"_ba;
        QTest::newRow("no offset") << R"({"step":1,"stream":"stdout","text":""})"_ba;
        QTest::newRow("negative offset") << R"({"offset":-1,"step":1,"stream":"stdout","text":""})"_ba;
        QTest::newRow("offset without an end")
            << R"({"offset":9223372036854775807,"step":1,"stream":"stdout","text":""})"_ba;
        QTest::newRow("no step") << R"({"offset":0,"stream":"stdout","text":""})"_ba;
        QTest::newRow("negative step") << R"({"offset":0,"step":-1,"stream":"stdout","text":""})"_ba;
        QTest::newRow("huge step") << R"({"offset":0,"step":4294967296,"stream":"stdout","text":""})"_ba;
        QTest::newRow("no stream") << R"({"offset":0,"step":1,"text":""})"_ba;
        QTest::newRow("unknown stream") << R"({"offset":0,"step":1,"stream":"stdin","text":""})"_ba;
        QTest::newRow("no text") << R"({"offset":0,"step":1,"stream":"stdout"})"_ba;
        QTest::newRow("text that is no UTF-8")
            << "{\"offset\":0,\"step\":1,\"stream\":\"stdout\",\"text\":\"\xff\"}"_ba;
        QTest::newRow("more after the object") << R"({"offset":0,"step":1,"stream":"stdout","text":""}{})"_ba;
        QTest::newRow("base64 that is no text") << R"({"offset":0,"step":1,"stream":"stdout","text":"","b64":1})"_ba;
        QTest::newRow("bad base64") << R"({"offset":0,"step":1,"stream":"stdout","text":"","b64":"*"})"_ba;
    }
    void refusesWhatNoServerSends()
    {
        QFETCH(QByteArray, json);
        const auto line = logLineFromJson(json);
        QVERIFY(!line);
        QCOMPARE(line.error().code, ErrorCode::Protocol);
        QVERIFY(line.error().message.startsWith(u"log event: "_s));
    }

    void readsTheLeastThatMakesALine()
    {
        const auto line = logLineFromJson(R"({"offset":0,"step":0,"stream":"system","text":"x","more":1})");
        QCOMPARE(line.value(), (LogLine{0, {}, StepNumber(0), LogStream::System, "x", true}));
    }

    void readsAndWritesPositions_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("valid");
        QTest::addColumn<quint32>("generation");
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<bool>("ended");
        QTest::newRow("line") << "1:42"_ba << true << 1u << qint64(42) << false;
        QTest::newRow("end") << "7:42:end"_ba << true << 7u << qint64(42) << true;
        QTest::newRow("zero") << "0:0"_ba << true << 0u << qint64(0) << false;
        QTest::newRow("largest") << "4294967295:999999999999999999"_ba << true << UINT32_MAX
                                 << qint64(999'999'999'999'999'999) << false;
        for (const char *text : {"", "1", ":1", "1:", "1:x", "x:1", "-1:1", "1:-1", "1: 2", "4294967296:1", "1:2:3",
                                 "1:2:End", "1:1000000000000000000", ":end", "1:end", "1:2:end:end"})
            QTest::newRow(text) << QByteArray(text) << false << 0u << qint64(0) << false;
    }
    void readsAndWritesPositions()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, valid);
        QFETCH(quint32, generation);
        QFETCH(qint64, offset);
        QFETCH(bool, ended);
        const auto position = logPositionFromText(text);
        QCOMPARE(position.has_value(), valid);
        if (valid) {
            QCOMPARE(*position, (LogPosition{generation, offset, ended}));
            QCOMPARE(toText(*position), text);
        }
    }

    void tellsExactTextFromOther()
    {
        QVERIFY(isExactText("grün"));
        QVERIFY(isExactText(""));
        QVERIFY(!isExactText("\xff"));
        QCOMPARE(textOf("\xEF\xBB\xBF"
                        "a")
                     .size(),
                 2);
        QCOMPARE(textOf("a\xff"
                        "b"),
                 u"a\ufffdb"_s);
    }
};

QTEST_APPLESS_MAIN(TestLogLine)
#include "tst_logline.moc"
