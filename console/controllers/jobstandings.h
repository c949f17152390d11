// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/credentials.h"
#include "console/controllers/preferencesstore.h"
#include "console/controllers/watchedjobs.h"
#include "console/models/jobquery.h"

namespace danube::console {

/// Which jobs are mine, and which I watch. Who I am on a master says its token, else the preferences.
class JobStandings : public QObject
{
    Q_OBJECT
public:
    JobStandings(const Credentials &credentials, const PreferencesStore &preferences, const WatchedJobs &watched,
                 QObject *parent = nullptr);
    QString userOf(const QString &masterUrl) const; ///< empty: nobody said
    JobStanding of(const QString &masterUrl, const Job &job) const;

signals:
    void changed();

private:
    const Credentials &m_credentials;
    const PreferencesStore &m_preferences;
    const WatchedJobs &m_watched;
};

} // namespace danube::console
