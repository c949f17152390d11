// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/clusteraccess.h"

namespace danube::kube {

/// One context of a kubeconfig with the cluster and the user it names, as they are written: nothing decoded, no file
/// opened. Source of the fields: client-go, tools/clientcmd/api/v1.
struct KubeconfigEntry
{
    QString clusterName;
    QString server;
    QString caFile;
    QByteArray caData; ///< base64
    QString tlsServerName;
    QString proxyUrl;
    bool isInsecure = false;

    QString userName;
    Secret token;
    QString tokenFile;
    QString certificateFile;
    QByteArray certificateData; ///< base64
    QString keyFile;
    Secret keyData; ///< base64

    QString defaultNamespace;
};

/// Pure. Refuses what it would have to leave out: plugins, passwords, impersonation.
Result<KubeconfigEntry> readKubeconfigEntry(const QByteArray &yaml, const QString &context);

} // namespace danube::kube
