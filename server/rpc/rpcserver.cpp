// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/rpcserver.h"

#include "server/rpc/rpcworker.h"

using namespace Qt::StringLiterals;

namespace danube::rpc {

RpcServer::RpcServer(RpcServices services, RpcSettings settings) : m_services(services), m_settings(std::move(settings))
{
    m_thread.setObjectName(u"rpc"_s);
}

RpcServer::~RpcServer()
{
    m_thread.quit();
    m_thread.wait();
}

Result<quint16> RpcServer::start()
{
    Q_ASSERT(!m_worker);
    m_worker = new RpcWorker(m_services, m_settings, m_counts);
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &RpcWorker::drained, this, &RpcServer::drained);
    m_thread.start();
    Result<quint16> port;
    QMetaObject::invokeMethod(m_worker, [this, &port] { port = m_worker->listen(); }, Qt::BlockingQueuedConnection);
    return port;
}

void RpcServer::drain(milliseconds patience)
{
    if (m_worker)
        QMetaObject::invokeMethod(m_worker, [worker = m_worker, patience] { worker->drain(patience); });
    else
        emit drained();
}

} // namespace danube::rpc
