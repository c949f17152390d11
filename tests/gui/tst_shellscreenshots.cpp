// SPDX-License-Identifier: GPL-3.0-or-later
// Renders the window's own pages and dialogs, in light, dark and high contrast, into DANUBE_SCREENSHOTS when that is
// set; checks that each is drawn, is the same twice, and fits.
#include "console/app/connectiontestdialog.h"
#include "console/app/jobspage.h"
#include "console/app/pagehost.h"
#include "console/app/palette.h"
#include "console/app/profiledialog.h"
#include "console/app/signindialog.h"
#include "console/app/unlockdialog.h"
#include "tests/gui/sample.h"
#include "tests/support/fakedex.h"

#include <QDir>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTableView>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestShellScreenshots : public QObject
{
    Q_OBJECT
    static void themes()
    {
        QTest::addColumn<ThemeChoice>("theme");
        QTest::newRow("light") << ThemeChoice::Light;
        QTest::newRow("dark") << ThemeChoice::Dark;
        QTest::newRow("contrast") << ThemeChoice::Contrast;
    }
    static void take(QWidget &widget, const QString &name)
    {
        QTest::qWait(60); // what is posted is painted
        const QImage picture = widget.grab().toImage();
        QCOMPARE(widget.grab().toImage(), picture);
        for (const QLabel *label : widget.findChildren<QLabel *>()) {
            if (label->isVisible() && !label->wordWrap() && !label->text().isEmpty())
                QVERIFY2(label->width() >= label->minimumSizeHint().width(), qPrintable(label->text()));
        }
        for (const QAbstractButton *button : widget.findChildren<QPushButton *>()) {
            if (button->isVisible())
                QVERIFY2(button->width() >= button->minimumSizeHint().width(), qPrintable(button->text()));
        }
        const QString folder = qEnvironmentVariable("DANUBE_SCREENSHOTS");
        if (!folder.isEmpty())
            QVERIFY(QDir().mkpath(folder) &&
                    picture.save(u"%1/%2-%3.png"_s.arg(folder, name, QString::fromLatin1(QTest::currentDataTag()))));
    }
    static std::unique_ptr<Sample> open(ThemeChoice theme)
    {
        auto sample = std::make_unique<Sample>();
        Preferences preferences = sample->window->preferences().value();
        preferences.theme = toText(theme);
        sample->window->preferences().set(preferences);
        sample->window->resize(1180, 760);
        sample->window->show();
        return sample;
    }
    static void addProfiles(Sample &sample)
    {
        for (const Profile &profile :
             {Profile{
                  u"workshop"_s, u"http://127.0.0.1:8080"_s, ProfileKind::Development, {}, {}, u"0.1.0"_s, sampleNow},
              Profile{u"rehearsal"_s,
                      u"https://danube.stage.example.org"_s,
                      ProfileKind::Staging,
                      u"https://dex.stage.example.org"_s,
                      {},
                      u"0.1.0"_s,
                      sampleNow - std::chrono::hours(30)},
              Profile{u"factory"_s, u"https://danube.example.org"_s, ProfileKind::Production,
                      u"https://dex.example.org"_s}})
            QVERIFY(sample.window->profiles().save({}, profile));
    }

private slots:
    void startsEmpty_data() { themes(); }
    void startsEmpty()
    {
        QFETCH(ThemeChoice, theme);
        take(*open(theme)->window, u"shell-welcome"_s);
    }
    void masters_data() { themes(); }
    void masters()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        addProfiles(*sample);
        take(*sample->window, u"shell-masters"_s);
    }
    void production_data() { themes(); }
    void production()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        sample->addExamples();
        FakeMaster other;
        other.setJob(sampleJob(7, u"firmware"_s, JobState::Running));
        QVERIFY(sample->window->connectTo({u"rehearsal"_s, other.url().toString(), ProfileKind::Staging}, Secret("t")));
        MasterSession *session = sample->connectWindow(ProfileKind::Production).value();
        QTRY_VERIFY(session->isLive());
        QTRY_COMPARE(sample->window->jobsPage()->table()->model()->rowCount(), 3);
        for (const auto id : {"view.details"_L1, "view.activity"_L1})
            sample->window->actions().action(id)->trigger();
        sample->window->jobsPage()->table()->selectRow(1);
        take(*sample->window, u"shell-production"_s);
        UnlockDialog unlock(sample->window->guard(), *session, sample->theme.colors());
        unlock.show();
        take(unlock, u"shell-unlock"_s);
        other.server().stopListening();
        other.server().closeConnections();
        sample->window->masters().setScope(nullptr);
        QTRY_COMPARE(sample->window->masters().all().front()->connection().state, ConnectionState::Offline);
        QTRY_COMPARE(sample->window->jobsPage()->table()->model()->rowCount(), 4);
        take(*sample->window, u"shell-all"_s);
    }
    void dialogs_data() { themes(); }
    void dialogs()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        const ThemeColors &colors = sample->theme.colors();
        ProfileDialog profile(
            {u"factory"_s, u"https://danube.example.org"_s, ProfileKind::Production, u"https://dex.example.org"_s},
            colors);
        profile.showProblem(u"Another profile has the address https://danube.example.org."_s);
        profile.show();
        take(profile, u"shell-profile"_s);
        ConnectionTestDialog test({u"master"_s, sample->master.url().toString()}, Secret("token"), colors);
        test.show();
        sample->master.events().setHeartbeat(milliseconds(100));
        QTRY_COMPARE_WITH_TIMEOUT(test.test().state(ConnectionTest::Stream), ConnectionTest::State::Passed, 20'000);
        QCOMPARE(test.test().state(ConnectionTest::Name), ConnectionTest::State::Passed);
        QCOMPARE(test.test().state(ConnectionTest::Tls), ConnectionTest::State::Skipped);
        QCOMPARE(test.test().state(ConnectionTest::Token), ConnectionTest::State::Passed);
        take(test, u"shell-test"_s);
        sample->master.requireToken("other");
        ConnectionTestDialog refused({u"master"_s, sample->master.url().toString()}, Secret("token"), colors);
        refused.show();
        QTRY_COMPARE_WITH_TIMEOUT(refused.test().state(ConnectionTest::Token), ConnectionTest::State::Failed, 20'000);
        QCOMPARE(refused.test().state(ConnectionTest::Stream), ConnectionTest::State::Skipped);
        take(refused, u"shell-test-refused"_s);
    }
    void signIn_data() { themes(); }
    void signIn()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        FakeDex dex;
        const Profile profile{u"factory"_s, u"https://danube.example.org"_s, ProfileKind::Production, dex.issuer()};
        SignInDialog dialog(profile, signInSettings(profile), sample->theme.colors());
        dialog.show();
        take(dialog, u"shell-signin"_s);
        dialog.findChild<QPushButton *>(u"browser"_s)->click();
        QTRY_VERIFY(dialog.findChild<QPushButton *>(u"copyLink"_s)->isVisible());
        take(dialog, u"shell-signin-browser"_s);
        dialog.showProblem(u"The browser did not come back in time."_s);
        take(dialog, u"shell-signin-problem"_s);
        dialog.findChild<QPushButton *>(u"code"_s)->click();
        QTRY_VERIFY(dialog.findChild<QLabel *>(u"userCode"_s)->isVisible());
        take(dialog, u"shell-signin-code"_s);
    }
    void preferences_data() { themes(); }
    void preferences()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        sample->window->openPage(u"preferences"_s);
        auto *sections = sample->window->tabs()->current()->findChild<QListWidget *>(u"sections"_s);
        QCOMPARE(sections->count(), 8);
        for (int row = 0; row < sections->count(); ++row) {
            sections->setCurrentRow(row);
            take(*sample->window, u"shell-preferences-%1"_s.arg(row));
        }
    }
    void palette_data() { themes(); }
    void palette()
    {
        QFETCH(ThemeChoice, theme);
        const auto sample = open(theme);
        sample->addExamples();
        QVERIFY(sample->connectWindow());
        QTRY_COMPARE(sample->window->jobsPage()->table()->model()->rowCount(), 3);
        sample->window->palette()->open(u"re"_s);
        sample->window->palette()->line()->deselect();
        take(*sample->window, u"shell-palette"_s);
    }
};

QTEST_MAIN(TestShellScreenshots)
#include "tst_shellscreenshots.moc"
