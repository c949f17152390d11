// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/client.h"

#include <QJsonArray>
#include <QPointer>

namespace danube::kube {

/// Follows a list over its pages until its one answer. Deletes itself then.
class Listing : public QObject
{
    Q_OBJECT
public:
    struct Scope
    {
        ResourceType type;
        QString nameSpace;
        QString labelSelector;
    };
    Listing(Client &client, Scope scope, QObject *context, Client::Answer answer);
    void nextPage();

private:
    void take(const QJsonObject &page);
    void onFailed(const ApiError &error);
    void give(ApiResult<QJsonObject> result);

    Client &m_client; ///< our parent
    Scope m_scope;
    QPointer<QObject> m_context;
    Client::Answer m_answer;
    QJsonArray m_items;
    QJsonObject m_metadata; ///< of the first page
    QString m_continue;
    int m_pages = 0;
    bool m_isUnpaged = false;
};

} // namespace danube::kube
