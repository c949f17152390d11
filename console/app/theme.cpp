// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/theme.h"

#include <QApplication>
#include <QStyleHints>

using namespace Qt::StringLiterals;

namespace danube::console {

ThemeChoice themeChoiceFromText(const QString &text)
{
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::Contrast}) {
        if (text == toText(choice))
            return choice;
    }
    return ThemeChoice::System;
}

QString toText(ThemeChoice choice)
{
    switch (choice) {
    case ThemeChoice::System:
        return u"system"_s;
    case ThemeChoice::Light:
        return u"light"_s;
    case ThemeChoice::Dark:
        return u"dark"_s;
    case ThemeChoice::Contrast:
        return u"contrast"_s;
    }
    return {};
}

Theme::Theme(QObject *parent) : QObject(parent)
{
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, [this] {
        if (m_choice == ThemeChoice::System)
            apply();
    });
    apply();
}

void Theme::choose(ThemeChoice choice)
{
    m_choice = choice;
    QStyleHints *hints = QGuiApplication::styleHints();
    switch (choice) {
    case ThemeChoice::System:
        hints->unsetColorScheme();
        break;
    case ThemeChoice::Light:
        hints->setColorScheme(Qt::ColorScheme::Light);
        break;
    case ThemeChoice::Dark:
    case ThemeChoice::Contrast:
        hints->setColorScheme(Qt::ColorScheme::Dark);
        break;
    }
    apply();
}

void Theme::apply()
{
    const bool desktopIsDark = QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
    const bool dark = m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && desktopIsDark);
    m_colors = m_choice == ThemeChoice::Contrast ? contrastColors() : dark ? darkColors() : lightColors();
    QApplication::setPalette(m_colors.palette); // whoever hears of it finds the new colours
    emit changed();
}

} // namespace danube::console
