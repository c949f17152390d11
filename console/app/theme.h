// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/ansi.h"
#include "console/models/connection.h"
#include "shared/model/lifecycle.h"
#include "shared/model/step.h"

#include <QColor>
#include <QObject>
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

QColor stateColor(const ThemeColors &colors, JobState state);
QColor stateColor(const ThemeColors &colors, const Step &step);
QColor stateColor(const ThemeColors &colors, ConnectionState state);
QString stateIcon(JobState state); ///< name for icon()
QString stateIcon(const Step &step);

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

enum class ThemeChoice { System, Light, Dark, Contrast };
ThemeChoice themeChoiceFromText(const QString &text); ///< "light", "dark", "contrast"; else System
QString toText(ThemeChoice choice);

/// Applies a theme to the application and follows the desktop when asked to. One per application, owned by main().
class Theme : public QObject
{
    Q_OBJECT
public:
    explicit Theme(QObject *parent = nullptr);
    void choose(ThemeChoice choice);
    ThemeChoice choice() const { return m_choice; }
    const ThemeColors &colors() const;

signals:
    void changed();

private:
    void apply();
    ThemeChoice m_choice = ThemeChoice::System;
    bool m_dark = false;
};

} // namespace danube::console
