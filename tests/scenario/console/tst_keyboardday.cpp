// SPDX-License-Identifier: GPL-3.0-or-later
// A day's work without a mouse against a real master: connect, find a failed job, read its log, save it, run the job
// again, cancel another, fetch an artifact, let a host in and commit it, go home. Only keys are sent, to what has the
// keyboard.
#include "console/app/allowlisteditor.h"
#include "console/app/allowlistpage.h"
#include "console/app/artifactspage.h"
#include "console/app/artifactsview.h"
#include "console/app/commitdialog.h"
#include "console/app/filterline.h"
#include "console/app/findbar.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/pagehost.h"
#include "console/controllers/blueprintsession.h"
#include "tests/scenario/console/blueprintfiles.h"
#include "tests/scenario/console/liveconsole.h"

#include <QApplication>
#include <QDockWidget>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000; // milliseconds, on a busy machine
constexpr int mostTabs = 200;

constexpr char failing[] = R"(
from danube import step
step.run("seq -f 'line %g' 300; echo 'error: no such symbol' >&2; exit 3", name="test")
)";
constexpr char sleeping[] = "from danube import step\nstep.run('sleep 300', name='sleep')\n";
constexpr char packing[] = R"(
from danube import artifacts, step
step.run("seq 20000 > numbers.txt", name="pack")
artifacts.upload("numbers.txt", name="numbers.txt")
)";

/// What the next key goes to.
QWidget *keyboard()
{
    if (QWidget *popup = QApplication::activePopupWidget())
        return popup;
    return QApplication::focusWidget() ? QApplication::focusWidget() : QApplication::activeWindow();
}

void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
{
    QVERIFY(keyboard());
    QTest::keyClick(keyboard(), key, modifiers);
}

void write(const QString &text)
{
    for (const QChar letter : text) {
        QVERIFY(keyboard());
        QTest::keyClick(keyboard(), letter.toLatin1());
    }
}

/// Tab until `wanted` has the keyboard.
void tabTo(const QWidget *wanted)
{
    QVERIFY(wanted);
    for (int i = 0; i < mostTabs && QApplication::focusWidget() != wanted; ++i)
        press(Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), wanted);
}

template <class Dialog = QDialog> Dialog *openDialog()
{
    return qobject_cast<Dialog *>(QApplication::activeWindow());
}

/// A dialog or a list has closed: what a window manager does then.
void goBackTo(QWidget &window)
{
    QTRY_VERIFY(!qobject_cast<QDialog *>(QApplication::activeWindow()) && !QApplication::activePopupWidget());
    window.activateWindow();
    QTRY_COMPARE(QApplication::activeWindow(), &window);
}

/// By the palette: a job ("#12") or an action (">Sort…").
void find(const QString &what)
{
    press(Qt::Key_K, Qt::ControlModifier);
    write(what);
    press(Qt::Key_Return);
}

} // namespace

class TestKeyboardDay : public QObject
{
    Q_OBJECT

