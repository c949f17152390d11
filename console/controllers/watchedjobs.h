// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/id.h"

#include <QObject>
#include <QStringList>

class QSettings;

namespace danube::console {

/// The jobs an operator wants to hear of, of all masters, kept in the settings: the last 500.
class WatchedJobs : public QObject
{
    Q_OBJECT
public:
    explicit WatchedJobs(QSettings &settings, QObject *parent = nullptr);
    bool contains(const QString &masterUrl, const JobId &job) const;
    void set(const QString &masterUrl, const JobId &job, bool watched);

signals:
    void changed();

private:
    QSettings &m_settings;
    QStringList m_keys; ///< "<job> <URL>", oldest first
};

} // namespace danube::console
