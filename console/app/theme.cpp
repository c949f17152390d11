// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/theme.h"

#include <QApplication>
#include <QStyleHints>

#include <cmath>

using namespace Qt::StringLiterals;

namespace danube::console {

QColor stateColor(const ThemeColors &colors, JobState state)
{
    switch (state) {
    case JobState::Success:
        return colors.success;
    case JobState::Failure:
        return colors.failure;
    case JobState::Timeout:
        return colors.warning;
    case JobState::Running:
    case JobState::Scheduling:
        return colors.running;
    case JobState::Pending:
    case JobState::Cancelled:
        return colors.idle;
    }
    return colors.idle;
}

QColor stateColor(const ThemeColors &colors, const Step &step)
{
    if (step.state != StepState::Finished || !step.outcome)
        return colors.running;
    switch (step.outcome->kind) {
    case OutcomeKind::Exited:
        return step.outcome->isSuccess() ? colors.success : colors.failure;
    case OutcomeKind::Timeout:
        return colors.warning;
    case OutcomeKind::Cancelled:
        return colors.idle;
    case OutcomeKind::Signalled:
    case OutcomeKind::Lost:
        return colors.failure;
    }
    return colors.failure;
}

QColor stateColor(const ThemeColors &colors, ConnectionState state)
{
    switch (state) {
    case ConnectionState::Live:
        return colors.success;
    case ConnectionState::Connecting:
    case ConnectionState::CatchingUp:
        return colors.running;
    case ConnectionState::Stale:
        return colors.warning;
    case ConnectionState::Offline:
    case ConnectionState::SignInNeeded:
        return colors.failure;
    }
    return colors.failure;
}

QString stateIcon(JobState state)
{
    switch (state) {
    case JobState::Pending:
        return u"state-queued"_s;
    case JobState::Scheduling:
        return u"state-starting"_s;
    case JobState::Running:
        return u"state-running"_s;
    case JobState::Success:
        return u"state-success"_s;
    case JobState::Failure:
        return u"state-failure"_s;
    case JobState::Timeout:
        return u"state-timeout"_s;
    case JobState::Cancelled:
        return u"state-cancelled"_s;
    }
    return u"state-lost"_s;
}

QString stateIcon(const Step &step)
{
    if (step.state == StepState::Intended)
        return stateIcon(JobState::Scheduling);
    if (step.state == StepState::Running)
        return stateIcon(JobState::Running);
    if (!step.outcome || step.outcome->kind == OutcomeKind::Lost)
        return u"state-lost"_s;
    switch (step.outcome->kind) {
    case OutcomeKind::Exited:
        return stateIcon(step.outcome->isSuccess() ? JobState::Success : JobState::Failure);
    case OutcomeKind::Timeout:
        return stateIcon(JobState::Timeout);
    case OutcomeKind::Cancelled:
        return stateIcon(JobState::Cancelled);
    case OutcomeKind::Signalled:
    case OutcomeKind::Lost:
        break;
    }
    return stateIcon(JobState::Failure);
}

double contrast(const QColor &one, const QColor &other)
{
    const auto luminance = [](const QColor &color) {
        const auto linear = [](double part) {
            return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
    };
    const double a = luminance(one);
    const double b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

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

const ThemeColors &Theme::colors() const
{
    if (m_choice == ThemeChoice::Contrast)
        return contrastColors();
    return m_dark ? darkColors() : lightColors();
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
    m_dark = m_choice == ThemeChoice::Dark || m_choice == ThemeChoice::Contrast ||
             (m_choice == ThemeChoice::System && desktopIsDark);
    QApplication::setPalette(colors().palette);
    emit changed();
}

} // namespace danube::console
