// SPDX-License-Identifier: GPL-3.0-or-later
// Who goes when all places are taken, or too much is held.
#include "tests/unit/server/http/httpfixture.h"

using namespace danube;
using namespace danube::test;
using namespace std::chrono_literals;

namespace {

const QByteArray health = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

http::HttpLimits limitsOf(int connections)
{
    http::HttpLimits limits;
    limits.connections = connections;
    return limits;
}

} // namespace

class TestConnectionPool : public QObject
{
    Q_OBJECT
private slots:
    void aSlowHeadGoesForANewcomer()
    {
        HttpFixture fixture(limitsOf(3));
        std::vector<std::unique_ptr<RawClient>> slow;
        for (int i = 0; i < 3; ++i) {
            slow.push_back(std::make_unique<RawClient>(fixture.port));
            slow.back()->send("GET /health HT");
            QTRY_VERIFY(hasConnections(fixture, i + 1));
            QTest::qWait(5); // the order of arrival
        }
        QCOMPARE(fixture.ask(health).status, 200);
        QVERIFY(slow[0]->closedByServer());
        const HttpAnswer answer = HttpFixture::parse(slow[0]->received);
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.json().value("detail"_L1).toString(),
                 u"more than 3 connections are open, and this one kept the master waiting for the longest"_s);
        QVERIFY(answer.headers.contains("retry-after"));
        QCOMPARE(slow[1]->socket().state(), QAbstractSocket::ConnectedState);
        QVERIFY(slow[1]->received.isEmpty());
        slow[1]->send("TP/1.1\r\nHost: a\r\n\r\n"); // slow, but in time
        QCOMPARE(slow[1]->answers(1), QList{200});
        QVERIFY(fixture.metrics.text().contains("danube_http_displaced_total 1"));
    }
    void anIdleOneGoesWithoutAWord()
    {
        HttpFixture fixture(limitsOf(1));
        RawClient idle(fixture.port);
        idle.send(health);
        QCOMPARE(idle.answers(1), QList{200});
        idle.received.clear();
        QCOMPARE(fixture.ask(health).status, 200);
        QVERIFY(idle.closedByServer());
        QVERIFY(idle.received.isEmpty());
    }
    void whoWaitsForTheMasterStays()
    {
        HttpFixture fixture(limitsOf(3));
        fixture.backend.silent = true;
        std::vector<std::unique_ptr<RawClient>> held;
        for (int i = 0; i < 3; ++i) {
            held.push_back(std::make_unique<RawClient>(fixture.port));
            held.back()->send(HttpFixture::request("POST", "/api/v1/pipelines/p" + QByteArray::number(i) + "/run"));
            QTRY_COMPARE(fixture.backend.lastTrigger.pipeline, u"p%1"_s.arg(i));
        }
        RawClient excess(fixture.port);
        QVERIFY(excess.closedByServer());
        const HttpAnswer refused = HttpFixture::parse(excess.received);
        QCOMPARE(refused.status, 503);
        QCOMPARE(refused.json().value("detail"_L1).toString(), u"more than 3 connections are open"_s);
        QVERIFY(refused.headers.contains("retry-after"));
        held.pop_back();
        QTRY_VERIFY(hasConnections(fixture, 2));
        QCOMPARE(fixture.ask(health).status, 200); // room again
        for (const auto &each : held)
            QCOMPARE(each->socket().state(), QAbstractSocket::ConnectedState);
    }
    void aNewcomerIsServedHoweverManySlowHeadsCome()
    {
        HttpFixture fixture(limitsOf(20));
        std::vector<std::unique_ptr<RawClient>> slow;
        for (int round = 0; round < 10; ++round) {
            for (int i = 0; i < 20; ++i) {
                slow.push_back(std::make_unique<RawClient>(fixture.port));
                slow.back()->send("GET /");
            }
            QCOMPARE(fixture.ask(health).status, 200);
        }
        QVERIFY(fixture.metrics.text().contains("danube_http_displaced_total"));
    }
    void theBodyThatWaitsLongestGoesWhenTooMuchIsHeld()
    {
        http::HttpLimits limits;
        limits.heldBytes = 100'000;
        HttpFixture fixture(limits);
        std::vector<std::unique_ptr<RawClient>> slow;
        const QByteArray head = HttpFixture::request("POST", "/api/v1/pipelines/x/run", "Content-Length: 40001\r\n");
        for (int i = 0; i < 3; ++i) {
            slow.push_back(std::make_unique<RawClient>(fixture.port));
            slow.back()->send(head + '{' + QByteArray(39'999, ' '));
            QTRY_VERIFY(hasConnections(fixture, i + 1));
            QTest::qWait(20);
        }
        QVERIFY(slow[0]->closedByServer());
        QCOMPARE(HttpFixture::parse(slow[0]->received).status, 503);
        for (const int i : {1, 2}) {
            slow[i]->send("}");
            QCOMPARE(slow[i]->answers(1), QList{202});
        }
    }
    void whatWasAnsweredIsHeldNoLonger()
    {
        http::HttpLimits limits;
        limits.heldBytes = 50'000;
        HttpFixture fixture(limits);
        const QByteArray body = '{' + QByteArray(39'998, ' ') + '}';
        RawClient client(fixture.port);
        for (int i = 1; i <= 5; ++i) {
            client.send(HttpFixture::request("POST", "/api/v1/pipelines/x/run", {}, body));
            QCOMPARE(client.answers(i).size(), i);
            QCOMPARE(client.answers(i).last(), 202);
        }
        for (int i = 0; i < 5; ++i) {
            RawClient leaver(fixture.port); // half a body, and away
            leaver.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\n" + QByteArray(30'000, 'x'));
            QTRY_VERIFY(hasConnections(fixture, 2));
        }
        QTRY_VERIFY(hasConnections(fixture, 1));
        client.send(HttpFixture::request("POST", "/api/v1/pipelines/x/run", {}, body));
        QCOMPARE(client.answers(6).size(), 6);
        QVERIFY(fixture.metrics.text().contains("danube_http_displaced_total 0"));
    }

private:
    static bool hasConnections(HttpFixture &fixture, int count)
    {
        return fixture.metrics.text().contains("danube_http_connections " + QByteArray::number(count) + '\n');
    }
};

QTEST_GUILESS_MAIN(TestConnectionPool)
#include "tst_connectionpool.moc"
