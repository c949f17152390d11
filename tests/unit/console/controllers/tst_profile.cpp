// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/profile.h"

#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace danube::console;
using namespace Qt::StringLiterals;

class TestProfile : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

private slots:
    void remembersInOrderOfUse()
    {
        const QString path = m_folder.filePath(u"s.ini"_s);
        const Profile first{u"one"_s, u"http://one"_s, ProfileKind::Production};
        const Profile second{u"two"_s, u"http://two"_s, ProfileKind::Staging};
        {
            QSettings settings(path, QSettings::IniFormat);
            ProfileStore store(settings);
            store.remember(first);
            store.remember(second);
            store.remember({u"one again"_s, u"http://one"_s, ProfileKind::Production});
        }
        QSettings settings(path, QSettings::IniFormat);
        ProfileStore store(settings);
        QCOMPARE(store.load(), (QList<Profile>{{u"one again"_s, u"http://one"_s, ProfileKind::Production}, second}));
        store.forget(u"http://one"_s);
        QCOMPARE(store.load(), QList<Profile>{second});
    }
    void oneAddressHasOneSpelling_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("address");
        QTest::newRow("slash") << u"https://ci.example.org/"_s << u"https://ci.example.org"_s;
        QTest::newRow("no scheme") << u" ci.example.org:8080 "_s << u"http://ci.example.org:8080"_s;
        QTest::newRow("capitals") << u"HTTPS://CI.Example.org"_s << u"https://ci.example.org"_s;
        QTest::newRow("usual port") << u"https://ci.example.org:443"_s << u"https://ci.example.org"_s;
        QTest::newRow("path") << u"https://example.org/CI//"_s << u"https://example.org/CI"_s;
        QTest::newRow("none") << u"ftp://ci.example.org/"_s << u"ftp://ci.example.org/"_s;
    }
    void oneAddressHasOneSpelling()
    {
        QFETCH(const QString, typed);
        QFETCH(const QString, address);
        QCOMPARE(masterAddress(typed), address);
        QCOMPARE(masterAddress(address), address);
        QVERIFY(isSameMaster(typed, address));
        QVERIFY(!isSameMaster(typed, u"https://other.example.org"_s));
    }
    void namesKinds()
    {
        QCOMPARE(kindShort(ProfileKind::Production), u"PROD"_s);
        QCOMPARE(kindWord(ProfileKind::Staging), u"Staging"_s);
    }
};

QTEST_APPLESS_MAIN(TestProfile)
#include "tst_profile.moc"
