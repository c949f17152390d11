// SPDX-License-Identifier: GPL-3.0-or-later
// A41: closing on unsaved edits and a running download: one dialog that names both; what the window looked like comes
// back.
#include "console/app/closequestion.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/logsaver.h"
#include "console/app/pagehost.h"
#include "tests/gui/sample.h"

#include <QDockWidget>
#include <QFile>
#include <QFileInfo>
#include <QHeaderView>
#include <QMouseEvent>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

class EditedPage : public Page
{
public:
    using Page::Page;
    QString title() const override { return u"Allowlist"_s; }
    QString unsaved() const override { return u"2 edits"_s; }
};

} // namespace

class A41 : public QObject
{
    Q_OBJECT
private slots:
    void oneQuestionNamesBothAndCancelKeepsAll()
    {
        Sample sample;
        sample.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(sample.window.get()));
        sample.window->tabs()->open(new EditedPage, u"edited"_s);
        ActivityModel *activity = sample.window->masters().activity();
        const auto download = activity->add({.kind = ActivityKind::Download, .text = u"image.tar"_s, .percent = 40});
        QVERIFY(!sample.window->close());
        QVERIFY(!sample.window->close()); // twice: still one question
        QTRY_COMPARE(sample.window->findChildren<CloseQuestion *>().size(), 1);
        QPointer<CloseQuestion> question = sample.window->findChild<CloseQuestion *>();
        QTRY_VERIFY(question->isVisible());
        QVERIFY(question->informativeText().contains(u"Allowlist: 2 edits"_s));
        QVERIFY(question->informativeText().contains(u"image.tar"_s));
        question->button(QMessageBox::Cancel)->click();
        QTRY_VERIFY(!question);
        QVERIFY(sample.window->isVisible());
        QCOMPARE(sample.window->tabs()->count(), 2);
        QCOMPARE(activity->underWay(), 1);

