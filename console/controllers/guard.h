// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/masters.h"

#include <QHash>

namespace danube::console {

/// Keeps production masters read-only until their operator unlocks one by typing its name. Locks again after 15
/// minutes, when nobody touched the console for five, and when the connection is lost. What writes asks lockReason()
/// first.
class Guard : public QObject
{
    Q_OBJECT
public:
    Guard(Masters &masters, const Clock &clock, QObject *parent = nullptr);

    static constexpr std::chrono::minutes openTime{15};
    static constexpr std::chrono::minutes idleTime{5};

    bool isGuarded(const MasterSession *session) const; ///< production
    bool isLocked(const MasterSession *session) const;
    /// Why nothing may be changed there now, as the end of a sentence; empty = it may.
    QString lockReason(const MasterSession *session) const;
    WallTime openUntil(const MasterSession *session) const; ///< zero = locked, or never guarded
    /// InvalidArgument: `typed` is not the profile's name, letter for letter.
    Result<void> unlock(const MasterSession *session, const QString &typed);
    void lock(const MasterSession *session);
    void noteInput() { m_lastInput = m_clock.steady(); } ///< somebody is here

signals:
    void changed(); ///< of any master

private:
    struct Open
    {
        SteadyTime until;
        WallTime untilWall;
    };
    void watch(MasterSession *session);
    void check();
    void relock(const MasterSession *session, const QString &why);

    Masters &m_masters;
    const Clock &m_clock;
    QHash<const MasterSession *, Open> m_open;
    SteadyTime m_lastInput;
    QTimer m_timer; ///< runs while something is open
};

} // namespace danube::console
