// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/websocketcodec.h"

#include <QRandomGenerator>
#include <QTest>

using namespace danube;
using namespace danube::kube;
using namespace Qt::StringLiterals;

namespace {

/// RFC 6455, 1.3: this key gives that accept.
const QByteArray key = "the sample nonce";
const QByteArray accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const QByteArray goodHead = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                            "Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n";

WebSocketHandshake handshake()
{
    return WebSocketHandshake({.target = "/exec?command=sh&command=-c",
                               .host = "127.0.0.1:6443",
                               .headers = {"Authorization: Bearer x"},
                               .subprotocols = "v5.channel.k8s.io, v4.channel.k8s.io",
                               .key = key});
}

using Fed = Result<std::optional<WebSocketHandshake::Answer>>;

/// Feeds `bytes` in pieces of `step`, until there is an answer; the rest of the bytes comes at once.
Fed feedAll(WebSocketHandshake &to, QByteArrayView bytes, qsizetype step, bool ended)
{
    Fed fed = std::nullopt;
    qsizetype at = 0;
    while (at < bytes.size() && fed && !*fed) {
        const auto size = std::min(step, bytes.size() - at);
        fed = to.feed(bytes.sliced(at, size));
        at += size;
    }
    if (ended && fed && !*fed)
        fed = to.feed({}, true);
    return fed;
}

/// What a reader told, as text.
struct Heard
{
    QByteArray log;
    QByteArray message;
    FrameReader reader{{
        .message =
            [this](QByteArrayView piece, bool isFirst, bool isLast) {
                if (isFirst)
                    message.clear();
                message += piece;
                if (isLast)
                    log += "message " + message + "\n";
            },
        .ping = [this](const QByteArray &payload) { log += "ping " + payload + "\n"; },
        .pong = [this](const QByteArray &payload) { log += "pong " + payload + "\n"; },
        .close = [this](quint16 code,
                        const QByteArray &reason) { log += "close " + QByteArray::number(code) + " " + reason + "\n"; },
    }};
};

} // namespace

class TestWebSocketCodec : public QObject
{
    Q_OBJECT

private slots:
    void asksAsTheStandardSays()
    {
        QCOMPARE(handshake().request(), "GET /exec?command=sh&command=-c HTTP/1.1\r\n"
                                        "Host: 127.0.0.1:6443\r\n"
                                        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                        "Sec-WebSocket-Protocol: v5.channel.k8s.io, v4.channel.k8s.io\r\n"
                                        "Authorization: Bearer x\r\n\r\n"_ba);
    }

    void makesANewKeyEachTime()
    {
        const WebSocketHandshake::Settings settings{.target = "/", .host = "h"};
        QVERIFY(WebSocketHandshake(settings).request() != WebSocketHandshake(settings).request());
    }

    void takesAnUpgradeCutAnywhere()
    {
        const QByteArray frames = "\x82\x01\x01";
        for (qsizetype cut = 0; cut <= goodHead.size(); ++cut) {
            auto shake = handshake();
            const auto first = shake.feed(QByteArrayView(goodHead).first(cut));
            QVERIFY(first);
            QCOMPARE(first->has_value(), cut == goodHead.size());
            const auto fed = *first ? first : shake.feed(goodHead.sliced(cut) + frames);
            QVERIFY(fed && *fed);
            QCOMPARE(std::get<Upgraded>(**fed).subprotocol, "v5.channel.k8s.io"_ba);
            if (!*first)
                QCOMPARE(shake.takeRest(), frames);
        }
    }

    void survivesAMoveInTheMiddle()
    {
        auto shake = std::make_optional(handshake());
        QVERIFY(shake->feed(goodHead.first(50)));
        auto moved = std::make_optional(std::move(*shake));
        shake.reset();
        const auto fed = moved->feed(goodHead.sliced(50));
        QVERIFY(fed && *fed && std::holds_alternative<Upgraded>(**fed));
    }

