// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/requestframer.h"

#include <QTest>

using namespace danube;
using namespace danube::http;
using namespace Qt::StringLiterals;
using State = RequestFramer::State;

class TestRequestFramer : public QObject
{
    Q_OBJECT
private slots:
    void framesARequestWhateverThePieces_data()
    {
        QTest::addColumn<qsizetype>("piece");
        for (const qsizetype piece : {1, 2, 3, 7, 1000})
            QTest::addRow("pieces of %lld", static_cast<long long>(piece)) << piece;
    }
    void framesARequestWhateverThePieces()
    {
        QFETCH(qsizetype, piece);
        RequestFramer framer;
        feedAll(framer,
                "POST /a?b=c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nX-A:  v \r\n\r\n"
                "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: t\r\n\r\n",
                piece);
        QCOMPARE(framer.state(), State::Complete);
        const FramedRequest request = framer.take();
        QCOMPARE(request.method, protocol::Method::Post);
        QCOMPARE(request.target, "/a?b=c");
        QCOMPARE(request.header("x-a"), "v");
        QCOMPARE(request.header("trailer"), "");
        QCOMPARE(request.body, "hello world");
        QVERIFY(request.keepAlive);
        QCOMPARE(framer.state(), State::Idle);
    }
    void leavesThePipelinedRequestAlone()
    {
        const QByteArray first = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab";
        const QByteArray second = "GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        RequestFramer framer;
        QCOMPARE(framer.feed(first + second), first.size());
        QCOMPARE(framer.take().body, "ab");
        QCOMPARE(framer.feed(second), second.size());
        const FramedRequest request = framer.take();
        QCOMPARE(request.target, "/2");
        QVERIFY(!request.keepAlive);
    }
    void usesNothingBeforeTheRequestIsTaken()
    {
        RequestFramer framer;
        framer.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(framer.feed("GET / HTTP/1.1\r\n"), 0);
    }
    void asksForTheBodyOnce()
    {
        RequestFramer framer;
        framer.feed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        QVERIFY(framer.takeContinue());
        QVERIFY(!framer.takeContinue());
        framer.feed("ab");
        QCOMPARE(framer.state(), State::Complete);
    }
    void ignoresAnUpgradeItDoesNotOffer()
    {
        RequestFramer framer;
        framer.feed("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n");
        QCOMPARE(framer.state(), State::Complete);
    }
    void tellsHowFarItIs()
    {
        RequestFramer framer;
        framer.feed("\r\n");
        QCOMPARE(framer.state(), State::Idle);
        framer.feed("G");
        QCOMPARE(framer.state(), State::Head);
        framer.feed("ET / HTTP/1.0\r\nContent-Length: 1\r\n\r\n");
        QCOMPARE(framer.state(), State::Body);
        framer.feed("x");
        QCOMPARE(framer.state(), State::Complete);
        QVERIFY(!framer.take().keepAlive);
    }
    void refusesInAnyPieces_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const QByteArray head = "POST / HTTP/1.1\r\nHost: x\r\n";
        const QByteArray chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
        QTest::newRow("sum of chunks") << chunked + "8\r\n12345678\r\n9\r\n123456789\r\n0\r\n\r\n" << 413;
        QTest::newRow("one huge chunk") << chunked + "ffffff\r\n" << 413;
        QTest::newRow("chunk size overflow") << chunked + "fffffffffffffffff\r\n" << 400;
        QTest::newRow("chunk without end") << chunked + "2\r\nabX\r\n0\r\n\r\n" << 400;
        QTest::newRow("chunk with bare LF") << chunked + "2\nab\r\n0\r\n\r\n" << 400;
        QTest::newRow("length") << head + "Content-Length: 17\r\n\r\n" << 413;
        QTest::newRow("trailer flood") << chunked + "0\r\nA: " + QByteArray(5000, 'x') + "\r\n\r\n" << 431;
        QTest::newRow("extension flood") << chunked + "1;" + QByteArray(5000, 'x') + "\r\na\r\n0\r\n\r\n" << 400;
        QTest::newRow("too many headers") << head + "A: b\r\nA: b\r\nA: b\r\nA: b\r\n\r\n" << 431;
        QTest::newRow("head") << head + "A: " + QByteArray(5000, 'x') + "\r\n\r\n" << 431;
        QTest::newRow("target") << "GET /" + QByteArray(300, 'x') + " HTTP/1.1\r\n\r\n" << 414;
        QTest::newRow("endless target") << "GET /" + QByteArray(5000, 'x') << 414;
    }
    void refusesInAnyPieces()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        for (const qsizetype piece : {qsizetype(1), qsizetype(13), bytes.size()}) {
            RequestFramer framer({.targetBytes = 256, .headBytes = 4096, .headers = 4, .bodyBytes = 16});
            feedAll(framer, bytes, piece);
            QCOMPARE(framer.state(), State::Refused);
            QCOMPARE(framer.refusal().status, status);
            QVERIFY(!framer.refusal().detail.isEmpty());
        }
    }

private:
    static void feedAll(RequestFramer &framer, const QByteArray &bytes, qsizetype piece)
    {
        for (qsizetype at = 0; at < bytes.size() && framer.state() != State::Refused;) {
            const auto used = framer.feed(QByteArrayView(bytes).sliced(at, std::min(piece, bytes.size() - at)));
            if (used == 0)
                return;
            at += used;
        }
    }
};

QTEST_GUILESS_MAIN(TestRequestFramer)
#include "tst_requestframer.moc"
