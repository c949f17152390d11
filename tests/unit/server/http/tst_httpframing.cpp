// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile bytes against the listening server: what a second parser could read differently never gets an answer.
#include "tests/unit/server/http/httpfixture.h"

using namespace danube;
using namespace danube::test;
using namespace std::chrono_literals;

class TestHttpFraming : public QObject
{
    Q_OBJECT
private slots:
    void refusesAndCloses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const QByteArray &bytes, int status) {
            QTest::newRow(name) << bytes << status;
        };
        const QByteArray get = "GET /health HTTP/1.1\r\n";
        const QByteArray post = "POST /health HTTP/1.1\r\nHost: a\r\n";
        const QByteArray smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        row("CL and TE", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 400);
        row("TE and CL", post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + smuggled, 400);
        row("two lengths", post + "Content-Length: 0\r\nContent-Length: 5\r\n\r\nabcde", 400);
        row("two equal lengths", post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400);
        row("length list", post + "Content-Length: 1, 1\r\n\r\na", 400);
        row("signed length", post + "Content-Length: +1\r\n\r\na", 400);
        row("negative length", post + "Content-Length: -1\r\n\r\na", 400);
        row("hex length", post + "Content-Length: 0x1\r\n\r\na", 400);
        row("empty length", post + "Content-Length: \r\n\r\n", 400);
        row("overflowing length", post + "Content-Length: 99999999999999999999\r\n\r\n", 400);
        row("blank before colon", post + "Content-Length : 1\r\n\r\na", 400);
        row("unknown coding", post + "Transfer-Encoding: gzip\r\n\r\n", 400);
        row("identity coding", post + "Transfer-Encoding: identity\r\n\r\n", 400);
        row("coding list", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501);
        row("chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        row("chunked in disguise", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400);
        row("coding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        row("chunk size with sign", post + "Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n", 400);
        row("chunk size with prefix", post + "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", 400);
        row("chunk size with blank", post + "Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n", 400);
        row("chunk longer than told", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", 400);
        row("chunk with bare LF", post + "Transfer-Encoding: chunked\r\n\r\n1\na\n0\n\n", 400);
        row("folded header", get + "Host: a\r\nX: b\r\n c\r\n\r\n", 400);
        row("folded first header", get + " Host: a\r\n\r\n", 400);
        row("bare LF lines", "GET /health HTTP/1.1\nHost: a\n\n", 400);
        row("bare LF in headers", get + "Host: a\nX: y\r\n\r\n", 400);
        row("bare CR in value", get + "Host: a\r\nX: y\rz\r\n\r\n", 400);
        row("CR CR LF", get + "Host: a\r\r\n\r\n", 400);
        row("NUL in value", get + QByteArray("Host: a\r\nX: y\0z\r\n\r\n", 19), 400);
        row("NUL in name", get + QByteArray("Host: a\r\nX\0: y\r\n\r\n", 18), 400);
        row("header without colon", get + "Host: a\r\nX\r\n\r\n", 400);
        row("header without name", get + "Host: a\r\n: x\r\n\r\n", 400);
        row("no host", get + "\r\n", 400);
        row("two hosts", get + "Host: a\r\nHost: b\r\n\r\n", 400);
        row("empty host", get + "Host:\r\n\r\n", 400);
        row("host with path", get + "Host: a/b\r\n\r\n", 400);
        row("two authorizations", get + "Host: a\r\nAuthorization: x\r\nAuthorization: y\r\n\r\n", 400);
        row("absolute target", "GET http://evil.example/health HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        row("authority in path", "GET //evil.example/health HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        row("fragment", "GET /health#x HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        row("raw UTF-8 target", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        row("escaped NUL", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        row("broken escape", "GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        row("two blanks", "GET  /health HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        row("HTTP/0.9", "GET /health\r\n", 400);
        row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
        row("HTTP/1.2", "GET /health HTTP/1.2\r\nHost: a\r\n\r\n", 505);
        row("HTTP/3", "GET /health HTTP/3\r\nHost: a\r\n\r\n", 505);
        row("other protocol", "GET /health FTP/1.1\r\nHost: a\r\n\r\n", 400);
        row("TLS hello", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01", 8), 400);
        row("unknown method", "BREW /health HTTP/1.1\r\nHost: a\r\n\r\n", 501);
        row("CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501);
        row("TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
        row("small method", "get /health HTTP/1.1\r\nHost: a\r\n\r\n", 501);
        row("malformed method", "G(T /health HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        row("unknown expectation", post + "Content-Length: 1\r\nExpect: magic\r\n\r\n", 417);
        row("long target", "GET /" + QByteArray(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
        row("endless request line", "GET /" + QByteArray(40'000, 'a'), 414);
        row("101 headers", get + "Host: a\r\n" + QByteArray("A: b\r\n").repeated(100) + "\r\n", 431);
        row("header flood", get + "Host: a\r\n" + QByteArray("A: b\r\n").repeated(100'000), 431);
        row("huge header", get + "Host: a\r\nA: " + QByteArray(200'000, 'b') + "\r\n\r\n", 431);
        row("huge body told", post + "Content-Length: 10000000000\r\n\r\n", 413);
        row("huge body chunked", post + "Transfer-Encoding: chunked\r\n\r\nfffffff\r\n", 413);
        row("empty lines", QByteArray("\r\n").repeated(20), 400);
    }
    void refusesAndCloses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        RawClient client(m_fixture->port);
        client.send(bytes);
        QVERIFY(client.closedByServer());
        const HttpAnswer answer = HttpFixture::parse(client.received);
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.headers.value("content-type"), "application/problem+json");
        QCOMPARE(answer.headers.value("connection"), "close");
        QCOMPARE(answer.json().value("status"_L1).toInt(), status);
        QCOMPARE(client.received.count("HTTP/1.1 "), 1); // nothing smuggled was answered
    }

    void answersEqualInPieces()
    {
        RawClient client(m_fixture->port);
        QVERIFY(client.connected());
        for (const char byte : QByteArray("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) {
            client.send(QByteArray(1, byte));
            client.socket().flush();
            QCoreApplication::processEvents();
        }
        QVERIFY(client.closedByServer());
        QCOMPARE(HttpFixture::parse(client.received).status, 200);
    }
    void answersPipelinedRequestsInOrder()
    {
        RawClient client(m_fixture->port);
        QByteArray all;
        for (int i = 0; i < 200; ++i)
            all += i % 2 ? "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n" : "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
        client.send(all);
        const auto statuses = client.answers(200);
        QCOMPARE(statuses.size(), 200);
        for (int i = 0; i < 200; ++i)
            QCOMPARE(statuses[i], i % 2 ? 404 : 200);
    }
    void answersManyAtOnce()
    {
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 300; ++i) {
            clients.push_back(std::make_unique<RawClient>(m_fixture->port));
            // The header that tells connections apart inside is nobody's to set.
            clients.back()->send("GET /" + QByteArray::number(i) +
                                 " HTTP/1.1\r\nHost: a\r\nX-Danube-Connection: 1\r\n\r\n");
        }
        for (int round = 0; round < 2; ++round) {
            for (int i = 0; i < 300; ++i) {
                QCOMPARE(clients[i]->answers(1), QList{404});
                QVERIFY(clients[i]->received.contains("\"instance\":\"/" + QByteArray::number(i) + '"'));
                clients[i]->received.clear();
                if (round == 0)
                    clients[i]->send("GET /" + QByteArray::number(i) + " HTTP/1.1\r\nHost: a\r\n\r\n");
            }
        }
    }
    void keepsAliveForHttp10WhenAsked()
    {
        RawClient client(m_fixture->port);
        client.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        QCOMPARE(client.answers(1), QList{200});
        client.send("GET /health HTTP/1.0\r\n\r\n");
        QVERIFY(client.closedByServer());
        QCOMPARE(client.answers(2), (QList{200, 200}));
    }
    void saysContinueBeforeTheBody()
    {
        RawClient client(m_fixture->port);
        client.send(
            HttpFixture::request("POST", "/api/v1/pipelines/x/run", "Content-Length: 2\r\nExpect: 100-continue\r\n"));
        QVERIFY(client.waitFor("HTTP/1.1 100 Continue\r\n\r\n"));
        QVERIFY(!client.received.contains("202"));
        client.send("{}");
        QVERIFY(client.waitFor("HTTP/1.1 202"));
    }
    void sendsNoBodyToHead()
    {
        RawClient client(m_fixture->port);
        client.send(
            "HEAD /health HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        QVERIFY(client.closedByServer());
        const auto firstEnd = client.received.indexOf("\r\n\r\n") + 4;
        QVERIFY(client.received.sliced(firstEnd).startsWith("HTTP/1.1 200"));
        QVERIFY(client.received.first(firstEnd).toLower().contains("content-length: "));
    }
    void endsSlowRequests_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("detail");
        const QString head = u"the request head took longer than 150 ms"_s;
        QTest::newRow("head") << QByteArray("GET /health HT") << 408 << head;
        QTest::newRow("headers") << QByteArray("GET /health HTTP/1.1\r\nHost: a\r\nX: ") << 408 << head;
        QTest::newRow("body") << QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\nab") << 408
                              << u"the request body took longer than 150 ms"_s;
        QTest::newRow("nothing at all") << QByteArray() << 0 << QString();
    }
    void endsSlowRequests()
    {
        QFETCH(QByteArray, start);
        QFETCH(int, status);
        http::HttpLimits limits;
        limits.headTime = limits.bodyTime = limits.idleTime = 150ms;
        HttpFixture fixture(limits);
        RawClient client(fixture.port);
        client.send(start);
        QTimer drip; // a byte now and then does not help
        QObject::connect(&drip, &QTimer::timeout, &drip, [&] {
            if (!start.isEmpty() && client.received.isEmpty())
                client.send("x");
        });
        drip.start(60ms);
        QVERIFY(client.closedByServer(3000));
        const HttpAnswer answer = HttpFixture::parse(client.received);
        QCOMPARE(answer.status, status);
        QTEST(answer.json().value("detail"_L1).toString(), "detail");
    }
    void closesIdleConnections()
    {
        http::HttpLimits limits;
        limits.idleTime = 150ms;
        HttpFixture fixture(limits);
        RawClient client(fixture.port);
        client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        QCOMPARE(client.answers(1), QList{200});
        QVERIFY(client.closedByServer(3000));
        QCOMPARE(client.received.count("HTTP/1.1"), 1);
    }
    void endsConnectionsOfClientsThatDoNotRead()
    {
        http::HttpLimits limits;
        limits.stallTime = 300ms;
        limits.idleTime = limits.headTime = 300ms;
        HttpFixture fixture(limits);
        const Job job = fixture.addJob(u"joblong"_s);
        const auto log = fixture.makeLog(job);
        log->print(StepNumber(1), LogStream::Stdout, QByteArray(64 << 20, 'x') + '\n');
        RawClient client(fixture.port);
        client.socket().setReadBufferSize(1024);
        client.socket().disconnect(SIGNAL(readyRead()));
        client.send(HttpFixture::get("/api/v1/jobs/joblong/logs"));
        QTest::qWait(50);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.metrics.text().contains("danube_http_connections 0"), 5000);
    }
    void survivesClientsThatLeaveDuringTheAnswer()
    {
        m_fixture->backend.silent = true;
        {
            RawClient client(m_fixture->port);
            client.send(HttpFixture::request("POST", "/api/v1/pipelines/x/run"));
            QTRY_COMPARE(m_fixture->backend.lastTrigger.pipeline, u"x"_s);
        }
        m_fixture->backend.silent = false;
        QTRY_VERIFY(m_fixture->metrics.text().contains("danube_http_connections 0"));
        QCOMPARE(m_fixture->ask("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
    }
    void closesEverythingWhenDestroyed()
    {
        auto fixture = std::make_unique<HttpFixture>();
        fixture->backend.silent = true;
        RawClient waiting(fixture->port);
        waiting.send(HttpFixture::request("POST", "/api/v1/pipelines/x/run"));
        RawClient idle(fixture->port);
        idle.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        QCOMPARE(idle.answers(1), QList{200});
        QTRY_COMPARE(fixture->backend.lastTrigger.pipeline, u"x"_s);
        fixture.reset();
        QVERIFY(waiting.closedByServer());
        QVERIFY(idle.closedByServer());
    }
    void drainsAfterTheAnswer()
    {
        HttpFixture fixture;
        RawClient idle(fixture.port);
        idle.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        QCOMPARE(idle.answers(1), QList{200});
        fixture.server.drain();
        QVERIFY(idle.closedByServer());
        RawClient later(fixture.port); // health goes on, one answer per connection
        later.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(later.closedByServer());
        QCOMPARE(HttpFixture::parse(later.received).status, 200);
    }
    void fitsItsBoundsToTheDescriptors()
    {
        const http::HttpLimits small = http::HttpLimits().within(1024);
        QCOMPARE(small.connections, 256);
        QCOMPARE(small.streams, 256);
        const http::HttpLimits large = http::HttpLimits().within(1'000'000);
        QCOMPARE(large.connections, http::HttpLimits().connections);
        QCOMPARE(large.streams, http::HttpLimits().streams);
        QCOMPARE(http::HttpLimits().within(0).streams, 1);
    }
    void reportsAPortInUse()
    {
        HttpFixture fixture;
        const auto again = fixture.server.bind(QHostAddress::LocalHost, fixture.port);
        QVERIFY(!again);
        QVERIFY(again.error().message.contains(QString::number(fixture.port)));
    }
    void init() { m_fixture = std::make_unique<HttpFixture>(); }
    void cleanup() { m_fixture.reset(); }

private:
    std::unique_ptr<HttpFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestHttpFraming)
#include "tst_httpframing.moc"
