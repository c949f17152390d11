// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/jobstandings.h"

namespace danube::console {

JobStandings::JobStandings(const Credentials &credentials, const PreferencesStore &preferences,
                           const WatchedJobs &watched, QObject *parent)
    : QObject(parent), m_credentials(credentials), m_preferences(preferences), m_watched(watched)
{
    connect(&m_credentials, &Credentials::memoryChanged, this, &JobStandings::changed);
    connect(&m_preferences, &PreferencesStore::changed, this, &JobStandings::changed);
    connect(&m_watched, &WatchedJobs::changed, this, &JobStandings::changed);
}

QString JobStandings::userOf(const QString &masterUrl) const
{
    const QString known = m_credentials.userOf(masterUrl);
    return known.isEmpty() ? m_preferences.value().userName : known;
}

JobStanding JobStandings::of(const QString &masterUrl, const Job &job) const
{
    const QString me = userOf(masterUrl);
    return {!me.isEmpty() && job.triggeredBy == me, m_watched.contains(masterUrl, job.id)};
}

} // namespace danube::console
