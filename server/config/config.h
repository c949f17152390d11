// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/blueprintconfig.h"
#include "server/config/egressconfig.h"
#include "server/config/kubernetesconfig.h"
#include "server/config/localconfig.h"
#include "shared/core/bytecount.h"
#include "shared/core/result.h"

#include <QMap>
#include <QString>
#include <QStringList>

namespace danube::config {

/// What must stay free of the data volume: the larger of both.
struct FreeReserve
{
    int percent = 5;
    ByteCount bytes{};
    bool operator==(const FreeReserve &) const = default;
};

struct ListenAddress
{
    QString host;     ///< IPv4 or IPv6 address
    quint16 port = 0; ///< 0 = any free one
    bool isLoopback() const;
    bool operator==(const ListenAddress &) const = default;
};

/// danube.toml after defaults and environment (contract: "danube.toml"). Every key is in a table of
/// settingtable.cpp, blueprinttable.cpp, localtable.cpp, kubernetestable.cpp or egresstable.cpp.
struct Config
{
    ListenAddress httpAddress{QStringLiteral("127.0.0.1"), 8080};      ///< server.bind_address
    ListenAddress webSocketAddress{QStringLiteral("127.0.0.1"), 3001}; ///< server.websocket_address
    ListenAddress rpcAddress{QStringLiteral("127.0.0.1"), 9000};       ///< server.rpc_address
    int requestRate = 1000;    ///< server.request_rate, a second of one subject; 0 = no limit
    int requestBurst = 10'000; ///< server.request_burst
    int refusalRate = 10;      ///< server.refusal_rate, 401s a second for one peer; 0 = no limit
    int refusalBurst = 50;     ///< server.refusal_burst
    QString dataDirectory = QStringLiteral("/var/lib/danube"); ///< server.data_dir
    QString blueprintDirectory;                                ///< config_repo.directory: plain files, development
    BlueprintConfig blueprint;                                 ///< [config_repo]
    QString executorKind = QStringLiteral("local");            ///< executor.kind
    LocalConfig local;                                         ///< [local]
    KubernetesConfig kubernetes;                               ///< [kubernetes]
    EgressConfig egress;                                       ///< [egress]
    QString authMode = QStringLiteral("dev");                  ///< auth.mode
    QString authTokenFile;                                     ///< auth.token_file
    int maxConcurrentJobs = 0;                                 ///< jobs.max_concurrent; 0 = 2 × cores
    QString secretsFile;                                       ///< secrets.file
    QStringList sourceProtocols{QStringLiteral("https"), QStringLiteral("ssh")}; ///< source.protocols
    QString sourceCaFile;                       ///< source.ca_file; empty = the system's authorities
    int sourceDepth = 50;                       ///< source.depth, commits in a bundle
    ByteCount artifactBytes = 10_GiB;           ///< quota.artifact_bytes, per job
    ByteCount workspaceBytes = 20_GiB;          ///< quota.workspace_bytes, per job
    int workspaceFiles = 2'000'000;             ///< quota.workspace_files, per job on this machine
    ByteCount logBytes = 2_GiB;                 ///< quota.log_bytes, per job
    FreeReserve freeReserve;                    ///< quota.free_reserve, of the data volume
    milliseconds logCompressAfter{600'000};     ///< logs.compress_after
    ByteCount sseRateLimit{};                   ///< logs.sse_rate_limit, a second to one client; 0 = none
    bool metricsOpen = false;                   ///< metrics.open
    QString logLevel = QStringLiteral("info");  ///< logging.level
    QString logFormat = QStringLiteral("json"); ///< logging.format
    bool operator==(const Config &) const = default;
};

using EnvironmentMap = QMap<QString, QString>;

/// Pure: text of danube.toml and environment in, configuration out. The environment's DANUBE_<SECTION>_<KEY> wins over
/// the file. Errors name file, line, key, what was expected and what was there; unknown keys of the file are refused.
Result<Config> readConfig(const QByteArray &toml, const QString &fileName, const EnvironmentMap &environment);

/// Keys whose values differ and that only a restart can change; what SIGHUP cannot do is said, not ignored.
QStringList changesThatNeedRestart(const Config &running, const Config &wanted);

} // namespace danube::config