        QVERIFY(!sample.window->close());
        QTRY_VERIFY(sample.window->findChild<CloseQuestion *>());
        question = sample.window->findChild<CloseQuestion *>();
        for (QAbstractButton *button : question->buttons()) {
            if (question->buttonRole(button) == QMessageBox::DestructiveRole)
                button->click();
        }
        QTRY_VERIFY(!sample.window->isVisible());
        activity->finish(download, ActivityLevel::Note, u"image.tar"_s);
    }
    void withoutAnythingToLoseNobodyAsks()
    {
        Sample sample;
        sample.window->show();
        QVERIFY(sample.window->close());
        QVERIFY(!sample.window->findChild<CloseQuestion *>());
    }
    void aLogThatIsBeingSavedIsNamedToo()
    {
        Sample sample;
        sample.addExamples();
        sample.window->show();
        QFile file(sample.folder.filePath(u"local.log"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(100'000, 'x')) > 0);
        file.close();
        QVERIFY(sample.window->openFile(file.fileName()));
        sample.window->openJob(*sample.connectWindow().value(), JobId(u"job000001"_s));
        QTRY_COMPARE(sample.window->logPane()->view()->follow(), LogView::Follow::Ended);
        PageHost *tabs = sample.window->tabs();
        for (const int index : {1, 2}) {
            const Page *page = tabs->page(index);
            const LogSnapshot log = page->logPane()->view()->document()->snapshot();
            const QString copy = sample.folder.filePath(u"copy%1.log"_s.arg(index));
            page->logPane()->saver()->saveRange(log, copy, 0, log.size);
            QVERIFY(tabs->tabText(index).endsWith(u'*'));
            QVERIFY(!sample.window->close());
            const auto *question = sample.window->findChild<CloseQuestion *>();
            QVERIFY(question);
            QVERIFY2(question->informativeText().contains(page->title() + u": the log that is being saved"_s),
                     qPrintable(question->informativeText()));
            delete question;
            QTRY_VERIFY(!tabs->tabText(index).endsWith(u'*'));
            QCOMPARE(QFileInfo(copy).size(), log.size);
        }
        QVERIFY(sample.window->close());
    }
    void closingATabAsksToo()
    {
        Sample sample;
        sample.window->show();
        sample.window->tabs()->open(new EditedPage, u"edited"_s);
        sample.window->tabs()->requestClose(1);
        QTRY_VERIFY(sample.window->findChild<QMessageBox *>());
        QCOMPARE(sample.window->tabs()->count(), 2);
    }
    void geometryDocksAndColumnsComeBack()
    {
        Sample sample;
        sample.addExamples();
        sample.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(sample.window.get()));
        QVERIFY(sample.connectWindow());
        sample.window->setGeometry(60, 50, 1011, 655);
        QTRY_COMPARE(sample.window->size(), QSize(1011, 655));
        auto *details = sample.window->findChild<QDockWidget *>(u"details"_s);
        auto *navigator = sample.window->findChild<QDockWidget *>(u"navigator"_s);
        QVERIFY(!details->isVisible() && navigator->isVisible());
        sample.window->actions().action("view.details"_L1)->trigger();
        sample.window->actions().action("view.navigator"_L1)->trigger();
        QVERIFY(details->isVisible() && !navigator->isVisible());
        QHeaderView *header = sample.window->jobsPage()->table()->horizontalHeader();
        header->resizeSection(JobTableModel::BranchColumn, 233);
        header->moveSection(header->visualIndex(JobTableModel::TriggerColumn), 1);

        sample.restart();
        sample.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(sample.window.get()));
        QTRY_COMPARE(sample.window->size(), QSize(1011, 655));
        QVERIFY(sample.window->findChild<QDockWidget *>(u"details"_s)->isVisible());
        QVERIFY(!sample.window->findChild<QDockWidget *>(u"navigator"_s)->isVisible());
        QVERIFY(sample.window->actions().action("view.details"_L1)->isChecked());
        QVERIFY(!sample.window->actions().action("view.navigator"_L1)->isChecked());
        QVERIFY(sample.connectWindow());
        header = sample.window->jobsPage()->table()->horizontalHeader();
        QCOMPARE(header->sectionSize(JobTableModel::BranchColumn), 233);
        QCOMPARE(header->visualIndex(JobTableModel::TriggerColumn), 1);
    }
    void theTableInFrontDecidesWhichColumnsComeBack()
    {
        Sample sample;
        FakeMaster other;
        sample.window->show();
        MasterSession *first = sample.connectWindow().value();
        MasterSession *second = sample.window->connectTo({u"other"_s, other.url().toString()}, Secret("t")).value();
        int width = 200;
        for (MasterSession *front : {first, second}) {
            sample.window->masters().setScope(front);
            QTableView *table = sample.window->jobsPage()->table();
            table->horizontalHeader()->resizeSection(JobTableModel::BranchColumn, width += 20);
            QVERIFY(sample.window->close());
            QHeaderView stored(Qt::Horizontal);
            stored.setModel(table->model());
            QVERIFY(stored.restoreState(sample.settings.value("jobs/columns"_L1).toByteArray()));
            QCOMPARE(stored.sectionSize(JobTableModel::BranchColumn), width);
            sample.window->show();
        }
    }
    void noPageInAWindowOfItsOwnKeepsTheProgramFromEnding()
    {
        Sample sample;
        sample.window->show();
        sample.window->openPage(u"shortcuts"_s);
        const Page *page = sample.window->tabs()->page(1);
        sample.window->actions().action("window.tearOff"_L1)->trigger();
        QTRY_VERIFY(page->isVisible());
        QWidget *torn = page->window();
        QVERIFY(torn != sample.window.get());
        QVERIFY(sample.window->close());
        QVERIFY(torn->close()); // as Qt asks every window before the program ends
    }
    void aTabDraggedOffTheBarBecomesAWindow()
    {
        Sample sample;
        sample.window->show();
        auto *edited = new EditedPage;
        sample.window->tabs()->open(edited, u"edited"_s);
        QTabBar *bar = sample.window->tabs()->tabBar();
        const QPoint from = bar->tabRect(1).center();
        QTest::mousePress(bar, Qt::LeftButton, {}, from);
        const QPointF away = from + QPoint(0, 5 * bar->height());
        QMouseEvent move(QEvent::MouseMove, away, bar->mapToGlobal(away), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(bar, &move);
        QTRY_VERIFY(edited->window() != sample.window.get());
        QCOMPARE(sample.window->tabs()->count(), 1);
    }
    void aTabWithAWindowOfItsOwnComesBackWhenThatIsClosed()
    {
        Sample sample;
        sample.addExamples();
        sample.window->show();
        MasterSession *session = sample.connectWindow().value();
        sample.window->openJob(*session, JobId(u"job000001"_s));
        Page *page = sample.window->tabs()->page(1);
        sample.window->actions().action("window.tearOff"_L1)->trigger();
        QCOMPARE(sample.window->tabs()->count(), 1);
        QTRY_VERIFY(page->isVisible());
        QVERIFY(page->window() != sample.window.get());
        QVERIFY(sample.window->tabs()->pages().contains(page));
        page->window()->close();
        QCOMPARE(sample.window->tabs()->count(), 2);
        QCOMPARE(sample.window->tabs()->page(1), page);
        sample.window->actions().action("window.tearOff"_L1)->trigger();
        sample.window->masters().disconnectFrom(session); // its pages go, wherever they are
        QCOMPARE(sample.window->tabs()->pages().size(), 1);
    }
};

QTEST_MAIN(A41)
#include "a41_closing.moc"
