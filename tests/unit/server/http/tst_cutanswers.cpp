// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies whose length nobody knows beforehand: the client can tell a whole one from a part, however the connection
// ends.
#include "tests/unit/server/http/httpfixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace danube;
using namespace danube::test;
using namespace std::chrono_literals;

namespace {

/// A client that reads when it is told to, and tells an end from a reset, which QTcpSocket does not.
class PlainClient
{
public:
    enum class End { None, Clean, Reset };
    PlainClient(quint16 port, const QByteArray &request) : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        constexpr int little = 4096;
        ::setsockopt(m_socket, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool sent = ::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 &&
                          ::send(m_socket, request.constData(), static_cast<size_t>(request.size()), 0) > 0;
        if (!sent)
            qFatal("the client has no connection");
    }
    ~PlainClient() { ::close(m_socket); }
    Q_DISABLE_COPY_MOVE(PlainClient)

    bool hasBytes() const
    {
        char byte = 0;
        return ::recv(m_socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
    }
    /// To the end, while the server goes on.
    End readAll()
    {
        (void)waitUntil([this] { return readSome() != End::None; }, 30'000);
        return m_end;
    }
    QByteArray received;

private:
    End readSome()
    {
        QByteArray piece(64 << 10, Qt::Uninitialized);
        while (m_end == End::None) {
            const auto got = ::recv(m_socket, piece.data(), static_cast<size_t>(piece.size()), MSG_DONTWAIT);
            if (got < 0 && errno == EAGAIN)
                return End::None;
            if (got <= 0)
                m_end = got == 0 ? End::Clean : End::Reset;
            else
                received.append(piece.first(got));
        }
        return m_end;
    }
    int m_socket;
    End m_end = End::None;
};

using End = PlainClient::End;

/// Not more than the sockets' buffers hold, or more.
constexpr qsizetype small = 100'000;
constexpr qsizetype large = 24 << 20;

} // namespace

class TestCutAnswers : public QObject
{
    Q_OBJECT
private:
    struct Served
    {
        HttpFixture fixture;
        Job job;
        QByteArray printed;
        explicit Served(qsizetype size, http::HttpLimits limits = {}) : fixture(limits)
        {
            job = fixture.addJob(u"job1"_s);
            while (printed.size() < size)
                printed += "line " + QByteArray::number(printed.size()) + " of a log that is long\n";
            const auto log = fixture.makeLog(job);
            log->print(StepNumber(1), LogStream::Stdout, printed);
            log->print(StepNumber(2), LogStream::Stdout, "another step\n");
            fixture.end(job, log.get());
        }
        QString logFile() const { return fixture.logs.filePath(u"job1.log"_s); }
    };
    /// "1.1", "1.1 close", "1.0", "1.0 keep-alive"
    static QByteArray requestIn(const QByteArray &form, const QByteArray &method = "GET")
    {
        const auto words = form.split(' ');
        const QByteArray connection = words.size() > 1 ? "Connection: " + words[1] + "\r\n" : QByteArray();
        return method + " /api/v1/jobs/job1/logs?step=1 HTTP/" + words[0] + "\r\nHost: a\r\nAuthorization: Bearer " +
               HttpFixture::token + "\r\n" + connection + "\r\n";
    }
    static bool isWhole(const QByteArray &received)
    {
        return isChunked(received) && received.endsWith("\r\n0\r\n\r\n");
    }
    static bool isChunked(const QByteArray &received)
    {
        return received.first(std::max<qsizetype>(0, received.indexOf("\r\n\r\n")))
            .toLower()
            .contains("transfer-encoding: chunked");
    }

private slots:
    void saysWhereTheBodyEnds_data()
    {
        QTest::addColumn<QByteArray>("form");
        QTest::addColumn<bool>("isChunked");
        QTest::newRow("HTTP/1.1 that closes") << QByteArray("1.1 close") << true;
        QTest::newRow("HTTP/1.0") << QByteArray("1.0") << false;
        QTest::newRow("HTTP/1.0 that would stay") << QByteArray("1.0 keep-alive") << false;
    }
    void saysWhereTheBodyEnds()
    {
        QFETCH(QByteArray, form);
        QFETCH(bool, isChunked);
        Served served(small);
        PlainClient client(served.fixture.port, requestIn(form));
        QCOMPARE(client.readAll(), End::Clean);
        const HttpAnswer answer = HttpFixture::parse(client.received);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.contains("transfer-encoding"), isChunked);
        QCOMPARE(answer.headers.value("connection"), "close");
        QVERIFY(!answer.headers.contains("content-length"));
        QCOMPARE(answer.body, served.printed);
        QCOMPARE(isWhole(client.received), isChunked);
    }
    void saysSoWhileDraining()
    {
        Served served(small);
        served.fixture.server.drain();
        PlainClient client(served.fixture.port, requestIn("1.1"));
        QCOMPARE(client.readAll(), End::Clean);
        QVERIFY(isWhole(client.received));
        const HttpAnswer answer = HttpFixture::parse(client.received);
        QCOMPARE(answer.headers.value("connection"), "close");
        QCOMPARE(answer.body, served.printed);
    }
    void answersAHeadWithoutABody()
    {
        Served served(small);
        for (const char *form : {"1.0", "1.1 close"}) {
            PlainClient client(served.fixture.port, requestIn(form, "HEAD"));
            QCOMPARE(client.readAll(), End::Clean);
            QVERIFY(client.received.endsWith("\r\n\r\n"));
            QVERIFY(HttpFixture::parse(client.received).body.isEmpty());
        }
    }
    void aPartLooksLikeNone_data()
    {
        QTest::addColumn<QByteArray>("form");
        QTest::addColumn<QString>("cause");
        for (const char *form : {"1.1", "1.1 close", "1.0", "1.0 keep-alive"}) {
            for (const auto &cause : {u"the log ends early"_s, u"the client stalls"_s, u"the server goes"_s})
                QTest::addRow("%s, %s", form, qPrintable(cause)) << QByteArray(form) << cause;
        }
    }
    void aPartLooksLikeNone()
    {
        QFETCH(QByteArray, form);
        QFETCH(QString, cause);
        http::HttpLimits limits;
        if (cause == "the client stalls"_L1)
            limits.stallTime = 300ms;
        auto served = std::make_unique<Served>(large, limits);
        const auto printed = served->printed;
        PlainClient client(served->fixture.port, requestIn(form));
        QVERIFY(waitUntil([&client] { return client.hasBytes(); }));
        if (cause == "the log ends early"_L1) {
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"body-cut error="_s));
            QVERIFY(QFile::resize(served->logFile(), 1000));
        } else if (cause == "the client stalls"_L1) {
            QVERIFY(waitUntil([&] { return served->fixture.metrics.text().contains("danube_http_connections 0"); },
                              20'000));
        } else {
            served.reset();
        }
        const End end = client.readAll();
        QVERIFY(end != End::None);
        QVERIFY(client.received.size() < printed.size());
        QVERIFY2(!isWhole(client.received), "the last chunk came");
        QCOMPARE(isChunked(client.received), form.startsWith("1.1"));
        QVERIFY2(isChunked(client.received) || end == End::Reset, "a part that ends like a whole");
    }
};

QTEST_GUILESS_MAIN(TestCutAnswers)
#include "tst_cutanswers.moc"
