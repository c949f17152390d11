// SPDX-License-Identifier: GPL-3.0-or-later
// How long the GUI thread worked without looking at its events. Measured as CPU time of the thread, so that what else
// the machine does at the time counts for nothing.
#pragma once

#include <QTimer>

#include <algorithm>

#include <time.h>

namespace danube::tests {

inline double threadMilliseconds()
{
    timespec now = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

class LoopWatch
{
public:
    LoopWatch()
    {
        QObject::connect(&m_ticker, &QTimer::timeout, &m_ticker, [this] { look(); });
        m_ticker.start(5); // of work, not of time: more often would only be more work
        m_last = threadMilliseconds();
    }
    void look()
    {
        const double now = threadMilliseconds();
        m_longest = std::max(m_longest, now - m_last);
        m_last = now;
        ++m_ticks;
    }
    double longest() const { return m_longest; } ///< milliseconds of work between two looks at the events
    int ticks() const { return m_ticks; }
    void restart()
    {
        m_longest = 0;
        m_last = threadMilliseconds();
    }

private:
    QTimer m_ticker;
    double m_last = 0;
    double m_longest = 0;
    int m_ticks = 0;
};

/// CPU time of this thread for one call, in milliseconds.
template <class Work> double workOf(Work &&work)
{
    const double before = threadMilliseconds();
    work();
    return threadMilliseconds() - before;
}

} // namespace danube::tests
