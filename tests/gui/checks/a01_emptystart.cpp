// SPDX-License-Identifier: GPL-3.0-or-later
// A1: start with empty settings: a welcome at once, no warning, the focus on "Add master".
#include "console/app/jobstab.h"
#include "console/app/masterslist.h"
#include "tests/gui/sample.h"

#include <QDialog>

#include <QToolButton>

#include <ctime>

using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

QStringList g_messages;

void keepMessage(QtMsgType type, const QMessageLogContext &, const QString &text)
{
    // What the offscreen platform itself cannot do is no complaint about us.
    const bool platform = text.contains("propagateSizeHints"_L1);
    if (type != QtDebugMsg && type != QtInfoMsg && !platform)
        g_messages.append(text);
}

} // namespace

class A1 : public QObject
{
    Q_OBJECT
private slots:
    void welcomesWithTheFocusOnAddMaster()
    {
        qInstallMessageHandler(keepMessage);
        const std::clock_t before = std::clock(); // of this process: the machine may be busy with others
        Sample sample;
        sample.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(sample.window.get()));
        const double used = double(std::clock() - before) / CLOCKS_PER_SEC;
        sample.window->activateWindow();
        auto *list = sample.window->findChild<MastersList *>();
        QTRY_VERIFY(list && list->isVisible());
        const auto *focus = qobject_cast<QToolButton *>(sample.window->focusWidget());
        QVERIFY(focus && focus->defaultAction());
        QCOMPARE(focus->defaultAction()->objectName(), u"masters.add"_s);
        QVERIFY(focus->defaultAction()->isEnabled());
        qInstallMessageHandler(nullptr);
        QCOMPARE(g_messages, QStringList());
        QVERIFY2(used < 1.5, qPrintable(u"%1 s"_s.arg(used)));
    }
    void addMasterOpensTheForm()
    {
        Sample sample;
        sample.window->show();
        sample.window->actions().action("masters.add"_L1)->trigger();
        QVERIFY(sample.window->findChild<QDialog *>());
    }
};

QTEST_MAIN(A1)
#include "a01_emptystart.moc"
