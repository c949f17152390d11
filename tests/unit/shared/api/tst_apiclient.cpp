// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/api/apiclient.h"

#include "tests/support/fakemaster.h"

#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::api;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// One awaited answer of a call.
template <class T> struct Awaited
{
    std::optional<Result<T>> result;
    int answers = 0;
    ApiClient::Done<T> take()
    {
        return [this](Result<T> answer) {
            result = std::move(answer);
            ++answers;
        };
    }
};

} // namespace

class TestApiClient : public QObject
{
    Q_OBJECT

    static Endpoint endpointOf(const FakeMaster &master, QByteArray token = {})
    {
        return endpointFromText(master.url().toString(), Secret(std::move(token))).value();
    }
    static Job jobOf(int number, JobState state)
    {
        Job job;
        job.id = JobId(u"job-%1"_s.arg(number));
        job.number = number;
        job.state = state;
        job.pipeline = u"web"_s;
        return job;
    }

private slots:
    void readsEveryKindOfAnswer()
    {
        FakeMaster master;
        Pipeline pipeline;
        pipeline.name = u"web"_s;
        master.setPipelines({pipeline});
        const Job done = jobOf(1, JobState::Success);
        master.setJob(done);
        Step step;
        step.number = StepNumber(1);
        step.name = u"build"_s;
        master.setStep(done.id, step);
        const Artifact artifact{ArtifactId(u"a1"_s), done.id, u"x.tgz"_s, ByteCount(3), "00", {}};
        master.addArtifact(artifact, "abc");
        master.print(done.id, StepNumber(1), "hello");
        ApiClient client(endpointOf(master));

        Awaited<protocol::Health> health;
        Awaited<protocol::Readiness> readiness;
        Awaited<QString> version;
        Awaited<QList<Pipeline>> pipelines;
        Awaited<protocol::JobPage> page;
        Awaited<protocol::JobDetail> detail;
        Awaited<QList<Artifact>> artifacts;
        Awaited<QByteArray> text;
        client.health(this, health.take());
        client.readiness(this, readiness.take());
        client.version(this, version.take());
        client.pipelines(this, pipelines.take());
        client.jobs({}, this, page.take());
        client.job(done.id, this, detail.take());
        client.artifacts(done.id, this, artifacts.take());
        client.logText(done.id, {}, this, text.take());
        QVERIFY(!health.result); // never from within the call

        QTRY_VERIFY(health.result && readiness.result && version.result && pipelines.result);
        QTRY_VERIFY(page.result && detail.result && artifacts.result && text.result);
        QCOMPARE(health.result->value().status, u"ok"_s);
        QVERIFY(readiness.result->value().ready);
        QCOMPARE(version.result->value(), u"0.1.0"_s);
        QCOMPARE(pipelines.result->value(), QList{pipeline});
        QCOMPARE(page.result->value().jobs, QList{done});
        QCOMPARE(detail.result->value().job, done);
        step.job = done.id;
        QCOMPARE(detail.result->value().steps, QList{step});
        QCOMPARE(artifacts.result->value(), QList{artifact});
        QCOMPARE(text.result->value(), "hello\n"_ba);
    }

    void sendsWhatIsAskedFor()
    {
        FakeMaster master;
        ApiClient client(endpointOf(master, "s3cret"));
        Awaited<Job> run;
        client.run(u"a/b c"_s, {u"main"_s, {{u"k"_s, u"v=1&2"_s}}}, this, run.take());
        QTRY_VERIFY(run.result);
        QCOMPARE(run.result->value().pipeline, u"a/b c"_s);
        QCOMPARE(run.result->value().params.value(u"k"_s), u"v=1&2"_s);
        const FakeRequest request = master.requests().first();
        QCOMPARE(request.method, "POST"_ba);
        QCOMPARE(request.headers.value("authorization"), "Bearer s3cret"_ba);
        QCOMPARE(request.headers.value("content-type"), "application/json"_ba);
        QVERIFY(request.headers.value("user-agent").startsWith("danube/"));
        QCOMPARE(request.body, R"({"params":{"k":"v=1&2"},"ref":"main"})"_ba);
    }