    void refusesAnUpgradeThatIsNone_data()
    {
        QTest::addColumn<QByteArray>("answer");
        const auto changed = [](const char *from, const char *to) { return QByteArray(goodHead).replace(from, to); };
        QTest::newRow("accept of another key") << changed("s3pP", "s3pQ");
        QTest::newRow("no accept") << changed("Sec-WebSocket-Accept", "X-Accept");
        QTest::newRow("accept twice") << changed("Upgrade: websocket",
                                                 ("Upgrade: websocket\r\nSec-WebSocket-Accept: " + accept).constData());
        QTest::newRow("another upgrade") << changed("Upgrade: websocket", "Upgrade: h2c");
        QTest::newRow("no upgrade") << changed("Upgrade: websocket\r\n", "");
        QTest::newRow("no connection") << changed("Connection: Upgrade\r\n", "");
        QTest::newRow("subprotocol not asked for") << changed("v5.channel", "v6.channel");
        QTest::newRow("subprotocol in other case") << changed("v5.channel", "V5.channel");
        QTest::newRow("extension") << changed("Upgrade: websocket",
                                              "Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate");
        QTest::newRow("no HTTP") << "SSH-2.0-OpenSSH_9.2p1\r\n"_ba;
        QTest::newRow("HTTP/2") << "\0\0\x12\x04\0\0\0\0\0"_ba;
        QTest::newRow("head without an end") << "HTTP/1.1 101 x\r\n" + QByteArray(70'000, 'a');
        QTest::newRow("many headers") << "HTTP/1.1 101 x\r\n" + QByteArray("A: b\r\n").repeated(20'000);
    }
    void refusesAnUpgradeThatIsNone()
    {
        QFETCH(const QByteArray, answer);
        for (const qsizetype step : {answer.size(), qsizetype(7)}) {
            auto shake = handshake();
            const auto fed = feedAll(shake, answer, step, false);
            QVERIFY(!fed);
            QCOMPARE(fed.error().code, ErrorCode::Protocol);
        }
    }

    void takesNamesInAnyCase()
    {
        auto shake = handshake();
        const auto fed = shake.feed("HTTP/1.1 101 x\r\nupgrade: WebSocket\r\nCONNECTION: keep-alive, upgrade\r\n"
                                    "sec-websocket-accept: " +
                                    accept + "\r\nSec-WebSocket-Protocol: \r\n\r\n");
        QVERIFY(fed && *fed);
        QCOMPARE(std::get<Upgraded>(**fed).subprotocol, QByteArray());
    }

    void keepsARefusal_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("ended");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("retryAfter");
        const QByteArray json = "{\"kind\":\"Status\",\"message\":\"pods x not found\",\"code\":404}";
        const QByteArray size = QByteArray::number(json.size());
        QTest::newRow("length") << "HTTP/1.1 404 Not Found\r\nContent-Length: " + size + "\r\n\r\n" + json << false
                                << 404 << json << QByteArray();
        QTest::newRow("chunks") << "HTTP/1.1 403 F\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n" + json.first(5) +
                                       "\r\n" + QByteArray::number(json.size() - 5, 16) + ";x=y\r\n" + json.sliced(5) +
                                       "\r\n0\r\nT: r\r\n\r\n"
                                << false << 403 << json << QByteArray();
        QTest::newRow("until the end") << "HTTP/1.1 500 I\r\nConnection: close\r\n\r\n" + json << true << 500 << json
                                       << QByteArray();
        QTest::newRow("no body") << "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"_ba
                                 << false << 403 << QByteArray() << QByteArray();
        QTest::newRow("torn length") << "HTTP/1.1 400 B\r\nContent-Length: 1000\r\n\r\n" + json << true << 400 << json
                                     << QByteArray();
        QTest::newRow("bad chunk") << "HTTP/1.1 400 B\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n"_ba
                                   << false << 400 << "ab"_ba << QByteArray();
        QTest::newRow("retry after") << "HTTP/1.1 429 T\r\nRetry-After:  7 \r\nContent-Length: 4\r\n\r\nbusy"_ba
                                     << false << 429 << "busy"_ba << "7"_ba;
        QTest::newRow("after 100")
            << "HTTP/1.1 100 Continue\r\nRetry-After: 1\r\n\r\nHTTP/1.1 401 U\r\nContent-Length: 2\r\n\r\nno"_ba
            << false << 401 << "no"_ba << QByteArray();
        QTest::newRow("200") << "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"_ba << false << 200 << "ok"_ba
                             << QByteArray();
        QTest::newRow("204") << "HTTP/1.1 204 No\r\n\r\n"_ba << false << 204 << QByteArray() << QByteArray();
        QTest::newRow("HTTP/1.0") << "HTTP/1.0 502 Bad\r\n\r\nproxy"_ba << true << 502 << "proxy"_ba << QByteArray();
        QTest::newRow("longer than 64 KiB")
            << "HTTP/1.1 500 I\r\nContent-Length: 99999\r\n\r\n" + QByteArray(99'999, 'x') << false << 500
            << QByteArray(64 << 10, 'x') << QByteArray();
    }
    void keepsARefusal()
    {
        QFETCH(const QByteArray, answer);
        QFETCH(const bool, ended);
        QFETCH(const int, code);
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, retryAfter);
        for (const qsizetype step : {answer.size(), qsizetype(1)}) {
            auto shake = handshake();
            const auto fed = feedAll(shake, answer, step, ended);
            QVERIFY2(fed && *fed, qPrintable(fed ? u"no answer"_s : fed.error().message));
            const auto refused = std::get<UpgradeRefused>(**fed);
            QCOMPARE(refused.httpCode, code);
            QCOMPARE(refused.body, body);
            QCOMPARE(refused.retryAfter, retryAfter);
        }
    }

    void tellsACloseBeforeTheAnswer_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("half a head") << goodHead.first(60);
    }
    void tellsACloseBeforeTheAnswer()
    {
        QFETCH(const QByteArray, answer);
        auto shake = handshake();
        const auto fed = shake.feed(answer, true);
        QVERIFY(!fed);
        QCOMPARE(fed.error().code, ErrorCode::Unavailable);
    }

