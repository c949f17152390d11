// SPDX-License-Identifier: GPL-3.0-or-later
// The views "Mine" and "Watched", the font of logs, and how fast a log comes.
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/logpickview.h"
#include "console/app/navigator.h"
#include "console/app/pagehost.h"
#include "tests/gui/sample.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QFontInfo>
#include <QLabel>
#include <QSpinBox>
#include <QTableView>
#include <QTreeWidget>
#include <QWheelEvent>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestJobViews : public QObject
{
    Q_OBJECT
    std::unique_ptr<Sample> m_sample;

    Sample &sample() { return *m_sample; }
    QTableView *table() { return sample().window->jobsPage()->table(); }
    QStringList shown()
    {
        QStringList ids;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            ids.append(table()->model()->index(row, 0).data(JobTableModel::IdRole).toString());
        ids.sort();
        return ids;
    }
    QString emptyText()
    {
        const auto *label = table()->findChild<QLabel *>();
        return label && label->isVisible() ? label->text() : QString();
    }
    void choose(const QString &view)
    {
        const auto found = sample().window->navigator()->tree()->findItems(view, Qt::MatchExactly | Qt::MatchRecursive);
        QCOMPARE(found.size(), 1);
        emit sample().window -> navigator()->tree()->itemClicked(found.first(), 0);
    }
    void connectTo(int jobs)
    {
        sample().window->show();
        QVERIFY(sample().connectWindow());
        QTRY_COMPARE_WITH_TIMEOUT(shown().size(), jobs, 20'000);
    }
    void change(const std::function<void(Preferences &)> &how)
    {
        Preferences value = sample().window->preferences().value();
        how(value);
        sample().window->preferences().set(value);
    }

private slots:
    void init() { m_sample = std::make_unique<Sample>(); }
    void cleanup() { m_sample.reset(); }

    void mineAreThoseThatIStarted()
    {
        for (int number = 1; number <= 6; ++number) {
            Job job = sampleJob(number, u"web"_s, JobState::Success);
            job.triggeredBy = number % 3 == 0 ? u"alice"_s : number == 1 ? u"alicelike"_s : u"admin"_s;
            sample().master.setJob(job);
        }
        connectTo(6);
        choose(u"Mine"_s);
        QTRY_COMPARE(shown(), QStringList()); // the token of this sample has no name
        QVERIFY2(emptyText().contains(u"Preferences"_s), qPrintable(emptyText()));
        change([](Preferences &value) { value.userName = u"alice"_s; });
        QCOMPARE(shown(), (QStringList{u"job000003"_s, u"job000006"_s}));
        QCOMPARE(emptyText(), QString());
    }
    void watchedFollowsTheMarks()
    {
        for (int number = 1; number <= 3; ++number)
            sample().master.setJob(sampleJob(number, u"web"_s, JobState::Success));
        connectTo(3);
        choose(u"Watched"_s);
        QTRY_COMPARE(shown(), QStringList());
        QVERIFY2(emptyText().contains(u"watched"_s), qPrintable(emptyText()));
        choose(u"Jobs"_s);
        QTRY_COMPARE(shown().size(), 3);
        table()->selectRow(1);
        QAction *watch = sample().window->actions().action("job.watch"_L1);
        watch->trigger();
        choose(u"Watched"_s);
        QTRY_COMPARE(shown(), QStringList{u"job000002"_s});
        table()->selectRow(0);
        QVERIFY(watch->isChecked());
        watch->trigger();
        QTRY_COMPARE(shown(), QStringList());
    }
    void theListsOfALogHaveItsFontAndZoom()
    {
        sample().addCompiled();
        connectTo(1);
        const auto zoomIn = [this] { return sample().window->actions().action("view.zoomIn"_L1); };
        QVERIFY(!zoomIn()->isEnabled()); // the jobs have no log
        sample().window->openJob(*sample().window->masters().all().constFirst(), JobId(u"job000001"_s));
        const LogPane *pane = sample().window->logPane();
        const auto sizes = [pane] {
            return QList<double>{pane->view()->font().pointSizeF(), pane->matchesView()->font().pointSizeF(),
                                 pane->marksView()->font().pointSizeF()};
        };
        change([](Preferences &value) { value.logFontSize = 14; });
        QCOMPARE(sizes(), (QList<double>{14, 14, 14}));
        QVERIFY(zoomIn()->isEnabled());
        zoomIn()->trigger();
        QCOMPARE(sizes(), (QList<double>{15, 15, 15}));
        for (LogView *turned : {pane->view(), static_cast<LogView *>(pane->marksView())}) {
            const QPointF place(50, 50);
            QWheelEvent wheel(place, turned->viewport()->mapToGlobal(place), {}, {0, -120}, Qt::NoButton,
                              Qt::ControlModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(turned->viewport(), &wheel);
        }
        QCOMPARE(sizes(), (QList<double>{13, 13, 13}));
        sample().window->actions().action("view.zoomReset"_L1)->trigger();
        QCOMPARE(sizes(), (QList<double>{14, 14, 14}));
    }
    void aLogHasTheChosenFont()
    {
        sample().addCompiled();
        connectTo(1);
        sample().window->openJob(*sample().window->masters().all().constFirst(), JobId(u"job000001"_s));
        LogView *view = sample().window->logPane()->view();
        const QFont desktop = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        QCOMPARE(view->font().pointSizeF(), desktop.pointSizeF());
        sample().window->openPage(u"preferences"_s);
        Page *page = sample().window->tabs()->current();
        auto *family = page->findChild<QComboBox *>(u"logFont"_s);
        auto *size = page->findChild<QSpinBox *>(u"logFontSize"_s);
        QVERIFY(family && size);
        QCOMPARE(size->text(), u"As the desktop"_s);
        size->setValue(17);
        QCOMPARE(view->font().pointSizeF(), 17.0);
        view->zoom(2);
        QCOMPARE(view->font().pointSizeF(), 19.0);
        size->setValue(12); // the zoom stays
        QCOMPARE(view->font().pointSizeF(), 14.0);
        view->zoom(0);
        QCOMPARE(view->font().pointSizeF(), 12.0);
        for (int i = 1; i < family->count(); ++i) {
            QVERIFY2(QFontDatabase::isFixedPitch(family->itemText(i)), qPrintable(family->itemText(i)));
            family->setCurrentIndex(i);
            QCOMPARE(view->font().families(), QStringList{family->itemText(i)});
            QVERIFY(QFontInfo(view->font()).fixedPitch());
        }
        change([](Preferences &value) { value.logFont = u"No Such Font"_s; });
        QCOMPARE(QFontInfo(view->font()).family(), QFontInfo(desktop).family());
        // A log that is opened later has it, too.
        sample().window->tabs()->requestClose(1);
        sample().window->openJob(*sample().window->masters().all().constFirst(), JobId(u"job000001"_s));
        QCOMPARE(sample().window->logPane()->view()->font().pointSizeF(), 12.0);
    }
    void theStatusBarSaysHowFastALogComes()
    {
        const Job job = sampleJob(1, u"web"_s, JobState::Running);
        sample().master.setJob(job);
        sample().master.setStep(job.id, sampleStep(1, u"talk"_s, job.startedAt, std::nullopt));
        connectTo(1);
        sample().window->openJob(*sample().window->masters().all().constFirst(), job.id);
        JobPage *page = sample().window->jobPage();
        QCOMPARE(page->status(), QString());
        // Each second of the window's timer is one of the clock's, whenever it comes.
        int lines = 0;
        const auto printedRate = [&] {
            sample().clock.advance(seconds(1));
            for (int i = 0; i < 40; ++i, ++lines)
                sample().master.print(job.id, StepNumber(1), QByteArray(99, 'x'));
            return page->status();
        };
        QTRY_VERIFY_WITH_TIMEOUT(printedRate().startsWith(u"Log: "_s) && page->status().endsWith(u"/s"_s), 30'000);
        sample().master.endLog(job.id, JobState::Success);
        QTRY_COMPARE_WITH_TIMEOUT(page->status(), QString(), 20'000);
    }
};

QTEST_MAIN(TestJobViews)
#include "tst_jobviews.moc"