    void cancelsAndRetries()
    {
        FakeMaster master;
        master.setJob(jobOf(1, JobState::Running));
        ApiClient client(endpointOf(master));
        Awaited<Job> cancelled;
        client.cancel(JobId(u"job-1"_s), this, cancelled.take());
        QTRY_VERIFY(cancelled.result);
        QVERIFY(cancelled.result->value().cancelRequested);
        Awaited<Job> again;
        client.cancel(JobId(u"job-1"_s), this, again.take());
        QTRY_VERIFY(again.result);
        QCOMPARE(again.result->error().code, ErrorCode::Conflict);
        Awaited<Job> retried;
        client.retry(JobId(u"job-1"_s), this, retried.take());
        QTRY_VERIFY(retried.result);
        QCOMPARE(retried.result->value().retryOf, JobId(u"job-1"_s));
        QCOMPARE(retried.result->value().attempt, 2);
    }

    void pagesThroughJobs()
    {
        FakeMaster master;
        for (int i = 1; i <= 5; ++i)
            master.setJob(jobOf(i, i % 2 == 0 ? JobState::Failure : JobState::Success));
        ApiClient client(endpointOf(master));
        protocol::JobQuery query;
        query.limit = 2;
        query.states = {JobState::Success};
        Awaited<protocol::JobPage> first;
        client.jobs(query, this, first.take());
        QTRY_VERIFY(first.result);
        QCOMPARE(first.result->value().jobs.size(), 2);
        QCOMPARE(first.result->value().jobs.first().number, 5);
        query.cursor = first.result->value().nextCursor;
        Awaited<protocol::JobPage> second;
        client.jobs(query, this, second.take());
        QTRY_VERIFY(second.result);
        QCOMPARE(second.result->value().jobs.size(), 1);
        QVERIFY(second.result->value().nextCursor.isEmpty());
    }

    void tellsTheProblemOfARefusal()
    {
        FakeMaster master;
        ApiClient client(endpointOf(master));
        Awaited<protocol::JobDetail> missing;
        client.job(JobId(u"nope"_s), this, missing.take());
        QTRY_VERIFY(missing.result);
        QCOMPARE(missing.result->error(), (Error{ErrorCode::NotFound, u"job nope does not exist"_s}));
    }

    void asksForSignInAfterTheAnswer()
    {
        FakeMaster master;
        master.requireToken("right");
        ApiClient client(endpointOf(master, "wrong"));
        QSignalSpy signIn(&client, &ApiClient::signInNeeded);
        Awaited<QString> version;
        client.version(this, version.take());
        QTRY_VERIFY(version.result);
        QCOMPARE(version.result->error().code, ErrorCode::Unauthenticated);
        QTRY_COMPARE(signIn.size(), 1);
        client.setToken(std::make_shared<const Secret>("right"_ba));
        Awaited<QString> again;
        client.version(this, again.take());
        QTRY_VERIFY(again.result);
        QVERIFY(again.result->has_value());
    }

    void namesWhatIsWrongWithTheNetwork()
    {
        auto master = std::make_unique<FakeMaster>();
        ApiClient client(endpointOf(*master));
        master.reset();
        Awaited<QString> refused;
        client.version(this, refused.take());
        QTRY_VERIFY(refused.result);
        QCOMPARE(refused.result->error().code, ErrorCode::Unavailable);
        QVERIFY(refused.result->error().message.contains(u"/api/v1/version"));
    }

    void givesUpAfterTheTransferTimeout()
    {
        FakeMaster master;
        master.on("GET", u"/api/v1/version"_s, [](const FakeRequest &) { return FakeReply{.stall = true}; });
        ApiClient client(endpointOf(master));
        client.setTransferTimeout(100ms);
        Awaited<QString> version;
        client.version(this, version.take());
        QTRY_VERIFY(version.result);
        QCOMPARE(version.result->error().code, ErrorCode::Timeout);
    }

