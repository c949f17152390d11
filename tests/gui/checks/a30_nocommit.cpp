// SPDX-License-Identifier: GPL-3.0-or-later
// A30: what keeps edits from being committed is said at the button, for eyes and for screen readers.
#include "console/app/allowlisteditor.h"
#include "console/app/allowlistpage.h"
#include "console/app/blueprintbar.h"
#include "console/app/commitdialog.h"
#include "console/models/commitplan.h"
#include "tests/gui/blueprintsample.h"

#include <QAccessible>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestNoCommit : public QObject
{
    Q_OBJECT
    std::unique_ptr<BlueprintSample> m_sample;
    AllowlistPage *m_page = nullptr;

    void open(ProfileKind kind = ProfileKind::Development)
    {
        m_sample = std::make_unique<BlueprintSample>(kind);
        m_page = m_sample->open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(m_page);
    }
    static void refuses(QPushButton *button, const QString &reason)
    {
        QVERIFY(!button->isEnabled());
        QVERIFY2(button->toolTip().contains(reason), qPrintable(button->toolTip()));
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(button);
        QVERIFY(accessible);
        QVERIFY2(accessible->text(QAccessible::Description).contains(reason),
                 qPrintable(accessible->text(QAccessible::Description)));
    }

private slots:
    void cleanup() { m_sample.reset(); }

    void nothingIsChanged()
    {
        open();
        refuses(m_page->bar()->commitButton(), u"Nothing is changed"_s);
    }
    void withoutAMessage()
    {
        open();
        m_page->editor()->addEntries({u"new.example.org"_s});
        CommitDialog *dialog = m_page->bar()->openCommit();
        QVERIFY(dialog);
        QVERIFY(dialog->commitButton()->isEnabled()); // by the template
        QCOMPARE(dialog->message()->toPlainText(), u"blueprint: allow new.example.org"_s);
        dialog->message()->setPlainText(u"  \n"_s);
        refuses(dialog->commitButton(), u"message is missing"_s);
        dialog->message()->setPlainText(QString(80, u'x'));
        QVERIFY(dialog->commitButton()->isEnabled()); // a hint, no obstacle
        QVERIFY2(dialog->hintText().contains(u"80"_s) && dialog->hintText().contains(u"72"_s),
                 qPrintable(dialog->hintText()));
    }
    void withAnErrorFinding()
    {
        open();
        m_page->editor()->addEntries({u"https://new.example.org"_s});
        QVERIFY(!m_page->bar()->openCommit());
        refuses(m_page->bar()->commitButton(), u"https://new.example.org"_s);
    }
    void anErrorThatComesWhileTheDialogIsOpen()
    {
        open();
        m_page->editor()->addEntries({u"new.example.org"_s});
        CommitDialog *dialog = m_page->bar()->openCommit();
        QVERIFY(dialog && dialog->commitButton()->isEnabled());
        QVERIFY(m_page->editor()->model().edit(0, u"192.0.2.1"_s));
        QTRY_VERIFY(!dialog->commitButton()->isEnabled());
        refuses(dialog->commitButton(), u"192.0.2.1"_s);
    }
    void onALockedMaster()
    {
        open(ProfileKind::Production);
        Guard &guard = m_sample->window->guard();
        refuses(m_page->bar()->commitButton(), guard.lockReason(m_sample->session));
        QVERIFY(guard.unlock(m_sample->session, m_sample->session->profile().name));
        m_page->editor()->addEntries({u"*"_s});
        CommitDialog *dialog = m_page->bar()->openCommit();
        QVERIFY(dialog);
        QVERIFY(dialog->riskText().contains(u"production"_s));
        QVERIFY(dialog->riskText().contains(u"every name"_s));
        guard.lock(m_sample->session);
        const QString reason = guard.lockReason(m_sample->session);
        QVERIFY(!reason.isEmpty());
        refuses(dialog->commitButton(), reason);
        refuses(m_page->bar()->commitButton(), reason);
        QVERIFY(m_sample->blueprint.messages.isEmpty());
    }
    void whileTheMasterIsAway()
    {
        open();
        m_page->editor()->addEntries({u"new.example.org"_s});
        QVERIFY(m_page->bar()->commitButton()->isEnabled());
        m_sample->master.server().stopListening();
        m_sample->master.server().closeConnections();
        QTRY_VERIFY_WITH_TIMEOUT(!m_page->bar()->commitButton()->isEnabled(), 20'000);
        refuses(m_page->bar()->commitButton(), u"not live"_s);
        QVERIFY(m_sample->workspace().isModified()); // the edits stay
    }
    void risksNameWhatIsStillInUse()
    {
        blueprint::Snapshot before;
        before.config.egressAllowlist = {u"github.com"_s, u"old.example.org"_s};
        blueprint::Snapshot after = before;
        after.config.egressAllowlist = {u"old.example.org"_s};
        const EntryUses uses{{u"github.com"_s, {12, sampleNow}}};
        const auto risks = risksOf(before, after, {}, {.profile = u"m"_s, .uses = uses});
        QCOMPARE(risks.size(), 1);
        QVERIFY2(risks.first().text.contains(u"github.com"_s) && risks.first().text.contains(u"12"_s),
                 qPrintable(risks.first().text));
        QVERIFY(risksOf(before, before, {}, {.profile = u"m"_s, .uses = uses}).isEmpty());
    }
};

QTEST_MAIN(TestNoCommit)
#include "a30_nocommit.moc"
