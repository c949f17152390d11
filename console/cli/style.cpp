// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/style.h"

#include <array>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

struct Symbol
{
    QString unicode;
    QString ascii;
};

const Symbol running{u"▶"_s, u">"_s};
const Symbol waiting{u"○"_s, u"."_s};
const Symbol success{u"✔"_s, u"+"_s};
const Symbol failure{u"✘"_s, u"x"_s};
const Symbol timedOut{u"⧗"_s, u"t"_s};
const Symbol cancelled{u"⊘"_s, u"-"_s};
const Symbol lost{u"?"_s, u"?"_s};

const Symbol &symbolOf(JobState state)
{
    switch (state) {
    case JobState::Pending:
    case JobState::Scheduling:
        return waiting;
    case JobState::Running:
        return running;
    case JobState::Success:
        return success;
    case JobState::Failure:
        return failure;
    case JobState::Timeout:
        return timedOut;
    case JobState::Cancelled:
        return cancelled;
    }
    return lost;
}

const Symbol &symbolOf(const StepOutcome &outcome)
{
    switch (outcome.kind) {
    case OutcomeKind::Exited:
        return outcome.isSuccess() ? success : failure;
    case OutcomeKind::Signalled:
        return failure;
    case OutcomeKind::Timeout:
        return timedOut;
    case OutcomeKind::Cancelled:
        return cancelled;
    case OutcomeKind::Lost:
        return lost;
    }
    return lost;
}

QLatin1StringView sgrOf(Colour colour)
{
    static constexpr std::array codes{""_L1, "1"_L1, "2"_L1, "31"_L1, "32"_L1, "33"_L1, "34"_L1, "35"_L1, "36"_L1};
    return codes[static_cast<size_t>(colour)];
}

} // namespace

Colour colourOf(JobState state)
{
    switch (state) {
    case JobState::Pending:
    case JobState::Scheduling:
        return Colour::Dim;
    case JobState::Running:
        return Colour::Blue;
    case JobState::Success:
        return Colour::Green;
    case JobState::Failure:
        return Colour::Red;
    case JobState::Timeout:
    case JobState::Cancelled:
        return Colour::Yellow;
    }
    return Colour::Plain;
}

Colour colourOf(const StepOutcome &outcome)
{
    if (outcome.isSuccess())
        return Colour::Green;
    const bool isYellow = outcome.kind == OutcomeKind::Timeout || outcome.kind == OutcomeKind::Cancelled;
    return isYellow ? Colour::Yellow : Colour::Red;
}

QString Style::paint(Colour colour, const QString &text) const
{
    if (!m_terminal.hasColours || colour == Colour::Plain || text.isEmpty())
        return text;
    return u"\x1b["_s + sgrOf(colour) + u'm' + text + u"\x1b[0m"_s;
}

QString Style::symbol(JobState state) const
{
    const Symbol &symbol = symbolOf(state);
    return paint(cli::colourOf(state), m_terminal.hasUnicode ? symbol.unicode : symbol.ascii);
}

QString Style::symbol(const Step &step) const
{
    const Symbol &symbol = step.outcome ? symbolOf(*step.outcome) : running;
    const Colour colour = step.outcome ? cli::colourOf(*step.outcome) : Colour::Blue;
    return paint(colour, m_terminal.hasUnicode ? symbol.unicode : symbol.ascii);
}

QString Style::state(JobState state) const
{
    return paint(cli::colourOf(state), toText(state));
}

Colour Style::colourOf(StepNumber step) const
{
    static constexpr std::array colours{Colour::Cyan, Colour::Magenta, Colour::Yellow, Colour::Blue, Colour::Green};
    return colours[toInt(step) % colours.size()];
}

} // namespace danube::cli
