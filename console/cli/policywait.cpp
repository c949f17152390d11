// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/policywait.h"

namespace danube::cli {
namespace {

constexpr milliseconds pause{500};

} // namespace

PolicyWait::PolicyWait(api::ApiClient &client, IsGood isGood, QObject *parent)
    : QObject(parent), m_client(client), m_isGood(std::move(isGood))
{
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &PolicyWait::look);
}

void PolicyWait::start()
{
    look();
}

void PolicyWait::look()
{
    ++m_looks;
    m_client.sendJson({.route = protocol::RouteId::EgressPolicy}, this,
                      [this](const Result<QJsonObject> &policy) { take(policy); });
}

void PolicyWait::take(const Result<QJsonObject> &policy)
{
    if (!policy)
        emit failed(policy.error());
    else if (m_isGood(*policy))
        emit arrived(*policy);
    else if (m_looks == maxLooks)
        emit expired(*policy);
    else
        m_pause.start(pause);
}

} // namespace danube::cli
