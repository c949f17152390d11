// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"

#include <QObject>

namespace danube::console {

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
    const ThemeColors &colors() const { return m_colors; } ///< the same object for ever; its values change

signals:
    void changed();

private:
    void apply();
    ThemeChoice m_choice = ThemeChoice::System;
    ThemeColors m_colors;
};

} // namespace danube::console
