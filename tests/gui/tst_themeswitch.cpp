// SPDX-License-Identifier: GPL-3.0-or-later
// What is open when the theme changes must look as if it had been opened in that theme.
#include "console/app/allowlisteditor.h"
#include "console/app/allowlistpage.h"
#include "console/app/commitdialog.h"
#include "console/app/commitprogress.h"
#include "console/app/connectdialog.h"
#include "console/app/connectiontestdialog.h"
#include "console/app/messagebar.h"
#include "console/app/profiledialog.h"
#include "console/app/signindialog.h"
#include "console/app/unlockdialog.h"
#include "tests/gui/blueprintsample.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QPushButton>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

using Made = std::unique_ptr<QWidget>;
using Make = std::function<Made(BlueprintSample &)>;

Q_DECLARE_METATYPE(Make)

namespace {

template <class Dialog> Made withProblem(std::unique_ptr<Dialog> dialog)
{
    dialog->showProblem(u"The master does not answer."_s);
    return dialog;
}

Made connecting(BlueprintSample &sample)
{
    return withProblem(std::make_unique<ConnectDialog>(QList<Profile>(), sample.theme.colors()));
}

Made editing(BlueprintSample &sample)
{
    return withProblem(std::make_unique<ProfileDialog>(Profile(), sample.theme.colors()));
}

Made signingIn(BlueprintSample &sample)
{
    const Profile profile{u"rehearsal"_s, u"http://127.0.0.1:1"_s, ProfileKind::Staging, u"https://dex.example.org"_s};
    return withProblem(std::make_unique<SignInDialog>(profile, SignIn::Settings(), sample.theme.colors()));
}

Made unlocking(BlueprintSample &sample)
{
    auto dialog = std::make_unique<UnlockDialog>(sample.window->guard(), *sample.session, sample.theme.colors());
    dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok)->click(); // without the name
    return dialog;
}

Made testing(BlueprintSample &sample)
{
    const Profile profile{u"nowhere"_s, u"http://127.0.0.1:1"_s};
    auto dialog = std::make_unique<ConnectionTestDialog>(profile, Secret("token"), sample.theme.colors());
    const bool ended = QTest::qWaitFor(
        [&] { return dialog->test().state(ConnectionTest::Token) == ConnectionTest::State::Skipped; }, 20'000);
    return ended ? std::move(dialog) : nullptr;
}

Made committing(BlueprintSample &sample)
{
    return std::make_unique<CommitDialog>(*sample.session, sample.theme.colors());
}

Made followingTheCommit(BlueprintSample &sample)
{
    CommitRun &run = sample.session->blueprint().commitRun();
    if (run.state() == CommitRun::State::Idle)
        sample.session->blueprint().commit(u"blueprint: allow a host"_s);
    if (!QTest::qWaitFor([&] { return run.state() == CommitRun::State::Finished; }, 20'000))
        return nullptr;
    return std::make_unique<CommitProgress>(run, sample.theme.colors());
}

Made telling(BlueprintSample &)
{
    auto bar = std::make_unique<MessageBar>();
    bar->showProblem(u"The master does not answer."_s);
    return bar;
}

QImage pictureOf(QWidget &widget)
{
    widget.show();
    QTest::qWait(100); // what is posted is painted
    return widget.grab().toImage();
}

/// Keeps both, where pictures are wanted.
bool isSame(const QImage &one, const QImage &other)
{
    const QString folder = qEnvironmentVariable("DANUBE_SCREENSHOTS");
    const QString file = u"%1/switched-%2-%3.png"_s.arg(folder, QString::fromLatin1(QTest::currentDataTag()));
    if (!folder.isEmpty() && QDir().mkpath(folder)) {
        one.save(file.arg(u"open"_s));
        other.save(file.arg(u"new"_s));
    }
    return one == other;
}

} // namespace

class TestThemeSwitch : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QApplication::setCursorFlashTime(0); }

    void dialogs_data()
    {
        QTest::addColumn<Make>("make");
        for (const auto &[name, make] : {std::pair<const char *, Make>("connect", connecting),
                                         {"profile", editing},
                                         {"sign in", signingIn},
                                         {"unlock", unlocking},
                                         {"test", testing},
                                         {"commit", committing},
                                         {"progress", followingTheCommit},
                                         {"message", telling}})
            QTest::newRow(name) << make;
    }
    void dialogs()
    {
        QFETCH(const Make, make);
        BlueprintSample sample(QTest::currentDataTag() == QByteArray("unlock") ? ProfileKind::Production
                                                                               : ProfileKind::Development);
        auto *page = sample.open<AllowlistPage>(u"allowlist"_s);
        QVERIFY(page);
        page->editor()->addEntries({u"new.example.org"_s});
        sample.workspace().validateNow();
        sample.theme.choose(ThemeChoice::Light);
        Made open = make(sample);
        QVERIFY(open);
        const QImage light = pictureOf(*open);
        sample.theme.choose(ThemeChoice::Dark);
        const QImage switched = pictureOf(*open);
        QVERIFY(switched != light);
        const QSize size = open->size();
        open = make(sample);
        QVERIFY(open);
        open->resize(size);
        QVERIFY(isSame(switched, pictureOf(*open)));
    }
    void window()
    {
        Sample sample;
        sample.addExamples();
        sample.theme.choose(ThemeChoice::Light);
        const auto picture = [&]() -> QImage {
            if (!sample.window->isVisible()) {
                sample.window->resize(1280, 800);
                sample.window->show();
                const auto session = sample.connectWindow();
                if (!session || !QTest::qWaitFor([&] { return (*session)->jobs()->rowCount() == 3; }, 20'000))
                    return {};
                sample.window->openJob(**session, JobId(u"job000002"_s));
                QTest::qWait(500);
            }
            return pictureOf(*sample.window);
        };
        const QImage light = picture();
        QVERIFY(!light.isNull());
        Preferences dark = sample.window->preferences().value();
        dark.theme = toText(ThemeChoice::Dark);
        sample.window->preferences().set(dark);
        const QImage switched = picture();
        QVERIFY(switched != light);
        sample.restart();
        QVERIFY(isSame(switched, picture()));
    }
};

QTEST_MAIN(TestThemeSwitch)
#include "tst_themeswitch.moc"
