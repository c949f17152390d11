// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/client.h"
#include "shared/core/backoff.h"

#include <QPointer>
#include <QTimer>

class QNetworkReply;

namespace danube::kube {

/// One request of a Client until its one answer: attempts, waits, deadline. Deletes itself then.
class Call : public QObject
{
    Q_OBJECT
public:
    struct Parts ///< of the Client, which outlives its calls
    {
        Transport &transport;
        Turnstile &turnstile;
        Limiter &limiter;
        ClientCounts &counts;
        const ClientSettings &settings;
    };
    Call(const Parts &parts, Request request, QObject *context, Client::Answer answer);
    ~Call() override;

private:
    void enqueue();
    void attempt();
    void onReadyRead();
    void onFinished();
    void onFailed(const ApiError &error);
    void onDeadline();
    bool mayRepeat(const ApiError &error) const;
    void repeatAfter(milliseconds wait, const ApiError &error);
    void dropReply();
    void give(ApiResult<QJsonObject> result);

    Parts m_parts;
    Request m_request;
    QPointer<QObject> m_context;
    Client::Answer m_answer;
    QPointer<QNetworkReply> m_reply;
    std::optional<ApiError> m_last; ///< of an attempt that is repeated
    Backoff m_backoff;
    bool m_triedNewToken = false;
    QTimer m_deadline{this};
    QTimer m_wait{this};
};

} // namespace danube::kube
