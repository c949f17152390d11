// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/connection.h"
#include "console/models/progress.h"
#include "console/models/words.h"

#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestWords : public QObject
{
    Q_OBJECT
private slots:
    void writesDurations_data()
    {
        QTest::addColumn<qint64>("duration");
        QTest::addColumn<QString>("text");
        QTest::newRow("not started") << qint64(-1) << u""_s;
        QTest::newRow("nothing") << qint64(0) << u"0 ms"_s;
        QTest::newRow("milliseconds") << qint64(99) << u"99 ms"_s;
        QTest::newRow("tenths") << qint64(400) << u"0.4 s"_s;
        QTest::newRow("seconds") << qint64(12'900) << u"12 s"_s;
        QTest::newRow("minutes") << qint64(125'000) << u"2 min 05 s"_s;
        QTest::newRow("hours") << qint64(3'720'000) << u"1 h 02 min"_s;
    }
    void writesDurations()
    {
        QFETCH(qint64, duration);
        QFETCH(QString, text);
        QCOMPARE(durationText(milliseconds(duration)), text);
    }
    void saysHowLiveItIs()
    {
        QCOMPARE(describe({ConnectionState::Live, {}, {}}), u"Live"_s);
        QCOMPARE(describe({ConnectionState::Offline, {}, {}}), u"Offline"_s);
        QVERIFY(describe({ConnectionState::Stale, WallTime(seconds(1)), {}}).startsWith(u"Stale since "_s));
        QCOMPARE(describe({ConnectionState::SignInNeeded, WallTime(seconds(1)), {}}), u"Sign-in needed"_s);
    }
    void measuresTimesOfAJob()
    {
        Job job;
        job.createdAt = WallTime(seconds(100));
        const WallTime now(seconds(110));
        QCOMPARE(queueTime(job, now), seconds(10));
        QVERIFY(runTime(job, now) < milliseconds(0));
        job.startedAt = WallTime(seconds(104));
        QCOMPARE(queueTime(job, now), seconds(4));
        QCOMPARE(runTime(job, now), seconds(6));
        job.finishedAt = WallTime(seconds(106));
        QCOMPARE(runTime(job, now), seconds(2));
    }
    void knowsWhatIsOlder_data()
    {
        QTest::addColumn<int>("one");
        QTest::addColumn<int>("other");
        QTest::addColumn<bool>("older");
        QTest::newRow("pending, scheduling") << int(JobState::Pending) << int(JobState::Scheduling) << true;
        QTest::newRow("scheduling, running") << int(JobState::Scheduling) << int(JobState::Running) << true;
        QTest::newRow("running, cancelled") << int(JobState::Running) << int(JobState::Cancelled) << true;
        QTest::newRow("timeout, running") << int(JobState::Timeout) << int(JobState::Running) << false;
        QTest::newRow("success, failure") << int(JobState::Success) << int(JobState::Failure) << false;
        QTest::newRow("same") << int(JobState::Running) << int(JobState::Running) << false;
    }
    void knowsWhatIsOlder()
    {
        QFETCH(int, one);
        QFETCH(int, other);
        QFETCH(bool, older);
        Job first;
        first.state = JobState(one);
        Job second;
        second.state = JobState(other);
        QCOMPARE(isOlder(first, second), older);
    }
};

QTEST_APPLESS_MAIN(TestWords)
#include "tst_words.moc"
