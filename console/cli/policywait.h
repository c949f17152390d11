// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/context.h"

#include <QObject>
#include <QTimer>

namespace danube::cli {

/// Looks at the master's egress policies (GET egress/policy) until they are as wanted, or for two minutes. Once, then
/// the owner deletes it.
class PolicyWait : public QObject
{
    Q_OBJECT
public:
    using IsGood = std::function<bool(const QJsonObject &policy)>;
    PolicyWait(api::ApiClient &client, IsGood isGood, QObject *parent);
    void start();

signals:
    void arrived(const QJsonObject &policy); ///< it is good
    void expired(const QJsonObject &policy); ///< it was not, to the last
    void failed(const danube::Error &error);

private:
    void look();
    void take(const Result<QJsonObject> &policy);

    static constexpr int maxLooks = 240;
    api::ApiClient &m_client;
    IsGood m_isGood;
    QTimer m_pause{this};
    int m_looks = 0;
};

} // namespace danube::cli
