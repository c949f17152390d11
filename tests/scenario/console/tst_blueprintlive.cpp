// SPDX-License-Identifier: GPL-3.0-or-later
// The Blueprint pages against a real master whose configuration is a bare git repository: what A27, A29 and A30 say of
// the fake holds here as well.
#include "console/app/allowlisteditor.h"
#include "console/app/allowlistpage.h"
#include "console/app/blueprintbar.h"
#include "console/app/commitdialog.h"
#include "console/app/commitprogress.h"
#include "console/app/mergeview.h"
#include "console/app/pagehost.h"
#include "console/controllers/blueprintsession.h"
#include "console/controllers/egresssession.h"
#include "tests/scenario/console/blueprintfiles.h"
#include "tests/scenario/console/liveconsole.h"

#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 30'000; // milliseconds, on a busy machine

struct Console : LiveConsole
{
    MasterSession *session = nullptr;

    AllowlistPage *open(const RealMaster &master)
    {
        session = connectTo(master);
        if (!QTest::qWaitFor([this] { return session->isLive(); }, patience))
            return nullptr;
        window.openPage(u"allowlist"_s);
        if (!QTest::qWaitFor([this] { return session->blueprint().workspace().isLoaded(); }, patience))
            return nullptr;
        return qobject_cast<AllowlistPage *>(window.tabs()->currentWidget());
    }
    CommitRun &run() { return session->blueprint().commitRun(); }
};

} // namespace

class TestBlueprintLive : public QObject
{
    Q_OBJECT
private slots:
    void addingAHostIsOneLineInTheRepository()
    {
        RealMaster master;
        master.useRepository({{u"config.json"_s, handWritten}, {u"pipelines/web.json"_s, pipeline}});
        QVERIFY2(master.start(), qPrintable(master.log()));
        Console console;
        AllowlistPage *page = console.open(master);
        QVERIFY(page);
        QVERIFY(!page->bar()->commitButton()->isEnabled());
        page->editor()->addEntries({u"new.example.org"_s});
        CommitDialog *dialog = page->bar()->openCommit();
        QVERIFY(dialog);
        dialog->message()->clear();
        QVERIFY(!dialog->commitButton()->isEnabled());
        dialog->message()->setPlainText(u"blueprint: allow new.example.org\n\nThe mirror moved."_s);
        dialog->commitButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(console.run().state(), CommitRun::State::Finished, patience);

        QCOMPARE(master.git({u"log"_s, u"-1"_s, u"--format=%B"_s, u"main"_s}).trimmed(),
                 QByteArray("blueprint: allow new.example.org\n\nThe mirror moved."));
        QCOMPARE(master.git({u"diff"_s, u"--numstat"_s, u"main~1"_s, u"main"_s}).simplified(),
                 QByteArray("1 0 config.json"));
        QCOMPARE(master.git({u"rev-parse"_s, u"main"_s}).trimmed(), console.run().commit().toLatin1());
        QVERIFY(dialog->progress()->stateText(CommitRun::Stage::Synced).startsWith(u"done"_s));
        QVERIFY(dialog->progress()->stateText(CommitRun::Stage::PolicyApplied).startsWith(u"not needed"_s));
        QVERIFY(!console.session->blueprint().workspace().isModified());
        QTRY_VERIFY(console.session->egress().status());
    }
    void aMovedBranchIsMergedNeverOverwritten()
    {
        RealMaster master;
        master.useRepository({{u"config.json"_s, handWritten}, {u"pipelines/web.json"_s, pipeline}});
        QVERIFY2(master.start(), qPrintable(master.log()));
        Console console;
        AllowlistPage *page = console.open(master);
        QVERIFY(page);
        page->editor()->addEntries({u"mine.example.org"_s});
        master.commitElsewhere(u"config.json"_s, QByteArray(handWritten).replace("github.com", "theirs.example.org"));
        CommitDialog *dialog = page->bar()->openCommit();
        QVERIFY(dialog);
        dialog->commitButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(console.run().state(), CommitRun::State::MergeNeeded, patience);
        QVERIFY(!master.fileInRepository(u"config.json"_s).contains("mine.example.org"));
        dialog->mergeView()->acceptButton()->click();
        QVERIFY(dialog->commitButton()->isEnabled());
        dialog->commitButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(console.run().state(), CommitRun::State::Finished, patience);
        const QByteArray merged = master.fileInRepository(u"config.json"_s);
        QVERIFY(merged.contains("\"mine.example.org\"") && merged.contains("\"theirs.example.org\""));
        QVERIFY(merged.contains("\"x-owner\" : \"build team\""));
        QCOMPARE(master.git({u"diff"_s, u"--numstat"_s, u"main~1"_s, u"main"_s}).simplified(),
                 QByteArray("1 0 config.json"));
        QCOMPARE(master.git({u"rev-list"_s, u"--count"_s, u"main"_s}).trimmed(), QByteArray("3"));
    }
    void anErrorIsNeverCommitted()
    {
        RealMaster master;
        master.useRepository({{u"config.json"_s, handWritten}});
        QVERIFY2(master.start(), qPrintable(master.log()));
        Console console;
        AllowlistPage *page = console.open(master);
        QVERIFY(page);
        page->editor()->addEntries({u"192.0.2.1"_s});
        QVERIFY(!page->bar()->openCommit());
        QVERIFY2(page->bar()->commitButton()->toolTip().contains(u"192.0.2.1"_s),
                 qPrintable(page->bar()->commitButton()->toolTip()));
        // Past the console's own check the master refuses it as well, with the same words.
        console.session->blueprint().commit(u"blueprint: force it"_s);
        QTRY_COMPARE_WITH_TIMEOUT(console.run().state(), CommitRun::State::Failed, patience);
        QVERIFY2(console.run().step(CommitRun::Stage::Committed).detail.contains(u"192.0.2.1"_s),
                 qPrintable(console.run().step(CommitRun::Stage::Committed).detail));
        QCOMPARE(master.git({u"rev-list"_s, u"--count"_s, u"main"_s}).trimmed(), QByteArray("1"));
        QVERIFY(console.session->blueprint().workspace().isModified());
    }
};

QTEST_MAIN(TestBlueprintLive)
#include "tst_blueprintlive.moc"
