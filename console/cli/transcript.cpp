// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/transcript.h"

#include "console/cli/format.h"
#include "shared/protocol/text.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr int prefixWidth = 16;
constexpr WallTime farFuture = WallTime::max();

bool hasEnded(const Step &step)
{
    return step.outcome && step.finishedAt != WallTime();
}

} // namespace

void Transcript::update(const Step &step)
{
    const auto found = m_steps.find(step.number);
    if (found != m_steps.end()) {
        found->second.step = step;
        return;
    }
    const auto colours = m_style.terminal().hasColours ? LineFilter::Colours::Keep : LineFilter::Colours::Drop;
    m_steps.emplace(step.number, Entry{step, LineFilter(colours)});
}

void Transcript::line(const protocol::LogLine &line)
{
    advance(line.time, line.step);
    if (!isShown(line.step) || (m_settings.stream && *m_settings.stream != line.stream))
        return;
    const auto entry = m_steps.find(line.step);
    if (entry != m_steps.end() && !entry->second.started)
        start(entry->second);
    print(prefix(line));
    if (line.stream == LogStream::System) {
        print(m_style.paint(Colour::Dim, singleLine(protocol::textOf(line.bytes))) + u'\n');
        return;
    }
    LineFilter &filter = entry != m_steps.end() ? entry->second.filter : m_coordinatorFilter;
    m_out += (m_settings.exactLines ? line.bytes : filter.filter(line.bytes)) + '\n';
}

void Transcript::settle()
{
    advance(farFuture, StepNumber::Coordinator);
}

void Transcript::advance(WallTime until, StepNumber except)
{
    for (;;) {
        Entry *toStart = nextStart(until);
        Entry *toEnd = nextEnd(until, except);
        if (!toStart && !toEnd)
            return;
        // At the same instant the end comes first: the next step began because the last one ended.
        if (!toStart || (toEnd && toEnd->step.finishedAt <= toStart->step.startedAt))
            end(*toEnd);
        else
            start(*toStart);
    }
}

Transcript::Entry *Transcript::nextStart(WallTime until)
{
    Entry *next = nullptr;
    for (auto &[number, entry] : m_steps) {
        const bool isDue = !entry.started && entry.step.startedAt != WallTime() && entry.step.startedAt <= until;
        if (isDue && (!next || entry.step.startedAt < next->step.startedAt))
            next = &entry;
    }
    return next;
}

Transcript::Entry *Transcript::nextEnd(WallTime until, StepNumber except)
{
    Entry *next = nullptr;
    for (auto &[number, entry] : m_steps) {
        // A step that never ran (it could not be started) ends without having begun.
        const bool isOpen = !entry.ended && (entry.started || entry.step.startedAt == WallTime());
        const bool isDue = isOpen && hasEnded(entry.step) && entry.step.finishedAt <= until && number != except;
        if (isDue && (!next || entry.step.finishedAt < next->step.finishedAt))
            next = &entry;
    }
    return next;
}

void Transcript::start(Entry &entry)
{
    entry.started = true;
    if (isShown(entry.step.number))
        print(formatStepStart(entry.step, m_style));
}

void Transcript::end(Entry &entry)
{
    entry.started = entry.ended = true;
    if (isShown(entry.step.number))
        print(formatStepEnd(entry.step, m_style));
}

bool Transcript::isAlone(StepNumber step, WallTime time) const
{
    return std::ranges::none_of(m_steps, [&](const auto &other) {
        const auto &[number, entry] = other;
        const bool hasBegun = entry.step.startedAt != WallTime() && entry.step.startedAt <= time;
        const bool isOver = hasEnded(entry.step) && entry.step.finishedAt <= time;
        return number != step && hasBegun && !isOver;
    });
}

QString Transcript::prefix(const protocol::LogLine &line)
{
    QString text;
    if (m_settings.timestamps) {
        const auto time = QDateTime::fromMSecsSinceEpoch(line.time.time_since_epoch().count());
        text = m_style.paint(Colour::Dim, time.toString(u"HH:mm:ss.zzz"_s)) + u' ';
    }
    if (line.stream == LogStream::System)
        return text + m_style.paint(Colour::Dim, m_style.dot()) + u' ';
    const auto entry = m_steps.find(line.step);
    const bool wasNamed = entry != m_steps.end() && entry->second.named;
    if (m_settings.step || (!wasNamed && isAlone(line.step, line.time)))
        return text;
    if (entry != m_steps.end())
        entry->second.named = true;
    QString name = entry != m_steps.end() ? singleLine(entry->second.step.name) : u"pipeline"_s;
    name = elide(name, prefixWidth, m_style.ellipsis());
    name += QString(prefixWidth - displayWidth(name), u' ');
    return text + m_style.paint(m_style.colourOf(line.step), name) + u' ' + m_style.separator() + u' ';
}

} // namespace danube::cli
