// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/ansi.h"

#include <QColor>
#include <QPalette>

namespace danube::console {

/// Every colour that is not the palette's. Text on its background has a contrast of at least 4.5 (WCAG 2.2, 1.4.3).
struct ThemeColors
{
    bool dark = false;
    double readable = 4.5; ///< the least contrast that text has where we choose its colour
    QPalette palette;
    QColor border;
    QColor muted; ///< secondary text
    QColor accent;
    QColor success;
    QColor failure;
    QColor warning;
    QColor running;
    QColor idle; ///< queued, cancelled
    QColor production;
    // the log
    QColor logBackground;
    QColor logText;
    QColor gutterBackground;
    QColor gutterText;
    QColor currentLine; ///< behind the gutter of the line that was last chosen
    QColor selection;
    QColor match;
    QColor currentMatch;
    QColor matchText;
    QColor currentMatchText;
    QColor system;   ///< lines of Danube itself
    QColor ansi[16]; ///< text on logBackground
};

const ThemeColors &lightColors();
const ThemeColors &darkColors();
const ThemeColors &contrastColors();                     ///< at least 7 everywhere (WCAG 2.2, 1.4.6)
double contrast(const QColor &one, const QColor &other); ///< 1..21

struct CellColors
{
    QColor text;
    QColor background; ///< invalid = the log's own
    bool operator==(const CellColors &) const = default;
};
/// What a style looks like. Text of the 16 colours on the log's own background is readable in every theme, faint or
/// not; 256 and true colours, and coloured text on a coloured background, are shown as asked for.
CellColors cellColors(const ThemeColors &colors, const AnsiStyle &style);
/// What text of that colour has where it is selected: the same if that can be read there.
QColor selectedText(const ThemeColors &colors, const QColor &text);

} // namespace danube::console
