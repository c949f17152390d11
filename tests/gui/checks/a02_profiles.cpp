// SPDX-License-Identifier: GPL-3.0-or-later
// A2: three profiles outlive a restart, with kind and colour; no token is ever written.
#include "console/app/connectdialog.h"
#include "console/app/kinddelegate.h"
#include "console/app/masterslist.h"
#include "console/app/profiledialog.h"
#include "tests/gui/sample.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class A2 : public QObject
{
    Q_OBJECT
    // As people do it: by the form.
    static void addProfile(Sample &sample, const QString &name, const QString &url, ProfileKind kind)
    {
        sample.window->actions().action("masters.add"_L1)->trigger();
        auto *dialog = sample.window->findChild<ProfileDialog *>();
        QVERIFY(dialog);
        dialog->findChild<QLineEdit *>(u"url"_s)->setText(url);
        dialog->findChild<QLineEdit *>(u"name"_s)->setText(name);
        dialog->findChild<QComboBox *>(u"kind"_s)->setCurrentIndex(int(kind));
        emit dialog->saveWanted(false);
        QVERIFY(!dialog->isVisible());
        delete dialog;
    }

private slots:
    void threeProfilesOutliveARestart()
    {
        Sample sample;
        sample.master.requireToken("very-secret-token");
        addProfile(sample, u"local"_s, sample.master.url().toString(), ProfileKind::Development);
        addProfile(sample, u"stage"_s, u"https://stage.example.org"_s, ProfileKind::Staging);
        addProfile(sample, u"live"_s, u"https://live.example.org"_s, ProfileKind::Production);
        const auto session = sample.window->connectTo(
            {u"local"_s, sample.master.url().toString(), ProfileKind::Development}, Secret("very-secret-token"));
        QTRY_VERIFY((*session)->isLive());
        QTRY_COMPARE((*session)->version(), u"0.1.0"_s);
        sample.restart();

        const ProfileModel &profiles = sample.window->profiles();
        QCOMPARE(profiles.rowCount(), 3);
        QMap<QString, QString> kinds;
        for (int row = 0; row < 3; ++row)
            kinds.insert(profiles.index(row, ProfileModel::NameColumn).data().toString(),
                         profiles.index(row, ProfileModel::KindColumn).data().toString());
        QCOMPARE(kinds, (QMap<QString, QString>{
                            {u"live"_s, u"Production"_s}, {u"local"_s, u"Development"_s}, {u"stage"_s, u"Staging"_s}}));
        QCOMPARE(profiles.index(0, ProfileModel::VersionColumn).data().toString(), u"0.1.0"_s); // the one used last
        const QByteArray written = sample.written();
        QVERIFY(written.contains("live.example.org"));
        QVERIFY(!written.contains("very-secret"));
        QVERIFY(!written.contains(QByteArray("very-secret-token").toBase64()));
    }
    void kindsHaveColoursOfTheirOwn()
    {
        for (const ThemeColors *colors : {&lightColors(), &darkColors()}) {
            QSet<QRgb> seen;
            for (const ProfileKind kind : {ProfileKind::Development, ProfileKind::Staging, ProfileKind::Production})
                seen.insert(kindColor(*colors, kind).rgb());
            QCOMPARE(seen.size(), 3);
        }
        Sample sample;
        QVERIFY(
            sample.window->profiles().save({}, {u"live"_s, u"https://live.example.org"_s, ProfileKind::Production}));
        sample.window->show();
        QTableView *table = sample.window->findChild<MastersList *>()->table();
        QVERIFY(table->isVisible());
        table->clearSelection();
        const QImage picture = table
                                   ->grab(table->visualRect(table->model()->index(0, ProfileModel::KindColumn))
                                              .translated(table->viewport()->pos()))
                                   .toImage();
        bool found = false;
        for (int y = 0; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x)
                found = found || picture.pixelColor(x, y) == sample.theme.colors().production;
        }
        QVERIFY(found);
    }
    // As danube-console --url does.
    void aKnownAddressKeepsItsNameAndKind()
    {
        Sample sample;
        const QString url = sample.master.url().toString();
        QVERIFY(sample.window->profiles().save({}, {u"live"_s, url, ProfileKind::Production}));
        MasterSession *session = sample.window->connectTo(url, Secret("token")).value();
        QVERIFY(sample.window->guard().isLocked(session));
        QCOMPARE(sample.window->profiles().find(url)->name, u"live"_s);
        QCOMPARE(sample.window->profiles().find(url)->kind, ProfileKind::Production);
        sample.window->masters().disconnectFrom(session);
        sample.window->profiles().remove(url);
        QCOMPARE(sample.window->connectTo(url, Secret("token")).value()->profile().name, u"127.0.0.1"_s);
    }
    void aTypedAddressBringsItsNameAndKind()
    {
        Sample sample;
        ProfileModel &profiles = sample.window->profiles();
        QVERIFY(profiles.save({}, {u"local"_s, u"http://127.0.0.1:8080"_s, ProfileKind::Development}));
        QVERIFY(profiles.save({}, {u"live"_s, u"https://live.example.org"_s, ProfileKind::Production}));
        sample.window->askForMaster();
        const auto *dialog = sample.window->findChild<ConnectDialog *>();
        QVERIFY(dialog);
        auto *address = dialog->findChild<QComboBox *>(u"url"_s);
        address->setEditText(u" https://live.example.org "_s);
        QCOMPARE(dialog->profile().kind, ProfileKind::Production);
        QCOMPARE(dialog->profile().name, u"live"_s);
        address->setEditText(u"https://live.example.organic"_s); // who types goes through the known one
        QCOMPARE(dialog->profile().kind, ProfileKind::Development);
        QCOMPARE(dialog->profile().name, u"live.example.organic"_s);
        dialog->findChild<QLineEdit *>(u"name"_s)->setText(u"garden"_s);
        address->setEditText(u"https://live.example.organisation"_s);
        QCOMPARE(dialog->profile().name, u"garden"_s);
    }
    void anotherKindOfAConnectedMasterIsTold()
    {
        Sample sample;
        const MasterSession *session = sample.connectWindow().value();
        QSignalSpy told(&sample.window->mastersActions(), &MastersActions::told);
        const auto save = [&](ProfileKind kind) {
            sample.window->mastersActions().trigger(u"masters.edit"_s, {session->profile().url});
            auto *dialog = sample.window->findChild<ProfileDialog *>();
            dialog->findChild<QComboBox *>(u"kind"_s)->setCurrentIndex(int(kind));
            emit dialog->saveWanted(false);
            delete dialog;
        };
        save(ProfileKind::Development);
        QCOMPARE(told.size(), 0);
        save(ProfileKind::Production);
        QCOMPARE(told.size(), 1);
        QVERIFY(told[0][0].toString().contains(u"is connected as Development"_s));
    }
    void exportedProfilesHoldNoTokenAndComeBack()
    {
        const QList<Profile> profiles{{u"one"_s, u"https://one.example.org"_s, ProfileKind::Staging,
                                       u"https://dex.example.org"_s, u"console"_s, u"1.2"_s, WallTime(seconds(5))}};
        const auto back = profilesFromJson(profilesToJson(profiles));
        QVERIFY(back);
        Profile expected = profiles.front();
        expected.version.clear();
        expected.lastSeen = {};
        QCOMPARE(*back, QList<Profile>{expected});
        QVERIFY(!profilesFromJson("{}"));
        QVERIFY(!profilesFromJson("{\"danube_profiles\":1,\"profiles\":[{\"name\":\"x\"}]}"));
    }
    void importedProfilesAreShownAtOnce()
    {
        Sample sample;
        ProfileModel &model = sample.window->profiles();
        QVERIFY(model.save({}, {u"one"_s, u"https://one.example.org"_s}));
        const QAbstractItemModelTester tester(&model);
        const QSignalSpy reset(&model, &ProfileModel::modelReset);
        QCOMPARE(model.import({{u"again"_s, u"https://one.example.org"_s},
                               {u"two"_s, u"https://two.example.org"_s},
                               {u"three"_s, u"https://three.example.org"_s},
                               {u"twice"_s, u"https://two.example.org"_s}}),
                 2);
        QCOMPARE(reset.size(), 1);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.find(u"https://two.example.org"_s)->name, u"two"_s);
    }
    void whatHasNoRoomIsNotTakenSilently()
    {
        Sample sample;
        ProfileModel &model = sample.window->profiles();
        QList<Profile> many;
        for (int i = 1; i < mostProfiles; ++i)
            many.append({u"p%1"_s.arg(i), u"https://p%1.example.org"_s.arg(i)});
        QCOMPARE(model.import(many), mostProfiles - 1);
        QCOMPARE(model.import({{u"last"_s, u"https://last.example.org"_s}, {u"none"_s, u"https://none.example.org"_s}}),
                 1);
        const auto saved = model.save({}, {u"one more"_s, u"https://more.example.org"_s});
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::ResourceExhausted);
        QVERIFY(model.save(u"https://p1.example.org"_s, {u"renamed"_s, u"https://p1.example.org"_s}));
        QCOMPARE(model.rowCount(), int(mostProfiles));
        QFile file(sample.folder.filePath(u"profiles.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) &&
                file.write(profilesToJson(
                    {{u"p2"_s, u"https://p2.example.org/"_s}, {u"none"_s, u"https://none.example.org"_s}})));
        file.close();
        const QSignalSpy told(&sample.window->mastersActions(), &MastersActions::told);
        sample.window->mastersActions().trigger(u"masters.import"_s, {});
        emit sample.window->findChild<QFileDialog *>()->fileSelected(file.fileName());
        QCOMPARE(told.size(), 1);
        QCOMPARE(told[0][0].toString(), u"0 of 2 profiles imported; there is no room for 1 more."_s);
    }
    void oneMasterIsOneProfileHoweverItIsSpelled()
    {
        Sample sample;
        ProfileModel &model = sample.window->profiles();
        const QString url = sample.master.url().toString();
        QVERIFY(model.save({}, {u"old"_s, url + u'/'})); // as it was kept once
        const auto again = model.save({}, {u"again"_s, url});
        QVERIFY(!again && again.error().code == ErrorCode::AlreadyExists);
        QVERIFY(model.save(url + u'/', {u"renamed"_s, url + u'/'}));
        QCOMPARE(model.import({{u"imported"_s, url}, {u"new"_s, u"https://new.example.org/"_s}}), 1);
        QCOMPARE(model.profiles().last().url, u"https://new.example.org"_s);
        sample.window->mastersActions().askForMaster();
        auto *dialog = sample.window->findChild<ConnectDialog *>();
        dialog->findChild<QComboBox *>(u"url"_s)->setEditText(url);
        QCOMPARE(dialog->profile().name, u"renamed"_s);
        emit dialog->connectRequested();
        QCOMPARE(model.rowCount(), 2);
        MasterSession *session = sample.window->masters().find(url);
        QVERIFY(session);
        QCOMPARE(session->profile().url, url + u'/'); // as keychain and cache have it
    }
};

QTEST_MAIN(A2)
#include "a02_profiles.moc"
