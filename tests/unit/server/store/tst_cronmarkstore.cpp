// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/store/storefixture.h"

#include <QTemporaryDir>

using namespace danube;
using namespace danube::store;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// What keeps a schedule from running twice: marks, and trigger keys that are used once.
class TestCronMarkStore : public QObject
{
    Q_OBJECT

    QTemporaryDir m_directory;
    std::unique_ptr<Store> m_store;

    Result<void> save(const CronMark &mark)
    {
        return await<void>([&](auto done) { m_store->saveCronMark(mark, this, std::move(done)); });
    }
    Result<void> remove(const CronMark &mark)
    {
        return await<void>([&](auto done) { m_store->removeCronMark(mark, this, std::move(done)); });
    }
    void reopen()
    {
        m_store.reset();
        m_store = Store::open(m_directory.filePath(u"danube.db"_s)).value();
    }
    static Job withKey(const QString &id, const QString &key)
    {
        Job job = sampleJob(id);
        job.triggerType = u"cron"_s;
        job.triggerRef = u"0 * * * *, due then"_s;
        job.triggerKey = key;
        return job;
    }

private slots:
    void init() { reopen(); }

    void marksAreReplacedAndRemoved()
    {
        const CronMark hourly{u"build"_s, u"0 * * * *"_s, {}, WallTime(milliseconds(1'750'000'000'001))};
        CronMark onMain = hourly;
        onMain.branch = u"main"_s;
        QVERIFY(save(hourly));
        QVERIFY(save(onMain));
        onMain.until += milliseconds(60'000);
        QVERIFY(save(onMain));
        reopen();
        const auto marks = m_store->cronMarks().value();
        QCOMPARE(marks.size(), 2);
        QVERIFY(marks.contains(hourly) && marks.contains(onMain));
        QVERIFY(remove(hourly));
        QVERIFY(remove(hourly)); // no error when there is none
        QCOMPARE(m_store->cronMarks().value(), QList<CronMark>{onMain});
    }

    void aTriggerKeyMakesOneJob()
    {
        const auto first = insert(*m_store, *this, withKey(u"job1"_s, u"cron:build::1"_s));
        QVERIFY(first);
        reopen();
        const auto second = insert(*m_store, *this, withKey(u"job2"_s, u"cron:build::1"_s));
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::AlreadyExists);
        QVERIFY(!m_store->job(JobId(u"job2"_s)));
        QVERIFY(insert(*m_store, *this, withKey(u"job3"_s, u"cron:build::2"_s)));
        QCOMPARE(m_store->job(first->id).value(), *first);
    }

    void jobsWithoutAKeyAreNotAlike()
    {
        QVERIFY(insert(*m_store, *this, sampleJob(u"job4"_s)));
        QVERIFY(insert(*m_store, *this, sampleJob(u"job5"_s)));
    }

    void anUpdateLeavesTheTriggerAlone()
    {
        Job job = insert(*m_store, *this, withKey(u"job6"_s, u"cron:build::6"_s)).value();
        job.state = JobState::Scheduling;
        QVERIFY(await<void>([&](auto done) { m_store->updateJob(job, this, std::move(done)); }));
        QCOMPARE(m_store->job(job.id).value(), job);
    }
};

QTEST_GUILESS_MAIN(TestCronMarkStore)
#include "tst_cronmarkstore.moc"
