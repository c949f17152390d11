// SPDX-License-Identifier: GPL-3.0-or-later
// Every route of /api/v1 by scenario, over the real server.
#include "tests/unit/server/http/httpfixture.h"

using namespace danube;
using namespace danube::test;

class TestRest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_fixture = std::make_unique<HttpFixture>();
        m_job = m_fixture->addJob(u"job1"_s);
        QTemporaryDir blueprint;
        QDir(blueprint.path()).mkdir(u"pipelines"_s);
        QFile file(blueprint.filePath(u"pipelines/demo.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"apiVersion\":\"danube.dev/v1\",\"kind\":\"Pipeline\",\"metadata\":{\"name\":\"demo\"},"
                   "\"spec\":{\"repository\":\"https://git.example.org/demo.git\",\"script\":\"danubefile.py\","
                   "\"worker\":{\"image\":\"debian\"}}}");
        file.close();
        const auto loaded = m_fixture->pipelines.load(blueprint.path());
        QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().message));
    }
    void cleanup() { m_fixture.reset(); }

    void answersByStatus_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char *name, const QByteArray &request, int status, const QByteArray &part) {
            QTest::newRow(name) << request << status << part;
        };
        const auto get = [](const QByteArray &target) { return HttpFixture::get(target); };
        const auto post = [](const QByteArray &target, const QByteArray &body = {}) {
            return HttpFixture::request("POST", target, {}, body);
        };
        const auto bare = [](const QByteArray &target, const QByteArray &more = {}) {
            return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n";
        };
        row("health needs nobody", bare("/health"), 200, R"("status":"ok")");
        row("readiness needs nobody", bare("/health/ready"), 200, R"("ready":true)");
        row("metrics need a token", bare("/metrics"), 401, "urn:danube:problem:");
        row("metrics", get("/metrics"), 200, "danube_jobs{state=\"queued\"} 3");
        row("no token", bare("/api/v1/jobs"), 401, "Bearer");
        row("wrong token", bare("/api/v1/jobs", "Authorization: Bearer 0123456789abcdef0123456789abcdeX\r\n"), 401,
            "not valid");
        row("half a token", bare("/api/v1/jobs", "Authorization: Bearer 0123456789abcdef\r\n"), 401, "not valid");
        row("other scheme", bare("/api/v1/jobs", "Authorization: Basic YTpi\r\n"), 401, "Bearer");
        row("scheme in small letters",
            bare("/api/v1/version", QByteArray("authorization: bearer ") + HttpFixture::token + "\r\n"), 200,
            "version");
        row("token in query", bare(QByteArray("/api/v1/jobs?token=") + HttpFixture::token), 401, "Bearer");
        row("unknown path", get("/api/v1/nothing"), 404, "no such path");
        row("root", get("/"), 404, "no such path");
        row("trailing slash", get("/api/v1/jobs/"), 404, "");
        row("dot segments", get("/api/v1/../v1/jobs"), 404, "");
        row("unknown job", get("/api/v1/jobs/nope"), 404, "no job");
        row("impossible job id", get("/api/v1/jobs/%2e%2e%2fetc"), 404, "no job");
        row("wrong method", post("/api/v1/jobs"), 405, "GET, HEAD");
        row("wrong method on run", get("/api/v1/pipelines/demo/run"), 405, "POST");
        row("delete", HttpFixture::request("DELETE", "/api/v1/jobs/job1"), 405, "");
        row("version", get("/api/v1/version"), 200, "danube-master");
        row("pipelines", get("/api/v1/pipelines"), 200, R"("name":"demo")");
        row("pipeline", get("/api/v1/pipelines/demo"), 200, R"("name":"demo")");
        row("unknown pipeline", get("/api/v1/pipelines/nope"), 404, "nope");
        row("jobs", get("/api/v1/jobs"), 200, R"("id":"job1")");
        row("job with steps", get("/api/v1/jobs/job1"), 200, R"("steps":[])");
        row("run", post("/api/v1/pipelines/demo/run"), 202, "j0000000000000new");
        row("run with body", post("/api/v1/pipelines/demo/run", R"({"ref":"main","params":{"a":"b"}})"), 202, "new");
        row("run with more", post("/api/v1/pipelines/demo/run", R"({"unknown":1})"), 202, "new");
        row("run with broken JSON", post("/api/v1/pipelines/demo/run", "{"), 400, "");
        row("run with wrong type", post("/api/v1/pipelines/demo/run", R"({"params":{"a":1}})"), 400, "params");
        row("cancel", post("/api/v1/jobs/job1/cancel"), 202, "job1");
        row("cancel nothing", post("/api/v1/jobs/nope/cancel"), 404, "no job");
        row("retry", post("/api/v1/jobs/job1/retry"), 202, "retried");
        row("limit too large", get("/api/v1/jobs?limit=100000"), 400, "limit");
        row("limit no number", get("/api/v1/jobs?limit=x"), 400, "limit");
        row("unknown status", get("/api/v1/jobs?status=running,odd"), 400, "odd");
        row("bad since", get("/api/v1/jobs?since=yesterday"), 400, "since");
        row("bad cursor", get("/api/v1/jobs?cursor=zzz"), 400, "cursor");
        row("log of unknown job", get("/api/v1/jobs/nope/logs"), 404, "no job");
        row("log not begun", get("/api/v1/jobs/job1/logs"), 200, "");
        row("log of a bad step", get("/api/v1/jobs/job1/logs?step=x"), 400, "step");
        row("log of a bad stream", get("/api/v1/jobs/job1/logs?stream=x"), 400, "stream");
        row("stream of unknown job", get("/api/v1/jobs/nope/logs/stream"), 404, "no job");
        row("stream in odd format", get("/api/v1/jobs/job1/logs/stream?format=x"), 400, "format");
        row("stream from nowhere", get("/api/v1/jobs/job1/logs/stream?from=-1"), 400, "from");
        row("artifacts", get("/api/v1/jobs/job1/artifacts"), 200, R"("artifacts":[])");
        row("unknown artifact", get("/api/v1/artifacts/nope"), 404, "no artifact");
    }
    void answersByStatus()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        QFETCH(QByteArray, part);
        const HttpAnswer answer = m_fixture->ask(request);
        QCOMPARE(answer.status, status);
        const QByteArray headers = answer.headers.values().join('\n');
        QVERIFY2(answer.body.contains(part) || headers.contains(part), answer.body);
        QCOMPARE(answer.headers.value("x-content-type-options"), "nosniff");
        QCOMPARE(answer.headers.value("cache-control"), "no-store");
        QVERIFY(answer.headers.value("date").endsWith(" GMT"));
        QCOMPARE(answer.headers.contains("www-authenticate"), status == 401);
        if (status >= 400) {
            QCOMPARE(answer.headers.value("content-type"), "application/problem+json");
            QCOMPARE(answer.json().value("status"_L1).toInt(), status);
            QVERIFY(answer.json().value("type"_L1).toString().startsWith("urn:danube:problem:"_L1));
        }
    }
    void servesWhatItsDescriptionNames()
    {
        QCOMPARE(m_fixture->ask("GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n").status, 401);
        const HttpAnswer answer = m_fixture->ask(HttpFixture::get("/api/v1/openapi.json"));
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.value("content-type"), "application/json");
        const QJsonObject paths = answer.json().value("paths"_L1).toObject();
        QVERIFY(paths.contains("/api/v1/openapi.json"_L1));
        for (auto path = paths.begin(); path != paths.end(); ++path) {
            const auto target = path.key().toLatin1().replace("{id}", "x").replace("{name}", "x");
            QVERIFY2(!target.contains('{'), target);
            for (const QString &method : path.value().toObject().keys()) {
                const bool isEndless = target == "/api/v1/events/stream";
                const auto found =
                    m_fixture->ask(HttpFixture::request(isEndless ? "HEAD" : method.toUpper().toLatin1(), target));
                QVERIFY2(found.status > 0 && found.status != 405, target);
                QVERIFY2(!found.body.contains("there is no such path"), target);
            }
        }
        const auto shape = answer.json().value("components"_L1).toObject().value("schemas"_L1).toObject();
        const auto version = shape.value("Version"_L1).toObject().value("properties"_L1).toObject();
        QCOMPARE(m_fixture->ask(HttpFixture::get("/api/v1/version")).json().keys(), version.keys());
    }
    void servesTheSameOnEveryPort()
    {
        const quint16 second = m_fixture->server.bind(QHostAddress::LocalHost, 0).value();
        QVERIFY(second != m_fixture->port);
        m_fixture->port = second;
        QCOMPARE(m_fixture->ask(HttpFixture::get("/api/v1/jobs/job1")).status, 200);
    }
    void tellsHealth()
    {
        const auto health = m_fixture->ask("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").json();
        QCOMPARE(health.value("version"_L1).toString(), QStringLiteral(DANUBE_VERSION));
        QVERIFY(health.value("uptime_ms"_L1).toInteger(-1) >= 0);
        QVERIFY(fromRfc3339(health.value("timestamp"_L1).toString()) != WallTime());
    }
    void isNotReadyWhileDrainingOrBroken()
    {
        m_fixture->backend.draining = true;
        auto answer = m_fixture->ask("GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n");
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.json().value("checks"_L1).toObject().value("accepting"_L1).toString(), u"draining"_s);
        m_fixture->backend.draining = false;
        m_fixture->backend.checks.insert(u"disk"_s, fail(ErrorCode::Io, u"disk full"_s));
        answer = m_fixture->ask("GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n");
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.json().value("checks"_L1).toObject().value("disk"_L1).toString(), u"disk full"_s);
        QCOMPARE(answer.json().value("checks"_L1).toObject().value("store"_L1).toString(), u"ok"_s);
    }
    void passesTheRunOn()
    {
        const auto answer = m_fixture->ask(
            HttpFixture::request("POST", "/api/v1/pipelines/demo/run", {}, R"({"ref":"main","params":{"a":"b"}})"));
        QCOMPARE(answer.headers.value("location"), "/api/v1/jobs/j0000000000000new");
        const auto &run = m_fixture->backend.lastTrigger;
        QCOMPARE(run.pipeline, u"demo"_s);
        QCOMPARE(run.ref, u"main"_s);
        QCOMPARE(run.params.value(u"a"_s), u"b"_s);
        QCOMPARE(run.principal.kind, Principal::Kind::Administrator);
    }
    void tellsWhatTheEngineRefuses_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("status");
        QTest::newRow("conflict") << static_cast<int>(ErrorCode::Conflict) << 409;
        QTest::newRow("draining") << static_cast<int>(ErrorCode::Unavailable) << 503;
        QTest::newRow("queue full") << static_cast<int>(ErrorCode::ResourceExhausted) << 429;
        QTest::newRow("bug") << static_cast<int>(ErrorCode::Internal) << 500;
    }
    void tellsWhatTheEngineRefuses()
    {
        QFETCH(int, code);
        QFETCH(int, status);
        m_fixture->backend.changeAnswer = fail(static_cast<ErrorCode>(code), u"because"_s);
        const auto answer = m_fixture->ask(HttpFixture::request("POST", "/api/v1/jobs/job1/retry"));
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.json().value("detail"_L1).toString(), u"because"_s);
        QCOMPARE(answer.headers.contains("retry-after"), status == 503 || status == 429);
    }
    void filtersAndPagesJobs()
    {
        for (int i = 2; i <= 5; ++i)
            m_fixture->addJob(u"job%1"_s.arg(i));
        QStringList seen;
        QByteArray cursor;
        for (int page = 0; page < 3; ++page) {
            const auto answer =
                m_fixture
                    ->ask(HttpFixture::get("/api/v1/jobs?limit=2&branch=a%2Bb+c&status=running,failure&since="
                                           "2026-01-31T12:00:00Z&pipeline=demo" +
                                           cursor))
                    .json();
            for (const auto &job : answer.value("jobs"_L1).toArray())
                seen.append(job.toObject().value("id"_L1).toString());
            const QString next = answer.value("next_cursor"_L1).toString();
            QCOMPARE(next.isEmpty(), page == 2);
            cursor = "&cursor=" + next.toLatin1();
        }
        QCOMPARE(seen, (QStringList{u"job5"_s, u"job4"_s, u"job3"_s, u"job2"_s, u"job1"_s}));
        const auto &filter = m_fixture->store.lastFilter;
        QCOMPARE(filter.branch, u"a+b c"_s);
        QCOMPARE(filter.pipeline, u"demo"_s);
        QCOMPARE(filter.states, (QList{JobState::Running, JobState::Failure}));
        QCOMPARE(toRfc3339(filter.since), u"2026-01-31T12:00:00.000Z"_s);
    }

    void servesLogsByRange_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("contentRange");
        const QByteArray all = "one\ntwo\nthree\n";
        QTest::newRow("none") << QByteArray() << 200 << all << QByteArray();
        QTest::newRow("middle") << QByteArray("bytes=4-7") << 206 << QByteArray("two\n") << QByteArray("bytes 4-7/14");
        QTest::newRow("to the end") << QByteArray("bytes=8-") << 206 << QByteArray("three\n")
                                    << QByteArray("bytes 8-13/14");
        QTest::newRow("past the end") << QByteArray("bytes=8-99") << 206 << QByteArray("three\n")
                                      << QByteArray("bytes 8-13/14");
        QTest::newRow("last bytes") << QByteArray("bytes=-6") << 206 << QByteArray("three\n")
                                    << QByteArray("bytes 8-13/14");
        QTest::newRow("behind the end") << QByteArray("bytes=14-") << 416 << QByteArray() << QByteArray("bytes */14");
        QTest::newRow("no bytes") << QByteArray("bytes=-0") << 416 << QByteArray() << QByteArray("bytes */14");
        QTest::newRow("several are ignored") << QByteArray("bytes=0-1,4-5") << 200 << all << QByteArray();
        QTest::newRow("backwards is ignored") << QByteArray("bytes=5-4") << 200 << all << QByteArray();
        QTest::newRow("other unit is ignored") << QByteArray("lines=0-1") << 200 << all << QByteArray();
        QTest::newRow("overflow is ignored") << QByteArray("bytes=99999999999999999999-") << 200 << all << QByteArray();
    }
    void servesLogsByRange()
    {
        QFETCH(QByteArray, range);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, contentRange);
        m_fixture->makeLog(m_job)->print(StepNumber(1), LogStream::Stdout, "one\ntwo\nthree\n");
        const QByteArray header = range.isEmpty() ? QByteArray() : "Range: " + range + "\r\n";
        const auto answer = m_fixture->ask(HttpFixture::get("/api/v1/jobs/job1/logs", header));
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.headers.value("content-range"), contentRange);
        if (status != 416)
            QCOMPARE(answer.body, body);
    }
    void tagsTheFinishedLog()
    {
        const auto log = m_fixture->makeLog(m_job);
        log->print(StepNumber(1), LogStream::Stdout, "one\n");
        QVERIFY(!m_fixture->ask(HttpFixture::get("/api/v1/jobs/job1/logs")).headers.contains("etag"));
        const QByteArray etag = '"' + log->close().sha256 + '"';
        QCOMPARE(m_fixture->ask(HttpFixture::get("/api/v1/jobs/job1/logs")).headers.value("etag"), etag);
        const auto again =
            m_fixture->ask(HttpFixture::get("/api/v1/jobs/job1/logs", "If-None-Match: " + etag + "\r\n"));
        QCOMPARE(again.status, 304);
        QCOMPARE(again.body, "");
    }
    void extractsWhatAStepPrinted()
    {
        const auto log = m_fixture->makeLog(m_job);
        const QByteArray odd("a\r\x1b[1m\0\xff\n", 9);
        log->print(StepNumber(1), LogStream::Stdout, odd);
        log->print(StepNumber(2), LogStream::Stdout, "other\n");
        log->print(StepNumber(1), LogStream::Stdout, "no end");
        log->print(StepNumber(1), LogStream::Stderr, "error\n");
        log->print(StepNumber(1), LogStream::Stdout, " here");
        const auto get = [&](const QByteArray &query) {
            return m_fixture->ask(HttpFixture::get("/api/v1/jobs/job1/logs?" + query)).body;
        };
        QCOMPARE(get("step=1&stream=stdout"), odd + "no end here");
        QCOMPARE(get("step=1&stream=stderr"), "error\n");
        QCOMPARE(get("stream=stdout"), odd + "other\nno end here");
        QCOMPARE(get("step=2"), "other\n");
        QCOMPARE(get("step=3"), "");
    }
    void streamsLargeLogsWhole()
    {
        const auto log = m_fixture->makeLog(m_job);
        QByteArray whole;
        for (int i = 0; i < 300; ++i) {
            const QByteArray run = QByteArray::number(i).rightJustified(9, ' ').append('\n').repeated(7000);
            log->print(StepNumber(1), LogStream::Stdout, run);
            whole += run;
        }
        const auto answer = m_fixture->ask(HttpFixture::get("/api/v1/jobs/job1/logs"));
        QCOMPARE(answer.body.size(), whole.size());
        QVERIFY(answer.body == whole);
        QVERIFY(m_fixture->ask(HttpFixture::get("/api/v1/jobs/job1/logs?stream=stdout")).body == whole);
    }
    void servesHeadOfLogs()
    {
        m_fixture->makeLog(m_job)->print(StepNumber(1), LogStream::Stdout, "one\n");
        const auto answer = m_fixture->ask(HttpFixture::request("HEAD", "/api/v1/jobs/job1/logs"));
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.value("content-length"), "4");
        QCOMPARE(answer.body, "");
    }

    void servesArtifacts()
    {
        const QByteArray content = QByteArray("0123456789").repeated(100'000);
        const Artifact artifact = addArtifact(u"dist/b\"ä.tar"_s, content);
        const auto whole = m_fixture->ask(HttpFixture::get("/api/v1/artifacts/art1"));
        QCOMPARE(whole.status, 200);
        QVERIFY(whole.body == content);
        QCOMPARE(whole.headers.value("etag"), '"' + artifact.sha256 + '"');
        QCOMPARE(whole.headers.value("content-type"), "application/octet-stream");
        QCOMPARE(whole.headers.value("content-disposition"),
                 "attachment; filename=\"b__.tar\"; filename*=UTF-8''b%22%C3%A4.tar");
        QCOMPARE(whole.headers.value("repr-digest"),
                 "sha-256=:" + QByteArray::fromHex(artifact.sha256).toBase64() + ':');
        const auto part = m_fixture->ask(HttpFixture::get("/api/v1/artifacts/art1", "Range: bytes=999990-\r\n"));
        QCOMPARE(part.status, 206);
        QCOMPARE(part.body, "0123456789");
        const auto list = m_fixture->ask(HttpFixture::get("/api/v1/jobs/job1/artifacts")).json();
        QCOMPARE(list.value("artifacts"_L1).toArray().size(), 1);
    }
    void honoursConditionsOnArtifacts()
    {
        const Artifact artifact = addArtifact(u"a"_s, "0123456789");
        const auto ask = [&](const QByteArray &headers) {
            return m_fixture->ask(HttpFixture::get("/api/v1/artifacts/art1", headers)).status;
        };
        QCOMPARE(ask("If-None-Match: \"" + artifact.sha256 + "\"\r\n"), 304);
        QCOMPARE(ask("If-None-Match: \"other\"\r\n"), 200);
        QCOMPARE(ask("Range: bytes=1-2\r\nIf-Range: \"" + artifact.sha256 + "\"\r\n"), 206);
        QCOMPARE(ask("Range: bytes=1-2\r\nIf-Range: \"other\"\r\n"), 200);
        QCOMPARE(ask("Range: bytes=10-\r\n"), 416);
    }
    void tellsThatContentIsGone()
    {
        addArtifact(u"a"_s, "x");
        QFile::remove(m_fixture->backend.directory.filePath(u"art1"_s));
        QCOMPARE(m_fixture->ask(HttpFixture::get("/api/v1/artifacts/art1")).status, 404);
    }
    void keepsTheConnectionOverManyAnswers()
    {
        addArtifact(u"a"_s, "0123456789");
        m_fixture->makeLog(m_job)->print(StepNumber(1), LogStream::Stdout, "one\n");
        RawClient client(m_fixture->port);
        const QList<QByteArray> targets{"/api/v1/jobs", "/api/v1/artifacts/art1", "/api/v1/jobs/job1/logs", "/health"};
        for (int i = 0; i < 100; ++i)
            client.send(HttpFixture::get(targets[i % targets.size()]));
        QCOMPARE(client.answers(100), QList<int>(100, 200));
    }

private:
    Artifact addArtifact(const QString &name, const QByteArray &content)
    {
        QFile file(m_fixture->backend.directory.filePath(u"art1"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write the artifact");
        Artifact artifact{ArtifactId(u"art1"_s),
                          m_job.id,
                          name,
                          ByteCount(content.size()),
                          QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex(),
                          {}};
        m_fixture->store.artifactList = {artifact};
        return artifact;
    }
    std::unique_ptr<HttpFixture> m_fixture;
    Job m_job;
};

QTEST_GUILESS_MAIN(TestRest)
#include "tst_rest.moc"
