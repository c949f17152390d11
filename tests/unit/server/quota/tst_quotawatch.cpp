// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/quota/quotawatch.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::quota;
using namespace Qt::StringLiterals;

namespace {

const Reserve never{.percent = 0, .bytes = ByteCount(qint64(1) << 60)}; // no volume has that

} // namespace

/// Real folders under small quotas.
class TestQuotaWatch : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_jobs;
    QList<std::pair<QString, QString>> m_told;

    QString workspace(const QString &job) const { return m_jobs->filePath(job + u"/workspace"_s); }
    void fill(const QString &job, const QString &name, qint64 bytes)
    {
        QVERIFY(QDir().mkpath(workspace(job)));
        QFile file(workspace(job) + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(QByteArray(bytes, 'x')), bytes);
    }
    QuotaWatch::Settings settingsOf(const Reserve &reserve) const
    {
        return {.jobs = m_jobs->path(),
                .quotas = {.logBytes = 1_MiB, .workspaceBytes = 4_MiB, .workspaceFiles = 100, .reserve = reserve},
                .pause = milliseconds(5)};
    }
    std::unique_ptr<QuotaWatch> watch(const QuotaWatch::Settings &settings)
    {
        auto made = std::make_unique<QuotaWatch>(settings);
        connect(made.get(), &QuotaWatch::exceeded, this,
                [this](const JobId &job, const QString &reason) { m_told.append({job.value(), reason}); });
        return made;
    }
    std::unique_ptr<QuotaWatch> watch(const Reserve &reserve = {}) { return watch(settingsOf(reserve)); }
    bool isTold(qsizetype count)
    {
        return QTest::qWaitFor([&] { return m_told.size() >= count; }, 30'000);
    }

private slots:
    void init()
    {
        m_jobs = std::make_unique<QTemporaryDir>();
        m_told.clear();
    }

    void aWorkspaceThatGrowsTooLargeIsToldOnce()
    {
        fill(u"small"_s, u"a"_s, 100'000);
        fill(u"large"_s, u"a"_s, 3 << 20);
        const auto watching = watch();
        fill(u"large"_s, u"b"_s, 2 << 20);
        QVERIFY(isTold(1));
        fill(u"large"_s, u"c"_s, 2 << 20);
        for (int i = 0; i < 150; ++i)
            fill(u"many"_s, QString::number(i), 1);
        QVERIFY(isTold(2));
        QCOMPARE(m_told.size(), 2);
        QCOMPARE(m_told[0].first, u"large"_s);
        QVERIFY(m_told[0].second.contains(u"quota.workspace_bytes"_s));
        QCOMPARE(m_told[1].first, u"many"_s);
        QVERIFY(m_told[1].second.contains(u"quota.workspace_files"_s));
    }
    void aSparseFileCountsAsWhatItHolds()
    {
        QVERIFY(QDir().mkpath(workspace(u"sparse"_s)));
        QFile file(workspace(u"sparse"_s) + u"/hole"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.resize(qint64(1) << 40));
        const TreeSize size = measureTree(workspace(u"sparse"_s), {1 << 30, 1'000}, std::atomic<bool>(false));
        QVERIFY(size.bytes < 1 << 20);
        QCOMPARE(size.files, 2);
    }
    void linksAreNotFollowed()
    {
        fill(u"one"_s, u"big"_s, 3 << 20);
        QVERIFY(QDir().mkpath(workspace(u"two"_s)));
        QVERIFY(QFile::link(workspace(u"one"_s), workspace(u"two"_s) + u"/link"_s));
        QVERIFY(measureTree(workspace(u"two"_s), {1 << 30, 1'000}, std::atomic<bool>(false)).bytes < 1 << 20);
    }
    void aLogBeyondItsQuotaIsToldOnce()
    {
        const auto watching = watch();
        watching->noteLog(JobId(u"j1"_s), 1 << 20);
        watching->noteLog(JobId(u"j1"_s), (1 << 20) + 1);
        watching->noteLog(JobId(u"j1"_s), 2 << 20);
        watching->noteLog(JobId(u"j2"_s), 2 << 20);
        QVERIFY(isTold(2));
        QCOMPARE(m_told.size(), 2);
        QVERIFY(m_told[0].second.contains(u"quota.log_bytes"_s));
    }
    void whoIsBeyondAQuotaOfItsOwnGoesFirst()
    {
        fill(u"beyond"_s, u"a"_s, 5 << 20);
        fill(u"large"_s, u"a"_s, 3 << 20);
        const auto watching = watch(never);
        QVERIFY(isTold(1));
        QCOMPARE(m_told[0].first, u"beyond"_s);
        QVERIFY(m_told[0].second.contains(u"quota.workspace_bytes"_s));
    }
    void withoutRoomAGrowingLogIsToldAndNobodyAfterIt()
    {
        fill(u"large"_s, u"a"_s, 3 << 20);
        QVERIFY(QDir().mkpath(workspace(u"printing"_s)));
        auto settings = settingsOf(never);
        settings.quotas.logBytes = 1_GiB;
        settings.pause = std::chrono::hours(1); // it looks by itself once, before the log is there
        settings.promptBytes = 8 << 20;
        // The first look blames the large one, whose folder goes, as its job ends.
        const auto watching = watch(settings);
        QVERIFY(isTold(1));
        QVERIFY(QDir(m_jobs->filePath(u"large"_s)).removeRecursively());
        const JobId printing(u"printing"_s);
        for (qint64 size = 4 << 20; m_told.size() < 2 && size < 1 << 30; size += 4 << 20) {
            watching->noteLog(printing, size);
            QTest::qWait(1);
        }
        QVERIFY(isTold(2));
        QCOMPARE(m_told[1].first, u"printing"_s);
        QVERIFY2(m_told[1].second.contains(u"this job's log takes most"_s), qPrintable(m_told[1].second));
        // Room is to come from its log, so a workspace that does not grow is left alone however often it looks.
        fill(u"still"_s, u"a"_s, 2 << 20);
        for (qint64 i = 1; i < 20; ++i) {
            watching->noteLog(printing, (1 << 30) - (20 - i) * (9 << 20)); // its last bytes make it look
            QTest::qWait(2);
        }
        QCOMPARE(m_told.size(), 2);
    }
    void withoutRoomTheLargestIsTold()
    {
        fill(u"small"_s, u"a"_s, 1 << 20);
        fill(u"large"_s, u"a"_s, 3 << 20);
        const auto watching = watch(never);
        QVERIFY(isTold(1));
        QCOMPARE(m_told[0].first, u"large"_s);
        QVERIFY(QDir(m_jobs->filePath(u"large"_s)).removeRecursively()); // it is gone; still no room: the next
        QVERIFY(isTold(2));
        QCOMPARE(m_told[1].first, u"small"_s);
    }
};

QTEST_GUILESS_MAIN(TestQuotaWatch)
#include "tst_quotawatch.moc"
