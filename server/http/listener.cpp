// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/listener.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcHttpListener, "danube.http.listener")

namespace danube::http {

Listener::Listener(ConnectionPool &pool) : m_pool(pool)
{
    setListenBacklogSize(512);
    // Out of descriptors QTcpServer stops accepting for good; some will be free again soon.
    m_acceptAgain.setSingleShot(true);
    m_acceptAgain.setInterval(200);
    connect(&m_acceptAgain, &QTimer::timeout, this, &QTcpServer::resumeAccepting);
    connect(this, &QTcpServer::acceptError, this, [this] {
        qCWarning(lcHttpListener).noquote() << u"accept-failed error=\"%1\""_s.arg(errorString());
        m_acceptAgain.start();
    });
}

void Listener::incomingConnection(qintptr descriptor)
{
    m_pool.admit(descriptor, [this](GatedSocket *gate) { addPendingConnection(gate); });
}

} // namespace danube::http
