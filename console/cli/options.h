// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QMap>
#include <QStringList>

#include <span>

namespace danube::cli {

/// One option of the table. Long names without "--".
struct OptionSpec
{
    const char *name;
    char letter;           ///< 0 = none
    const char *valueName; ///< nullptr = a switch
    const char *help;
};

/// One command's words: what it takes and what it is for.
struct CommandSpec
{
    const char *name;
    const char *arguments; ///< for the usage line
    const char *summary;
    int minArguments;
    int maxArguments;
    std::span<const OptionSpec> options;
    const char *notes; ///< more help, may be empty
};

std::span<const CommandSpec> commandSpecs();

/// A parsed command line. `command` is null when only --help or --version was asked for.
struct Options
{
    const CommandSpec *command = nullptr;
    QStringList arguments;
    QMap<QString, QStringList> values; ///< by long name; a switch has one empty value

    bool has(const QString &name) const { return values.contains(name); }
    QString value(const QString &name, const QString &fallback = {}) const
    {
        return values.contains(name) ? values.value(name).last() : fallback;
    }
};

/// GNU style: global options anywhere, --name value, --name=value, -n value, -abc for switches, "--" ends options.
/// InvalidArgument is one sentence for the user.
Result<Options> parseOptions(const QStringList &arguments);
QString helpText(const CommandSpec *command); ///< of one command, or of the program for nullptr

} // namespace danube::cli
