// SPDX-License-Identifier: GPL-3.0-or-later
// danubectl's words, one a line: a command with as many arguments as it takes, or one sentence.
#include "console/cli/options.h"

#include <cstdlib>

using namespace danube::cli;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto options = parseOptions(text.split(u'\n'));
    if (!options) {
        if (options.error().message.isEmpty())
            std::abort();
        return 0;
    }
    const bool isHelp = options->has(QStringLiteral("help")) || options->has(QStringLiteral("version"));
    if (!options->command && !isHelp)
        std::abort();
    const auto count = options->arguments.size();
    if (!isHelp && (count < options->command->minArguments || count > options->command->maxArguments))
        std::abort();
    return 0;
}
