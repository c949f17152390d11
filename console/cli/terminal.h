// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace danube::cli {

enum class ColourMode { Auto, Always, Never };

/// What one output (stdout or stderr) can show.
struct Terminal
{
    bool isTerminal = false;
    bool hasColours = false;
    bool hasUnicode = true;
    int width = 80; ///< columns; for a pipe a generous one, so that nothing is cut
    bool operator==(const Terminal &) const = default;
};

/// NO_COLOR (any non-empty value) and TERM=dumb win over auto, an explicit mode wins over both.
bool wantsColours(ColourMode mode, bool isTerminal, const QByteArray &noColor, const QByteArray &term);
/// Looks at a descriptor and the environment. `hasUnicode`: what localeIsUtf8() said.
Terminal detectTerminal(int descriptor, ColourMode mode, bool hasUnicode);
/// Whether the user's locale is UTF-8. Call before QCoreApplication exists: Qt switches other locales to UTF-8, with a
/// warning on stderr; this sets the environment so that it does so silently.
bool localeIsUtf8();

/// Columns `text` takes on a terminal (wide characters two, combining ones none).
int displayWidth(const QString &text);
/// `text` in at most `width` columns, the end replaced by `ellipsis` when it is cut.
QString elide(const QString &text, int width, const QString &ellipsis);

} // namespace danube::cli
