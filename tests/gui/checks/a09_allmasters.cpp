// SPDX-License-Identifier: GPL-3.0-or-later
// A9: all masters in one table, one of them cut off: the others go on, its rows say as of when they are.
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/profilebar.h"
#include "tests/gui/sample.h"

#include <QTableView>
#include <QToolButton>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class A9 : public QObject
{
    Q_OBJECT
    static QModelIndex rowOf(const QTableView *table, const QString &url, int number, int column)
    {
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            const QModelIndex index = table->model()->index(row, column);
            if (index.data(JobTableModel::MasterRole).toString() == url &&
                index.data(JobTableModel::JobRole).value<Job>().number == number)
                return index;
        }
        return {};
    }

private slots:
    void theOthersGoOnAndTheCutOneSaysSinceWhen()
    {
        Sample sample;
        FakeMaster other;
        sample.master.events().setHeartbeat(milliseconds(500));
        other.events().setHeartbeat(milliseconds(500));
        sample.master.setJob(sampleJob(1, u"web"_s, JobState::Running));
        other.setJob(sampleJob(1, u"firmware"_s, JobState::Running));
        sample.window->show();
        MasterSession *cut = sample.window->connectTo({u"cut"_s, sample.master.url().toString()}, Secret("t")).value();
        QVERIFY(!sample.window->profileBar()->allChip()->isVisible()); // one master: no "all"
        MasterSession *live = sample.window->connectTo({u"live"_s, other.url().toString()}, Secret("t")).value();
        QTRY_VERIFY(cut->isLive() && live->isLive());
        QVERIFY(sample.window->profileBar()->allChip()->isVisible());
        sample.window->profileBar()->allChip()->click();
        QVERIFY(sample.window->masters().showsAll());
        QTableView *table = sample.window->jobsPage()->table();
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QVERIFY(!table->isColumnHidden(JobTableModel::MasterColumn));
        const QString cutUrl = sample.master.url().toString();
        const QString liveUrl = other.url().toString();
        QCOMPARE(rowOf(table, cutUrl, 1, JobTableModel::MasterColumn).data().toString(), u"cut"_s);

        sample.master.server().stopListening();
        sample.master.server().closeConnections();
        QTRY_COMPARE_WITH_TIMEOUT(cut->connection().state, ConnectionState::Offline, 20'000);
        const QString mark = rowOf(table, cutUrl, 1, JobTableModel::MasterColumn).data().toString();
        QVERIFY2(mark.startsWith(u"cut · as of "_s), qPrintable(mark));
        const auto clock = rowOf(table, cutUrl, 1, JobTableModel::DurationColumn).data().toString();
        sample.clock.advance(seconds(100));
        QCOMPARE(rowOf(table, cutUrl, 1, JobTableModel::DurationColumn).data().toString(), clock); // stands still

        other.setJob(sampleJob(1, u"firmware"_s, JobState::Success));
        other.setJob(sampleJob(2, u"firmware"_s, JobState::Running));
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 3, 20'000);
        QTRY_COMPARE(rowOf(table, liveUrl, 1, JobTableModel::StateColumn).data().toString(), u"Succeeded"_s);
        QVERIFY(!rowOf(table, liveUrl, 1, JobTableModel::StateColumn).data(JobTableModel::AsOfRole).isValid());
        QCOMPARE(rowOf(table, liveUrl, 1, JobTableModel::MasterColumn).data().toString(), u"live"_s);

        sample.master.server().listenAgain();
        cut->reconnectNow();
        QTRY_VERIFY_WITH_TIMEOUT(cut->isLive(), 20'000);
        QCOMPARE(rowOf(table, cutUrl, 1, JobTableModel::MasterColumn).data().toString(), u"cut"_s);
    }
    void aJobOpensFromTheMasterItBelongsTo()
    {
        Sample sample;
        FakeMaster other;
        sample.master.setJob(sampleJob(1, u"web"_s, JobState::Success));
        other.setJob(sampleJob(1, u"firmware"_s, JobState::Success)); // the same id on another master
        sample.window->show();
        QVERIFY(sample.window->connectTo({u"one"_s, sample.master.url().toString()}, Secret("t")));
        QVERIFY(sample.window->connectTo({u"two"_s, other.url().toString()}, Secret("t")));
        sample.window->masters().setScope(nullptr);
        QTableView *table = sample.window->jobsPage()->table();
        QTRY_COMPARE(table->model()->rowCount(), 2);
        emit table->activated(rowOf(table, other.url().toString(), 1, 0));
        QVERIFY(sample.window->jobPage());
        QTRY_COMPARE(other.count("GET", u"/api/v1/jobs/job000001"_s), 1);
        QCOMPARE(sample.master.count("GET", u"/api/v1/jobs/job000001"_s), 0);
    }
};

QTEST_MAIN(A9)
#include "a09_allmasters.moc"
