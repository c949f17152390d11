// SPDX-License-Identifier: GPL-3.0-or-later
// A18: marks are there after a restart, and a danube:// link opens its job at the line, then and now.
#include "console/app/jobpage.h"
#include "console/app/logpane.h"
#include "console/app/logpickview.h"
#include "console/app/pagehost.h"
#include "tests/gui/sample.h"

#include <QClipboard>
#include <QDir>
#include <QFile>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class CheckA18 : public QObject
{
    Q_OBJECT
    static void restart(Sample &sample)
    {
        sample.restart();
        sample.window->show();
    }
    static void activate(Sample &sample)
    {
        sample.window->activateWindow();
        sample.window->logPane()->view()->setFocus();
        QVERIFY(QTest::qWaitForWindowActive(sample.window.get()));
    }
    static void mark(LogPane &pane, int64_t line)
    {
        pane.view()->showLine(line);
        QTest::keyClick(pane.view(), Qt::Key_M);
    }

private slots:
    void ofAJob()
    {
        Sample sample;
        sample.window->show();
        sample.addParallel();
        const JobId job(u"job000003"_s);
        sample.window->openJob(**sample.connectWindow(), job);
        LogPane *pane = sample.window->logPane();
        QTRY_COMPARE(pane->view()->document()->lineCount(), int64_t(400));
        activate(sample);
        mark(*pane, 300);
        mark(*pane, 10);
        mark(*pane, 150);
        mark(*pane, 150); // once more takes it away
        QCOMPARE(pane->marks()->offsets().size(), 2U);
        pane->view()->showLine(123);
        sample.window->actions().action("job.copyLink"_L1)->trigger();
        const QString link = QGuiApplication::clipboard()->text();
        QVERIFY2(link.startsWith(u"danube://job/job000003?"_s) && link.endsWith(u"line=124"_s), qPrintable(link));
        QVERIFY(!link.contains(u"token"_s));

        restart(sample);
        QVERIFY(sample.window->openLink(link)); // before anything is connected
        QCOMPARE(sample.window->tabs()->count(), 1);
        QVERIFY(sample.connectWindow());
        QTRY_VERIFY(sample.window->jobPage());
        QCOMPARE(sample.window->jobPage()->job().id, job);
        pane = sample.window->logPane();
        QTRY_COMPARE(pane->view()->currentLine(), int64_t(123));
        QVERIFY(pane->view()->isLineVisible(123));
        QCOMPARE(pane->view()->follow(), LogView::Follow::Paused);
        activate(sample);
        QTest::keyClick(pane->view(), Qt::Key_Apostrophe);
        QCOMPARE(pane->view()->currentLine(), int64_t(300));
        QTest::keyClick(pane->view(), Qt::Key_Apostrophe);
        QCOMPARE(pane->view()->currentLine(), int64_t(10)); // around the end
        QTest::keyClick(pane->view(), Qt::Key_M, Qt::ShiftModifier);
        QCOMPARE(pane->view()->currentLine(), int64_t(300));
        QVERIFY(sample.window->openLink(link));
        QCOMPARE(sample.window->tabs()->count(), 2); // not a second time
        QCOMPARE(pane->view()->currentLine(), int64_t(123));
    }
    void ofALocalFile()
    {
        Sample sample;
        sample.window->show();
        QFile file(sample.folder.filePath(u"local.log"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 500; ++i)
            file.write("line " + QByteArray::number(i) + '\n');
        file.close();
        QVERIFY(sample.window->openFile(file.fileName()));
        activate(sample);
        mark(*sample.window->logPane(), 250);
        restart(sample);
        QVERIFY(sample.window->openFile(file.fileName()));
        activate(sample);
        LogPane *pane = sample.window->logPane();
        QTest::keyClick(pane->view(), Qt::Key_Apostrophe);
        QCOMPARE(pane->view()->currentLine(), int64_t(250));
        QCOMPARE(QDir(sample.folder.path()).entryList({u"local.log*"_s}), QStringList{u"local.log"_s});
    }
    void aBadLinkIsRefused_data()
    {
        QTest::addColumn<QString>("link");
        QTest::newRow("other scheme") << u"http://job/job000001?master=http%3A%2F%2F127.0.0.1"_s;
        QTest::newRow("no master") << u"danube://job/job000001"_s;
        QTest::newRow("master is a file") << u"danube://job/job000001?master=file%3A%2F%2F%2Fetc"_s;
        QTest::newRow("path in the id") << u"danube://job/..%2F..%2Fx?master=http%3A%2F%2F127.0.0.1"_s;
        QTest::newRow("no line") << u"danube://job/job000001?master=http%3A%2F%2F127.0.0.1&line=x"_s;
    }
    void aBadLinkIsRefused()
    {
        QFETCH(const QString, link);
        Sample sample;
        const auto opened = sample.window->openLink(link);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(sample.window->tabs()->count(), 1);
    }
};

QTEST_MAIN(CheckA18)
#include "a18_marks.moc"
