// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/activitymodel.h"
#include "console/models/downloadsmodel.h"

#include <QHash>
#include <QObject>

namespace danube::console {

class DownloadQueue;

/// Tells the activity list of one master's downloads: a row with a percentage for as long as one is under way. The list
/// outlives it; rows that are under way when it goes are ended.
class DownloadActivity : public QObject
{
    Q_OBJECT
public:
    DownloadActivity(ActivityModel &activity, DownloadQueue &queue, const QString &master, QObject *parent);
    ~DownloadActivity() override;

private:
    void take(const DownloadItem &item);
    void end(const QString &target, ActivityLevel level, const QString &text);

    ActivityModel &m_activity;
    QString m_master;
    QHash<QString, ActivityModel::Handle> m_rows; ///< by target: under way
};

} // namespace danube::console
