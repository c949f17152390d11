// SPDX-License-Identifier: GPL-3.0-or-later
// A29: the branch moves between load and commit. Nothing is overwritten, and after the merge both changes are there.
#include "console/app/allowlisteditor.h"
#include "console/app/allowlistpage.h"
#include "console/app/blueprintbar.h"
#include "console/app/commitdialog.h"
#include "console/app/commitprogress.h"
#include "console/app/difftext.h"
#include "console/app/mergeview.h"
#include "tests/gui/blueprintsample.h"

#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestMoved : public QObject
{
    Q_OBJECT
    std::unique_ptr<BlueprintSample> m_sample;
    AllowlistPage *m_page = nullptr;

    /// Commits what is edited, and waits until the master has answered.
    CommitDialog *commit()
    {
        CommitDialog *dialog = m_page->bar()->openCommit();
        if (!dialog)
            return nullptr;
        dialog->message()->setPlainText(u"blueprint: allow mine\n\nNeeded by web-shop."_s);
        m_sample->session->blueprint().commitRun().setPollInterval(milliseconds(1));
        dialog->commitButton()->click();
        return dialog;
    }
    CommitRun &run() { return m_sample->session->blueprint().commitRun(); }

private slots:
    void init()
    {
        m_sample = std::make_unique<BlueprintSample>();
        m_page = m_sample->open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(m_page);
        m_page->editor()->addEntries({u"mine.example.org"_s});
    }
    void cleanup() { m_sample.reset(); }

    void mergesWhatBothChanged()
    {
        QByteArray theirs = sampleConfig;
        theirs.replace("\"github.com\"", "\"theirs.example.org\"").replace("30", "90");
        m_sample->blueprint.move({{u"config.json"_s, theirs}});
        CommitDialog *dialog = commit();
        QVERIFY(dialog);
        QTRY_COMPARE(run().state(), CommitRun::State::MergeNeeded);
        QCOMPARE(m_sample->blueprint.files[u"config.json"_s], theirs); // not overwritten
        QVERIFY(m_sample->blueprint.messages.isEmpty());
        QVERIFY(dialog->mergeView()->isVisible());
        QVERIFY(dialog->mergeView()->theirs()->toPlainText().contains(u"+          \"theirs.example.org\""_s));
        QVERIFY(dialog->mergeView()->mine()->toPlainText().contains(u"+          \"mine.example.org\""_s));
        const QString result = dialog->mergeView()->result()->toPlainText();
        QVERIFY(result.contains(u"+          \"mine.example.org\""_s));
        QVERIFY(!result.startsWith(u"-"_s) && !result.contains(u"\n-"_s)); // nothing of theirs goes

        dialog->mergeView()->acceptButton()->click();
        QVERIFY(dialog->isReviewing());
        QVERIFY(dialog->commitButton()->isEnabled());
        QVERIFY(dialog->message()->toPlainText().startsWith(u"blueprint: allow mine"_s)); // what was written stays
        dialog->commitButton()->click();
        QTRY_COMPARE(run().state(), CommitRun::State::Finished);
        QByteArray both = theirs;
        both.replace("         \"registry", "         \"mine.example.org\",\n         \"registry");
        QCOMPARE(m_sample->blueprint.files[u"config.json"_s], both);
        QCOMPARE(m_sample->blueprint.messages, QStringList{u"blueprint: allow mine\n\nNeeded by web-shop."_s});
        QVERIFY(!m_sample->workspace().isModified());
        QVERIFY(dialog->progress()->stateText(CommitRun::Stage::Committed).startsWith(u"done"_s));
        QVERIFY(dialog->progress()->stateText(CommitRun::Stage::Synced).startsWith(u"done"_s));
        QVERIFY(dialog->progress()->stateText(CommitRun::Stage::PolicyApplied).startsWith(u"not needed"_s));
        QCOMPARE(dialog->progress()->detailText(CommitRun::Stage::Valid), u"jobs run without a cluster"_s);
    }
    void aPlaceBothChangedIsDecided()
    {
        QVERIFY(m_sample->config().setValue(u"/spec/retention/logs_days"_s, 7, u"days"_s));
        m_sample->blueprint.move({{u"config.json"_s, QByteArray(sampleConfig).replace("30", "90")}});
        CommitDialog *dialog = commit();
        QTRY_COMPARE(run().state(), CommitRun::State::MergeNeeded);
        const auto choices = dialog->mergeView()->findChildren<QRadioButton *>();
        QCOMPARE(choices.size(), 2);
        QVERIFY(choices[0]->isChecked()); // theirs stands until somebody says otherwise
        QVERIFY2(choices[1]->text().contains(u"7"_s), qPrintable(choices[1]->text()));
        choices[1]->click();
        dialog->mergeView()->acceptButton()->click();
        QVERIFY(m_sample->config().text().contains("\"logs_days\": 7"));
        QVERIFY(m_sample->config().text().contains("mine.example.org"));
    }
    void theMergeCanBeUndone()
    {
        m_sample->blueprint.move({{u"config.json"_s, QByteArray(sampleConfig).replace("30", "90")}});
        CommitDialog *dialog = commit();
        QTRY_COMPARE(run().state(), CommitRun::State::MergeNeeded);
        const QByteArray before = m_sample->config().text();
        dialog->mergeView()->acceptButton()->click();
        QVERIFY(m_sample->config().text() != before);
        m_sample->config().undoStack().undo();
        QCOMPARE(m_sample->config().text(), before);
    }
    void whatIsEditedBesideTheMergeIsMergedToo()
    {
        m_sample->blueprint.move({{u"config.json"_s, QByteArray(sampleConfig).replace("30", "90")}});
        CommitDialog *dialog = commit();
        QTRY_COMPARE(run().state(), CommitRun::State::MergeNeeded);
        m_page->editor()->addEntries({u"later.example.org"_s});
        QVERIFY(dialog->mergeView()->result()->toPlainText().contains(u"+          \"later.example.org\""_s));
        dialog->mergeView()->acceptButton()->click();
        QVERIFY(m_sample->config().text().contains("later.example.org"));
        QVERIFY(m_sample->config().text().contains("\"logs_days\": 90"));
    }
    void whatIsEditedDuringACommitIsKept()
    {
        commit();
        m_page->editor()->addEntries({u"later.example.org"_s});
        QTRY_COMPARE(run().state(), CommitRun::State::Finished);
        QVERIFY(m_sample->blueprint.files[u"config.json"_s].contains("mine.example.org"));
        QVERIFY(!m_sample->blueprint.files[u"config.json"_s].contains("later.example.org"));
        QVERIFY(m_sample->workspace().isModified());
        commit();
        QTRY_COMPARE(run().state(), CommitRun::State::Finished);
        QVERIFY(m_sample->blueprint.files[u"config.json"_s].contains("later.example.org"));
        QVERIFY(!m_sample->workspace().isModified());
    }
    void aRefusalWithoutFindingsIsSaid()
    {
        m_sample->master.on("GET", u"/api/v1/blueprint"_s, [this](const FakeRequest &) {
            QByteArray body = R"({"state":"refused","error":"the signature is bad","head_commit":"HEAD"})";
            return FakeReply{.body = body.replace("HEAD", m_sample->blueprint.commit.toLatin1())};
        });
        CommitDialog *dialog = commit();
        QTRY_COMPARE(run().state(), CommitRun::State::Failed);
        QCOMPARE(dialog->progress()->detailText(CommitRun::Stage::Synced), u"the signature is bad"_s);
    }
    void anotherConflictIsNoMerge()
    {
        m_sample->master.on("POST", u"/api/v1/blueprint/commit"_s, [](const FakeRequest &) {
            return FakeReply{.status = 409,
                             .body = R"({"type":"urn:danube:problem:conflict","title":"Conflict","status":409,)"
                                     R"("detail":"signatures are required and there is no key"})",
                             .contentType = "application/problem+json"};
        });
        CommitDialog *dialog = commit();
        QTRY_COMPARE(run().state(), CommitRun::State::Failed);
        QVERIFY(dialog->progress()->detailText(CommitRun::Stage::Committed).contains(u"there is no key"_s));
        QVERIFY(m_sample->workspace().isModified());
    }
    void showsWhyThePolicyDoesNotHold()
    {
        m_sample->blueprint.policy = {
            {u"kind"_s, u"cilium"_s},
            {u"level"_s, u"declared"_s},
            {u"policies"_s, QJsonArray{QJsonObject{{u"name"_s, u"danube-egress"_s},
                                                   {u"state"_s, u"invalid"_s},
                                                   {u"detail"_s, u"toFQDNs: bad pattern"_s}}}}};
        CommitDialog *dialog = commit();
        QTRY_COMPARE(run().state(), CommitRun::State::Failed);
        QVERIFY(dialog->progress()->stateText(CommitRun::Stage::PolicyApplied).startsWith(u"done"_s));
        QVERIFY(dialog->progress()->detailText(CommitRun::Stage::Valid).contains(u"toFQDNs: bad pattern"_s));
    }
};

QTEST_MAIN(TestMoved)
#include "a29_moved.moc"
