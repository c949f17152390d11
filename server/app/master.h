// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/app/configsource.h"
#include "server/app/datadirectory.h"
#include "server/app/egresswiring.h"
#include "server/app/enginehttpbackend.h"
#include "server/app/enginerpcbackend.h"
#include "server/app/executorfactory.h"
#include "server/artifacts/artifactstore.h"
#include "server/blueprint/apptokens.h"
#include "server/blueprint/blueprintservice.h"
#include "server/http/httpserver.h"
#include "server/logs/logkeeper.h"
#include "server/quota/quotawatch.h"
#include "server/retention/retentionservice.h"
#include "server/rpc/rpcserver.h"
#include "server/secrets/secretvault.h"
#include "server/source/sourceservice.h"
#include "server/triggers/cronservice.h"

namespace danube::app {

/// The composition root: makes every service in the order of their dependencies and takes them apart in the reverse
/// one. Members are declared in that order. Control thread.
class Master : public QObject
{
    Q_OBJECT
public:
    Master(config::Config config, ConfigSource source);
    ~Master() override;

    /// Claims the data directory, opens everything, adopts what ran, listens, writes endpoints.json. One clear sentence
    /// when something is in the way.
    Result<void> start();
    /// SIGHUP: pipelines, secrets, logging. A bad file changes nothing and is logged.
    void reload();
    /// SIGTERM: no new work, calls under way are answered or cut after a bound, running jobs go on without a master.
    void drain();

signals:
    void drained();

private:
    Result<void> openServices();
    Result<void> openBlueprint();
    Result<void> openEgress();
    Result<void> openEdges();
    Result<void> openFiles();
    Result<void> loadDocuments(const config::Config &config);
    Result<void> writeEndpoints() const;
    void connectEngine();
    void watchQuotas();
    void sealLeftLogs();
    Result<QList<kubernetes::GuardingPolicy>> guardsOfJobs(const QString &pipeline) const;
    void followPipelines();
    void followDirectory();

    config::Config m_config;
    ConfigSource m_source;
    SystemClock m_clock;
    metrics::Metrics m_metrics;
    std::optional<DataDirectory> m_directory;
    std::optional<auth::Keyring> m_keyring;
    std::optional<auth::AuthGate> m_gate;
    std::unique_ptr<secrets::SecretsFile> m_secretsFile;
    std::unique_ptr<secrets::SecretVault> m_secrets;
    blueprint::PipelineCatalog m_pipelines;
    std::unique_ptr<blueprint::AppTokens> m_appTokens;
    std::unique_ptr<blueprint::GitCredentials> m_gitCredentials;
    std::unique_ptr<blueprint::BlueprintService> m_blueprint; ///< none when the configuration is a directory
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<logs::LogService> m_logs;
    std::unique_ptr<logs::LogKeeper> m_keeper;
    std::unique_ptr<artifacts::ArtifactStore> m_artifacts;
    std::unique_ptr<quota::QuotaWatch> m_quota;
    std::unique_ptr<retention::RetentionService> m_retention;
    std::unique_ptr<source::SourceService> m_sources;
    ExecutorParts m_executor;
    std::unique_ptr<egress::EgressService> m_egress;
    std::unique_ptr<jobs::Engine> m_engine;
    std::unique_ptr<triggers::CronService> m_cron;
    std::unique_ptr<EngineRpcBackend> m_rpcBackend;
    std::unique_ptr<EngineHttpBackend> m_httpBackend;
    std::unique_ptr<rpc::RpcServer> m_rpc;
    std::unique_ptr<http::HttpServer> m_http;
    QMap<QString, QString> m_endpoints;
    bool m_draining = false;
};

} // namespace danube::app
