// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/mastersession.h"

#include <QPointer>

namespace danube::console {

enum class JobAction { Cancel, Retry };

/// One thing done to several jobs, perhaps of several masters: which of them it concerns, what is sent, what came of
/// it. What a job's state rules out is skipped and never sent. A few requests at a time. GUI thread.
class JobBatch : public QObject
{
    Q_OBJECT
public:
    enum class Fate {
        Ready,   ///< will be sent
        Skipped, ///< `reason` says why
        Sending,
        Sent,    ///< the master took it
        Refused, ///< the master did not; `reason` says why
    };
    struct Item
    {
        QPointer<MasterSession> master;
        Job job; ///< as it was when the batch was made, then as the master answered
        Fate fate = Fate::Ready;
        QString reason;
    };

    JobBatch(JobAction action, const QList<std::pair<MasterSession *, JobId>> &jobs, QObject *parent = nullptr);

    JobAction action() const { return m_action; }
    const QList<Item> &items() const { return m_items; }
    int count(Fate fate) const;
    void start(); ///< once
    bool isOver() const { return m_started && m_next == m_items.size() && m_sending == 0; }
    QString summary() const; ///< before: "3 will be cancelled, 1 skipped"; after: "3 sent, 1 skipped"

    static constexpr int mostAtOnce = 8;

signals:
    void changed(int item);
    void over();

private:
    void sendMore();
    void take(qsizetype item, const Result<Job> &answer);
    JobAction m_action;
    QList<Item> m_items;
    qsizetype m_next = 0; ///< the first that was not looked at
    int m_sending = 0;
    bool m_started = false;
};

/// Why `action` makes no sense for a job in that state, as a sentence; empty: it does.
QString objectionTo(JobAction action, const Job &job);

} // namespace danube::console
