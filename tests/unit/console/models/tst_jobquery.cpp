// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/jobquery.h"

#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestJobQuery : public QObject
{
    Q_OBJECT
    static Job sample()
    {
        Job job;
        job.number = 17;
        job.pipeline = u"web-shop"_s;
        job.branch = u"main"_s;
        job.commit = u"3f2a77"_s;
        job.state = JobState::Failure;
        job.triggerType = u"api"_s;
        job.triggeredBy = u"alice"_s;
        job.reason = u"step test: exit code 3"_s;
        job.createdAt = WallTime(seconds(100'000));
        return job;
    }

private slots:
    void matches_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("expected");
        QTest::newRow("empty") << u""_s << true;
        QTest::newRow("word in pipeline") << u"SHOP"_s << true;
        QTest::newRow("word in reason") << u"exit"_s << true;
        QTest::newRow("number") << u"#17"_s << true;
        QTest::newRow("commit start") << u"3f2"_s << true;
        QTest::newRow("all words must hold") << u"shop nothing"_s << false;
        QTest::newRow("state") << u"state:failed"_s << true;
        QTest::newRow("wire state") << u"state:failure"_s << true;
        QTest::newRow("other state") << u"state:running"_s << false;
        QTest::newRow("either state") << u"state:running state:failed"_s << true;
        QTest::newRow("active") << u"state:active"_s << false;
        QTest::newRow("branch") << u"branch:main"_s << true;
        QTest::newRow("other branch") << u"branch:dev"_s << false;
        QTest::newRow("pipeline") << u"pipeline:web"_s << true;
        QTest::newRow("who") << u"trigger:ali"_s << true;
        QTest::newRow("commit") << u"commit:f2a"_s << false;
        QTest::newRow("since long ago") << u"since:2h"_s << true;
        QTest::newRow("since a moment ago") << u"since:30m"_s << false;
        QTest::newRow("mixed") << u"state:failed branch:main shop"_s << true;
        QTest::newRow("a bad token does not filter") << u"state:purple shop"_s << true;
        QTest::newRow("an unknown key is a word") << u"http://x"_s << false;
    }
    void standings_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("mine");
        QTest::addColumn<bool>("watched");
        QTest::addColumn<bool>("expected");
        QTest::newRow("mine") << u"is:mine"_s << true << false << true;
        QTest::newRow("another's") << u"is:mine"_s << false << true << false;
        QTest::newRow("watched") << u"IS:Watched"_s << false << true << true;
        QTest::newRow("not watched") << u"is:watched"_s << true << false << false;
        QTest::newRow("both") << u"is:mine is:watched"_s << true << true << true;
        QTest::newRow("one of both") << u"is:mine is:watched"_s << true << false << false;
        QTest::newRow("and a word") << u"is:mine nothing"_s << true << true << false;
        QTest::newRow("neither asked for") << u"shop"_s << false << false << true;
        QTest::newRow("something else does not filter") << u"is:purple"_s << false << false << true;
    }
    void standings()
    {
        QFETCH(const QString, line);
        QFETCH(const bool, mine);
        QFETCH(const bool, watched);
        QFETCH(const bool, expected);
        const JobQuery query = JobQuery::parse(line);
        QCOMPARE(query.matches(sample(), WallTime(seconds(100'000)), {mine, watched}), expected);
        QCOMPARE(query.problems.isEmpty(), line != u"is:purple"_s);
    }
    void matches()
    {
        QFETCH(QString, line);
        QFETCH(bool, expected);
        QCOMPARE(JobQuery::parse(line).matches(sample(), WallTime(seconds(100'000 + 3600))), expected);
    }
    void pointsAtBadTokens()
    {
        const JobQuery query = JobQuery::parse(u"main state:purple since:2x branch:"_s);
        QCOMPARE(query.problems.size(), 3);
        QCOMPARE(query.problems[0].start, 5);
        QCOMPARE(query.problems[0].length, 12);
        QVERIFY(query.problems[1].message.contains("2h"_L1));
        QVERIFY(!query.problems[2].message.isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestJobQuery)
#include "tst_jobquery.moc"
