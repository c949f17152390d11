// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/client.h"
#include "server/kube/linesplitter.h"
#include "server/kube/watchmachine.h"

#include <QPointer>
#include <QTimer>

namespace danube::kube {

/// Drives a WatchMachine over a Client: one list and one watch for any number of objects, never polling, and never more
/// than one request at once. A line of the stream is at most 8 MiB; a stream silent for longer than its timeout plus
/// `grace` is dropped. Threads: the client's.
class Watcher : public QObject
{
    Q_OBJECT
public:
    struct Scope
    {
        ResourceType type;
        QString nameSpace;
        QString labelSelector;
        seconds timeout{300};       ///< asked of the server
        milliseconds grace{30'000}; ///< how much later than asked its end may come
    };
    Watcher(Client &client, Scope scope, QObject *parent = nullptr);
    ~Watcher() override;
    void start();
    void stop();                                 ///< no signal comes after it; start() goes on from what is known
    bool isSynced() const { return m_isSynced; } ///< what was told is what the last list or event said

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
    void goOn();
    void take(const DoList &step);
    void take(const DoWatch &step);
    void take(const DoWait &step);
    void onListed(const ApiResult<QJsonObject> &list);
    void onOpened(const ApiResult<QNetworkReply *> &reply);
    void onReadyRead();
    void onFinished();
    void onSilence();
    bool tell(const QList<WatchEvent> &events);
    void endStream(const std::optional<ApiError> &error);
    void dropStream();
    void fail(const ApiError &error);
    milliseconds sinceAsked() const;

    Client &m_client;
    Scope m_scope;
    WatchMachine m_machine;
    std::unique_ptr<QObject> m_turn; ///< context of the request under way; gone = its answer is not wanted any more
    QPointer<QNetworkReply> m_stream;
    LineSplitter m_lines;
    SteadyTime m_askedAt{};
    QTimer m_wait{this};
    QTimer m_silence{this};
    bool m_isSynced = false;
    bool m_isRunning = false;
    Counts m_counts;
};

} // namespace danube::kube
