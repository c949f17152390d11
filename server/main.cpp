// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/childrenend.h"
#include "server/app/master.h"
#include "server/app/unixsignals.h"
#include "shared/core/logging.h"
#include "shared/core/outofmemory.h"
#include "shared/core/readythreads.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTextStream>
#include <QThreadPool>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

int refuse(const QString &sentence)
{
    QTextStream(stderr) << "danube-master: " << sentence << '\n';
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    tellOutOfMemory("danube-master: out of memory; jobs go on where they are when it is started again\n");
    app::endChildrenWithUs();
    qputenv("QT_NO_GLIB", "1"); // nothing here needs GLib, and Qt's own loop costs a third less for a short turn
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"danube-master"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(DANUBE_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(u"The hub of Danube: engine, REST, SSE and RPC."_s);
    const QCommandLineOption configOption(
        u"config"_s, u"Read this danube.toml; without it, defaults and DANUBE_* only."_s, u"file"_s);
    parser.addOption(configOption);
    const auto helpOption = parser.addHelpOption();
    const auto versionOption = parser.addVersionOption();
    if (!parser.parse(application.arguments()))
        return refuse(parser.errorText());
    if (parser.isSet(helpOption))
        parser.showHelp(0);
    if (parser.isSet(versionOption))
        parser.showVersion();
    if (!parser.positionalArguments().isEmpty())
        return refuse(u"unexpected argument '%1'"_s.arg(parser.positionalArguments().constFirst()));

    // Before any thread starts, so that all of them leave these signals to this one.
    app::UnixSignals unixSignals;
    makeThreadsReady(*QThreadPool::globalInstance(), 2); // for captured output
    const app::ConfigSource source(parser.value(configOption));
    const auto config = source.read();
    if (!config)
        return refuse(config.error().message);
    app::Master master(*config, source);
    if (auto started = master.start(); !started)
        return refuse(started.error().message);
    QObject::connect(&unixSignals, &app::UnixSignals::reload, &master, &app::Master::reload);
    QObject::connect(&unixSignals, &app::UnixSignals::terminate, &master, &app::Master::drain);
    QObject::connect(&master, &app::Master::drained, &application, &QCoreApplication::quit, Qt::QueuedConnection);
    return QCoreApplication::exec();
}
