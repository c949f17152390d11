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
    void namesKinds()
    {
        QCOMPARE(kindShort(ProfileKind::Production), u"PROD"_s);
        QCOMPARE(kindWord(ProfileKind::Staging), u"Staging"_s);
    }
};

QTEST_APPLESS_MAIN(TestProfile)
#include "tst_profile.moc"
