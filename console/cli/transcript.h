// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/safetext.h"
#include "console/cli/style.h"
#include "shared/protocol/logline.h"

#include <map>

namespace danube::cli {

/// A job's log for people: step headers and ends at their place in time, lines of steps that run side by side prefixed
/// with the step's name, sentences of the master set apart. Pure: lines and steps in, text out; live and for a log long
/// finished the same.
class Transcript
{
public:
    struct Settings
    {
        bool timestamps = false;
        bool exactLines = false; ///< the bytes of lines as they are (stdout is no terminal)
        std::optional<StepNumber> step = {};
        std::optional<LogStream> stream = {};
    };
    Transcript(Style style, Settings settings) : m_style(style), m_settings(settings) {}

    bool knows(StepNumber step) const { return step == StepNumber::Coordinator || m_steps.contains(step); }
    void update(const Step &step); ///< new, or its state changed
    void line(const protocol::LogLine &line);
    /// All lines that were printed before now have come: every header and end that is known is due.
    void settle();
    QByteArray take() { return std::exchange(m_out, {}); }

private:
    struct Entry
    {
        Step step;
        LineFilter filter;
        bool started = false; ///< header printed
        bool ended = false;   ///< end printed
        bool named = false;   ///< a line of it had the prefix: from then on all have
    };
    Entry *nextStart(WallTime until);
    Entry *nextEnd(WallTime until, StepNumber except);
    void advance(WallTime until, StepNumber except);
    void start(Entry &entry);
    void end(Entry &entry);
    bool isShown(StepNumber step) const { return !m_settings.step || *m_settings.step == step; }
    bool isAlone(StepNumber step, WallTime time) const;
    QString prefix(const protocol::LogLine &line);
    void print(const QString &text) { m_out += text.toUtf8(); }

    Style m_style;
    Settings m_settings;
    std::map<StepNumber, Entry> m_steps;
    LineFilter m_coordinatorFilter{LineFilter::Colours::Keep};
    QByteArray m_out;
};

} // namespace danube::cli
