// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/watchedjobs.h"

#include <QSettings>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qsizetype most = 500;

QString keyOf(const QString &masterUrl, const JobId &job)
{
    return job.value() + u' ' + masterUrl;
}

} // namespace

WatchedJobs::WatchedJobs(QSettings &settings, QObject *parent)
    : QObject(parent), m_settings(settings), m_keys(settings.value("watched"_L1).toStringList())
{}

bool WatchedJobs::contains(const QString &masterUrl, const JobId &job) const
{
    return m_keys.contains(keyOf(masterUrl, job));
}

void WatchedJobs::set(const QString &masterUrl, const JobId &job, bool watched)
{
    const QString key = keyOf(masterUrl, job);
    m_keys.removeOne(key);
    if (watched)
        m_keys.append(key);
    while (m_keys.size() > most)
        m_keys.removeFirst();
    m_settings.setValue("watched"_L1, m_keys);
    emit changed();
}

} // namespace danube::console
