// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/connectdialog.h"
#include "console/app/findbar.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/messagebar.h"
#include "console/app/navigator.h"
#include "console/app/pagehost.h"
#include "console/app/profilebar.h"
#include "console/app/signinbar.h"
#include "tests/gui/sample.h"

#include <QAccessible>
#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestMainWindow : public QObject
{
    Q_OBJECT
    std::unique_ptr<Sample> m_sample;
    MainWindow &window() { return *m_sample->window; }
    QAction *action(QLatin1StringView id) { return window().actions().action(id); }
    int rows() { return window().jobsPage()->table()->model()->rowCount(); }
    QString idAt(int row)
    {
        return window().jobsPage()->table()->model()->index(row, 0).data(JobTableModel::IdRole).toString();
    }

    static QStringList namelessWidgets(QWidget *root)
    {
        QStringList nameless;
        for (QWidget *widget : root->findChildren<QWidget *>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisibleTo(root) || widget->focusProxy())
                continue;
            QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
            if (!accessible || accessible->text(QAccessible::Name).isEmpty())
                nameless.append(
                    u"%1 '%2' in %3"_s.arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
                                           QString::fromLatin1(widget->parentWidget()->metaObject()->className())));
        }
        return nameless;
    }

private slots:
    void init()
    {
        m_sample = std::make_unique<Sample>();
        window().show();
    }
    void cleanup() { m_sample.reset(); }

    void startsWithAWelcome()
    {
        QVERIFY(!window().jobsPage());
        QVERIFY(!action("job.cancel"_L1)->isEnabled());
        QVERIFY(!action("log.find"_L1)->isEnabled());
        QVERIFY(!window().profileBar()->isVisible());
    }
    void showsMasterStateAndJobs()
    {
        m_sample->addExamples();
        MasterSession *session = m_sample->connectWindow(ProfileKind::Production).value();
        QTRY_COMPARE(rows(), 3);
        const ProfileChip *chip = window().profileBar()->chipOf(*session);
        QTRY_COMPARE(chip->stateText(), u"Live"_s);
        QVERIFY(chip->accessibleName().contains(u"1 running"_s));
        QVERIFY(window().windowTitle().startsWith(u"PROD"_s));
    }
    void comesBackByItselfAndSaysSo()
    {
        m_sample->addExamples();
        MasterSession *session = m_sample->connectWindow().value();
        const ProfileChip *chip = window().profileBar()->chipOf(*session);
        QTRY_COMPARE(chip->stateText(), u"Live"_s);
        window().jobsPage()->table()->selectRow(0);
        QVERIFY(action("job.cancel"_L1)->isEnabled());
        m_sample->master.server().stopListening();
        m_sample->master.server().closeConnections();
        QTRY_VERIFY2(chip->stateText().startsWith(u"Offline since"_s), qPrintable(chip->stateText()));
        QCOMPARE(rows(), 3); // the data stay
        QVERIFY(!action("job.cancel"_L1)->isEnabled());
        QVERIFY(action("job.cancel"_L1)->toolTip().contains(u"not live"_s));
        m_sample->master.server().listenAgain();
        QTRY_COMPARE_WITH_TIMEOUT(chip->stateText(), u"Live"_s, 15'000);
        QTRY_VERIFY2(action("job.cancel"_L1)->isEnabled(), qPrintable(action("job.cancel"_L1)->toolTip()));
    }
    void opensAJobOnceAndClosesIt()
    {
        m_sample->addExamples();
        QVERIFY(m_sample->connectWindow());
        QTRY_COMPARE(rows(), 3);
        const auto activate = [&] {
            emit window().jobsPage() -> table()->activated(window().jobsPage()->table()->model()->index(1, 0));
        };
        activate();
        QVERIFY(window().jobPage());
        QTRY_COMPARE(window().jobPage()->title(), u"#2 failing"_s);
        QTRY_COMPARE(window().jobPage()->stepList()->model()->rowCount(), 2);
        QTRY_COMPARE(window().logPane()->view()->follow(), LogView::Follow::Ended);
        QVERIFY(action("log.find"_L1)->isEnabled());
        window().tabs()->setCurrentIndex(0);
        activate();
        QCOMPARE(window().tabs()->count(), 2);
        action("app.closeTab"_L1)->trigger();
        QCOMPARE(window().tabs()->count(), 1);
        action("app.closeTab"_L1)->trigger();
        QCOMPARE(window().tabs()->count(), 1); // the jobs stay
    }
    void aStepLeadsToItsOutput()
    {
        m_sample->addExamples();
        MasterSession *session = m_sample->connectWindow().value();
        window().openJob(*session, JobId(u"job000001"_s));
        JobPage *page = window().jobPage();
        QTRY_COMPARE(page->logPane()->view()->follow(), LogView::Follow::Ended);
        QTRY_COMPARE(page->stepList()->model()->rowCount(), 3);
        emit page->stepList()->clicked(page->stepList()->model()->index(0, 0));
        QCOMPARE(page->logPane()->view()->firstLine(), 0);
    }
    void disconnectingClosesItsPages()
    {
        m_sample->addExamples();
        MasterSession *session = m_sample->connectWindow().value();
        window().openJob(*session, JobId(u"job000001"_s));
        action("app.disconnect"_L1)->trigger();
        QCOMPARE(window().tabs()->count(), 1);
        QVERIFY(!window().jobsPage());
    }
    void cancelAndRetryReachTheMaster()
    {
        m_sample->addExamples();
        QVERIFY(m_sample->connectWindow());
        QTRY_COMPARE(rows(), 3);
        QTRY_VERIFY((window().jobsPage()->table()->selectRow(0), action("job.cancel"_L1)->isEnabled()));
        action("job.cancel"_L1)->trigger();
        QTRY_COMPARE(m_sample->master.job(JobId(u"job000003"_s))->state, JobState::Cancelled);
        window().jobsPage()->table()->selectRow(1);
        QVERIFY(action("job.retry"_L1)->isEnabled());
        action("job.retry"_L1)->trigger();
        QTRY_VERIFY(window().jobPage()); // the new job opens
        QCOMPARE(window().jobPage()->job().retryOf, JobId(u"job000002"_s));
    }
    void newJobsWaitWhileOneIsSelected()
    {
        m_sample->addMany(50);
        QVERIFY(m_sample->connectWindow());
        QTRY_COMPARE(rows(), 50);
        JobsPage *page = window().jobsPage();
        page->table()->selectRow(3);
        const QString selected = idAt(3);
        for (int number = 51; number <= 62; ++number)
            m_sample->master.setJob(sampleJob(number, u"late"_s, JobState::Pending));
        QTRY_COMPARE(page->newJobsButton()->text(), u"12 new - show"_s);
        QCOMPARE(page->table()->selectionModel()->selectedRows().constFirst().row(), 3);
        QCOMPARE(idAt(3), selected);
        QTest::mouseClick(page->newJobsButton(), Qt::LeftButton);
        QCOMPARE(rows(), 62);
        QVERIFY(!page->newJobsButton()->isVisible());
    }
    void filtersByTokens()
    {
        m_sample->addMany(80);
        QVERIFY(m_sample->connectWindow());
        QTRY_COMPARE(rows(), 80);
        window().jobsPage()->filterLine()->setText(u"state:failed pipeline:docs"_s);
        QTRY_COMPARE(rows(), 10);
        QVERIFY(window().jobsPage()->summary().startsWith(u"10 of 80"_s));
        window().jobsPage()->filterLine()->clear();
        QTRY_COMPARE(rows(), 80);
    }
    void manyUpdatesMoveNothing()
    {
        m_sample->addMany(10'000);
        MasterSession *session = m_sample->connectWindow().value();
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 10'000, 20'000);
        QTableView *table = window().jobsPage()->table();
        table->selectRow(2000);
        table->scrollTo(table->model()->index(2000, 0), QAbstractItemView::PositionAtCenter);
        const int scrolled = table->verticalScrollBar()->value();
        const QString selected = idAt(2000);
        QSignalSpy reset(table->model(), &QAbstractItemModel::modelReset);
        QSignalSpy sourceReset(session->jobs(), &QAbstractItemModel::modelReset);
        QRandomGenerator random(1);
        for (int tick = 0; tick < 20; ++tick) { // 500 a second for two seconds
            for (int i = 0; i < 50; ++i) {
                const int number = random.bounded(1, 10'001);
                session->jobs()->update(sampleJob(number, u"changed-%1"_s.arg(tick), JobState::Success));
            }
            QTest::qWait(100);
        }
        session->jobs()->flush();
        QCOMPARE(reset.size() + sourceReset.size(), 0);
        QCOMPARE(table->verticalScrollBar()->value(), scrolled);
        QCOMPARE(table->selectionModel()->selectedRows().constFirst().data(JobTableModel::IdRole).toString(), selected);
        QCOMPARE(idAt(2000), selected);
    }
    void opensALocalFile()
    {
        QFile file(m_sample->folder.filePath(u"local.log"_s));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        file.write("one\ntwo\n");
        QVERIFY(window().openFile(file.fileName()));
        QCOMPARE(window().logPane()->view()->document()->lineCount(), 2);
        file.write("three\n");
        QTRY_COMPARE(window().logPane()->view()->document()->lineCount(), 3);
        const auto missing = window().openFile(u"/nowhere/x.log"_s);
        QVERIFY(!missing && missing.error().message.contains(u"/nowhere/x.log"_s));
    }
    void theDialogConnectsAndKeepsNoToken()
    {
        m_sample->addExamples();
        m_sample->master.requireToken("very-secret");
        window().askForMaster();
        auto *dialog = window().findChild<ConnectDialog *>();
        QVERIFY(dialog);
        QCOMPARE(namelessWidgets(dialog), QStringList());
        dialog->findChild<QComboBox *>(u"url"_s)->setEditText(u"ftp://nowhere"_s);
        const auto accept = [&] { emit dialog->connectRequested(); };
        accept();
        QVERIFY(dialog->isVisible()); // says why
        dialog->findChild<QComboBox *>(u"url"_s)->setEditText(m_sample->master.url().toString());
        dialog->findChild<QLineEdit *>(u"token"_s)->setText(u"very-secret"_s);
        accept();
        QTRY_VERIFY(window().jobsPage());
        QTRY_COMPARE(rows(), 3);
        m_sample->settings.sync();
        QFile settings(m_sample->settings.fileName());
        QVERIFY(settings.open(QIODevice::ReadOnly));
        const QByteArray stored = settings.readAll();
        QVERIFY(stored.contains("127.0.0.1"));
        QVERIFY(!stored.contains("very-secret"));
    }
    void theDialogWaitsForTheMasterItAsksFor()
    {
        const Profile asked{u"asked"_s, u"http://127.0.0.1:9"_s};
        QVERIFY(window().profiles().save({}, asked));
        window().mastersActions().connectTo(asked.url);
        QTRY_VERIFY(window().findChild<ConnectDialog *>());
        const QPointer dialog = window().findChild<ConnectDialog *>();
        QVERIFY(m_sample->connectWindow()); // another one, say from the keychain
        QVERIFY(dialog && dialog->isVisible());
        QVERIFY(window().connectTo(asked, Secret("token")));
        QVERIFY(!dialog || !dialog->isVisible());
    }
    void aWrongTokenIsSaidOnThePage()
    {
        m_sample->master.requireToken("other");
        MasterSession *session = m_sample->connectWindow().value();
        QTRY_COMPARE(session->connection().state, ConnectionState::SignInNeeded);
        QCOMPARE(window().profileBar()->chipOf(*session)->stateText(), u"Sign-in needed"_s);
        QVERIFY(window().signInBar()->isVisible());
    }
    void everyControlHasAName()
    {
        m_sample->addExamples();
        QCOMPARE(namelessWidgets(&window()), QStringList());
        MasterSession *session = m_sample->connectWindow().value();
        QTRY_COMPARE(rows(), 3);
        QCOMPARE(namelessWidgets(&window()), QStringList());
        window().openJob(*session, JobId(u"job000002"_s));
        window().logPane()->openFind();
        window().jobPage()->messages()->showProblem(u"something"_s);
        QCOMPARE(namelessWidgets(&window()), QStringList());
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
