// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/terminal.h"
#include "shared/model/step.h"

namespace danube::cli {

enum class Colour { Plain, Bold, Dim, Red, Green, Yellow, Blue, Magenta, Cyan };

/// How things look on one output: colours only where it has them, symbols in ASCII where it is no UTF-8.
class Style
{
public:
    explicit Style(Terminal terminal) : m_terminal(terminal) {}
    const Terminal &terminal() const { return m_terminal; }

    QString paint(Colour colour, const QString &text) const;
    QString symbol(JobState state) const;   ///< coloured
    QString symbol(const Step &step) const; ///< coloured
    QString state(JobState state) const;    ///< the state's name, coloured
    Colour colourOf(StepNumber step) const; ///< a step's own, to tell parallel ones apart
    QString separator() const { return m_terminal.hasUnicode ? QStringLiteral("│") : QStringLiteral("|"); }
    QString dot() const { return m_terminal.hasUnicode ? QStringLiteral("·") : QStringLiteral("-"); }
    QString ellipsis() const { return m_terminal.hasUnicode ? QStringLiteral("…") : QStringLiteral("..."); }

private:
    Terminal m_terminal;
};

Colour colourOf(JobState state);
Colour colourOf(const StepOutcome &outcome);

} // namespace danube::cli
