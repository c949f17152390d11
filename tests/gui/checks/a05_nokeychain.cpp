// SPDX-License-Identifier: GPL-3.0-or-later
// A5: no keychain on this desktop: signing in works, the status bar says "not remembered", nothing is on disk.
#include "console/app/mastersactions.h"
#include "console/controllers/keychain.h"
#include "tests/gui/sample.h"
#include "tests/support/fakedex.h"

#include <QLabel>
#include <QStatusBar>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class A5 : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    Keychain m_keychain; // the real one, on a desktop that has none

    static bool statusSays(const MainWindow &window, const QString &text)
    {
        const QList<QLabel *> labels = window.statusBar()->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) { return label->text() == text; });
    }

private slots:
    void initTestCase()
    {
        // No session bus to be found, so no Secret Service and no KWallet.
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qputenv("XDG_RUNTIME_DIR", m_folder.path().toUtf8());
    }
    void signsInWithoutRemembering()
    {
        Sample sample({.tokens = &m_keychain});
        sample.addExamples();
        sample.master.requireToken("very-secret-token");
        const Profile profile{u"live"_s, sample.master.url().toString(), ProfileKind::Staging};
        const auto session = sample.window->mastersActions().connectWith(profile, Secret("very-secret-token"),
                                                                         Credentials::Keep::InKeychain);
        QVERIFY(session);
        QTRY_VERIFY((*session)->isLive());
        QTRY_VERIFY(statusSays(*sample.window, u"Token not remembered"_s));
        QVERIFY(!sample.window->credentials().memoryReason().isEmpty());
        bool told = false;
        ActivityModel *activity = sample.window->masters().activity();
        for (int row = 0; row < activity->rowCount(); ++row)
            told = told || activity->toText(row).contains(u"not remembered"_s);
        QVERIFY(told);
        sample.window->close();
        QVERIFY(!sample.written().contains("very-secret"));
        sample.restart();
        QVERIFY(sample.window->masters().isEmpty());
    }
};

QTEST_MAIN(A5)
#include "a05_nokeychain.moc"
