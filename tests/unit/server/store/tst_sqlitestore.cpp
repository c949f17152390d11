// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/sqlitestore.h"
#include "tests/unit/server/store/storefixture.h"

#include <QTemporaryDir>
#include <QTemporaryFile>

#include <fcntl.h>
#include <sys/stat.h>

using namespace danube;
using namespace danube::store;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// Rows go in and come out as they were, and constraints become typed errors.
class TestSqliteStore : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<Store> m_store;

    QString path() const { return m_directory->filePath(u"danube.db"_s); }
    void reopen()
    {
        m_store.reset();
        auto opened = Store::open(path());
        QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
        m_store = std::move(*opened);
    }

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        reopen();
    }
    void cleanup() { m_store.reset(); }

    void jobSurvivesReopening()
    {
        Job job = sampleJob(u"job1"_s);
        const auto inserted = insert(*m_store, *this, job);
        QVERIFY(inserted);
        job.number = 1;
        QCOMPARE(*inserted, job);
        reopen();
        QCOMPARE(m_store->job(job.id), Result<Job>(job));
    }

    void everyMutableFieldIsUpdated()
    {
        Job job = *insert(*m_store, *this, sampleJob(u"job1"_s));
        job.state = JobState::Timeout;
        job.reason = u"took too long"_s;
        job.commit = QString(40, u'a');
        job.retryOf = JobId(u"job0"_s);
        job.attempt = 3;
        job.startedAt = WallTime(milliseconds(1));
        job.finishedAt = WallTime(milliseconds(2));
        job.deadline = WallTime(milliseconds(3));
        job.message = u"half"_s;
        job.progress = 0.5;
        job.cancelRequested = true;
        job.verdict = JobState::Cancelled;
        job.params.clear();
        QVERIFY(await<void>([&](auto done) { m_store->updateJob(job, this, std::move(done)); }));
        QCOMPARE(m_store->job(job.id), Result<Job>(job));
    }

    void aReportChangesMessageAndProgressOnly()
    {
        Job job = *insert(*m_store, *this, sampleJob(u"job1"_s));
        Job report = job;
        report.message = u"half"_s;
        report.progress = 0.5;
        report.state = JobState::Failure;
        report.reason = u"of which the store is not told here"_s;
        report.verdict = JobState::Failure;
        QVERIFY(await<void>([&](auto done) { m_store->updateJobReport(report, this, std::move(done)); }));
        job.message = report.message;
        job.progress = report.progress;
        QCOMPARE(m_store->job(job.id), Result<Job>(job));
        reopen();
        QCOMPARE(m_store->job(job.id), Result<Job>(job));
    }

    void unknownJobIsNotFound()
    {
        const auto reported =
            await<void>([&](auto done) { m_store->updateJobReport(sampleJob(u"none"_s), this, std::move(done)); });
        QCOMPARE(reported.error().code, ErrorCode::NotFound);
        QCOMPARE(m_store->job(JobId(u"none"_s)).error().code, ErrorCode::NotFound);
        const auto updated =
            await<void>([&](auto done) { m_store->updateJob(sampleJob(u"none"_s), this, std::move(done)); });
        QCOMPARE(updated.error().code, ErrorCode::NotFound);
    }

    void usedJobIdIsRefusedAndTakesNoNumber()
    {
        QVERIFY(insert(*m_store, *this, sampleJob(u"job1"_s)));
        QCOMPARE(insert(*m_store, *this, sampleJob(u"job1"_s)).error().code, ErrorCode::AlreadyExists);
        QCOMPARE(insert(*m_store, *this, sampleJob(u"job2"_s))->number, 2);
    }

    void unfinishedJobsComeOldestFirst()
    {
        for (const JobState state : allJobStates) {
            Job job = sampleJob(u"job-"_s + toText(state));
            job.state = state;
            QVERIFY(insert(*m_store, *this, job));
        }
        QStringList ids;
        const auto unfinished = m_store->unfinishedJobs();
        QVERIFY(unfinished);
        for (const Job &job : *unfinished)
            ids.append(job.id.value());
        QCOMPARE(ids, QStringList({u"job-pending"_s, u"job-scheduling"_s, u"job-running"_s}));
    }

    void stepSurvivesReopening_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("no outcome") << -1;
        for (const auto kind : {OutcomeKind::Exited, OutcomeKind::Signalled, OutcomeKind::Timeout,
                                OutcomeKind::Cancelled, OutcomeKind::Lost})
            QTest::newRow(qPrintable(toText(kind))) << static_cast<int>(kind);
    }
    void stepSurvivesReopening()
    {
        QFETCH(int, kind);
        const Job job = *insert(*m_store, *this, sampleJob(u"job1"_s));
        Step step = sampleStep(job.id, 1);
        QVERIFY(await<void>([&](auto done) { m_store->insertStep(step, this, std::move(done)); }));
        step.state = StepState::Finished;
        step.startedAt = WallTime(milliseconds(5));
        step.finishedAt = WallTime(milliseconds(6));
        step.captureOutput = true;
        if (kind >= 0)
            step.outcome = StepOutcome{OutcomeKind(kind), 7, 9, milliseconds(11), u"why"_s};
        QVERIFY(await<void>([&](auto done) { m_store->updateStep(step, this, std::move(done)); }));
        reopen();
        QCOMPARE(m_store->steps(job.id), Result<QList<Step>>(QList{step}));
    }

    void aStepNumberOrRequestIsUsedOnce()
    {
        const Job job = *insert(*m_store, *this, sampleJob(u"job1"_s));
        const auto add = [&](const Step &step) {
            return await<void>([&](auto done) { m_store->insertStep(step, this, std::move(done)); });
        };
        QVERIFY(add(sampleStep(job.id, 1)));
        Step sameNumber = sampleStep(job.id, 1);
        sameNumber.request = RequestId(u"other"_s);
        QCOMPARE(add(sameNumber).error().code, ErrorCode::AlreadyExists);
        Step sameRequest = sampleStep(job.id, 2);
        sameRequest.request = RequestId(u"request-1"_s);
        QCOMPARE(add(sameRequest).error().code, ErrorCode::AlreadyExists);
        QCOMPARE(m_store->steps(job.id)->size(), 1);
    }

    void stepsWithoutRequestDoNotCollide()
    {
        const Job job = *insert(*m_store, *this, sampleJob(u"job1"_s));
        for (uint32_t number = 0; number < 2; ++number) {
            Step step = sampleStep(job.id, number);
            step.request = RequestId();
            QVERIFY(await<void>([&](auto done) { m_store->insertStep(step, this, std::move(done)); }));
        }
    }

    void rowsOfAnUnknownJobAreRefused()
    {
        const JobId none(u"none"_s);
        const auto step =
            await<void>([&](auto done) { m_store->insertStep(sampleStep(none, 1), this, std::move(done)); });
        const auto grant = await<void>([&](auto done) { m_store->insertGrant(none, u"KEY"_s, this, std::move(done)); });
        QCOMPARE(step.error().code, ErrorCode::NotFound);
        QCOMPARE(grant.error().code, ErrorCode::NotFound);
        QCOMPARE(m_store->grants(none), Result<QStringList>(QStringList()));
    }

    void aGrantIsRememberedOnce()
    {
        const Job job = *insert(*m_store, *this, sampleJob(u"job1"_s));
        for (const QString &key : {u"B"_s, u"A"_s, u"B"_s})
            QVERIFY(await<void>([&](auto done) { m_store->insertGrant(job.id, key, this, std::move(done)); }));
        QCOMPARE(m_store->grants(job.id), Result<QStringList>(QStringList({u"A"_s, u"B"_s})));
    }

    void artifactsAreListedByJobAndFoundById()
    {
        const Job job = *insert(*m_store, *this, sampleJob(u"job1"_s));
        const Artifact artifact{ArtifactId(u"a1"_s), job.id,
                                u"dist/x.tar"_s,     ByteCount(5'000'000'000),
                                QByteArray(64, 'f'), WallTime(milliseconds(8))};
        const auto add = [&](const Artifact &row) {
            return await<void>([&](auto done) { m_store->insertArtifact(row, this, std::move(done)); });
        };
        QVERIFY(add(artifact));
        Artifact sameName = artifact;
        sameName.id = ArtifactId(u"a2"_s);
        QCOMPARE(add(sameName).error().code, ErrorCode::AlreadyExists);
        QCOMPARE(m_store->artifacts(job.id), Result<QList<Artifact>>(QList{artifact}));
        QCOMPARE(m_store->artifact(artifact.id), Result<Artifact>(artifact));
        QCOMPARE(m_store->artifact(sameName.id).error().code, ErrorCode::NotFound);
    }

    // So that the end of a job that filled the volume can be written (test_quotas
    // test_a_volume_that_is_filled_to_the_last_byte).
    void itsLogHasRoomBeforeItIsWritten()
    {
        QTemporaryFile other(m_directory->filePath(u"other"_s));
        QVERIFY(other.open());
        if (::fallocate(other.handle(), FALLOC_FL_KEEP_SIZE, 0, 1) != 0)
            QSKIP("this file system keeps no room");
        const auto roomOf = [this] {
            struct stat status{};
            return ::stat(QFile::encodeName(path() + u"-wal"_s).constData(), &status) == 0 ? status.st_blocks * 512 : 0;
        };
        QVERIFY(roomOf() >= 8 << 20);
        for (int i = 0; i < 200; ++i)
            QVERIFY(insert(*m_store, *this, sampleJob(u"job%1"_s.arg(i))));
        QVERIFY(roomOf() >= 8 << 20);
        reopen();
        QVERIFY(roomOf() >= 8 << 20);
    }

    void nothingIsReadOrWrittenAfterClose()
    {
        QVERIFY(m_store->close(milliseconds(5'000)));
        QCOMPARE(insert(*m_store, *this, sampleJob(u"job1"_s)).error().code, ErrorCode::Unavailable);
        QCOMPARE(m_store->job(JobId(u"job1"_s)).error().code, ErrorCode::Unavailable);
    }
};

QTEST_GUILESS_MAIN(TestSqliteStore)
#include "tst_sqlitestore.moc"
