// SPDX-License-Identifier: GPL-3.0-or-later
// Flows of a file, jobs of a real store: what is said of whom.
#include "server/egress/egressservice.h"

#include <QFile>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace Qt::StringLiterals;

namespace {

constexpr auto start = WallTime(milliseconds(1'750'000'000'000));

QByteArray flowOf(const QString &job, int second, const QByteArray &rest)
{
    return R"({"flow":{"time":")" + toRfc3339(start + std::chrono::seconds(second)).toUtf8() +
           R"(","source":{"namespace":"danube-jobs","labels":["k8s:danube.dev/job=)" + job.toUtf8() +
           R"("]},"traffic_direction":"EGRESS",)" + rest + "}}\n";
}
QByteArray dropped(const QString &job, int second, const QByteArray &host, int port = 443)
{
    return flowOf(
        job, second,
        R"("verdict":"DROPPED","drop_reason_desc":"POLICY_DENIED","destination":{"labels":["reserved:world"]},)"
        R"("l4":{"TCP":{"destination_port":)" +
            QByteArray::number(port) + R"(}},"IP":{"destination":"192.0.2.7"},"destination_names":[")" + host +
            R"("])");
}
QByteArray refusedQuery(const QString &job, int second, const QByteArray &name)
{
    return flowOf(job, second, R"("verdict":"DROPPED","l7":{"type":"REQUEST","dns":{"query":")" + name + R"(."}})");
}
QByteArray forwarded(const QString &job, int second, const QByteArray &host, int port)
{
    return dropped(job, second, host, port)
        .replace("\"verdict\":\"DROPPED\",\"drop_reason_desc\":\"POLICY_DENIED\"", "\"verdict\":\"FORWARDED\"");
}
QByteArray forwardedQuery(const QString &job, int second, const QByteArray &name)
{
    return flowOf(job, second, R"("verdict":"FORWARDED","l7":{"type":"REQUEST","dns":{"query":")" + name + R"(."}})");
}

blueprint::Snapshot snapshot()
{
    blueprint::Snapshot made;
    made.config.egressAllowlist = {u"github.com"_s};
    blueprint::PipelineDocument build;
    build.pipeline.name = u"build"_s;
    build.egressAllowlist = {u"packages.example.org"_s};
    build.onViolation = blueprint::OnViolation::Fail;
    made.pipelines.insert(u"build"_s, build);
    build.pipeline.name = u"audited"_s;
    build.egressMode = blueprint::EgressMode::Audit;
    made.pipelines.insert(u"audited"_s, build);
    return made;
}

} // namespace

