// SPDX-License-Identifier: GPL-3.0-or-later
// How often one may ask (docs/adr/0013), over the real server and a clock that the test moves.
#include "tests/support/fakeclock.h"
#include "tests/unit/server/http/streamclient.h"

using namespace danube;
using namespace danube::test;
using namespace std::chrono_literals;

namespace {

const QByteArray wrong = "GET /api/v1/jobs HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer nobody's\r\n\r\n";

http::HttpLimits smallLimits()
{
    http::HttpLimits limits;
    limits.requests = {10, 5};
    limits.refusals = {10, 3};
    return limits;
}

} // namespace

class TestHttpRates : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_clock = std::make_unique<tests::FakeClock>();
        m_fixture = std::make_unique<HttpFixture>(smallLimits(), m_clock.get());
    }
    void cleanup() { m_fixture.reset(); }

    void aSubjectGetsItsBurstAndThenItsRate()
    {
        RawClient client(m_fixture->port);
        client.send(HttpFixture::get("/api/v1/version").repeated(7));
        QCOMPARE(client.answers(7), (QList{200, 200, 200, 200, 200, 429, 429}));
        QCOMPARE(refused(), 2);
        m_clock->advance(99ms);
        client.send(HttpFixture::get("/api/v1/version"));
        QCOMPARE(client.answers(8).last(), 429);
        m_clock->advance(1ms);
        client.send(HttpFixture::get("/api/v1/version").repeated(2)); // on the connection that was told to wait
        QCOMPARE(client.answers(10).mid(8), (QList{200, 429}));
        m_clock->advance(30s);
        client.send(HttpFixture::get("/api/v1/version").repeated(6));
        QCOMPARE(client.answers(16).mid(10), (QList{200, 200, 200, 200, 200, 429}));
    }
    void whoIsRefusedIsToldWhyAndWhenToComeBack()
    {
        exhaust();
        const HttpAnswer answer = m_fixture->ask(HttpFixture::request("POST", "/api/v1/pipelines/demo/run"));
        QCOMPARE(answer.status, 429);
        QCOMPARE(answer.headers.value("content-type"), "application/problem+json");
        QCOMPARE(answer.headers.value("retry-after"), "1");
        QCOMPARE(answer.json().value("type"_L1).toString(), u"urn:danube:problem:resource-exhausted"_s);
        QCOMPARE(answer.json().value("detail"_L1).toString(), u"admin sends more than 10 requests a second"_s);
        QCOMPARE(answer.json().value("instance"_L1).toString(), u"/api/v1/pipelines/demo/run"_s);
        QVERIFY(m_fixture->backend.lastTrigger.pipeline.isEmpty()); // nothing was begun
    }
    void healthAndMetricsHaveNoLimit()
    {
        exhaust();
        RawClient client(m_fixture->port);
        client.send((HttpFixture::get("/health") + HttpFixture::get("/health/ready") + HttpFixture::get("/metrics"))
                        .repeated(20));
        const QList<int> statuses = client.answers(60);
        QCOMPARE(statuses.size(), 60);
        QCOMPARE(statuses.count(200), 60);
    }
    void whatIsNoRouteTakesNoToken()
    {
        RawClient client(m_fixture->port);
        client.send(HttpFixture::get("/nothing").repeated(20) + HttpFixture::get("/api/v1/version"));
        QCOMPARE(client.answers(21).last(), 200);
    }
    void aStreamThatIsOpenGoesOn()
    {
        StreamClient stream(m_fixture->port, "/api/v1/events/stream");
        stream.connectAgain();
        QVERIFY(stream.raw().waitFor("retry"));
        exhaust();
        Job job = m_fixture->addJob(u"job1"_s);
        m_fixture->server.jobChanged(job);
        QVERIFY(stream.takeCount(1));
        StreamClient late(m_fixture->port, "/api/v1/events/stream");
        late.connectAgain();
        QVERIFY(late.raw().waitFor("\r\n\r\n"));
        QCOMPARE(HttpFixture::parse(late.raw().received).status, 429);
    }
    void wrongTokensAreRefusedEverMoreBriefly()
    {
        for (int i = 0; i < 3; ++i)
            QCOMPARE(m_fixture->ask(wrong).status, 401);
        QCOMPARE(refused(), 0);
        const HttpAnswer answer = m_fixture->ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"); // no way round it
        QCOMPARE(answer.status, 429);
        QCOMPARE(answer.headers.value("retry-after"), "1");
        QVERIFY(!answer.headers.contains("www-authenticate"));
        QCOMPARE(refused(), 1);
        m_clock->advance(100ms);
        QCOMPARE(m_fixture->ask(wrong).status, 401);
        QCOMPARE(m_fixture->ask(wrong).status, 429);
    }
    void whoGoesOnGuessingPaysAConnectionForEachAttempt()
    {
        RawClient client(m_fixture->port);
        client.send(wrong.repeated(10));
        QCOMPARE(client.answers(5), (QList{401, 401, 401, 429}));
        QVERIFY(client.closedByServer());
        QVERIFY(client.received.toLower().contains("connection: close"));
    }
    void aGoodTokenIsLetInFromAnAddressThatGuesses()
    {
        for (int i = 0; i < 10; ++i)
            m_fixture->ask(wrong);
        QCOMPARE(m_fixture->ask(HttpFixture::get("/api/v1/version")).status, 200);
        const HttpAnswer refused = m_fixture->ask(wrong);
        QCOMPARE(refused.status, 429);
        QCOMPARE(refused.json().value("detail"_L1).toString(),
                 u"too many requests without a valid token come from this address"_s);
    }
    void goodTokensCountForNoAddress()
    {
        RawClient client(m_fixture->port);
        for (int i = 1; i <= 10; ++i) {
            client.send(HttpFixture::get("/api/v1/version"));
            QCOMPARE(client.answers(i), QList<int>(i, 200));
            m_clock->advance(100ms);
        }
        QCOMPARE(m_fixture->ask(wrong).status, 401);
    }

private:
    void exhaust()
    {
        while (m_fixture->ask(HttpFixture::get("/api/v1/version")).status == 200) {
        }
    }
    int refused()
    {
        const QByteArray name = "danube_http_refused_total{status=\"429\"} ";
        const QByteArray text = m_fixture->metrics.text();
        const auto at = text.indexOf(name);
        return at < 0 ? 0 : text.sliced(at + name.size()).split('\n').first().toInt();
    }
    std::unique_ptr<tests::FakeClock> m_clock;
    std::unique_ptr<HttpFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestHttpRates)
#include "tst_httprates.moc"