    // RFC 6455, 5.7, and what servers send; each fed at once, byte by byte, and cut at every place.
    void readsFrames_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("heard");
        QTest::newRow("text") << "\x81\x05Hello"_ba << "message Hello\n"_ba;
        QTest::newRow("fragments") << "\x01\x03Hel\x80\x02lo"_ba << "message Hello\n"_ba;
        QTest::newRow("fragments around a ping")
            << "\x02\x03Hel\x89\x01!\x00\x00\x80\x02lo"_ba << "ping !\nmessage Hello\n"_ba;
        QTest::newRow("empty first fragment") << "\x02\x00\x80\x02lo"_ba << "message lo\n"_ba;
        QTest::newRow("empty") << "\x82\x00"_ba << "message \n"_ba;
        QTest::newRow("two") << "\x82\x01x\x82\x02yz"_ba << "message x\nmessage yz\n"_ba;
        QTest::newRow("ping and pong") << "\x89\x05Hello\x8a\x05Hello"_ba << "ping Hello\npong Hello\n"_ba;
        QTest::newRow("256 bytes") << "\x82\x7e\x01\x00"_ba + QByteArray(256, 'a')
                                   << "message " + QByteArray(256, 'a') + "\n";
        QTest::newRow("70 000 bytes") << "\x82\x7f\x00\x00\x00\x00\x00\x01\x11\x70"_ba + QByteArray(70'000, 'b')
                                      << "message " + QByteArray(70'000, 'b') + "\n";
        QTest::newRow("close") << "\x88\x02\x03\xe8"_ba << "close 1000 \n"_ba;
        QTest::newRow("close with reason, then noise") << "\x88\x05\x03\xe9"
                                                          "bye\xff\xff"_ba
                                                       << "close 1001 bye\n"_ba;
        QTest::newRow("close without code") << "\x88\x00"_ba << "close 1005 \n"_ba;
    }
    void readsFrames()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QByteArray, heard);
        Heard bytewise;
        for (qsizetype i = 0; i < bytes.size(); ++i)
            QVERIFY(bytewise.reader.feed(QByteArrayView(bytes).sliced(i, 1)));
        QCOMPARE(bytewise.log, heard);
        const qsizetype stride = std::max<qsizetype>(1, bytes.size() / 300);
        for (qsizetype cut = 0; cut <= bytes.size(); cut += stride) {
            Heard cutOnce;
            QVERIFY(cutOnce.reader.feed(QByteArrayView(bytes).first(cut)));
            QVERIFY(cutOnce.reader.feed(QByteArrayView(bytes).sliced(cut)));
            QCOMPARE(cutOnce.log, heard);
        }
    }

    void refusesBrokenFrames_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("masked") << "\x82\x81\x01\x02\x03\x04x"_ba;
        QTest::newRow("reserved bit") << "\xc2\x01x"_ba;
        QTest::newRow("opcode 3") << "\x83\x01x"_ba;
        QTest::newRow("opcode 11") << "\x8b\x01x"_ba;
        QTest::newRow("opcode 15") << "\x8f\x01x"_ba;
        QTest::newRow("fragmented ping") << "\x09\x01x"_ba;
        QTest::newRow("long ping") << "\x89\x7e\x00\x7e"_ba + QByteArray(126, 'x');
        QTest::newRow("stray continuation") << "\x80\x01x"_ba;
        QTest::newRow("continuation after the end") << "\x82\x01x\x80\x01x"_ba;
        QTest::newRow("message within a message") << "\x02\x01x\x82\x01x"_ba;
        QTest::newRow("close of one byte") << "\x88\x01x"_ba;
        QTest::newRow("length over 2^63") << "\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x01"_ba;
    }
    void refusesBrokenFrames()
    {
        QFETCH(const QByteArray, bytes);
        Heard whole;
        const auto fed = whole.reader.feed(bytes);
        QVERIFY(!fed);
        QCOMPARE(fed.error().code, ErrorCode::Protocol);
        Heard bytewise;
        bool isGood = true;
        for (qsizetype i = 0; i < bytes.size() && isGood; ++i)
            isGood = bytewise.reader.feed(QByteArrayView(bytes).sliced(i, 1)).has_value();
        QVERIFY(!isGood);
    }

    void givesALargeMessageOutInPieces()
    {
        qint64 total = 0;
        qsizetype largest = 0;
        FrameReader reader({.message =
                                [&](QByteArrayView piece, bool, bool) {
                                    total += piece.size();
                                    largest = std::max(largest, piece.size());
                                },
                            .ping = {},
                            .pong = {},
                            .close = {}});
        const QByteArray part(1 << 16, 'x');
        QVERIFY(reader.feed("\x82\x7f\x00\x00\x00\x01\x00\x00\x00\x00"_ba)); // 4 GiB
        for (int i = 0; i < 64; ++i)
            QVERIFY(reader.feed(part));
        QCOMPARE(total, 64 * part.size());
        QCOMPARE(largest, part.size());
    }

    void masksAsTheStandardSays()
    {
        const QByteArray mask = "\x37\xfa\x21\x3d";
        QCOMPARE(makeFrame(Opcode::Text, "Hello", mask), "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"_ba);
        QCOMPARE(makeFrame(Opcode::Binary, {}, mask), "\x82\x80\x37\xfa\x21\x3d"_ba);
    }

    void writesWhatAReaderReads_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {0, 1, 3, 7, 8, 9, 124, 125, 126, 1000, 65'534, 65'535, 65'536, 200'000})
            QTest::addRow("%d", size) << size;
    }
    void writesWhatAReaderReads()
    {
        QFETCH(const int, size);
        QByteArray data(size, Qt::Uninitialized);
        QRandomGenerator random(static_cast<quint32>(size));
        std::ranges::generate(data, [&] { return static_cast<char>(random.generate()); });
        QByteArray frame = makeChannelFrame(2, data);
        const int length = static_cast<quint8>(frame[1]) & 0x7f;
        const qsizetype maskAt = length == 127 ? 10 : length == 126 ? 4 : 2;
        QVERIFY(static_cast<quint8>(frame[1]) & 0x80);
        const QByteArray mask = frame.sliced(maskAt, 4);
        frame.remove(maskAt, 4);
        frame[1] = static_cast<char>(length);
        for (qsizetype i = maskAt; i < frame.size(); ++i) // the plain way
            frame[i] = static_cast<char>(frame[i] ^ mask[(i - maskAt) % 4]);
        Heard heard;
        QVERIFY(heard.reader.feed(frame));
        QVERIFY(heard.log == "message \x02" + data + "\n");
    }

    void asksForAClose()
    {
        const QByteArray frame = makeCloseFrame(1001, QByteArray(500, 'r'));
        QCOMPARE(frame.size(), 2 + 4 + 125);
        QCOMPARE(static_cast<quint8>(frame[0]), quint8(0x88));
    }
};

QTEST_GUILESS_MAIN(TestWebSocketCodec)
#include "tst_websocketcodec.moc"
