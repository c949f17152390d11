// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/jobqueue.h"

#include <QTest>

using namespace danube;
using namespace danube::jobs;
using namespace Qt::StringLiterals;

namespace {

QueueEntry entry(const QString &job, const QString &pipeline = u"p"_s, int priority = 0, int limit = 0)
{
    return {.job = JobId(job), .pipeline = pipeline, .priority = priority, .pipelineLimit = limit};
}

QString admitted(JobQueue &queue)
{
    const auto job = queue.admit();
    return job ? job->value() : QString();
}

} // namespace

class TestJobQueue : public QObject
{
    Q_OBJECT
private slots:
    void servesFirstComeFirst()
    {
        JobQueue queue(10);
        for (const QString &job : {u"a"_s, u"b"_s, u"c"_s})
            queue.add(entry(job));
        QCOMPARE(admitted(queue), u"a"_s);
        QCOMPARE(admitted(queue), u"b"_s);
        QCOMPARE(admitted(queue), u"c"_s);
        QCOMPARE(admitted(queue), QString());
    }

    void servesHigherPriorityFirstAndFirstComeWithinIt()
    {
        JobQueue queue(10);
        queue.add(entry(u"low"_s, u"p"_s, -1));
        queue.add(entry(u"high1"_s, u"p"_s, 5));
        queue.add(entry(u"normal"_s));
        queue.add(entry(u"high2"_s, u"p"_s, 5));
        for (const QString &job : {u"high1"_s, u"high2"_s, u"normal"_s, u"low"_s})
            QCOMPARE(admitted(queue), job);
    }

    void anotherLimitHoldsForThoseThatWait()
    {
        JobQueue queue(10);
        for (const QString &job : {u"a"_s, u"b"_s, u"c"_s})
            queue.add(entry(job, u"p"_s, 0, 1));
        QCOMPARE(admitted(queue), u"a"_s);
        QCOMPARE(admitted(queue), QString());
        queue.setLimit(u"p"_s, 2);
        QCOMPARE(admitted(queue), u"b"_s);
        QCOMPARE(admitted(queue), QString());
        queue.setLimit(u"p"_s, 0);
        QCOMPARE(admitted(queue), u"c"_s);
    }

    void neverRunsMoreThanAllowed()
    {
        JobQueue queue(2);
        for (const QString &job : {u"a"_s, u"b"_s, u"c"_s})
            queue.add(entry(job));
        QCOMPARE(admitted(queue), u"a"_s);
        QCOMPARE(admitted(queue), u"b"_s);
        QCOMPARE(admitted(queue), QString());
        QCOMPARE(queue.running(), 2);
        QCOMPARE(queue.queued(), 1);
        queue.remove(JobId(u"a"_s));
        QCOMPARE(admitted(queue), u"c"_s);
    }

    void aPipelineAtItsLimitHoldsUpNobodyElse()
    {
        JobQueue queue(10);
        queue.add(entry(u"a1"_s, u"a"_s, 9, 1));
        queue.add(entry(u"a2"_s, u"a"_s, 9, 1));
        queue.add(entry(u"b1"_s, u"b"_s));
        QCOMPARE(admitted(queue), u"a1"_s);
        QCOMPARE(admitted(queue), u"b1"_s);
        QCOMPARE(admitted(queue), QString());
        queue.remove(JobId(u"b1"_s));
        QCOMPARE(admitted(queue), QString());
        queue.remove(JobId(u"a1"_s));
        QCOMPARE(admitted(queue), u"a2"_s);
    }

    void countsAdoptedJobsAgainstTheLimits()
    {
        JobQueue queue(2);
        queue.occupy(JobId(u"old1"_s), u"a"_s);
        queue.occupy(JobId(u"old2"_s), u"a"_s);
        queue.occupy(JobId(u"old3"_s), u"a"_s); // beyond the limit, but it does run
        queue.occupy(JobId(u"old3"_s), u"a"_s);
        QCOMPARE(queue.running(), 3);
        queue.add(entry(u"new"_s, u"a"_s, 0, 1));
        queue.remove(JobId(u"old1"_s));
        queue.remove(JobId(u"old2"_s));
        QCOMPARE(admitted(queue), QString());
        queue.remove(JobId(u"old3"_s));
        QCOMPARE(admitted(queue), u"new"_s);
    }

    void anotherEntryKeepsTheOrderOfArrival()
    {
        JobQueue queue(10);
        for (const QString &job : {u"a"_s, u"b"_s, u"c"_s})
            queue.add(entry(job));
        queue.change(entry(u"c"_s, u"p"_s, 5));
        queue.change(entry(u"b"_s, u"p"_s, 5));
        queue.change(entry(u"unknown"_s, u"p"_s, 9));
        QCOMPARE(queue.queued(), 3);
        for (const QString &job : {u"b"_s, u"c"_s, u"a"_s})
            QCOMPARE(admitted(queue), job);
    }

    void removingAWaitingOrUnknownJobFreesNoSlot()
    {
        JobQueue queue(1);
        queue.add(entry(u"a"_s));
        queue.add(entry(u"b"_s));
        queue.add(entry(u"c"_s));
        QCOMPARE(admitted(queue), u"a"_s);
        queue.remove(JobId(u"b"_s));
        queue.remove(JobId(u"unknown"_s));
        QCOMPARE(queue.running(), 1);
        QCOMPARE(admitted(queue), QString());
        queue.remove(JobId(u"a"_s));
        QCOMPARE(admitted(queue), u"c"_s);
    }
};

QTEST_APPLESS_MAIN(TestJobQueue)
#include "tst_jobqueue.moc"
