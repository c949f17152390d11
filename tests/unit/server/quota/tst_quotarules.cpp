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

QStringList judged(const QMap<JobId, TreeSize> &sizes, const Volume &volume)
{
    QStringList found;
    for (const Excess &excess : judgeWorkspaces(sizes, volume, quotas))
        found.append(excess.job.value() + u": "_s + excess.reason);
    return found;
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
        QCOMPARE(judged({{a, {100 * mib, 1'000}}}, roomy), QStringList());
        QCOMPARE(judged({{a, {100 * mib + 1, 1}}}, roomy),
                 QStringList(u"a: the job's workspace takes more than 100 MiB (quota.workspace_bytes)"_s));
        QCOMPARE(judged({{a, {0, 1'001}}}, roomy),
                 QStringList(u"a: the job's workspace has more than 1000 files (quota.workspace_files)"_s));
    }
    void theReserveIsKeptByTheLargest()
    {
        Volume full = roomy;
        full.freeBytes = 50 * mib - 1;
        const QMap<JobId, TreeSize> sizes{
            {JobId(u"a"_s), {2 * mib, 5}}, {JobId(u"b"_s), {70 * mib, 9}}, {JobId(u"c"_s), {3 * mib, 700}}};
        QCOMPARE(judged(sizes, full),
                 QStringList(u"b: the master's data volume has less than its reserve of 50 MiB free "
                             u"(quota.free_reserve), and this job's workspace takes most: 70 MiB in 9 files"_s));
        full.freeBytes = 50 * mib;
        QCOMPARE(judged(sizes, full), QStringList());
        full.freeFiles = 4'999; // of 100 000
        QCOMPARE(judged(sizes, full).size(), 1);
    }
    void whoIsBeyondAQuotaOfItsOwnGoesFirst()
    {
        Volume full = roomy;
        full.freeBytes = 0;
        QCOMPARE(judged({{JobId(u"a"_s), {101 * mib, 1}}, {JobId(u"b"_s), {90 * mib, 1}}}, full).size(), 1);
    }
    void smallJobsAreNotToBlameForAFullVolume()
    {
        Volume full = roomy;
        full.freeBytes = 0;
        QCOMPARE(judged({{JobId(u"a"_s), {mib - 1, 1}}}, full), QStringList());
        QCOMPARE(judged({}, full), QStringList());
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
