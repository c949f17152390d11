// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/client.h"

#include <QJsonArray>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace danube::tests {

/// A stand-in cluster (tests/support/kube/standin) as a child process: one API server with one node, whose containers
/// really run. Calls wait for their answers with the event loop running. Ends with this object, and everything in it.
class StandInProcess
{
public:
    /// `images`: as in images.py, above the built-in ones.
    explicit StandInProcess(const QJsonObject &images);
    ~StandInProcess();

    /// Empty when it runs; else why not.
    QString failure() const { return m_failure; }
    /// What a real cluster gets for a master (deploy/base/access): namespaces, service account, role. But the jobs'
    /// namespace enforces the pod security standard `restricted`. Empty, or why it failed.
    QString prepare();
    /// A client with the rights of the master's service account.
    std::unique_ptr<kube::Client> newClient(kube::ClientSettings settings = {}) const;
    QJsonObject post(const QString &path, const QJsonObject &body); ///< {} when it was refused
    int fault(const QJsonObject &fault);                            ///< its id, see faults.py and kubelet.py
    void heal();                                                    ///< ends all faults
    QJsonObject act(const QString &action, const QJsonObject &more = {});
    QJsonArray list(const kube::ResourceType &type, const QString &nameSpace);
    std::optional<QJsonObject> get(const kube::ResourceType &type, const QString &nameSpace, const QString &name);
    void remove(const kube::ResourceType &type, const QString &nameSpace, const QString &name, seconds grace);
    QJsonObject counts();
    /// The node's folder behind a pod's volume; empty while there is none.
    QString volume(const QString &podUid, const QString &name) const;

private:
    kube::ApiResult<QJsonObject> send(kube::Request request);

    QTemporaryDir m_directory;
    QProcess m_process;
    QString m_failure;
    std::shared_ptr<kube::Credentials> m_master;
    std::unique_ptr<kube::Client> m_client;
};

} // namespace danube::tests
