// SPDX-License-Identifier: GPL-3.0-or-later
// A36: the palette lists every enabled action and runs it; no two shortcuts collide.
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/pagehost.h"
#include "console/app/palette.h"
#include "console/app/shortcutsview.h"
#include "tests/gui/sample.h"

#include <QLineEdit>
#include <QListView>
#include <QTableView>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class A36 : public QObject
{
    Q_OBJECT
    static QString nameOf(const QAction *action) { return action->text().remove(u'&').remove(u'…'); }
    static QStringList found(Palette *palette, const QString &text)
    {
        palette->line()->setText(text);
        QStringList titles;
        for (int row = 0; row < palette->list()->model()->rowCount(); ++row)
            titles.append(palette->list()->model()->index(row, 0).data().toString());
        return titles;
    }

private slots:
    void listsEveryEnabledActionAndNoOther()
    {
        Sample sample;
        sample.addExamples();
        sample.window->show();
        MasterSession *session = sample.connectWindow().value();
        QTRY_VERIFY(session->isLive());
        QTRY_COMPARE(sample.window->jobsPage()->table()->model()->rowCount(), 3);
        const auto check = [&] {
            sample.window->palette()->open();
            const QStringList titles = found(sample.window->palette(), u">"_s);
            QStringList enabled;
            for (const QAction *action : sample.window->actions().all()) {
                QCOMPARE(titles.count(nameOf(action)) > 0, action->isEnabled());
                enabled.append(action->isEnabled() ? nameOf(action) : QString());
            }
            enabled.removeAll(QString());
            QVERIFY(enabled.size() > 15);
        };
        check();
        sample.window->jobsPage()->table()->selectRow(0);
        check();
        sample.window->openJob(*session, JobId(u"job000002"_s)); // log actions can be done now
        QVERIFY(sample.window->actions().action("log.find"_L1)->isEnabled());
        check();
    }
    void runsWhatIsChosen()
    {
        Sample sample;
        sample.window->show();
        Palette *palette = sample.window->palette();
        for (QAction *action : sample.window->actions().all()) {
            if (!action->isEnabled())
                continue;
            // Without what it really does: some of it would end the program.
            action->disconnect();
            bool ran = false;
            connect(action, &QAction::triggered, this, [&ran] { ran = true; });
            palette->open(u">"_s + nameOf(action));
            int row = 0;
            const QAbstractItemModel *model = palette->list()->model();
            while (row < model->rowCount() && model->index(row, 0).data().toString() != nameOf(action))
                ++row;
            QVERIFY2(row < model->rowCount(), qPrintable(action->objectName()));
            palette->list()->setCurrentIndex(model->index(row, 0));
            QTest::keyClick(palette->line(), Qt::Key_Return);
            QVERIFY2(ran, qPrintable(action->objectName()));
            QVERIFY(!palette->isVisible());
        }
    }
    void ctrlKOpensItAndEscapeGoesBack()
    {
        Sample sample;
        sample.window->show();
        sample.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(sample.window.get()));
        QWidget *before = sample.window->focusWidget();
        QTest::keyClick(sample.window.get(), Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(sample.window->palette()->isVisible());
        QVERIFY(sample.window->palette()->line()->hasFocus());
        QTest::keyClick(sample.window->palette()->line(), Qt::Key_Escape);
        QVERIFY(!sample.window->palette()->isVisible());
        QCOMPARE(sample.window->focusWidget(), before);
    }
    void prefixesFindJobsProfilesAndLines()
    {
        Sample sample;
        sample.addExamples();
        sample.window->show();
        MasterSession *session = sample.connectWindow().value();
        QTRY_COMPARE(sample.window->jobsPage()->table()->model()->rowCount(), 3);
        Palette *palette = sample.window->palette();
        palette->open();
        QCOMPARE(found(palette, u"#2"_s), QStringList{u"#2 failing"_s});
        QCOMPARE(found(palette, u"@build"_s), QStringList{u"build-master"_s});
        QCOMPARE(found(palette, u":7"_s), QStringList()); // no log is open
        found(palette, u"#2"_s);
        QTest::keyClick(palette->line(), Qt::Key_Return);
        QVERIFY(sample.window->jobPage());
        QTRY_COMPARE(sample.window->logPane()->view()->follow(), LogView::Follow::Ended);
        QCOMPARE(sample.window->jobPage()->job().id, JobId(u"job000002"_s));
        palette->open(u":3"_s);
        QCOMPARE(palette->list()->model()->rowCount(), 1);
        QTest::keyClick(palette->line(), Qt::Key_Return);
        QVERIFY(!palette->isVisible());
        Q_UNUSED(session)
    }
    void noTwoShortcutsCollide()
    {
        Sample sample;
        QHash<QKeySequence, QString> owners;
        for (const QAction *action : sample.window->actions().all()) {
            for (const QKeySequence &keys : action->shortcuts()) {
                QVERIFY(!keys.isEmpty());
                QVERIFY2(!owners.contains(keys),
                         qPrintable(u"%1: %2 and %3"_s.arg(keys.toString(), owners.value(keys), action->objectName())));
                owners.insert(keys, action->objectName());
            }
        }
        QVERIFY(owners.size() > 20);
    }
    void othersMayBeChosenButNotTwice()
    {
        Sample sample;
        ShortcutsView view(const_cast<ActionRegistry &>(sample.window->actions()), sample.settings);
        const auto select = [&](QLatin1StringView id) {
            for (int row = 0; row < view.table()->model()->rowCount(); ++row) {
                if (view.table()->model()->index(row, ShortcutsModel::ActionColumn).data().toString() ==
                    nameOf(sample.window->actions().action(id)))
                    view.table()->selectRow(row);
            }
        };
        QCOMPARE(view.table()->model()->rowCount(), sample.window->actions().all().size());
        select("app.palette"_L1);
        view.change({QKeySequence(u"Ctrl+Alt+P"_s)});
        QCOMPARE(sample.window->actions().action("app.palette"_L1)->shortcut(), QKeySequence(u"Ctrl+Alt+P"_s));
        QVERIFY(sample.window->actions().action("app.palette"_L1)->toolTip().contains(u"Ctrl+Alt+P"_s));
        view.change({QKeySequence(u"Ctrl+Q"_s)}); // belongs to Quit
        QCOMPARE(sample.window->actions().action("app.palette"_L1)->shortcut(), QKeySequence(u"Ctrl+Alt+P"_s));
        sample.restart();
        QCOMPARE(sample.window->actions().action("app.palette"_L1)->shortcut(), QKeySequence(u"Ctrl+Alt+P"_s));
        QCOMPARE(sample.window->actions().action("app.quit"_L1)->shortcut(), QKeySequence(u"Ctrl+Q"_s));
    }
    void keysThatWereSwappedOutliveARestart()
    {
        Sample sample;
        auto &actions = const_cast<ActionRegistry &>(sample.window->actions());
        const QList<QKeySequence> paletteKeys{QKeySequence(u"Ctrl+K"_s)};
        const QList<QKeySequence> quitKeys{QKeySequence(u"Ctrl+Q"_s)};
        QVERIFY(actions.setKeys(*actions.action("app.palette"_L1), {}));
        QVERIFY(actions.setKeys(*actions.action("app.quit"_L1), paletteKeys));
        QVERIFY(actions.setKeys(*actions.action("app.palette"_L1), quitKeys));
        actions.storeKeys(sample.settings);
        sample.restart();
        QCOMPARE(sample.window->actions().action("app.palette"_L1)->shortcuts(), quitKeys);
        QCOMPARE(sample.window->actions().action("app.quit"_L1)->shortcuts(), paletteKeys);
    }
};

QTEST_MAIN(A36)
#include "a36_palette.moc"
