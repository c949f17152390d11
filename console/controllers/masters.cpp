// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/masters.h"

#include "console/controllers/downloadactivity.h"
#include "console/controllers/downloadqueue.h"

namespace danube::console {

Masters::Masters(const LogCache &cache, const Clock &clock, QObject *parent)
    : QObject(parent), m_cache(cache), m_clock(clock), m_activity(clock)
{}

Masters::~Masters()
{
    for (const auto &session : m_sessions)
        m_allJobs.removeSourceModel(session->jobs());
}

Result<MasterSession *> Masters::connectTo(const Profile &profile, Secret token)
{
    if (MasterSession *known = find(profile.url)) {
        known->signIn(std::move(token));
        tell(*known, ActivityKind::SignIn, ActivityLevel::Note, tr("Signed in with a new token."));
        setScope(known);
        return known;
    }
    auto opened = MasterSession::open(profile, std::move(token), m_clock, m_cache, m_settings);
    if (!opened)
        return std::unexpected(opened.error());
    m_sessions.push_back(std::move(*opened));
    MasterSession *session = m_sessions.back().get();
    m_allJobs.addSourceModel(session->jobs());
    connect(session, &MasterSession::connectionChanged, this,
            [this, session, told = std::optional<ConnectionState>()]() mutable {
                if (std::exchange(told, session->connection().state) != session->connection().state)
                    tellConnection(*session); // a new reason for the same state is no news
            });
    connect(session, &MasterSession::problem, this, [this, session](const QString &text) {
        tell(*session, ActivityKind::Request, ActivityLevel::Problem, text);
    });
    new DownloadActivity(m_activity, session->downloads(), profile.name, session);
    emit added(session);
    session->start();
    setScope(session);
    return session;
}

void Masters::disconnectFrom(MasterSession *session)
{
    const auto found =
        std::find_if(m_sessions.begin(), m_sessions.end(), [&](const auto &one) { return one.get() == session; });
    if (found == m_sessions.end())
        return;
    emit aboutToRemove(session);
    tell(*session, ActivityKind::Connection, ActivityLevel::Note, tr("Disconnected."));
    m_allJobs.removeSourceModel(session->jobs());
    if (m_scope == session)
        m_scope = nullptr;
    m_sessions.erase(found);
    emit removed();
    setScope(m_sessions.size() == 1 ? m_sessions.front().get() : m_scope);
}

QList<MasterSession *> Masters::all() const
{
    QList<MasterSession *> sessions;
    for (const auto &session : m_sessions)
        sessions.append(session.get());
    return sessions;
}

MasterSession *Masters::find(const QString &url) const
{
    const auto urlOf = [](const auto &session) { return session->profile().url; };
    auto found = std::ranges::find(m_sessions, url, urlOf);
    if (found == m_sessions.end())
        found = std::ranges::find_if(m_sessions, [&](const QString &one) { return isSameMaster(one, url); }, urlOf);
    return found == m_sessions.end() ? nullptr : found->get();
}

void Masters::setScope(MasterSession *session)
{
    m_scope = session;
    emit scopeChanged();
}

void Masters::tell(const MasterSession &session, ActivityKind kind, ActivityLevel level, const QString &text)
{
    m_activity.add({kind, level, session.profile().name, text, session.profile().url, {}, -1});
}

void Masters::tellConnection(const MasterSession &session)
{
    const Connection &connection = session.connection();
    const bool good = connection.state == ConnectionState::Live || connection.state == ConnectionState::CatchingUp ||
                      connection.state == ConnectionState::Connecting;
    m_activity.add({ActivityKind::Connection,
                    good ? ActivityLevel::Note : ActivityLevel::Warning,
                    session.profile().name,
                    describe(connection),
                    connection.detail.isEmpty() ? session.profile().url
                                                : session.profile().url + QLatin1Char('\n') + connection.detail,
                    {},
                    -1});
}

} // namespace danube::console
