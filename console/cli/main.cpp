// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/command.h"
#include "console/cli/interrupts.h"
#include "shared/core/logging.h"

#include <QCoreApplication>

#include <unistd.h>

using namespace danube;
using namespace danube::cli;
using namespace Qt::StringLiterals;

namespace {

Result<ColourMode> colourModeOf(const Options &options)
{
    const QString mode = options.value(u"color"_s, u"auto"_s);
    if (mode == u"auto")
        return ColourMode::Auto;
    if (mode == u"always")
        return ColourMode::Always;
    if (mode == u"never")
        return ColourMode::Never;
    return fail(ErrorCode::InvalidArgument, u"--color takes auto, always or never, not '%1'"_s.arg(mode));
}

int run(QCoreApplication &application, const Options &options, ProcessOutput &output)
{
    auto endpoint = endpointOf(options, [](const char *name) { return qgetenv(name); });
    if (!endpoint) {
        output.note(endpoint.error().message);
        return static_cast<int>(ExitCode::Usage);
    }
    api::Session session(*endpoint);
    const SystemClock clock;
    const auto command = makeCommand({options, output, session, clock});
    Interrupts interrupts;
    QObject::connect(&interrupts, &Interrupts::interrupted, command.get(), &Command::interrupt);
    QObject::connect(
        command.get(), &Command::finished, &application,
        [](ExitCode code) { QCoreApplication::exit(static_cast<int>(code)); }, Qt::QueuedConnection);
    QMetaObject::invokeMethod(command.get(), &Command::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    const bool hasUnicode = localeIsUtf8();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"danubectl"_s);
    installLogging(LogFormat::Text, QtCriticalMsg);
    const auto options = parseOptions(QCoreApplication::arguments().sliced(1));
    const auto mode = options ? colourModeOf(*options) : std::unexpected(options.error());
    ProcessOutput output(detectTerminal(STDOUT_FILENO, mode.value_or(ColourMode::Auto), hasUnicode),
                         detectTerminal(STDERR_FILENO, mode.value_or(ColourMode::Auto), hasUnicode));
    if (!mode) {
        output.note(mode.error().message);
        return static_cast<int>(ExitCode::Usage);
    }
    if (options->has(u"help"_s)) {
        output.print(helpText(options->command));
        return 0;
    }
    if (options->has(u"version"_s)) {
        output.print(QStringLiteral("danubectl " DANUBE_VERSION "\n"));
        return 0;
    }
    return run(application, *options, output);
}