    void refusesAnAnswerCutInTheMiddle()
    {
        FakeMaster master;
        master.on("GET", u"/api/v1/version"_s,
                  [](const FakeRequest &) { return FakeReply{.body = "{\"version\":\"1\"}      ", .cutAfter = 16}; });
        ApiClient client(endpointOf(master));
        Awaited<QString> version;
        client.version(this, version.take());
        QTRY_VERIFY(version.result);
        QVERIFY(!version.result->has_value());
    }

    void refusesWhatNoMasterSends_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("html") << "<html>"_ba;
        QTest::newRow("array") << "[]"_ba;
        QTest::newRow("without version") << "{}"_ba;
    }
    void refusesWhatNoMasterSends()
    {
        QFETCH(QByteArray, body);
        FakeMaster master;
        master.on("GET", u"/api/v1/version"_s, [body](const FakeRequest &) { return FakeReply{.body = body}; });
        ApiClient client(endpointOf(master));
        Awaited<QString> version;
        client.version(this, version.take());
        QTRY_VERIFY(version.result);
        QCOMPARE(version.result->error().code, ErrorCode::Protocol);
        QVERIFY(version.result->error().message.startsWith(u"unexpected answer"_s));
    }

    void readsReadinessFrom503()
    {
        FakeMaster master;
        master.on("GET", u"/health/ready"_s, [](const FakeRequest &) {
            return FakeReply{.status = 503, .body = R"({"ready":false,"checks":{"disk":"full"}})"};
        });
        ApiClient client(endpointOf(master));
        Awaited<protocol::Readiness> readiness;
        client.readiness(this, readiness.take());
        QTRY_VERIFY(readiness.result);
        QCOMPARE(readiness.result->value(), (protocol::Readiness{false, {{u"disk"_s, u"full"_s}}}));
        master.refuseAll(503);
        Awaited<protocol::Readiness> refused;
        client.readiness(this, refused.take());
        QTRY_VERIFY(refused.result);
        QCOMPARE(refused.result->error().code, ErrorCode::Unavailable);
    }

    void neverFollowsARedirect()
    {
        FakeMaster master;
        master.on("GET", u"/api/v1/version"_s, [](const FakeRequest &) {
            return FakeReply{.status = 302, .headers = {{"Location", "/api/v1/pipelines"}}};
        });
        ApiClient client(endpointOf(master, "s3cret"));
        Awaited<QString> version;
        client.version(this, version.take());
        QTRY_VERIFY(version.result);
        QVERIFY(!version.result->has_value());
        QCOMPARE(master.requests().size(), 1);
    }

    void neverPostsTwice_data()
    {
        QTest::addColumn<bool>("warm");
        QTest::newRow("fresh connection") << false;
        QTest::newRow("kept-alive connection") << true;
    }
    void neverPostsTwice()
    {
        QFETCH(bool, warm);
        FakeMaster master;
        master.on("POST", u"/api/v1/pipelines/web/run"_s, [](const FakeRequest &) { return FakeReply{.drop = true}; });
        ApiClient client(endpointOf(master));
        if (warm) {
            Awaited<QString> version;
            client.version(this, version.take());
            QTRY_VERIFY(version.result);
        }
        Awaited<Job> run;
        client.run(u"web"_s, {}, this, run.take());
        QTRY_VERIFY(run.result);
        QVERIFY(!run.result->has_value());
        QCOMPARE(run.result->error().code, ErrorCode::Unavailable);
        QCOMPARE(master.count("POST", u"/api/v1/pipelines/web/run"_s), 1);
    }

    void forgetsCallersThatAreGone()
    {
        FakeMaster master;
        ApiClient client(endpointOf(master));
        Awaited<QString> gone;
        Awaited<QString> stays;
        {
            QObject context;
            client.version(&context, gone.take());
        }
        client.version(this, stays.take());
        QTRY_VERIFY(stays.result);
        QCOMPARE(gone.answers, 0);
    }

    void mayBeDestroyedByItsCaller()
    {
        FakeMaster master;
        auto *client = new ApiClient(endpointOf(master));
        bool isAnswered = false;
        client->version(this, [&](const Result<QString> &) {
            isAnswered = true;
            delete client;
        });
        QTRY_VERIFY(isAnswered);
    }
};

QTEST_GUILESS_MAIN(TestApiClient)
#include "tst_apiclient.moc"