    static void connectByKeys(LiveConsole &console, const RealMaster &master)
    {
        console.window.show();
        QVERIFY(QTest::qWaitForWindowActive(&console.window));
        press(Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(openDialog());
        auto *dialog = openDialog();
        QTRY_VERIFY(dialog->isAncestorOf(QApplication::focusWidget()));
        press(Qt::Key_A, Qt::ControlModifier);
        write(master.url());
        tabTo(dialog->findChild<QLineEdit *>(u"token"_s));
        write(QString::fromLatin1(master.token()));
        press(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(
            !console.window.masters().isEmpty() && console.window.masters().all().constFirst()->isLive(), patience);
        goBackTo(console.window);
    }

    static JobState stateOf(MasterSession &session, const JobId &id)
    {
        const Job *job = session.jobs()->job(id);
        return job ? job->state : JobState::Pending;
    }

private slots:
    void withJobs()
    {
        RealMaster master;
        master.addPipeline(u"failing"_s, failing);
        master.addPipeline(u"sleeping"_s, sleeping);
        master.addPipeline(u"packing"_s, packing);
        QVERIFY2(master.start(), qPrintable(master.log()));
        api::ApiClient client(master.endpoint());
        const auto failed = run(client, u"failing"_s);
        const auto packed = run(client, u"packing"_s);
        QVERIFY(failed && packed);

        LiveConsole console;
        connectByKeys(console, master);
        MasterSession &session = *console.window.masters().all().constFirst();
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(session, failed->id), JobState::Failure, patience);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(session, packed->id), JobState::Success, patience);

        // The failed job, its first error, marked; the log in a file.
        press(Qt::Key_L, Qt::ControlModifier);
        write(u"state:fai"_s);
        QTRY_VERIFY(QApplication::activePopupWidget());
        press(Qt::Key_Escape); // closes what the line offers, and clears nothing
        goBackTo(console.window);
        write(u"led"_s);
        QCOMPARE(console.window.jobsPage()->filterLine()->text(), u"state:failed"_s);
        QTableView *table = console.window.jobsPage()->table();
        QTRY_COMPARE(table->model()->rowCount(), 1);
        if (QApplication::activePopupWidget())
            press(Qt::Key_Escape);
        goBackTo(console.window);
        tabTo(table);
        press(Qt::Key_Down);
        press(Qt::Key_Home, Qt::ControlModifier);
        press(Qt::Key_Return);
        QTRY_VERIFY(console.window.logPane());
        LogPane *pane = console.window.logPane();
        LogView *view = pane->view();
        QTRY_VERIFY_WITH_TIMEOUT(view->document()->isFinished(), patience);
        QTRY_COMPARE(QApplication::focusWidget(), view);
        press(Qt::Key_E);
        QTRY_VERIFY(view->currentLine() >= 0);
        QCOMPARE(view->textOf(view->currentLine()), u"error: no such symbol"_s);
        press(Qt::Key_M);
        press(Qt::Key_T);
        press(Qt::Key_Slash);
        QTRY_VERIFY(pane->findBar()->isAncestorOf(QApplication::focusWidget()));
        write(u"line 29"_s);
        press(Qt::Key_Return);
        QTRY_VERIFY(view->hit());
        press(Qt::Key_Escape);
        QTRY_COMPARE(QApplication::focusWidget(), view);
        const QString saved = console.folder.filePath(u"failed.log"_s);
        press(Qt::Key_S, Qt::ControlModifier);
        QTRY_VERIFY(openDialog());
        press(Qt::Key_A, Qt::ControlModifier);
        write(saved);
        press(Qt::Key_Return);
        const QByteArray log = logOf(client, failed->id);
        QTRY_COMPARE(realmaster::readFile(saved), log);
        goBackTo(console.window);

        // Once more; another one is not needed any longer.
        press(Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(session.jobs()->rowCount(), 3, patience);
        const auto asleep = run(client, u"sleeping"_s);
        QVERIFY(asleep);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(session, asleep->id), JobState::Running, patience);
        find(u'#' + QString::number(asleep->number));
        QTRY_COMPARE(console.window.jobPage() ? console.window.jobPage()->job().id : JobId(), asleep->id);
        press(Qt::Key_X, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(session, asleep->id), JobState::Cancelled, patience);

        // What the third one left.
        find(u">Artifacts"_s);
        QTRY_VERIFY(qobject_cast<ArtifactsPage *>(console.window.tabs()->current()));
        auto *artifacts = qobject_cast<ArtifactsPage *>(console.window.tabs()->current());
        QTRY_COMPARE_WITH_TIMEOUT(artifacts->table()->model()->rowCount(), 1, patience);
        tabTo(artifacts->table());
        press(Qt::Key_A, Qt::ControlModifier);
        press(Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(openDialog());
        press(Qt::Key_A, Qt::ControlModifier);
        write(console.folder.path());
        press(Qt::Key_Return);
        goBackTo(console.window);
        QByteArray numbers;
        for (int i = 1; i <= 20000; ++i)
            numbers += QByteArray::number(i) + '\n';
        QTRY_COMPARE_WITH_TIMEOUT(realmaster::readFile(console.folder.filePath(u"numbers.txt"_s)), numbers, patience);

        // The window: tabs, docks, colours, the end.
        const int tabs = console.window.tabs()->count();
        press(Qt::Key_W, Qt::ControlModifier);
        QTRY_COMPARE(console.window.tabs()->count(), tabs - 1);
        press(Qt::Key_F9);
        QTRY_VERIFY(!console.window.findChild<QDockWidget *>(u"navigator"_s)->isVisible());
        const bool wasDark = console.theme.colors().dark;
        find(u">Switch the theme"_s);
        QTRY_VERIFY(console.theme.colors().dark != wasDark);
        press(Qt::Key_Q, Qt::ControlModifier);
        QTRY_VERIFY(!console.window.isVisible());
    }

    void withTheAllowlist()
    {
        RealMaster master;
        master.useRepository({{u"config.json"_s, handWritten}, {u"pipelines/web.json"_s, pipeline}});
        QVERIFY2(master.start(), qPrintable(master.log()));
        LiveConsole console;
        connectByKeys(console, master);
        MasterSession &session = *console.window.masters().all().constFirst();
        find(u">Allowlist"_s);
        QTRY_VERIFY(qobject_cast<AllowlistPage *>(console.window.tabs()->current()));
        auto *page = qobject_cast<AllowlistPage *>(console.window.tabs()->current());
        QTRY_VERIFY_WITH_TIMEOUT(session.blueprint().workspace().isLoaded(), patience);
        tabTo(page->editor()->findChild<QLineEdit *>());
        write(u"mirror.example.org"_s);
        press(Qt::Key_Return);
        QTRY_VERIFY(page->editor()->model().entries().contains(u"mirror.example.org"_s));
        press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(openDialog<CommitDialog>());
        auto *dialog = openDialog<CommitDialog>();
        tabTo(dialog->message());
        press(Qt::Key_A, Qt::ControlModifier);
        write(u"blueprint: allow the mirror"_s);
        tabTo(dialog->commitButton());
        press(Qt::Key_Space);
        const CommitRun &commit = session.blueprint().commitRun();
        QTRY_COMPARE_WITH_TIMEOUT(commit.state(), CommitRun::State::Finished, patience);
        press(Qt::Key_Escape);
        goBackTo(console.window);
        QCOMPARE(master.git({u"log"_s, u"-1"_s, u"--format=%s"_s, u"main"_s}).trimmed(), "blueprint: allow the mirror");
        QCOMPARE(master.git({u"diff"_s, u"--numstat"_s, u"main~1"_s, u"main"_s}).simplified(), "1 0 config.json");
    }
};

QTEST_MAIN(TestKeyboardDay)
#include "tst_keyboardday.moc"
