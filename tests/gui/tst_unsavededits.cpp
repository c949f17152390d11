// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of a Blueprint are shared by the pages of its master: none is lost without a question, and a page that discards
// them does.
#include "console/app/allowlisteditor.h"
#include "console/app/allowlistpage.h"
#include "console/app/configpage.h"
#include "console/app/preferencespage.h"
#include "console/app/secretspage.h"
#include "tests/gui/blueprintsample.h"

#include <QMessageBox>
#include <QPushButton>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestUnsavedEdits : public QObject
{
    Q_OBJECT
    std::unique_ptr<BlueprintSample> m_sample;
    MainWindow &window() { return *m_sample->window; }

    void editPipeline()
    {
        BlueprintDocument *pipeline = m_sample->workspace().document(u"pipelines/web-shop.json"_s);
        QVERIFY(pipeline->setValue(u"/spec/max_duration_seconds"_s, 60, u"shorter"_s));
    }
    QMessageBox *question()
    {
        const auto shown = [this]() -> QMessageBox * {
            for (QMessageBox *box : window().findChildren<QMessageBox *>()) {
                if (box->isVisible())
                    return box;
            }
            return nullptr;
        };
        return QTest::qWaitFor([&] { return shown() != nullptr; }) ? shown() : nullptr;
    }
    static void press(const QMessageBox *box, QMessageBox::ButtonRole role)
    {
        for (QAbstractButton *button : box->buttons()) {
            if (box->buttonRole(button) == role)
                return button->click();
        }
    }

private slots:
    void init()
    {
        m_sample = std::make_unique<BlueprintSample>();
        QVERIFY(m_sample->open<AllowlistPage>(u"allowlist"_s));
    }
    void cleanup() { m_sample.reset(); }

    void everyPageTellsOfEveryFile()
    {
        const QList<Page *> pages{m_sample->open<AllowlistPage>(u"allowlist"_s),
                                  m_sample->open<ConfigPage>(u"config"_s), m_sample->open<SecretsPage>(u"secrets"_s)};
        QCOMPARE(window().tabs()->unsaved(), QStringList());
        editPipeline();
        for (const Page *page : pages) {
            QCOMPARE(page->unsaved(), u"edits of pipelines/web-shop.json"_s);
            const QString tab = window().tabs()->tabText(window().tabs()->indexOf(page));
            QVERIFY2(tab.endsWith(u'*'), qPrintable(tab));
        }
        const QStringList once{u"Allowlist, Config, Secrets: edits of pipelines/web-shop.json"_s};
        QCOMPARE(window().tabs()->unsaved(), once);
        QCOMPARE(window().tabs()->unsaved({m_sample->session}), once);
        QCOMPARE(window().tabs()->unsaved(QList<MasterSession *>()), QStringList());
        m_sample->workspace().markCommitted(u"0123456789abcdef0123456789abcdef01234567"_s,
                                            m_sample->workspace().changedFiles());
        for (const Page *page : pages)
            QVERIFY(!window().tabs()->tabText(window().tabs()->indexOf(page)).endsWith(u'*'));
    }
    void undoCanBeDoneAtOnce()
    {
        m_sample->open<AllowlistPage>(u"allowlist"_s)->editor()->addEntries({u"new.example.org"_s});
        QAction *undo = window().actions().action("edit.undo"_L1);
        QVERIFY(undo->isEnabled()); // not only when findings follow
        undo->trigger();
        QVERIFY(!undo->isEnabled());
        QVERIFY(!window().tabs()->tabText(1).endsWith(u'*'));
    }
    void discardingLosesThem()
    {
        editPipeline();
        m_sample->open<AllowlistPage>(u"allowlist"_s)->editor()->addEntries({u"new.example.org"_s});
        window().tabs()->requestClose(1);
        press(question(), QMessageBox::RejectRole);
        QVERIFY(m_sample->workspace().isModified());
        window().tabs()->requestClose(1);
        press(question(), QMessageBox::DestructiveRole);
        QCOMPARE(window().tabs()->count(), 1);
        QVERIFY(!m_sample->workspace().isModified());
        const auto *again = m_sample->open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(!again->editor()->model().entries().contains(u"new.example.org"_s));
    }
    void disconnectingAsks()
    {
        editPipeline();
        window().actions().action("app.disconnect"_L1)->trigger();
        QMessageBox *box = question();
        QVERIFY(box);
        QVERIFY2(box->informativeText().contains(u"Allowlist: edits of pipelines/web-shop.json"_s),
                 qPrintable(box->informativeText()));
        press(box, QMessageBox::RejectRole);
        QVERIFY(m_sample->workspace().isModified());
        window().actions().action("app.disconnect"_L1)->trigger();
        press(question(), QMessageBox::DestructiveRole);
        QVERIFY(window().masters().isEmpty());
    }
    void removingAndSigningOutSayWhatGoes()
    {
        window().mastersActions().trigger(u"masters.remove"_s, {m_sample->session->profile().url});
        QCOMPARE(question()->informativeText(), QString());
        press(question(), QMessageBox::RejectRole);
        editPipeline();
        window().mastersActions().trigger(u"masters.remove"_s, {m_sample->session->profile().url});
        QVERIFY(question()->informativeText().contains(u"Allowlist: edits of"_s));
        press(question(), QMessageBox::RejectRole);
        m_sample->open<PreferencesPage>(u"preferences"_s)->findChild<QPushButton *>(u"signOut"_s)->click();
        QVERIFY(question()->informativeText().contains(u"Allowlist: edits of"_s));
        press(question(), QMessageBox::DestructiveRole);
        QVERIFY(window().masters().isEmpty());
    }
};

QTEST_MAIN(TestUnsavedEdits)
#include "tst_unsavededits.moc"
