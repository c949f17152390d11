// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/client.h"
#include "server/kube/watchmachine.h"

#include <QPointer>
#include <QTimer>

namespace danube::kube {

/// Drives a WatchMachine over a Client: one list and one watch for any number of objects, never polling. A line of the
/// stream is at most 8 MiB; a stream silent for longer than its timeout plus 30 s is dropped.
class Watcher : public QObject
{
    Q_OBJECT
public:
    struct Scope
    {
        ResourceType type;
        QString nameSpace;
        QString labelSelector;
        seconds timeout{300};
    };
    Watcher(Client &client, Scope scope, QObject *parent = nullptr);
    void start();
    void stop();
    bool isSynced() const { return m_isSynced; }

    struct Counts
    {
        quint64 lists = 0;
        quint64 watches = 0;
    };
    const Counts &counts() const { return m_counts; }

signals:
    void changed(QJsonObject object);
    void removed(QJsonObject object);
    void synced(); ///< after every complete list
    /// It goes on by itself; for health and log. `failures` in a row.
    void failed(danube::kube::ApiError error, int failures);

private:
    Client &m_client;
    Scope m_scope;
    WatchMachine m_machine;
    QPointer<QNetworkReply> m_stream;
    QByteArray m_partial;
    QTimer m_wait{this};
    QTimer m_silence{this};
    bool m_isSynced = false;
    Counts m_counts;
};

} // namespace danube::kube