class TestEgressService : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<EgressService> m_service;
    SystemClock m_clock;

    QString file(const char *name) const { return m_directory->filePath(QString::fromUtf8(name)); }
    void openStore()
    {
        auto opened = store::Store::open(file("danube.db"));
        QVERIFY(opened);
        m_store = std::move(*opened);
    }
    void addJob(const QString &id, const QString &pipeline, const QString &trigger = u"api"_s)
    {
        Job job;
        job.id = JobId(id);
        job.pipeline = pipeline;
        job.triggerType = trigger;
        job.createdAt = start;
        std::optional<Result<Job>> answer;
        m_store->insertJob(job, this, [&](Result<Job> done) { answer = std::move(done); });
        QTRY_VERIFY(answer);
        QVERIFY(*answer);
    }
    void addStep(const QString &job, uint32_t number, int from, int to)
    {
        Step step;
        step.job = JobId(job);
        step.number = StepNumber(number);
        step.name = u"s"_s;
        step.request = RequestId(QString::number(number));
        step.startedAt = start + std::chrono::seconds(from);
        step.finishedAt = start + std::chrono::seconds(to);
        bool isThere = false;
        m_store->insertStep(step, this, [&](const Result<void> &done) { isThere = done.has_value(); });
        QTRY_VERIFY(isThere);
    }
    void open()
    {
        EgressService::Settings settings;
        settings.refusals.flows = {.path = file("flows"), .jobsNamespace = u"danube-jobs"_s, .poll = milliseconds(5)};
        settings.refusals.flush = milliseconds(5);
        m_service = std::make_unique<EgressService>(m_clock, *m_store, settings);
        m_service->setConfiguration(snapshot(), u"c0ffee"_s);
        m_service->start();
    }
    void write(const QByteArray &flows)
    {
        QFile target(file("flows"));
        QVERIFY(target.open(QIODevice::Append));
        target.write(flows);
    }
    QList<EgressRefusal> refusals(const QString &job) { return m_service->refusals().refusals(JobId(job)).value(); }
    QStringList proposed(const EgressService::ProposalRequest &request)
    {
        QStringList entries;
        for (const QJsonValue &entry : m_service->propose(request).value()[u"entries"].toArray())
            entries.append(entry[u"entry"].toString());
        return entries;
    }

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        openStore();
        addJob(u"j1"_s, u"build"_s);
        addStep(u"j1"_s, 1, 10, 20);
        addStep(u"j1"_s, 2, 15, 30);
    }
    void cleanup()
    {
        m_service.reset();
        m_store.reset();
    }

    void putsEveryRefusalAtItsJobAndStep()
    {
        addJob(u"j2"_s, u"build"_s);
        write(dropped(u"j1"_s, 12, "a.example.org") + dropped(u"j1"_s, 17, "b.example.org") +
              refusedQuery(u"j2"_s, 12, "c.example.org") + dropped(u"nobody"_s, 12, "d.example.org"));
        open();
        QTRY_COMPARE(refusals(u"j1"_s).size(), 2);
        QTRY_COMPARE(refusals(u"j2"_s).size(), 1);
        QCOMPARE(refusals(u"j1"_s)[0].steps, QList{StepNumber(1)});
        QVERIFY(refusals(u"j1"_s)[1].steps.isEmpty());
        QCOMPARE(refusals(u"j1"_s)[1].candidates, (QList{StepNumber(1), StepNumber(2)}));
        QCOMPARE(refusals(u"j2"_s)[0].host, u"c.example.org"_s);
        QCOMPARE(m_service->refusals().counts().strange, 1U);
    }

    void keepsThemOverARestartAndCountsNothingTwice()
    {
        write(dropped(u"j1"_s, 12, "a.example.org") + dropped(u"j1"_s, 13, "a.example.org"));
        open();
        QTRY_COMPARE(refusals(u"j1"_s).value(0).count, 2);
        m_service.reset(); // hands over what is not stored
        QVERIFY(m_store->close(std::chrono::seconds(5)));
        openStore();
        write(dropped(u"j1"_s, 14, "a.example.org"));
        open();
        QTRY_COMPARE(refusals(u"j1"_s).value(0).count, 3);
    }

    void saysWhatToDoAboutAViolationOnce()
    {
        open();
        QSignalSpy violated(m_service.get(), &EgressService::violated);
        write(dropped(u"j1"_s, 12, "a.example.org") + dropped(u"j1"_s, 13, "a.example.org"));
        QTRY_COMPARE(refusals(u"j1"_s).value(0).count, 2);
        QCOMPARE(violated.size(), 1);
        QCOMPARE(violated[0][0].value<EgressRefusal>().host, u"a.example.org"_s);
        QCOMPARE(violated[0][1].value<blueprint::OnViolation>(), blueprint::OnViolation::Fail);
    }

    void tellsInAuditModeWhatWouldBeRefused()
    {
        addJob(u"j3"_s, u"audited"_s);
        write(forwardedQuery(u"j3"_s, 1, "evil.example.com") + forwardedQuery(u"j3"_s, 1, "github.com") +
              forwardedQuery(u"j3"_s, 1, "packages.example.org") + forwardedQuery(u"j1"_s, 1, "evil.example.com") +
              dropped(u"j1"_s, 2, "a.example.org"));
        open();
        QTRY_COMPARE(refusals(u"j1"_s).size(), 1); // enforced: what passed was allowed
        QCOMPARE(refusals(u"j3"_s).size(), 1);
        QCOMPARE(refusals(u"j3"_s)[0].kind, RefusalKind::WouldBeRefused);
        QCOMPARE(refusals(u"j3"_s)[0].host, u"evil.example.com"_s);
    }

    void proposesWhatWasRefusedAndNothingOfStrangers()
    {
        addJob(u"fork"_s, u"build"_s, u"pull_request"_s);
        write(dropped(u"j1"_s, 12, "new.example.org") + dropped(u"j1"_s, 12, "new.example.org", 8443) +
              refusedQuery(u"j1"_s, 12, "new.example.org") + dropped(u"j1"_s, 12, "github.com") +
              dropped(u"fork"_s, 12, "evil.example.com"));
        open();
        QTRY_COMPARE(refusals(u"fork"_s).size(), 1);
        QTRY_COMPARE(m_service->refusals().refusals(store::RefusalFilter{.pipeline = u"build"_s}).value().size(), 5);
        QCOMPARE(proposed({.job = JobId(u"j1"_s)}), (QStringList{u"new.example.org"_s, u"new.example.org:8443"_s}));
        QCOMPARE(proposed({.pipeline = u"build"_s}), (QStringList{u"new.example.org"_s, u"new.example.org:8443"_s}));
        QVERIFY(proposed({.job = JobId(u"fork"_s)}).isEmpty());
        const QJsonObject answer = m_service->propose({.pipeline = u"build"_s}).value();
        QCOMPARE(answer[u"base_commit"].toString(), u"c0ffee"_s);
        QCOMPARE(answer[u"jobs_not_trusted"].toInt(), 1);
    }

    // What was refused, seen again with the proposed entries in force: by audit mode, which judges what was let
    // through.
    void aReplayAfterApplyingRefusesNothing()
    {
        const auto replay = [](const QString &job) {
            return forwardedQuery(job, 1, "new.example.org") + forwarded(job, 1, "new.example.org", 443) +
                   forwarded(job, 2, "git.example.org", 22) + forwardedQuery(job, 2, "git.example.org");
        };
        write(dropped(u"j1"_s, 12, "new.example.org") + refusedQuery(u"j1"_s, 12, "new.example.org") +
              dropped(u"j1"_s, 13, "git.example.org", 22));
        open();
        QTRY_COMPARE(refusals(u"j1"_s).size(), 3);
        const QStringList entries = proposed({.job = JobId(u"j1"_s)});
        QCOMPARE(entries, (QStringList{u"new.example.org"_s, u"git.example.org:22"_s}));

        blueprint::Snapshot applied = snapshot();
        addJob(u"before"_s, u"audited"_s);
        addJob(u"after"_s, u"audited"_s);
        write(replay(u"before"_s));
        QTRY_COMPARE(refusals(u"before"_s).size(), 4);
        applied.pipelines[u"audited"_s].egressAllowlist += entries;
        m_service->setConfiguration(applied, u"beef"_s);
        write(replay(u"after"_s) + dropped(u"j1"_s, 40, "behind.example.org"));
        QTRY_COMPARE(refusals(u"j1"_s).size(), 4); // by then all before it was judged
        QVERIFY(refusals(u"after"_s).isEmpty());
    }

    void answersQuestions()
    {
        open();
        const auto allowed = [&](const EgressService::Test &test) {
            return m_service->test(test).value()[u"results"][0][u"allowed"].toBool();
        };
        QVERIFY(allowed({.hosts = {u"github.com"_s}}));
        QVERIFY(!allowed({.hosts = {u"packages.example.org"_s}}));
        QVERIFY(allowed({.hosts = {u"packages.example.org"_s}, .pipeline = u"build"_s}));
        QVERIFY(!allowed({.hosts = {u"github.com"_s}, .allowlist = QStringList{u"x.example.org"_s}}));
        QCOMPARE(m_service->test({.hosts = {}}).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(m_service->test({.hosts = {u"a b"_s}}).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(m_service->test({.hosts = {u"a.b"_s}, .pipeline = u"none"_s}).error().code, ErrorCode::NotFound);
        const auto linted = m_service->test({.hosts = {u"a.b"_s}, .allowlist = QStringList{u"*"_s}});
        QVERIFY(!linted.value()[u"findings"].toArray().isEmpty());
    }

    void saysWhatAGuardOfThisMachineHolds_data()
    {
        using Kind = JobGuard::Kind;
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("trouble");
        QTest::addColumn<bool>("isAudit");
        QTest::addColumn<QString>("level");
        QTest::newRow("off") << int(Kind::Off) << QString() << false << u"none"_s;
        QTest::newRow("enforce") << int(Kind::Enforce) << QString() << false << u"enforced"_s;
        QTest::newRow("audit") << int(Kind::Audit) << QString() << false << u"declared"_s;
        QTest::newRow("the list is in audit mode") << int(Kind::Enforce) << QString() << true << u"declared"_s;
        QTest::newRow("the kernel refuses") << int(Kind::Enforce) << u"no user namespaces"_s << false << u"none"_s;
        QTest::newRow("the kernel refuses audit") << int(Kind::Audit) << u"no user namespaces"_s << false << u"none"_s;
    }
    void saysWhatAGuardOfThisMachineHolds()
    {
        QFETCH(const int, kind);
        QFETCH(const QString, trouble);
        QFETCH(const bool, isAudit);
        const JobGuard guard{.kind = static_cast<JobGuard::Kind>(kind), .trouble = trouble};
        const EgressLevel level = levelOf(guard, isAudit ? Mode::Audit : Mode::Enforce);
        QTEST(toText(level.kind), "level");
        QVERIFY(level.reason.contains(trouble));
        QVERIFY(!level.reason.isEmpty());
    }

    void saysNoneWithoutACluster()
    {
        open();
        QCOMPARE(m_service->level().kind, EgressLevel::Kind::None);
        QVERIFY(m_service->guarding(u"build"_s));
        const QJsonObject said = m_service->toJson();
        QCOMPARE(said[u"level"].toString(), u"none"_s);
        QCOMPARE(said[u"commit"].toString(), u"c0ffee"_s);
        QCOMPARE(said[u"pipelines"].toArray().size(), 2);
    }
};

QTEST_GUILESS_MAIN(TestEgressService)
#include "tst_egressservice.moc"
