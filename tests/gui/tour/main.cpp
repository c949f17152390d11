// SPDX-License-Identifier: GPL-3.0-or-later
// danube_tour --url URL --token-file FILE --job ID --log FILE --out DIR --elsewhere PROGRAM...: opens every page and
// dialog of the console against a running master, in every theme and two sizes, and keeps a picture of each. Started by
// deploy/dev/tour.py. What a program can find wrong with a picture goes to findings-<scale>x.txt; exit code 1: there is
// some, or something did not open.
#include "console/app/consolestyle.h"
#include "console/app/mainwindow.h"
#include "console/app/pagehost.h"
#include "console/app/translations.h"
#include "tests/gui/walk/looks.h"
#include "tests/gui/walk/walk.h"
#include "tests/support/fakedex.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int connectPatience = 30'000; // milliseconds
constexpr int commitPatience = 30'000;
constexpr QSize sizes[] = {{1280, 800}, {1024, 700}};
constexpr ThemeChoice themes[] = {ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::Contrast};

class Tour
{
public:
    explicit Tour(const QCommandLineParser &asked) : m_asked(asked) { QDir().mkpath(m_asked.value(u"out"_s)); }

    int run()
    {
        m_window.resize(sizes[0]);
        m_window.show();
        takeAll(u"welcome"_s);
        if (!connectMasters())
            return 2;
        for (const ThemeChoice theme : themes) {
            for (const QSize size : sizes) {
                use(theme, size);
                Walk walk(scene());
                const auto look = [this](const QString &name, QWidget &shown) { take(name, shown); };
                walk.pages(look);
                if (size == sizes[0]) // they have sizes of their own
                    walk.dialogs(look);
                for (const QString &problem : walk.problems())
                    m_findings.append(u"did not open: "_s + problem);
                while (m_window.tabs()->count() > 1)
                    m_window.tabs()->requestClose(1);
            }
        }
        return writeFindings() ? 0 : 1;
    }

private:
    void use(ThemeChoice theme, QSize size)
    {
        m_tag = u"%1-%2x%3"_s.arg(toText(theme)).arg(size.width()).arg(size.height());
        Preferences preferences = m_window.preferences().value();
        preferences.theme = toText(theme);
        m_window.preferences().set(preferences);
        m_window.resize(size);
        Walk::settle();
        if (m_window.size() != size)
            m_findings.append(u"%1: the window is %2x%3"_s.arg(m_tag).arg(m_window.width()).arg(m_window.height()));
    }

    void takeAll(const QString &name)
    {
        for (const ThemeChoice theme : themes) {
            for (const QSize size : sizes) {
                use(theme, size);
                take(name, m_window);
            }
        }
    }

    void take(const QString &name, QWidget &shown)
    {
        const QImage picture = shown.grab().toImage();
        const QString file = u"%1-%2-%3x.png"_s.arg(name, m_tag).arg(shown.devicePixelRatioF());
        if (!picture.save(m_asked.value(u"out"_s) + u'/' + file))
            m_findings.append(u"cannot write "_s + file);
        for (const QString &finding : clipped(shown) + emptyIcons(shown) +
                                          unreadable(shown, picture, m_theme.colors().readable) + nameless(shown))
            m_findings.append(u"%1 (%2): %3"_s.arg(name, m_tag, finding));
    }

    bool connectMasters()
    {
        QFile file(m_asked.value(u"token-file"_s));
        if (!file.open(QIODevice::ReadOnly))
            return false;
        const QByteArray token = file.readAll().trimmed();
        const QString url = m_asked.value(u"url"_s);
        // The same master by another name: two masters for the console.
        const QString other = QString(url).replace("127.0.0.1"_L1, "localhost"_L1);
        const auto production = m_window.connectTo({u"factory"_s, other, ProfileKind::Production}, Secret(token));
        const auto master = m_window.connectTo({u"workshop"_s, url, ProfileKind::Development}, Secret(token));
        if (!production || !master)
            return false;
        m_production = *production;
        m_master = *master;
        return QTest::qWaitFor(
            [this] { return m_production->isLive() && m_master->isLive() && m_master->jobs()->rowCount() > 0; },
            connectPatience);
    }

    Scene scene()
    {
        return {.window = m_window,
                .master = *m_master,
                .production = m_production,
                .job = JobId(m_asked.value(u"job"_s)),
                .logFile = m_asked.value(u"log"_s),
                .issuer = m_dex.issuer(),
                .commitElsewhere = [this](const QByteArray &config) { commitElsewhere(config); }};
    }

    void commitElsewhere(const QByteArray &config)
    {
        QStringList arguments = m_asked.positionalArguments();
        QProcess program;
        program.start(arguments.takeFirst(), arguments);
        program.write(config);
        program.closeWriteChannel();
        if (!program.waitForFinished(commitPatience) || program.exitCode() != 0)
            m_findings.append(u"commit elsewhere: "_s + QString::fromUtf8(program.readAllStandardError()));
    }

    bool writeFindings()
    {
        m_findings.removeDuplicates();
        QFile file(u"%1/findings-%2x.txt"_s.arg(m_asked.value(u"out"_s)).arg(m_window.devicePixelRatioF()));
        if (!file.open(QIODevice::WriteOnly))
            return false;
        for (const QString &finding : std::as_const(m_findings))
            file.write(finding.toUtf8() + '\n');
        return m_findings.isEmpty();
    }

    const QCommandLineParser &m_asked;
    QTemporaryDir m_folder;
    QSettings m_settings{m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat};
    LogCache m_cache{m_folder.filePath(u"logs"_s), 500_MiB};
    SystemClock m_clock;
    Theme m_theme;
    FakeDex m_dex;
    MainWindow m_window{m_theme, m_settings, m_cache, m_clock};
    MasterSession *m_master = nullptr;
    MasterSession *m_production = nullptr;
    QString m_tag;
    QStringList m_findings;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setCursorFlashTime(0);
    installLook();
    useLanguage(u"en"_s);
    QCommandLineParser parser;
    for (const QString &option : {u"url"_s, u"token-file"_s, u"job"_s, u"log"_s, u"out"_s})
        parser.addOption({option, option, option});
    parser.addPositionalArgument(u"elsewhere"_s, u"program that commits its standard input as config.json"_s);
    parser.process(application);
    if (parser.positionalArguments().isEmpty() || !parser.isSet(u"url"_s)) {
        std::fputs("danube_tour: started by ./dev tour\n", stderr);
        return 2;
    }
    return Tour(parser).run();
}
