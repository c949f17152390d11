// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/consolestyle.h"
#include "console/app/traynotifier.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

using namespace danube::console;

class TestTrayNotifier : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { installLook(); }

    void showsTheIconOfTheProgram()
    {
        const TrayNotifier notifier;
        const auto *icon = notifier.findChild<QSystemTrayIcon *>();
        QVERIFY(icon);
        const QSize size(22, 22);
        QCOMPARE(icon->icon().pixmap(size).toImage(), QApplication::windowIcon().pixmap(size).toImage());
    }
    void opensTheWindowByAClickOnly()
    {
        const TrayNotifier notifier;
        auto *icon = notifier.findChild<QSystemTrayIcon *>();
        QVERIFY(icon);
        QSignalSpy activated(&notifier, &Notifier::activated);
        for (const auto reason : {QSystemTrayIcon::Context, QSystemTrayIcon::MiddleClick, QSystemTrayIcon::Unknown})
            emit icon->activated(reason);
        QCOMPARE(activated.size(), 0);
        emit icon->activated(QSystemTrayIcon::Trigger);
        QCOMPARE(activated.size(), 1);
    }
};

QTEST_MAIN(TestTrayNotifier)
#include "tst_traynotifier.moc"
