// SPDX-License-Identifier: GPL-3.0-or-later
// danube-console [--url URL [--token-file FILE]] [FILE | danube://LINK]...
#include "console/app/consolestyle.h"
#include "console/app/mainwindow.h"
#include "console/app/selfcheck.h"
#include "console/app/translations.h"
#include "console/app/traynotifier.h"
#include "console/controllers/keychain.h"
#include "shared/core/logging.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDesktopServices>
#include <QFile>
#include <QSettings>
#include <QStandardPaths>
#include <QUrl>

#include <cstdio>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

constexpr int usageError = 2;
constexpr qint64 longestToken = 16 * 1024;

Result<Secret> readToken(const QString &path)
{
    if (path.isEmpty())
        return Secret(qgetenv("DANUBE_TOKEN").trimmed());
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"read token file '%1': %2"_s.arg(path, file.errorString()));
    return Secret(file.read(longestToken).trimmed());
}

QString cacheFolder(const Preferences &preferences)
{
    if (!preferences.cacheFolder.isEmpty())
        return preferences.cacheFolder;
    return QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + "/logs"_L1;
}

QString valueOf(const QCommandLineParser &parser, const QString &option, const char *environment)
{
    return parser.isSet(option) ? parser.value(option) : qEnvironmentVariable(environment);
}

Result<void> openWhatWasAskedFor(MainWindow &window, const QCommandLineParser &parser)
{
    for (const QString &file : parser.positionalArguments()) {
        if (file.startsWith("danube:"_L1)) {
            if (const auto opened = window.openLink(file); !opened)
                return opened;
            continue;
        }
        if (const auto opened = window.openFile(file); !opened)
            return opened;
    }
    const QString url = valueOf(parser, u"url"_s, "DANUBE_URL");
    if (url.isEmpty())
        return {};
    auto token = readToken(valueOf(parser, u"token-file"_s, "DANUBE_TOKEN_FILE"));
    if (!token)
        return std::unexpected(token.error());
    const auto session = window.connectTo(url, std::move(*token));
    return session ? Result<void>() : std::unexpected(session.error());
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setOrganizationName(u"danube"_s);
    QApplication::setApplicationName(u"danube-console"_s);
    QApplication::setApplicationVersion(QLatin1StringView(DANUBE_VERSION));
    QGuiApplication::setDesktopFileName(u"dev.danube.console"_s);
    installLogging(LogFormat::Text, QtWarningMsg);
    installLook();
    QSettings settings;
    const Preferences preferences = Preferences::load(settings);
    useLanguage(preferences.language);
    QApplication::setApplicationDisplayName(QApplication::translate("main", "Danube"));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QApplication::translate("main", "Watches and steers Danube masters; reads logs of any size."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption(
        {u"url"_s, QApplication::translate("main", "Connect to this master (also DANUBE_URL)."), u"URL"_s});
    parser.addOption(
        {u"token-file"_s,
         QApplication::translate("main", "Read the token from FILE (also DANUBE_TOKEN_FILE, or DANUBE_TOKEN)."),
         u"FILE"_s});
    const QCommandLineOption check(
        u"self-check"_s,
        QApplication::translate("main", "Check that icons and languages came with the program, then exit."));
    parser.addOption(check);
    parser.addPositionalArgument(u"FILE"_s, QApplication::translate("main", "Log files or danube:// links to open."),
                                 u"[FILE...]"_s);
    parser.process(application);

    const LogCache cache(cacheFolder(preferences), preferences.cacheLimit);
    cache.prune();
    const SystemClock clock;
    Theme theme;
    Keychain keychain;
    TrayNotifier notifier;
    MainWindow window(theme, settings, cache, clock,
                      {.tokens = &keychain, .notifier = &notifier, .openUrl = [](const QUrl &url) {
                           QDesktopServices::openUrl(url);
                       }});
    if (const auto opened = openWhatWasAskedFor(window, parser); !opened) {
        std::fputs(qPrintable(u"danube-console: %1\n"_s.arg(opened.error().message)), stderr);
        return usageError;
    }
    window.show();
    if (parser.isSet(check))
        return selfCheck(window);
    window.resumeLast();
    return QApplication::exec();
}
