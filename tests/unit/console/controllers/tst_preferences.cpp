// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/preferences.h"
#include "console/controllers/savedviews.h"

#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestPreferences : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path() const { return m_folder.filePath(u"%1.ini"_s.arg(QLatin1StringView(QTest::currentTestFunction()))); }

private slots:
    void comeBackAsTheyWere()
    {
        Preferences preferences;
        preferences.reconnectAtStart = true;
        preferences.userName = u"alice"_s;
        preferences.theme = u"contrast"_s;
        preferences.cacheLimit = 512_MiB;
        preferences.notifications = {.myJobs = false, .failures = true, .quiet = true, .quietFrom = QTime(1, 2)};
        preferences.proxy = Preferences::Proxy::Manual;
        preferences.proxyHost = u"proxy.example.org"_s;
        preferences.caFile = u"/etc/ca.pem"_s;
        preferences.requestTimeout = seconds(7);
        preferences.language = u"de"_s;
        {
            QSettings settings(path(), QSettings::IniFormat);
            preferences.store(settings);
        }
        // A copy, as another process would read it: of the same path QSettings still knows what was set, not what was
        // written.
        const QString copy = m_folder.filePath(u"copy.ini"_s);
        QVERIFY(QFile::copy(path(), copy));
        const QSettings settings(copy, QSettings::IniFormat);
        QVERIFY(Preferences::load(settings) == preferences);
    }
    void nonsenseBecomesSomethingUsable()
    {
        QSettings settings(path(), QSettings::IniFormat);
        settings.setValue("network/heartbeat", -5);
        settings.setValue("network/proxy", 99);
        settings.setValue("log/cacheMiB", 0);
        const Preferences preferences = Preferences::load(settings);
        QCOMPARE(preferences.heartbeat, seconds(1));
        QVERIFY(preferences.proxy == Preferences::Proxy::Manual);
        QVERIFY(toInt(preferences.cacheLimit) >= 64LL * 1024 * 1024);
    }
    void aMissingCaFileIsSaid()
    {
        Preferences preferences;
        preferences.caFile = m_folder.filePath(u"none.pem"_s);
        const auto applied = applyNetwork(preferences);
        QVERIFY(!applied);
        QCOMPARE(applied.error().code, ErrorCode::NotFound);
        QVERIFY(applyNetwork({}));
    }
    void savedViewsKeepTheirOrderAndComeBack()
    {
        QSettings settings(path(), QSettings::IniFormat);
        SavedViews views(settings);
        const qsizetype builtIn = views.all().size();
        QSignalSpy changes(&views, &SavedViews::changed);
        QVERIFY(views.save(u"Nightly"_s, u"pipeline:nightly"_s));
        QVERIFY(views.save(u"Of Alice"_s, u"trigger:alice"_s));
        QVERIFY(!views.save(views.all().front().name, u"x"_s)); // built in
        QVERIFY(!views.save(u"  "_s, u"x"_s));
        const SavedView removed = views.all()[builtIn];
        const qsizetype index = views.remove(u"Nightly"_s);
        QCOMPARE(index, 0);
        QCOMPARE(views.remove(u"Nightly"_s), -1);
        views.insert(index, removed);
        QCOMPARE(changes.size(), 4);
        const SavedViews again(settings);
        QCOMPARE(again.all(), views.all());
        QCOMPARE(again.all()[builtIn].name, u"Nightly"_s);
    }
    void aViewCanBeChangedWhenThereIsNoRoomForAnother()
    {
        QSettings settings(path(), QSettings::IniFormat);
        SavedViews views(settings);
        for (int i = 0; i < SavedViews::mostViews; ++i)
            QVERIFY(views.save(u"v%1"_s.arg(i), u"state:failed"_s));
        const auto refused = views.save(u"one more"_s, u"state:failed"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::ResourceExhausted); // and not that its name is taken
        QVERIFY2(refused.error().message.contains(u"200 views"_s), qPrintable(refused.error().message));
        QVERIFY(views.save(u"v0"_s, u"state:running"_s));
        QVERIFY(views.all().contains(SavedView{u"v0"_s, u"state:running"_s}));
    }
};

QTEST_GUILESS_MAIN(TestPreferences)
#include "tst_preferences.moc"
