// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QMap>
#include <QUrl>

namespace danube::kube {

/// How to reach one API server, and as whom: everything a connection needs, read once, immutable afterwards.
struct ClusterAccess
{
    QUrl server;                  ///< https://host:port[/prefix]
    QByteArray caPem;             ///< empty = the system's authorities
    QString tlsServerName;        ///< kubeconfig's tls-server-name; empty = the URL's host
    bool verifyPeer = true;       ///< false only by insecure-skip-tls-verify, which the caller must have allowed
    QByteArray clientCertificate; ///< PEM; empty = none
    Secret clientKey;             ///< PEM
    Secret token;                 ///< a fixed bearer token; empty = none
    QString tokenFile;            ///< read again while it changes (projected tokens rotate); wins over `token`
    QUrl proxy;                   ///< http://… (CONNECT) or socks5://…; empty = none, the environment is not asked
    QString defaultNamespace;     ///< of the context or the mounted service account; empty = "default"
};

enum class InsecureTls { Refused, Allowed };

struct KubeconfigSource
{
    QByteArray yaml;
    QString fileName; ///< for messages, and the base of relative paths inside
    QString context;  ///< empty = current-context
};

/// Pure but for the files it names (certificate-authority, client-certificate, client-key). Errors name file, object
/// and field: "kubeconfig x: user \"dev\": exec plugins are not supported (use a token or a client certificate)".
Result<ClusterAccess> readKubeconfig(const KubeconfigSource &source, InsecureTls insecure);

/// Inside a pod: KUBERNETES_SERVICE_HOST/_PORT of `environment` and `directory`'s ca.crt, token, namespace.
/// NotFound: this is not a pod.
Result<ClusterAccess>
inClusterAccess(const QMap<QString, QString> &environment,
                const QString &directory = QStringLiteral("/var/run/secrets/kubernetes.io/serviceaccount"));

} // namespace danube::kube
