// SPDX-License-Identifier: GPL-3.0-or-later
// A32: cancel four of five selected jobs where one has already ended: three are sent, one is skipped, and the buttons
// follow the jobs' states.
#include "console/app/batchdialog.h"
#include "console/app/jobspage.h"
#include "shared/protocol/problem.h"
#include "tests/gui/sample.h"

#include <QLocale>
#include <QPushButton>
#include <QTableView>

#include <ctime>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class CheckA32 : public QObject
{
    Q_OBJECT
    std::unique_ptr<Sample> m_sample;

    QAction *action(QLatin1StringView id) const { return m_sample->window->actions().action(id); }
    JobId idOf(int number) const { return JobId(u"job%1"_s.arg(number, 6, 10, QLatin1Char('0'))); }
    QTableView &table() const { return *m_sample->window->jobsPage()->table(); }
    void select(const QList<int> &numbers) const
    {
        table().clearSelection();
        for (int row = 0; row < table().model()->rowCount(); ++row) {
            const auto job = table().model()->index(row, 0).data(JobTableModel::JobRole).value<Job>();
            if (numbers.contains(int(job.number)))
                table().selectionModel()->select(table().model()->index(row, 0),
                                                 QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
    }
    int requests(const QString &what) const
    {
        int count = 0;
        for (int number = 1; number <= 5; ++number)
            count += m_sample->master.count("POST", u"/api/v1/jobs/%1/%2"_s.arg(idOf(number).value(), what));
        return count;
    }

private slots:
    void init()
    {
        m_sample = std::make_unique<Sample>();
        for (int number = 1; number <= 5; ++number)
            m_sample->master.setJob(sampleJob(number, u"web"_s, number == 2 ? JobState::Success : JobState::Running));
        m_sample->window->show();
        MasterSession *session = m_sample->connectWindow().value();
        QTRY_COMPARE(session->connection().state, ConnectionState::Live);
        QTRY_COMPARE(table().model()->rowCount(), 5);
    }
    void cleanup() { m_sample.reset(); }

    void threeAreSentOneIsSkipped()
    {
        select({1, 2, 3, 4});
        QVERIFY(action("job.cancel"_L1)->isEnabled());
        action("job.cancel"_L1)->trigger();
        auto *dialog = m_sample->window->findChild<BatchDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->summary(), u"3 will be cancelled, 1 skipped"_s);
        QCOMPARE(requests(u"cancel"_s), 0); // nothing before one says so
        QVERIFY(!dialog->startButton()->isDefault());
        QTest::mouseClick(dialog->startButton(), Qt::LeftButton);
        QTRY_VERIFY(dialog->batch().isOver());
        QCOMPARE(dialog->summary(), u"3 sent, 1 skipped"_s);
        QCOMPARE(requests(u"cancel"_s), 3);
        QCOMPARE(m_sample->master.job(idOf(2))->state, JobState::Success);
        QCOMPARE(m_sample->master.job(idOf(5))->state, JobState::Running);
        QVERIFY(!dialog->startButton()->isEnabled());
        dialog->reject();
        // The buttons follow: what is selected has ended now.
        QTRY_VERIFY(!action("job.cancel"_L1)->isEnabled());
        QVERIFY(action("job.cancel"_L1)->toolTip().contains(u"no running job"_s));
        QVERIFY(action("job.retry"_L1)->isEnabled());
        select({5});
        QVERIFY(action("job.cancel"_L1)->isEnabled());
        QVERIFY(!action("job.retry"_L1)->isEnabled());
    }
    void keepingThemSendsNothing()
    {
        select({1, 3});
        action("job.cancel"_L1)->trigger();
        m_sample->window->findChild<BatchDialog *>()->reject();
        QTest::qWait(50);
        QCOMPARE(requests(u"cancel"_s), 0);
    }
    // It ended while one was looking at the question, or the master says no: each is told apart.
    void whatTheMasterSaysIsTold()
    {
        const auto problem = [](ErrorCode code, const QString &text) {
            return [code, text](const FakeRequest &) {
                const auto refusal = protocol::problemOf({code, text});
                return FakeReply{.status = refusal.status,
                                 .body = protocol::toBytes(refusal),
                                 .contentType = protocol::problemContentType};
            };
        };
        m_sample->master.on("POST", u"/api/v1/jobs/job000001/cancel"_s,
                            problem(ErrorCode::Conflict, u"job job000001 has already ended"_s));
        m_sample->master.on("POST", u"/api/v1/jobs/job000003/cancel"_s,
                            problem(ErrorCode::PermissionDenied, u"you may not cancel jobs"_s));
        select({1, 3, 4, 5});
        action("job.cancel"_L1)->trigger();
        auto *dialog = m_sample->window->findChild<BatchDialog *>();
        m_sample->master.setJob(sampleJob(4, u"web"_s, JobState::Success));
        QTRY_COMPARE(m_sample->window->jobsPage()->table()->model()->rowCount(), 5);
        QTRY_COMPARE(table().model()->index(1, 0).data(JobTableModel::StateRole).value<JobState>(), JobState::Success);
        QTest::mouseClick(dialog->startButton(), Qt::LeftButton);
        QTRY_COMPARE(dialog->summary(), u"1 sent, 2 skipped, 1 refused"_s);
    }
    void thousandsDoNotStandInTheWay()
    {
        JobTableModel &jobs = *m_sample->window->masters().all().constFirst()->jobs();
        const auto known = [&](JobState state) {
            QList<Job> many;
            for (int number = 10; number < 4000; ++number)
                many.append(sampleJob(number, u"web"_s, state));
            jobs.update(many);
            jobs.flush();
        };
        known(JobState::Running);
        QList<std::pair<MasterSession *, JobId>> chosen;
        for (int number = 10; number < 4000; ++number)
            chosen.append({m_sample->window->masters().all().constFirst(), idOf(number)});
        BatchDialog dialog(JobAction::Cancel, chosen);
        known(JobState::Success);                 // all have ended while one looked at the question
        const std::clock_t before = std::clock(); // of this process, however busy the machine is
        dialog.startButton()->click();
        const auto taken = (std::clock() - before) / CLOCKS_PER_SEC;
        QVERIFY2(taken < 5, qPrintable(QString::number(taken)));
        QCOMPARE(dialog.summary(), u"0 sent, %1 skipped"_s.arg(QLocale().toString(3990)));
        QVERIFY(dialog.findChild<QTableView *>()->model()->index(3989, 3).data().toString().startsWith(u"skipped"_s));
    }
    void severalAreRetried()
    {
        for (int number = 1; number <= 5; ++number)
            m_sample->master.setJob(sampleJob(number, u"web"_s, number < 4 ? JobState::Failure : JobState::Running));
        QTRY_VERIFY((select({1, 2, 3, 5}), action("job.retry"_L1)->isEnabled()));
        QTRY_COMPARE(table().model()->index(4, 0).data(JobTableModel::StateRole).value<JobState>(), JobState::Failure);
        select({1, 2, 3, 5});
        action("job.retry"_L1)->trigger();
        auto *dialog = m_sample->window->findChild<BatchDialog *>();
        QCOMPARE(dialog->summary(), u"3 will run again, 1 skipped"_s);
        QTest::mouseClick(dialog->startButton(), Qt::LeftButton);
        QTRY_COMPARE(dialog->summary(), u"3 sent, 1 skipped"_s);
        QTRY_COMPARE(table().model()->rowCount(), 8);
    }
};

QTEST_MAIN(CheckA32)
#include "a32_batch.moc"
