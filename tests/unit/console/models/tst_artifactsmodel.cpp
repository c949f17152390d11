// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/artifactsmodel.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;
using std::chrono::seconds;

class TestArtifactsModel : public QObject
{
    Q_OBJECT
    tests::FakeClock m_clock;

    static Job job(const QString &id)
    {
        Job job;
        job.id = JobId(id);
        return job;
    }
    static QList<Artifact> artifacts(const Job &job, int count, int time)
    {
        QList<Artifact> all;
        for (int i = 0; i < count; ++i) {
            Artifact artifact;
            artifact.id = ArtifactId(u"%1-%2"_s.arg(job.id.value()).arg(i));
            artifact.job = job.id;
            artifact.createdAt = WallTime(seconds(time));
            all.append(artifact);
        }
        return all;
    }

private slots:
    void keepsTheNewestFirst()
    {
        ArtifactsModel model(m_clock);
        model.setArtifacts(job(u"old"_s), artifacts(job(u"old"_s), 2, 100));
        model.setArtifacts(job(u"new"_s), artifacts(job(u"new"_s), 1, 200));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.row(0).artifact.job, JobId(u"new"_s));
        QVERIFY(!model.isCut());
    }
    void theOldestOfOtherJobsMakeRoom()
    {
        const auto all = static_cast<int>(ArtifactsModel::maxRows);
        ArtifactsModel model(m_clock);
        model.setArtifacts(job(u"big"_s), artifacts(job(u"big"_s), all, 200));
        QVERIFY(!model.isCut());
        model.setArtifacts(job(u"asked"_s), artifacts(job(u"asked"_s), 3, 100)); // older, and asked for now
        QCOMPARE(model.countOf(JobId(u"asked"_s)), 3);
        QCOMPARE(model.rowCount(), all);
        QVERIFY(model.isCut(JobId(u"big"_s)));
        QVERIFY(!model.isCut(JobId(u"asked"_s)));
        model.setArtifacts(job(u"asked"_s), {});
        model.setArtifacts(job(u"big"_s), artifacts(job(u"big"_s), all, 200));
        QVERIFY(!model.isCut());
        QCOMPARE(model.countOf(JobId(u"big"_s)), all);
    }
    void oneJobHasNoMoreThanAll()
    {
        const auto all = static_cast<int>(ArtifactsModel::maxRows);
        ArtifactsModel model(m_clock);
        model.setArtifacts(job(u"big"_s), artifacts(job(u"big"_s), all + 5, 200));
        QCOMPARE(model.rowCount(), all);
        QVERIFY(model.isCut());
    }
};

QTEST_APPLESS_MAIN(TestArtifactsModel)
#include "tst_artifactsmodel.moc"
