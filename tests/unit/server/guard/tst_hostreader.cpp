// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/hostreader.h"

#include <QTest>

using namespace danube::guard;

class TestHostReader : public QObject
{
    Q_OBJECT

    struct Outcome
    {
        bool isGood = true;
        std::string passed;
        std::string defect;
    };
    static Outcome read(std::string_view bytes, size_t piece = 100'000, uint16_t port = 80)
    {
        HostReader reader("a.org", port);
        Outcome outcome;
        for (size_t at = 0; at < bytes.size() && outcome.isGood; at += piece)
            outcome.isGood = reader.feed(bytes.substr(at, piece), outcome.passed);
        outcome.defect = reader.defect();
        return outcome;
    }

private slots:
    void passesRequestsOfTheHost_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("one") << QByteArray("GET / HTTP/1.1\r\nHost: a.org\r\n\r\n");
        QTest::newRow("case, dot, port") << QByteArray("GET / HTTP/1.1\r\nhOsT:A.Org.:80\r\n\r\n");
        QTest::newRow("1.0") << QByteArray("GET /x?y HTTP/1.0\r\nHost: a.org\r\n\r\n");
        QTest::newRow("absolute") << QByteArray("GET http://A.org/x HTTP/1.1\r\nHost: a.org\r\n\r\n");
        QTest::newRow("pipelined") << QByteArray("GET / HTTP/1.1\r\nHost: a.org\r\n\r\n").repeated(3);
        QTest::newRow("body") << QByteArray("POST / HTTP/1.1\r\nHost: a.org\r\nContent-Length: 5\r\n\r\n\r\n\r\nx"
                                            "GET / HTTP/1.1\r\nHost: a.org\r\n\r\n");
        QTest::newRow("chunked") << QByteArray("POST / HTTP/1.1\r\nTransfer-Encoding: CHUNKED\r\nHost: a.org\r\n\r\n"
                                               "5;x=y\r\nHELLO\r\nA\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n"
                                               "GET / HTTP/1.1\r\nHost: a.org\r\n\r\n");
        QTest::newRow("options") << QByteArray("OPTIONS * HTTP/1.1\r\nHost: a.org\r\n\r\n");
    }
    void passesRequestsOfTheHost()
    {
        QFETCH(QByteArray, bytes);
        for (const size_t piece : {size_t(1), size_t(7), size_t(100'000)}) {
            const Outcome outcome = read(bytes.toStdString(), piece);
            QVERIFY2(outcome.isGood, outcome.defect.c_str());
            QCOMPARE(outcome.passed, bytes.toStdString());
        }
    }
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char *name, const char *bytes) { QTest::newRow(name) << QByteArray(bytes); };
        row("another host", "GET / HTTP/1.1\r\nHost: b.org\r\n\r\n");
        row("below", "GET / HTTP/1.1\r\nHost: x.a.org\r\n\r\n");
        row("no host", "GET / HTTP/1.1\r\nAccept: *\r\n\r\n");
        row("no headers", "GET / HTTP/1.1\r\n\r\n");
        row("two hosts", "GET / HTTP/1.1\r\nHost: a.org\r\nHost: a.org\r\n\r\n");
        row("host with user", "GET / HTTP/1.1\r\nHost: b.org@a.org\r\n\r\n");
        row("another port", "GET / HTTP/1.1\r\nHost: a.org:443\r\n\r\n");
        row("address", "GET / HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n");
        row("absolute target of another", "GET http://b.org/ HTTP/1.1\r\nHost: a.org\r\n\r\n");
        row("target with user", "GET http://a.org@b.org/ HTTP/1.1\r\nHost: a.org\r\n\r\n");
        row("https target", "GET https://a.org/ HTTP/1.1\r\nHost: a.org\r\n\r\n");
        row("CONNECT", "CONNECT a.org:443 HTTP/1.1\r\nHost: a.org\r\n\r\n");
        row("Upgrade", "GET / HTTP/1.1\r\nHost: a.org\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n");
        row("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        row("HTTP/0.9", "GET /\r\n\r\n");
        row("bare line feeds", "GET / HTTP/1.1\nHost: a.org\n\n\r\n\r\n");
        row("bare CR", "GET / HTTP/1.1\r\nHost: a.org\r\nX: a\rHost: b.org\r\n\r\n");
        row("folded", "GET / HTTP/1.1\r\nHost: a.org\r\nX: a\r\n Host: b.org\r\n\r\n");
        row("blank before the colon", "GET / HTTP/1.1\r\nHost : b.org\r\nHost: a.org\r\n\r\n");
        row("leading blank", " GET / HTTP/1.1\r\nHost: a.org\r\n\r\n");
        row("tab in the request line", "GET\t/ HTTP/1.1\r\nHost: a.org\r\n\r\n");
        row("two blanks", "GET  / HTTP/1.1\r\nHost: a.org\r\n\r\n");
        row("length twice", "POST / HTTP/1.1\r\nHost: a.org\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx");
        row("length with a sign", "POST / HTTP/1.1\r\nHost: a.org\r\nContent-Length: +1\r\n\r\nx");
        row("lengths listed", "POST / HTTP/1.1\r\nHost: a.org\r\nContent-Length: 1, 1\r\n\r\nx");
        row("length and chunked",
            "POST / HTTP/1.1\r\nHost: a.org\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
        row("chunked twice", "POST / HTTP/1.1\r\nHost: a.org\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
                             "chunked\r\n\r\n");
        row("another coding", "POST / HTTP/1.1\r\nHost: a.org\r\nTransfer-Encoding: gzip, chunked\r\n\r\n");
        row("chunked in 1.0", "POST / HTTP/1.0\r\nHost: a.org\r\nTransfer-Encoding: chunked\r\n\r\n");
        const char *chunked = "POST / HTTP/1.1\r\nHost: a.org\r\nTransfer-Encoding: chunked\r\n\r\n";
        QTest::newRow("chunk size with 0x") << QByteArray(chunked) + "0x1\r\nx\r\n";
        QTest::newRow("chunk size with a sign") << QByteArray(chunked) + "-1\r\n";
        QTest::newRow("chunk longer than it says") << QByteArray(chunked) + "1\r\nxx\r\n";
        QTest::newRow("bare feed after a chunk size") << QByteArray(chunked) + "1\nx\r\n";
        QTest::newRow("endless trailers") << QByteArray(chunked) + "0\r\n" + QByteArray("T: 1\r\n").repeated(9000);
        QTest::newRow("trailer that is none") << QByteArray(chunked) + "0\r\nGET / HTTP/1.1\r\n\r\n";
        QTest::newRow("endless chunk size") << QByteArray(chunked) + "1;" + QByteArray(20'000, 'x');
        QTest::newRow("endless head") << "GET / HTTP/1.1\r\nX: " + QByteArray(40'000, 'x');
        QTest::newRow("endless chunk number") << QByteArray(chunked) + QByteArray(16, 'f') + "\r\n";
        QTest::newRow("NUL") << QByteArray("GET / HTTP/1.1\r\nHost: a.org\r\nX: \0\r\n\r\n", 38);
        QTest::newRow("garbage") << QByteArray("\x80\x81\x82");
    }
    void refuses()
    {
        QFETCH(QByteArray, bytes);
        for (const size_t piece : {size_t(1), size_t(100'000)}) {
            const Outcome outcome = read(bytes.toStdString(), piece);
            QVERIFY(!outcome.isGood);
            QVERIFY(!outcome.defect.empty());
            QVERIFY(!QByteArray::fromStdString(outcome.passed).contains("b.org"));
        }
    }
    void refusesALaterRequestOfAnotherHost()
    {
        const std::string first = "GET / HTTP/1.1\r\nHost: a.org\r\n\r\n";
        const Outcome outcome = read(first + "GET / HTTP/1.1\r\nHost: b.org\r\n\r\n");
        QVERIFY(!outcome.isGood);
        QCOMPARE(outcome.passed, first);
    }
    void tellsWhatWasAskedForOnOtherPorts()
    {
        QVERIFY(read("GET / HTTP/1.1\r\nHost: a.org:8080\r\n\r\n", 9, 8080).isGood);
        QVERIFY(!read("GET / HTTP/1.1\r\nHost: a.org:80\r\n\r\n", 9, 8080).isGood);
        HostReader reader("a.org", 80);
        std::string out;
        QVERIFY(!reader.feed("GET / HTTP/1.1\r\nHost: B.org\r\n\r\n", out));
        QCOMPARE(reader.host(), std::string("b.org"));
    }
    void holdsAHeadBackUntilItIsJudged()
    {
        HostReader reader("a.org", 80);
        std::string out;
        QVERIFY(reader.feed("GET / HTTP/1.1\r\nHost: a.org\r\n\r", out));
        QVERIFY(out.empty() && !reader.hasPassedAHead());
        QVERIFY(reader.feed("\n", out));
        QVERIFY(!out.empty() && reader.hasPassedAHead());
    }
};

QTEST_APPLESS_MAIN(TestHostReader)
#include "tst_hostreader.moc"
