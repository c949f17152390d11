// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/job.h"

#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

Job fullJob()
{
    const auto time = [](int second) { return WallTime(milliseconds(1'769'860'800'000)) + seconds(second); };
    Job job;
    job.id = JobId(u"01h4t9m2k8cq7xw3"_s);
    job.number = 9'007'199'254'740'992;
    job.pipeline = u"web"_s;
    job.state = JobState::Failure;
    job.reason = u"step 'test' failed"_s;
    job.repository = u"https://git.example.org/web.git"_s;
    job.ref = u"refs/heads/main"_s;
    job.branch = u"main"_s;
    job.commit = QString(40, u'a');
    job.triggerType = u"retry"_s;
    job.triggeredBy = u"admin"_s;
    job.params = {{u"k"_s, u"v"_s}, {u"empty"_s, QString()}};
    job.retryOf = JobId(u"older"_s);
    job.attempt = 3;
    job.createdAt = time(1);
    job.startedAt = time(2);
    job.finishedAt = time(3);
    job.deadline = time(4);
    job.message = u"half way"_s;
    job.progress = 0.5;
    job.cancelRequested = true;
    return job;
}

} // namespace

class TestJob : public QObject
{
    Q_OBJECT
private slots:
    void hasItsWireForm()
    {
        const QByteArray expected =
            R"({"attempt":3,"branch":"main","cancel_requested":true,"commit":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)"
            R"("created_at":"2026-01-31T12:00:01.000Z","deadline":"2026-01-31T12:00:04.000Z","finished_at":"2026-01-31T12:00:03.000Z",)"
            R"("id":"01h4t9m2k8cq7xw3","message":"half way","number":9007199254740992,"params":{"empty":"","k":"v"},"pipeline":"web",)"
            R"("progress":0.5,"reason":"step 'test' failed","ref":"refs/heads/main","repository":"https://git.example.org/web.git",)"
            R"("retry_of":"older","started_at":"2026-01-31T12:00:02.000Z","state":"failure","trigger":"retry","triggered_by":"admin"})";
        QCOMPARE(QJsonDocument(toJson(fullJob())).toJson(QJsonDocument::Compact), expected);
    }

    void comesBackFromItsWireForm()
    {
        QCOMPARE(jobFromJson(toJson(fullJob())), fullJob());
        QCOMPARE(jobFromJson(toJson(Job())), Job());
    }

    void missingMembersKeepTheirDefaults()
    {
        QCOMPARE(jobFromJson({}), Job());
        QCOMPARE(jobFromJson({{u"state"_s, u"unheard-of"_s}}), Job());
    }

    void leavesOutWhatIsNotThere()
    {
        const QJsonObject object = toJson(Job());
        QVERIFY(!object.contains("retry_of"_L1));
        QVERIFY(!object.contains("progress"_L1));
        Job started;
        started.progress = 0;
        QVERIFY(toJson(started).contains("progress"_L1));
    }
};

QTEST_APPLESS_MAIN(TestJob)
#include "tst_job.moc"
