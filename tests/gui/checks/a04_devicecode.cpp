// SPDX-License-Identifier: GPL-3.0-or-later
// A4: signing in by a code: pending as 401, then slow_down, then the token. The dialog shows the code and closes by
// itself.
#include "console/app/signindialog.h"
#include "tests/gui/sample.h"
#include "tests/support/fakedex.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class A4 : public QObject
{
    Q_OBJECT
private slots:
    void theDialogShowsTheCodeAndClosesWithTheToken()
    {
        FakeDex dex;
        dex.pendingAnswers = 2;
        dex.slowDowns = 1;
        Desktop desktop;
        desktop.signIn = [](const Profile &profile) {
            SignIn::Settings settings = signInSettings(profile);
            settings.second = milliseconds(100);
            return settings;
        };
        Sample sample(desktop);
        sample.master.requireToken("token-1");
        const Profile profile{u"live"_s, sample.master.url().toString(), ProfileKind::Staging, dex.issuer()};
        QVERIFY(sample.window->profiles().save({}, profile));
        sample.window->show();
        sample.window->mastersActions().connectTo(profile.url);
        QTRY_VERIFY(sample.window->findChild<SignInDialog *>());
        const QPointer<SignInDialog> dialog = sample.window->findChild<SignInDialog *>();
        QTRY_VERIFY(dialog->isVisible());
        dialog->findChild<QPushButton *>(u"code"_s)->click();

        auto *code = dialog->findChild<QLabel *>(u"userCode"_s);
        QTRY_COMPARE(code->text(), u"WDJB-MJHT"_s);
        QVERIFY(code->isVisible());
        QVERIFY(code->font().pointSizeF() > dialog->font().pointSizeF() * 2);
        QVERIFY(dialog->findChild<QLabel *>(u"deviceText"_s)->text().contains(dex.issuer()));
        QCOMPARE(dialog->signIn()->interval(), seconds(5));
        QList<seconds> intervals;
        connect(dialog->signIn(), &SignIn::pending, this, [&] { intervals.append(dialog->signIn()->interval()); });
        QTRY_COMPARE_WITH_TIMEOUT(intervals.size(), 3, 20'000);
        QCOMPARE(intervals, (QList<seconds>{seconds(5), seconds(5), seconds(10)})); // slow_down: five seconds more
        QTRY_VERIFY_WITH_TIMEOUT(!dialog, 20'000);                                  // closed and gone
        QCOMPARE(dex.count(u"/token"_s), 4);
        MasterSession *session = sample.window->masters().find(profile.url);
        QVERIFY(session);
        QTRY_VERIFY(session->isLive()); // with the token
    }
    void aCodeThatIsRefusedIsSaid()
    {
        FakeDex dex;
        SignIn::Settings settings{.issuer = dex.issuer(), .clientId = u"console"_s, .second = milliseconds(10)};
        SignInDialog dialog({u"live"_s, u"http://127.0.0.1"_s, ProfileKind::Staging, dex.issuer()}, settings,
                            lightColors());
        dialog.show();
        dex.pendingAnswers = 1'000'000; // never decides: the code expires
        dialog.findChild<QPushButton *>(u"code"_s)->click();
        auto *problem = dialog.findChild<QLabel *>(u"problem"_s);
        QTRY_VERIFY_WITH_TIMEOUT(problem->isVisible(), 30'000);
        QCOMPARE(problem->text(), u"The code has expired."_s);
        QVERIFY(dialog.findChild<QPushButton *>(u"browser"_s)->isVisible()); // both ways are offered again
    }
};

QTEST_MAIN(A4)
#include "a04_devicecode.moc"
