// SPDX-License-Identifier: GPL-3.0-or-later
// A40: notifications behind an interface: the matrix of the rules, quiet hours, a desktop without a tray.
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/pagehost.h"
#include "console/app/traynotifier.h"
#include "tests/gui/sample.h"

#include <QDateTime>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

class FakeNotifier : public Notifier
{
public:
    bool isAvailable() const override { return available; }
    void show(const Notification &notification) override { shown.append(notification); }
    bool available = true;
    QList<Notification> shown;
};

NotificationRules rulesOf(bool mine, bool watched, bool failures)
{
    return {.myJobs = mine, .watchedJobs = watched, .failures = failures};
}

} // namespace

class A40 : public QObject
{
    Q_OBJECT
    static Preferences preferencesOf(const NotificationRules &rules)
    {
        Preferences preferences;
        preferences.userName = u"admin"_s; // who started all of sampleJob
        preferences.notifications = rules;
        return preferences;
    }

private slots:
    void rules_data()
    {
        QTest::addColumn<NotificationRules>("rules");
        QTest::addColumn<bool>("mine");
        QTest::addColumn<bool>("watched");
        QTest::addColumn<JobState>("to");
        QTest::addColumn<bool>("wanted");
        const NotificationRules none = rulesOf(false, false, false);
        const NotificationRules mine = rulesOf(true, false, false);
        const NotificationRules watched = rulesOf(false, true, false);
        const NotificationRules failures = rulesOf(false, false, true);
        QTest::newRow("nothing") << none << true << true << JobState::Failure << false;
        QTest::newRow("mine ends") << mine << true << false << JobState::Success << true;
        QTest::newRow("mine goes on") << mine << true << false << JobState::Running << false;
        QTest::newRow("another's ends") << mine << false << false << JobState::Failure << false;
        QTest::newRow("watched goes on") << watched << false << true << JobState::Running << true;
        QTest::newRow("watched ends") << watched << false << true << JobState::Cancelled << true;
        QTest::newRow("unwatched ends") << watched << true << false << JobState::Success << false;
        QTest::newRow("any fails") << failures << false << false << JobState::Failure << true;
        QTest::newRow("any times out") << failures << false << false << JobState::Timeout << true;
        QTest::newRow("any succeeds") << failures << true << true << JobState::Success << false;
    }
    void rules()
    {
        QFETCH(NotificationRules, rules);
        QFETCH(bool, mine);
        QFETCH(bool, watched);
        QFETCH(JobState, to);
        JobMove move{JobState::Scheduling, sampleJob(1, u"web"_s, to), mine, watched};
        QTEST(wants(rules, move), "wanted");
        move.from = to;
        QVERIFY(!wants(rules, move)); // no move
    }
    void quietHours_data()
    {
        QTest::addColumn<QTime>("from");
        QTest::addColumn<QTime>("to");
        QTest::addColumn<QTime>("now");
        QTest::addColumn<bool>("quiet");
        QTest::newRow("night, before midnight") << QTime(22, 0) << QTime(7, 0) << QTime(23, 30) << true;
        QTest::newRow("night, after midnight") << QTime(22, 0) << QTime(7, 0) << QTime(6, 59) << true;
        QTest::newRow("morning") << QTime(22, 0) << QTime(7, 0) << QTime(7, 0) << false;
        QTest::newRow("noon, inside") << QTime(12, 0) << QTime(13, 0) << QTime(12, 0) << true;
        QTest::newRow("noon, outside") << QTime(12, 0) << QTime(13, 0) << QTime(13, 0) << false;
        QTest::newRow("no time at all") << QTime(12, 0) << QTime(12, 0) << QTime(12, 0) << false;
    }
    void quietHours()
    {
        QFETCH(QTime, from);
        QFETCH(QTime, to);
        QFETCH(QTime, now);
        QTEST(isQuiet({.quiet = true, .quietFrom = from, .quietTo = to}, now), "quiet");
        QVERIFY(!isQuiet({.quiet = false, .quietFrom = from, .quietTo = to}, now));
    }
    void tellsOnceOfMyJobAndAClickOpensIt()
    {
        FakeNotifier notifier;
        Sample sample({.notifier = &notifier});
        sample.window->preferences().set(preferencesOf(rulesOf(true, false, false)));
        sample.window->show();
        sample.master.setJob(sampleJob(1, u"old"_s, JobState::Success)); // over before we came: no news
        sample.master.setJob(sampleJob(2, u"web"_s, JobState::Running));
        Job foreign = sampleJob(3, u"web"_s, JobState::Running);
        foreign.triggeredBy = u"somebody"_s;
        sample.master.setJob(foreign);
        MasterSession *session = sample.connectWindow().value();
        QTRY_VERIFY(session->isLive());
        foreign.state = JobState::Failure;
        sample.master.setJob(foreign);
        sample.master.setJob(sampleJob(2, u"web"_s, JobState::Failure));
        sample.master.setJob(sampleJob(2, u"web"_s, JobState::Failure)); // said twice
        QTRY_COMPARE(notifier.shown.size(), 1);
        QCOMPARE(notifier.shown[0].job, JobId(u"job000002"_s));
        QVERIFY(notifier.shown[0].text.contains(u"#2 web: Failed"_s));
        emit notifier.activated(notifier.shown[0]);
        QVERIFY(sample.window->jobPage());
        QCOMPARE(sample.window->jobPage()->job().id, JobId(u"job000002"_s));
    }
    void quietHoursKeepTheListOnly()
    {
        FakeNotifier notifier;
        Sample sample({.notifier = &notifier});
        NotificationRules rules = rulesOf(false, true, false);
        const QTime now = QDateTime::fromMSecsSinceEpoch(sampleNow.time_since_epoch().count()).time();
        rules.quiet = true;
        rules.quietFrom = now.addSecs(-60);
        rules.quietTo = now.addSecs(60);
        sample.window->preferences().set(preferencesOf(rules));
        sample.master.setJob(sampleJob(1, u"web"_s, JobState::Running));
        MasterSession *session = sample.connectWindow().value();
        QTRY_VERIFY(session->isLive());
        sample.window->show();
        sample.window->openJob(*session, JobId(u"job000001"_s));
        QTRY_VERIFY(sample.window->actions().action("job.watch"_L1)->isEnabled());
        sample.window->actions().action("job.watch"_L1)->trigger();
        sample.master.setJob(sampleJob(1, u"web"_s, JobState::Success));
        ActivityModel *activity = sample.window->masters().activity();
        const auto listed = [&] {
            for (int row = 0; row < activity->rowCount(); ++row) {
                if (activity->toText(row).contains(u"#1 web: Succeeded"_s))
                    return true;
            }
            return false;
        };
        QTRY_VERIFY(listed());
        QCOMPARE(notifier.shown.size(), 0);
    }
    void aSignInIsAskedFor()
    {
        FakeNotifier notifier;
        Sample sample({.notifier = &notifier});
        sample.master.requireToken("other");
        QVERIFY(sample.connectWindow());
        QTRY_COMPARE(notifier.shown.size(), 1);
        QCOMPARE(notifier.shown[0].text, u"Sign-in needed"_s);
    }
    void worksWithoutATray()
    {
        TrayNotifier tray; // this screen has none
        QVERIFY(!tray.isAvailable());
        Sample sample({.notifier = &tray});
        sample.window->preferences().set(preferencesOf(rulesOf(true, true, true)));
        sample.master.setJob(sampleJob(1, u"web"_s, JobState::Running));
        MasterSession *session = sample.connectWindow().value();
        sample.window->show();
        QTRY_VERIFY(session->isLive());
        sample.master.setJob(sampleJob(1, u"web"_s, JobState::Failure));
        QTRY_COMPARE(session->jobs()->countOf(JobState::Failure), 1);
        QVERIFY(sample.window->isVisible());
    }
};

QTEST_MAIN(A40)
#include "a40_notifications.moc"
