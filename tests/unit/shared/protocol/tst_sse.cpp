// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/sse.h"

#include <QRandomGenerator>
#include <QTest>

using namespace danube;
using namespace danube::protocol;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Events = QList<SseEvent>;

/// All events of a text fed in pieces of `size` bytes.
Events parse(const QByteArray &text, qsizetype size, SseParser &parser)
{
    Events events;
    for (qsizetype at = 0; at < text.size(); at += size)
        events.append(parser.feed(QByteArrayView(text).sliced(at, std::min(size, text.size() - at))).value());
    return events;
}

QByteArray printable(const Events &events)
{
    QByteArray text;
    for (const SseEvent &event : events)
        text += '<' + event.id + '|' + event.event + '|' + event.data + '>';
    return text.replace('\n', "\\n");
}

} // namespace

class TestSse : public QObject
{
    Q_OBJECT
private slots:
    void readsStreamsHoweverTheyAreCut_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("events"); // <id|event|data>
        QTest::newRow("data") << "data: x\n\n"_ba << "<||x>"_ba;
        QTest::newRow("without blank") << "data:x\n\n"_ba << "<||x>"_ba;
        QTest::newRow("only one blank is taken") << "data:  x \n\n"_ba << "<|| x >"_ba;
        QTest::newRow("several lines") << "data: a\ndata:\ndata: b\n\n"_ba << "<||a\\n\\nb>"_ba;
        QTest::newRow("id and event") << "id: 7\nevent: end\ndata: x\n\n"_ba << "<7|end|x>"_ba;
        QTest::newRow("event name lasts for one event") << "event: e\ndata: 1\n\ndata: 2\n\n"_ba << "<|e|1><||2>"_ba;
        QTest::newRow("last field wins") << "event: a\nevent: b\nid: 1\nid: 2\ndata: x\n\n"_ba << "<2|b|x>"_ba;
        QTest::newRow("CRLF") << "id: 1\r\ndata: x\r\n\r\n"_ba << "<1||x>"_ba;
        QTest::newRow("CR") << "id: 1\rdata: x\r\r"_ba << "<1||x>"_ba;
        QTest::newRow("mixed ends") << "data: a\r\ndata: b\rdata: c\n\r\n"_ba << "<||a\\nb\\nc>"_ba;
        QTest::newRow("CR then LF CR") << "data: a\r\n\rdata: b\n\n"_ba << "<||a><||b>"_ba;
        QTest::newRow("byte order mark") << "\xEF\xBB\xBF"
                                            "data: x\n\n"_ba
                                         << "<||x>"_ba;
        QTest::newRow("second mark is text") << "\xEF\xBB\xBF\xEF\xBB\xBF"
                                                "data: x\n\ndata: y\n\n"_ba
                                             << "<||y>"_ba;
        QTest::newRow("mark later is text") << "\n\xEF\xBB\xBF"
                                               "data: x\n\n"_ba
                                            << ""_ba;
        QTest::newRow("comment") << ":heartbeat\n\ndata: x\n:in between\ndata: y\n\n"_ba << "<||x\\ny>"_ba;
        QTest::newRow("empty data") << "data\n\n"_ba << "<||>"_ba;
        QTest::newRow("no data, no event") << "event: e\nid: 1\n\n"_ba << ""_ba;
        QTest::newRow("event name without data is forgotten") << "event: e\n\ndata: x\n\n"_ba << "<||x>"_ba;
        QTest::newRow("unknown field") << "foo: x\ndatax: y\ndata: z\n\n"_ba << "<||z>"_ba;
        QTest::newRow("colon in value") << "data: a:b\n\n"_ba << "<||a:b>"_ba;
        QTest::newRow("field names are exact") << "Data: x\n data: y\n\n"_ba << ""_ba;
        QTest::newRow("unfinished") << "data: x\n"_ba << ""_ba;
        QTest::newRow("id with NUL is ignored") << "id: 1\nid: a\0b\ndata: x\n\n"_ba << "<1||x>"_ba;
    }
    void readsStreamsHoweverTheyAreCut()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, events);
        if (QByteArrayView(QTest::currentDataTag()) == "id with NUL is ignored")
            text = QByteArray("id: 1\nid: a\0b\ndata: x\n\n", 23);
        for (const qsizetype size : {text.size(), qsizetype(1), qsizetype(2), qsizetype(3), qsizetype(5)}) {
            SseParser parser;
            QCOMPARE(printable(parse(text, size, parser)), events);
        }
    }

    void remembersTheLastId()
    {
        SseParser parser;
        parse("id: 1\ndata: x\n\ndata: y\n\nid: 2\n"_ba, 100, parser);
        QCOMPARE(parser.lastEventId(), "1"_ba); // that of an unfinished event does not count
        parse("\n"_ba, 1, parser);
        QCOMPARE(parser.lastEventId(), "2"_ba); // that of one without data does
        parse("id\ndata: z\n\n"_ba, 100, parser);
        QCOMPARE(parser.lastEventId(), ""_ba);
        parser.setLastEventId("9");
        QCOMPARE(parser.lastEventId(), "9"_ba);
    }

    void startsOverAfterReset()
    {
        SseParser parser;
        parse("id: 1\ndata: x\n\nid: 2\nevent: e\ndata: half\nda"_ba, 100, parser);
        parser.reset();
        QCOMPARE(parser.lastEventId(), "1"_ba);
        QCOMPARE(printable(parse("\xEF\xBB\xBF"
                                 "data: y\n\n"_ba,
                                 100, parser)),
                 "<||y>"_ba);
        QCOMPARE(parser.lastEventId(), "1"_ba);
        parse("data: a\r"_ba, 100, parser);
        parser.reset();
        QCOMPARE(printable(parse("\ndata: y\n\n"_ba, 100, parser)), "<||y>"_ba);
    }

    void readsRetry_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("milliseconds"); // -1 = ignored
        QTest::newRow("number") << "2000"_ba << 2000;
        QTest::newRow("zero") << "0"_ba << 0;
        QTest::newRow("largest") << "999999999"_ba << 999'999'999;
        QTest::newRow("too large") << "1000000000"_ba << -1;
        QTest::newRow("empty") << ""_ba << -1;
        QTest::newRow("sign") << "+5"_ba << -1;
        QTest::newRow("letters") << "5s"_ba << -1;
    }
    void readsRetry()
    {
        QFETCH(QByteArray, value);
        QFETCH(int, milliseconds);
        SseParser parser;
        QVERIFY(!parser.retry());
        parse("retry: " + value + "\n\n", 100, parser);
        QCOMPARE(parser.retry() ? static_cast<int>(parser.retry()->count()) : -1, milliseconds);
    }

    void countsHeartbeats()
    {
        SseParser parser;
        parse(":\n\n: x\n\ndata: y\n\n"_ba, 1, parser);
        QCOMPARE(parser.comments(), 2u);
    }

    void boundsLines()
    {
        SseParser parser({.line = 10, .event = 100});
        QVERIFY(parser.feed("data: 4567\n\n").has_value());
        QVERIFY(parser.feed("data: 45").has_value());
        const auto tooLong = parser.feed("678\n\n");
        QVERIFY(!tooLong);
        QCOMPARE(tooLong.error().code, ErrorCode::Protocol);
        QVERIFY(tooLong.error().message.contains(u"line of more than 10 bytes"));
        QVERIFY(!parser.feed("\n").has_value());
        parser.reset();
        QVERIFY(parser.feed("data: x\n\n").has_value());
    }

    void boundsEvents()
    {
        SseParser parser({.line = 100, .event = 10});
        QVERIFY(parser.feed("data: 1234\ndata: 6789\n\n").has_value());
        QVERIFY(parser.feed("data: 1234\n").has_value());
        const auto tooLarge = parser.feed("data: 67890\n");
        QVERIFY(!tooLarge);
        QVERIFY(tooLarge.error().message.contains(u"event of more than 10 bytes"));
    }

    void writesEvents_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("all") << "1:5"_ba << "end"_ba << "{}"_ba << "id: 1:5\nevent: end\ndata: {}\n\n"_ba;
        QTest::newRow("data only") << ""_ba << ""_ba << "x"_ba << "data: x\n\n"_ba;
        QTest::newRow("empty") << ""_ba << ""_ba << ""_ba << "data: \n\n"_ba;
        QTest::newRow("lines") << ""_ba << ""_ba << "a\n\nb"_ba << "data: a\ndata: \ndata: b\n\n"_ba;
        QTest::newRow("ends with newline") << ""_ba << ""_ba << "a\n"_ba << "data: a\ndata: \n\n"_ba;
        QTest::newRow("CR cannot inject") << ""_ba << ""_ba << "a\rid: 9"_ba << "data: a\ndata: id: 9\n\n"_ba;
        QTest::newRow("CRLF") << ""_ba << ""_ba << "a\r\nb"_ba << "data: a\ndata: b\n\n"_ba;
        QTest::newRow("CR at the end") << ""_ba << ""_ba << "a\r"_ba << "data: a\ndata: \n\n"_ba;
        QTest::newRow("id with LF") << "1\ndata: x"_ba << ""_ba << "y"_ba << "data: y\n\n"_ba;
        QTest::newRow("id with CR") << "1\r"_ba << ""_ba << "y"_ba << "data: y\n\n"_ba;
        QTest::newRow("event with LF") << ""_ba << "a\n"_ba << "y"_ba << "data: y\n\n"_ba;
    }
    void writesEvents()
    {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, event);
        QFETCH(QByteArray, data);
        QFETCH(QByteArray, text);
        QCOMPARE(encodeSse({id, event, data}), text);
        QByteArray after = "before";
        appendSse(after, {id, event, data});
        QCOMPARE(after, "before" + text);
    }

    void refusesAnIdWithNul() { QCOMPARE(encodeSse({QByteArray("a\0b", 3), {}, "x"}), "data: x\n\n"_ba); }

    void readsWhatItWrites()
    {
        QRandomGenerator random(5);
        QByteArray wire;
        Events events;
        for (int i = 0; i < 200; ++i) {
            QByteArray data;
            for (int length = random.bounded(50); length > 0; --length)
                data += "ab \n:\xc3\xbc"[random.bounded(7)];
            events.append({QByteArray::number(i), i % 3 == 0 ? "e"_ba : QByteArray(), data});
            appendSse(wire, events.last());
            if (i % 7 == 0)
                wire += encodeSseComment("heartbeat");
        }
        SseParser parser;
        QCOMPARE(parse(wire, 13, parser), events);
        QCOMPARE(parser.comments(), 29u);
    }

    void writesHeartbeatsAndRetry()
    {
        QCOMPARE(encodeSseComment(), ":\n\n"_ba);
        QCOMPARE(encodeSseComment("x"), ": x\n\n"_ba);
        QCOMPARE(encodeSseComment("x\ndata: y"), ":\n\n"_ba);
        QCOMPARE(encodeSseRetry(2000ms), "retry: 2000\n\n"_ba);
    }

    void escapesCarriageReturnsOnly() { QCOMPARE(escapeCarriageReturns("a\rb\\r\n\r"), "a\\rb\\r\n\\r"_ba); }
};

QTEST_APPLESS_MAIN(TestSse)
#include "tst_sse.moc"
