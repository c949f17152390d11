// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>

namespace danube::console {

/// Who of many may hold a stream open: a master gives each client so many connections, and each open log is one. The
/// last ones looked at have a turn, the others wait; when one is done or gone, the next has its turn. GUI thread.
class StreamSlots : public QObject
{
    Q_OBJECT
public:
    explicit StreamSlots(int limit, QObject *parent = nullptr) : QObject(parent), m_limit(limit) {}

    void enter(QObject *who); ///< as the last one looked at; again: looked at again. Leaves by itself when destroyed
    void leave(QObject *who);
    bool hasTurn(const QObject *who) const;
    int limit() const { return m_limit; }
    int waiting() const { return std::max(0, int(m_line.size()) - m_limit); }

signals:
    void turnsChanged();

private:
    int m_limit;
    QList<QObject *> m_line; ///< the last one looked at first
};

} // namespace danube::console
