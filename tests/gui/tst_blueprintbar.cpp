// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/allowlisteditor.h"
#include "console/app/allowlistpage.h"
#include "console/app/blueprintbar.h"
#include "console/app/commitdialog.h"
#include "console/app/messagebar.h"
#include "tests/gui/blueprintsample.h"

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestBlueprintBar : public QObject
{
    Q_OBJECT
private slots:
    void aGoodReloadTakesTheProblemAway()
    {
        BlueprintSample sample;
        auto *page = sample.open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        const auto *messages = page->findChild<MessageBar *>();
        const BlueprintSession &blueprint = sample.session->blueprint();
        sample.master.refuseAll(500);
        page->bar()->trigger(u"blueprint.reload"_s);
        QTRY_VERIFY_WITH_TIMEOUT(messages->isVisible(), 20'000);
        QCOMPARE(messages->text(), blueprint.problem());
        sample.master.refuseAll(std::nullopt);
        page->bar()->trigger(u"blueprint.reload"_s);
        QTRY_VERIFY_WITH_TIMEOUT(blueprint.problem().isEmpty(), 20'000);
        QVERIFY(!messages->isVisible());
    }
    void anOpenCommitGoesWithItsMaster()
    {
        BlueprintSample sample;
        auto *page = sample.open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        page->editor()->addEntries({u"mine.example.org"_s});
        const QPointer<CommitDialog> dialog = page->bar()->openCommit();
        QVERIFY(dialog);
        sample.window->masters().disconnectFrom(sample.session);
        QVERIFY(!dialog);
    }
    void aGoodReloadLeavesWhatElseWasSaid()
    {
        BlueprintSample sample;
        auto *page = sample.open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        auto *messages = page->findChild<MessageBar *>();
        messages->showProblem(u"This entry is there already."_s);
        page->bar()->trigger(u"blueprint.reload"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!sample.session->blueprint().isLoading(), 20'000);
        QVERIFY(messages->isVisible());
    }
};

QTEST_MAIN(TestBlueprintBar)
#include "tst_blueprintbar.moc"
