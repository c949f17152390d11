// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/backoff.h"
#include "shared/core/id.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace danube::kubernetes {

/// Jobs whose pod the namespace's quota has no room for. They try again in turn, one at a time: at once when a pod went
/// away or another job got in, else with backoff. In turn, because a job that never fits must not hold up the others.
/// Bounded by the engine's running jobs. Control thread.
class QuotaQueue : public QObject
{
    Q_OBJECT
public:
    explicit QuotaQueue(Backoff backoff = Backoff(std::chrono::milliseconds(1'000), std::chrono::milliseconds(15'000)),
                        QObject *parent = nullptr);

    bool isEmpty() const { return m_waiting.empty(); }
    /// `retry` is called once, later; the job then no longer waits, and may enter again at the end.
    void enter(const JobId &job, std::function<void()> retry);
    void leave(const JobId &job);
    /// There may be room: the next one tries.
    void roomMade();

private:
    void tryNext();
    struct Waiting
    {
        JobId job;
        std::function<void()> retry;
    };
    QList<Waiting> m_waiting;
    Backoff m_backoff;
    QTimer m_timer{this};
};

} // namespace danube::kubernetes
