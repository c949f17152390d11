// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/notifications.h"

#include <QDateTime>

namespace danube::console {

Notifications::Notifications(const Parts &parts, QObject *parent) : QObject(parent), m_parts(parts)
{
    connect(&m_parts.masters, &Masters::added, this, &Notifications::watch);
    connect(&m_parts.credentials, &Credentials::signInNeeded, this, [this](const MasterSession *session) {
        if (m_rules.signInNeeded)
            tell({session->profile().name, tr("Sign-in needed"), session->profile().url, {}}, ActivityLevel::Warning);
    });
}

void Notifications::watch(MasterSession *session)
{
    connect(session, &MasterSession::jobMoved, this,
            [this, session](JobState from, const Job &job) { takeMove(*session, from, job); });
}

void Notifications::takeMove(const MasterSession &session, JobState from, const Job &job)
{
    const Profile &profile = session.profile();
    const JobStanding standing = m_parts.standings.of(profile.url, job);
    const JobMove move{from, job, standing.mine, standing.watched};
    if (!wants(m_rules, move))
        return;
    const bool bad = job.state == JobState::Failure || job.state == JobState::Timeout;
    tell({profile.name, notificationText(move), profile.url, job.id},
         bad ? ActivityLevel::Warning : ActivityLevel::Note);
}

void Notifications::tell(const Notification &notification, ActivityLevel level)
{
    const ActivityKind kind = notification.job.value().isEmpty() ? ActivityKind::SignIn : ActivityKind::Job;
    m_parts.masters.activity()->add(
        {kind, level, notification.title, notification.text, notification.masterUrl, {}, -1});
    const QTime now = QDateTime::fromMSecsSinceEpoch(m_parts.clock.wall().time_since_epoch().count()).time();
    if (m_parts.notifier && m_parts.notifier->isAvailable() && !isQuiet(m_rules, now))
        m_parts.notifier->show(notification);
}

} // namespace danube::console
