// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/quota/quotarules.h"

#include <QTest>

using namespace danube;
using namespace danube::quota;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mib = 1 << 20;
const Quotas quotas{.logBytes = 10_MiB, .workspaceBytes = 100_MiB, .workspaceFiles = 1'000, .reserve = {.percent = 5}};
const Volume roomy{.bytes = 1'000 * mib, .freeBytes = 500 * mib, .files = 100'000, .freeFiles = 50'000};

Taken workspaceOf(qint64 bytes, qint64 files)
{
    return {.workspace = {bytes, files}};
}

Taken logOf(qint64 bytes, Growth growth)
{
    return {.workspace = {4096, 1}, .logBytes = bytes, .logGrowth = growth};
}

QStringList judged(const QMap<JobId, Taken> &jobs)
{
    QStringList found;
    for (const Excess &excess : judgeWorkspaces(jobs, quotas))
        found.append(excess.job.value() + u": "_s + excess.reason);
    return found;
}

QString blamed(const QMap<JobId, Taken> &jobs, const Volume &volume)
{
    const auto excess = judgeReserve(jobs, volume, quotas);
    return excess ? excess->job.value() + u": "_s + excess->reason : QString();
}

Volume withFree(qint64 bytes)
{
    Volume volume = roomy;
    volume.freeBytes = bytes;
    return volume;
}

} // namespace

class TestQuotaRules : public QObject
{
    Q_OBJECT
private slots:
    void aLogMayReachItsQuotaAndNoMore()
    {
        const JobId job(u"j1"_s);
        QVERIFY(!judgeLog(job, 10 * mib, quotas));
        const auto excess = judgeLog(job, 10 * mib + 1, quotas);
        QVERIFY(excess);
        QCOMPARE(excess->reason, u"the job's log is larger than 10 MiB (quota.log_bytes)"_s);
    }
    void aWorkspaceHasItsOwnQuotas()
    {
        const JobId a(u"a"_s);
        QCOMPARE(judged({{a, workspaceOf(100 * mib, 1'000)}}), QStringList());
        QCOMPARE(judged({{a, workspaceOf(100 * mib + 1, 1)}}),
                 QStringList(u"a: the job's workspace takes more than 100 MiB (quota.workspace_bytes)"_s));
        QCOMPARE(judged({{a, workspaceOf(0, 1'001)}}),
                 QStringList(u"a: the job's workspace has more than 1000 files (quota.workspace_files)"_s));
    }
    void theReserveIsKeptByTheLargest()
    {
        const QMap<JobId, Taken> jobs{{JobId(u"a"_s), workspaceOf(2 * mib, 5)},
                                      {JobId(u"b"_s), workspaceOf(70 * mib, 9)},
                                      {JobId(u"c"_s), workspaceOf(3 * mib, 700)}};
        QCOMPARE(blamed(jobs, withFree(50 * mib - 1)),
                 u"b: the master's data volume has less than its reserve of 50 MiB free "
                 u"(quota.free_reserve), and this job's workspace takes most: 70 MiB in 9 files"_s);
        QCOMPARE(blamed(jobs, withFree(50 * mib)), QString());
        Volume volume = withFree(50 * mib);
        volume.freeFiles = 4'999; // of 100 000
        QVERIFY(!blamed(jobs, volume).isEmpty());
    }
    void aLogThatGrowsTakesOfTheVolumeToo()
    {
        const QMap<JobId, Taken> jobs{{JobId(u"a"_s), workspaceOf(40 * mib, 5)},
                                      {JobId(u"b"_s), logOf(41 * mib, Growth::Slow)}};
        QCOMPARE(blamed(jobs, withFree(0)), u"b: the master's data volume has less than its reserve of 50 MiB free "
                                            u"(quota.free_reserve), and this job's log takes most: 41 MiB"_s);
        QVERIFY(judgeReserve(jobs, withFree(0), quotas)->isForLog);
    }
    void aLogThatHasStoppedIsNotToBlame()
    {
        const QMap<JobId, Taken> jobs{{JobId(u"a"_s), workspaceOf(2 * mib, 5)},
                                      {JobId(u"b"_s), logOf(41 * mib, Growth::Still)}};
        QVERIFY(blamed(jobs, withFree(0)).startsWith(u"a: "_s));
        QCOMPARE(blamed({{JobId(u"b"_s), logOf(41 * mib, Growth::Still)}}, withFree(0)), QString());
    }
    void whoHidesFoldersGoesBeforeTheLargest()
    {
        Taken hiding = workspaceOf(4096, 2);
        hiding.workspace.isPartial = true;
        const QMap<JobId, Taken> jobs{{JobId(u"a"_s), workspaceOf(70 * mib, 5)}, {JobId(u"b"_s), hiding}};
        QCOMPARE(blamed(jobs, withFree(0)),
                 u"b: the master's data volume has less than its reserve of 50 MiB free (quota.free_reserve), and this "
                 u"job's workspace has folders that cannot be looked into, beside 4 KiB in 2 files"_s);
        QVERIFY(!judgeReserve(jobs, withFree(0), quotas)->isForLog);
        QCOMPARE(blamed(jobs, withFree(50 * mib)), QString()); // no fault by itself
    }
    void whileRoomIsToComeOnlyWhoWouldTakeItIsToBlame_data()
    {
        QTest::addColumn<Waiting>("waiting");
        QTest::addColumn<qint64>("freeBytes");
        QTest::addColumn<QStringList>("expected");
        const QStringList all{u"fast"_s, u"fastlog"_s, u"hiding"_s, u"slow"_s, u"slowlog"_s, u"still"_s, u"stilllog"_s};
        const QStringList logs{u"fastlog"_s, u"slowlog"_s};
        QTest::newRow("no room is to come") << Waiting::ForNothing << 40 * mib << all;
        QTest::newRow("of a folder") << Waiting::ForFolder << 25 * mib << QStringList(u"fastlog"_s);
        QTest::newRow("of a folder, little left") << Waiting::ForFolder << 25 * mib - 1 << logs;
        QTest::newRow("of a log") << Waiting::ForLog << 25 * mib << QStringList({u"fast"_s, u"fastlog"_s, u"hiding"_s});
        QTest::newRow("of a log, little left") << Waiting::ForLog << 25 * mib - 1 << all.first(5);
    }
    void whileRoomIsToComeOnlyWhoWouldTakeItIsToBlame()
    {
        QFETCH(const Waiting, waiting);
        QFETCH(const qint64, freeBytes);
        QFETCH(const QStringList, expected);
        QMap<JobId, Taken> jobs;
        const std::initializer_list<std::pair<QString, Growth>> growths{
            {u"still"_s, Growth::Still}, {u"slow"_s, Growth::Slow}, {u"fast"_s, Growth::Fast}};
        for (const auto &[name, growth] : growths) {
            jobs[JobId(name)] = workspaceOf(2 * mib, 5);
            jobs[JobId(name)].workspaceGrowth = growth;
            jobs[JobId(name + u"log"_s)] = logOf(2 * mib, growth);
        }
        jobs[JobId(u"hiding"_s)].workspace.isPartial = true;
        QStringList names;
        for (const JobId &job : blamedWhile(waiting, jobs, withFree(freeBytes), quotas).keys())
            names.append(job.value());
        QCOMPARE(names, expected);
    }
    void smallJobsAreNotToBlameForAFullVolume()
    {
        QCOMPARE(blamed({{JobId(u"a"_s), workspaceOf(mib - 1, 1)}}, withFree(0)), QString());
        QCOMPARE(blamed({}, withFree(0)), QString());
    }
    void aVolumeThatCountsNoFilesHasEnough()
    {
        Volume volume = roomy;
        volume.files = volume.freeFiles = 0;
        QVERIFY(quotas.reserve.isKept(volume));
    }
};

QTEST_GUILESS_MAIN(TestQuotaRules)
#include "tst_quotarules.moc"
