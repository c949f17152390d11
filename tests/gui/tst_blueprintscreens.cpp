// SPDX-License-Identifier: GPL-3.0-or-later
// Renders the Blueprint pages and their dialogs in light and dark, into the folder DANUBE_SCREENSHOTS when that is set;
// checks what a program can: that they are drawn, the same twice, and that every control has a name.
#include "console/app/allowlisteditor.h"
#include "console/app/allowlistpage.h"
#include "console/app/blueprintbar.h"
#include "console/app/commitdialog.h"
#include "console/app/configform.h"
#include "console/app/configpage.h"
#include "console/app/deniedpane.h"
#include "console/app/hosttestpane.h"
#include "console/app/jsontextedit.h"
#include "console/app/mergeview.h"
#include "console/app/policypreviewpane.h"
#include "console/app/wildcarddialog.h"
#include "tests/gui/blueprintsample.h"

#include <QAccessible>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestBlueprintScreens : public QObject
{
    Q_OBJECT
    std::unique_ptr<BlueprintSample> m_sample;

    static void themes()
    {
        QTest::addColumn<ThemeChoice>("theme");
        QTest::newRow("light") << ThemeChoice::Light;
        QTest::newRow("dark") << ThemeChoice::Dark;
    }
    static void take(QWidget &widget, const QString &name)
    {
        QTest::qWait(60); // what is posted is painted
        const QImage picture = widget.grab().toImage();
        QCOMPARE(widget.grab().toImage(), picture);
        QStringList nameless;
        for (QWidget *child : widget.findChildren<QWidget *>()) {
            if (child->focusPolicy() == Qt::NoFocus || !child->isVisibleTo(&widget) || child->focusProxy())
                continue;
            QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(child);
            if (!accessible || accessible->text(QAccessible::Name).isEmpty())
                nameless.append(u"%1 in %2"_s.arg(QLatin1StringView(child->metaObject()->className()),
                                                  QLatin1StringView(child->parentWidget()->metaObject()->className())));
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u", "_s)));
        const QString folder = qEnvironmentVariable("DANUBE_SCREENSHOTS");
        if (!folder.isEmpty())
            QVERIFY(QDir().mkpath(folder) &&
                    picture.save(u"%1/%2-%3.png"_s.arg(folder, name, QString::fromLatin1(QTest::currentDataTag()))));
    }
    template <class Made> Made *open(const QString &id, ProfileKind kind = ProfileKind::Development)
    {
        m_sample = std::make_unique<BlueprintSample>(kind);
        m_sample->theme.choose(QTest::currentDataTag() == QByteArray("dark") ? ThemeChoice::Dark : ThemeChoice::Light);
        m_sample->window->resize(1280, 800);
        Made *page = m_sample->open<Made>(id);
        const bool loaded = QTest::qWaitFor([this] { return !m_sample->session->egress().isLoading(); }, 20'000);
        return loaded ? page : nullptr;
    }

private slots:
    void cleanup() { m_sample.reset(); }

    void allowlist_data() { themes(); }
    void allowlist()
    {
        auto *page = open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        page->editor()->addEntries({u"files.example.org:8443"_s});
        page->editor()->selectRows({4});
        page->hostTest()->hosts()->setPlainText(
            u"packages.example.org\nhttps://files.example.org:8443/x\ncurl: could not resolve host: a.b.cdn.example.com"_s);
        QTRY_COMPARE(page->hostTest()->model().rowCount(), 3);
        take(*m_sample->window, u"allowlist-test"_s);
    }
    void typing_data() { themes(); }
    void typing()
    {
        auto *page = open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        page->editor()->addLine()->setText(u"*.storage.example.org"_s);
        take(*m_sample->window, u"allowlist-typing"_s);
    }
    void preview_data() { themes(); }
    void preview()
    {
        auto *page = open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        page->editor()->addEntries({u"files.example.org"_s});
        page->sideTabs()->setCurrentWidget(page->preview());
        take(*m_sample->window, u"allowlist-preview"_s);
    }
    void denied_data() { themes(); }
    void denied()
    {
        auto *page = open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        page->sideTabs()->setCurrentWidget(page->denied());
        QTRY_COMPARE(page->denied()->model().rowCount(), 4);
        int row = 0;
        while (page->denied()->model().place(row).host != u"files.example.org"_s)
            ++row;
        page->denied()->table()->selectRow(row);
        take(*m_sample->window, u"allowlist-denied"_s);
        page->denied()->addWildcardButton()->click();
        auto *dialog = page->findChild<WildcardDialog *>();
        QVERIFY(dialog);
        QVERIFY2(dialog->reachText().contains(u"one label below example.org"_s), qPrintable(dialog->reachText()));
        take(*dialog, u"allowlist-wildcard"_s);
        dialog->accept();
        QVERIFY(page->editor()->model().entries().contains(u"*.example.org"_s));
    }
    void aListIsJudgedByWhatItsJobsWereRefused()
    {
        m_sample = std::make_unique<BlueprintSample>();
        m_sample->blueprint.move(
            {{u"pipelines/firmware.json"_s, QByteArray(samplePipeline).replace("web-shop", "firmware")}});
        m_sample->blueprint.refusals.append(sampleRefusal("job000009", "toolchain.example.org", 443, 1));
        m_sample->blueprint.refusals.last().pipeline = u"firmware"_s;
        Pipeline pipelines[2];
        pipelines[0].name = u"web-shop"_s;
        pipelines[1].name = u"firmware"_s;
        m_sample->master.setPipelines({pipelines[0], pipelines[1]});
        auto *page = m_sample->open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        const DeniedModel &denied = page->denied()->model();
        QTRY_COMPARE(denied.rowCount(), 5);
        page->showList(u"pipelines/firmware.json"_s);
        QCOMPARE(denied.rowCount(), 1);
        QCOMPARE(denied.place(0).host, u"toolchain.example.org"_s);
        page->editor()->addEntries({u"files.example.org"_s}); // which the web shop's jobs lacked
        QVERIFY2(page->hostTest()->historyText().startsWith(u"0 "_s), qPrintable(page->hostTest()->historyText()));
        page->editor()->addEntries({u"toolchain.example.org"_s});
        QVERIFY2(page->hostTest()->historyText().startsWith(u"1 "_s), qPrintable(page->hostTest()->historyText()));
        page->showList(BlueprintWorkspace::configFile);
        QCOMPARE(denied.rowCount(), 5);
    }
    void config_data() { themes(); }
    void config()
    {
        auto *page = open<ConfigPage>(u"config"_s);
        QVERIFY(page);
        QVERIFY(m_sample->config().setValue(u"/spec/egress_mode"_s, u"all"_s, u"x"_s));
        m_sample->workspace().validateNow();
        take(*m_sample->window, u"config"_s);
        page->text()->setPlainText(u"{\n  \"kind\": \"Config\",\n  \"spec\": \n}\n"_s);
        QVERIFY(!page->form()->disabledText().isEmpty());
        take(*m_sample->window, u"config-broken"_s);
    }
    void pipeline_data() { themes(); }
    void pipeline()
    {
        auto *page = open<ConfigPage>(u"config"_s);
        QVERIFY(page);
        page->showFile(u"pipelines/web-shop.json"_s);
        take(*m_sample->window, u"config-pipeline"_s);
    }
    void commit_data() { themes(); }
    void commit()
    {
        auto *page = open<AllowlistPage>(u"allowlist"_s, ProfileKind::Production);
        QVERIFY(page);
        page->editor()->addEntries({u"*"_s, u"files.example.org"_s});
        QVERIFY(m_sample->config().setValue(u"/spec/retention/logs_days"_s, 14, u"days"_s));
        QVERIFY(m_sample->window->guard().unlock(m_sample->session, m_sample->session->profile().name));
        CommitDialog *dialog = page->bar()->openCommit();
        QVERIFY(dialog);
        take(*dialog, u"commit"_s);
        m_sample->blueprint.move({{u"config.json"_s, QByteArray(sampleConfig).replace("30", "90")}});
        QVERIFY2(dialog->commitButton()->isEnabled(), qPrintable(dialog->commitButton()->toolTip()));
        dialog->commitButton()->click();
        QTRY_VERIFY2(dialog->mergeView()->isVisible(),
                     qPrintable(m_sample->session->blueprint().commitRun().step(CommitRun::Stage::Committed).detail));
        take(*dialog, u"commit-merge"_s);
        m_sample->blueprint.policy = {
            {u"kind"_s, u"cilium"_s},
            {u"policies"_s, QJsonArray{QJsonObject{{u"name"_s, u"danube-egress"_s}, {u"state"_s, u"waiting"_s}}}}};
        dialog->mergeView()->acceptButton()->click();
        dialog->commitButton()->click();
        QTRY_COMPARE(m_sample->session->blueprint().commitRun().step(CommitRun::Stage::Valid).state,
                     CommitRun::Step::State::Running);
        take(*dialog, u"commit-progress"_s);
    }
};

QTEST_MAIN(TestBlueprintScreens)
#include "tst_blueprintscreens.moc"
