// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/guard.h"

#include "console/models/words.h"

namespace danube::console {

Guard::Guard(Masters &masters, const Clock &clock, QObject *parent)
    : QObject(parent), m_masters(masters), m_clock(clock), m_lastInput(clock.steady())
{
    m_timer.setInterval(seconds(1));
    connect(&m_timer, &QTimer::timeout, this, &Guard::check);
    connect(&masters, &Masters::added, this, &Guard::watch);
    connect(&masters, &Masters::aboutToRemove, this, [this](const MasterSession *session) {
        if (m_open.remove(session) > 0)
            emit changed();
    });
}

void Guard::watch(MasterSession *session)
{
    connect(session, &MasterSession::connectionChanged, this, [this, session] {
        if (!session->isLive() && m_open.contains(session))
            relock(session, tr("the connection was lost"));
    });
}

bool Guard::isGuarded(const MasterSession *session) const
{
    return session && session->profile().kind == ProfileKind::Production;
}

bool Guard::isLocked(const MasterSession *session) const
{
    return isGuarded(session) && !m_open.contains(session);
}

QString Guard::lockReason(const MasterSession *session) const
{
    if (!isLocked(session))
        return {};
    return tr("%1 is production and read-only until you unlock it").arg(session->profile().name);
}

WallTime Guard::openUntil(const MasterSession *session) const
{
    const auto open = m_open.constFind(session);
    return open == m_open.cend() ? WallTime{} : open->untilWall;
}

Result<void> Guard::unlock(const MasterSession *session, const QString &typed)
{
    if (typed != session->profile().name)
        return fail(ErrorCode::InvalidArgument, tr("This is not the name of the profile."));
    if (!isGuarded(session))
        return {};
    m_open.insert(session, {m_clock.steady() + openTime, m_clock.wall() + openTime});
    noteInput();
    m_timer.start();
    m_masters.activity()->add({ActivityKind::Console,
                               ActivityLevel::Warning,
                               session->profile().name,
                               tr("Unlocked until %1.").arg(timeText(openUntil(session), m_clock.wall())),
                               {},
                               {},
                               -1});
    emit changed();
    return {};
}

void Guard::lock(const MasterSession *session)
{
    if (m_open.contains(session))
        relock(session, tr("as you asked"));
}

void Guard::check()
{
    const SteadyTime now = m_clock.steady();
    const bool idle = now - m_lastInput >= idleTime;
    for (const MasterSession *session : m_open.keys()) {
        if (idle)
            relock(session, tr("nobody used the console for %1").arg(durationText(idleTime)));
        else if (now >= m_open.value(session).until)
            relock(session, tr("its time is over"));
    }
}

void Guard::relock(const MasterSession *session, const QString &why)
{
    m_open.remove(session);
    if (m_open.isEmpty())
        m_timer.stop();
    m_masters.activity()->add(
        {ActivityKind::Console, ActivityLevel::Note, session->profile().name, tr("Locked: %1.").arg(why), {}, {}, -1});
    emit changed();
}

} // namespace danube::console
