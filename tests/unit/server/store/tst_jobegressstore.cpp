// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/store/storefixture.h"

#include <QTemporaryDir>

using namespace danube;
using namespace danube::store;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestJobEgressStore : public QObject
{
    Q_OBJECT

    QTemporaryDir m_directory;
    std::unique_ptr<Store> m_store;

    Result<void> save(const QString &job, const JobEgress &egress)
    {
        return await<void>([&](auto done) { m_store->saveJobEgress(JobId(job), egress, this, std::move(done)); });
    }

private slots:
    void init() { m_store = Store::open(m_directory.filePath(u"danube.db"_s)).value(); }
    void keepsWhatWasNoted()
    {
        QVERIFY(insert(*m_store, *this, sampleJob(u"job1"_s)));
        QVERIFY(insert(*m_store, *this, sampleJob(u"job2"_s)));
        QCOMPARE(m_store->jobEgress(JobId(u"job1"_s)).value(), std::optional<JobEgress>());
        const JobEgress first{u"declared"_s, u"no canary yet"_s};
        const JobEgress second{u"enforced"_s, u"canary says: refused"_s};
        QVERIFY(save(u"job1"_s, first));
        QCOMPARE(m_store->jobEgress(JobId(u"job1"_s)).value(), first);
        QVERIFY(save(u"job1"_s, second));
        m_store.reset();
        init();
        QCOMPARE(m_store->jobEgress(JobId(u"job1"_s)).value(), second);
        QCOMPARE(m_store->jobEgress(JobId(u"job2"_s)).value(), std::optional<JobEgress>());
    }
    void knowsNoOtherJobs() { QVERIFY(!save(u"stranger"_s, {u"none"_s, u"?"_s})); }
};

QTEST_GUILESS_MAIN(TestJobEgressStore)
#include "tst_jobegressstore.moc"
