// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/master.h"

#include "server/app/metricswiring.h"
#include "server/app/servicesettings.h"
#include "server/logs/logreader.h"
#include "shared/core/logging.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QJsonDocument>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace danube::app {
namespace {

Q_LOGGING_CATEGORY(masterLog, "danube.master")

constexpr milliseconds drainPatience{5'000};
constexpr milliseconds closePatience{10'000};

void applyLogging(const config::Config &config)
{
    static const QMap<QString, QtMsgType> levels{
        {u"debug"_s, QtDebugMsg}, {u"info"_s, QtInfoMsg}, {u"warning"_s, QtWarningMsg}, {u"error"_s, QtCriticalMsg}};
    installLogging(config.logFormat == "json"_L1 ? LogFormat::Json : LogFormat::Text,
                   levels.value(config.logLevel, QtInfoMsg));
}

QString url(const QString &host, quint16 port)
{
    return (host.contains(u':') ? u"http://[%1]:%2"_s : u"http://%1:%2"_s).arg(host).arg(port);
}

} // namespace

Master::Master(config::Config config, ConfigSource source) : m_config(std::move(config)), m_source(std::move(source)) {}

Master::~Master()
{
    m_http.reset();
    m_rpc.reset();
    m_httpBackend.reset();
    m_rpcBackend.reset();
    m_cron.reset();
    m_engine.reset();
    m_egress.reset();
    m_executor.reset();
    m_sources.reset();
    m_blueprint.reset();
    m_retention.reset();
    m_artifacts.reset();
    m_logs.reset(); // its thread tells the keeper of seals
    m_keeper.reset();
    m_quota.reset(); // it is told of grown logs, too
    if (m_store) {
        if (auto closed = m_store->close(closePatience); !closed)
            qCCritical(masterLog).noquote() << u"store not closed error=\"%1\""_s.arg(closed.error().message);
    }
}

Result<void> Master::start()
{
    applyLogging(m_config);
    return openServices()
        .and_then([this] { return openEdges(); })
        .and_then([this] { return m_engine->recover(); })
        .transform([this] {
            sealLeftLogs();
            m_quota->start(); // what it finds at once is told once, to jobs that are known
        })
        .and_then([this] { return m_cron->start(); })
        .and_then([this] { return writeEndpoints(); })
        .transform([this] {
            qCInfo(masterLog).noquote() << u"ready version=%1 http=%2 websocket=%3 rpc=%4 egress=%5"_s.arg(
                QStringLiteral(DANUBE_VERSION), m_endpoints[u"http"_s], m_endpoints[u"websocket"_s],
                m_endpoints[u"rpc"_s], toText(m_egress->level().kind));
        });
}

Result<void> Master::openServices()
{
    if (auto claimed = DataDirectory::claim(m_config.dataDirectory); claimed)
        m_directory.emplace(std::move(*claimed));
    else
        return std::unexpected(claimed.error());
    if (auto keyring = auth::Keyring::open(m_directory->masterKey()); keyring)
        m_keyring.emplace(std::move(*keyring));
    else
        return std::unexpected(keyring.error());
    const auto access = m_config.metricsOpen ? auth::MetricsAccess::Open : auth::MetricsAccess::Bearer;
    if (auto gate = m_config.authMode == "token"_L1
                        ? auth::AuthGate::openToken(m_config.authTokenFile, access)
                        : auth::AuthGate::openDevelopment(m_directory->adminToken(), access);
        gate)
        m_gate.emplace(std::move(*gate));
    else
        return std::unexpected(gate.error());
    m_secretsFile = std::make_unique<secrets::SecretsFile>(m_config.secretsFile);
    if (auto vault = secrets::SecretVault::open(
            {.vault = m_directory->secretsVault(), .key = m_directory->secretsKey()}, m_clock, *m_secretsFile);
        vault)
        m_secrets = std::move(*vault);
    else
        return std::unexpected(vault.error());
    if (auto loaded = loadDocuments(m_config).and_then([this] { return openBlueprint(); }); !loaded)
        return loaded;
    if (auto opened = store::Store::open(m_directory->database()); opened)
        m_store = std::move(*opened);
    else
        return std::unexpected(opened.error());
    if (auto opened = openFiles(); !opened)
        return opened;
    m_sources = std::make_unique<source::SourceService>(source::SourceService::Settings{
        .directory = m_directory->sources(),
        .allowedProtocols = m_config.sourceProtocols,
        .depth = m_config.sourceDepth,
        .access = [this](const source::Repository &repository, QObject *context, blueprint::GitCredentials::Done done) {
            m_gitCredentials->accessTo(repository, context, std::move(done));
        }});
    // Jobs start when egress is there; until then there are no lists.
    auto executor =
        makeExecutor({.config = m_config,
                      .directory = *m_directory,
                      .logs = *m_logs,
                      .keyring = *m_keyring,
                      .guardsOf = [this](const QString &pipeline) { return guardsOfJobs(pipeline); },
                      .lists = [this]() -> const egress::EgressLists & { return m_egress->lists(); },
                      .settle = [this](QObject *context,
                                       std::function<void()> done) { m_egress->catchUp(context, std::move(done)); }});
    if (!executor)
        return std::unexpected(executor.error());
    m_executor = std::move(*executor);
    if (m_executor.health)
        m_executor.health->showIn(m_metrics);
    return {};
}

Result<void> Master::openFiles()
{
    m_logs = std::make_unique<logs::LogService>(m_directory->logs(), m_clock);
    m_keeper = std::make_unique<logs::LogKeeper>(m_directory->logs(), m_config.logCompressAfter, m_clock);
    connect(m_logs.get(), &logs::LogService::sealed, m_keeper.get(), &logs::LogKeeper::noteSealed,
            Qt::DirectConnection);
    auto artifactStore = artifacts::ArtifactStore::open(
        {.directory = m_directory->artifacts(), .bytesPerJob = m_config.artifactBytes, .reserve = reserveOf(m_config)},
        *m_store, m_clock);
    if (!artifactStore)
        return std::unexpected(artifactStore.error());
    m_artifacts = std::move(*artifactStore);
    m_retention = std::make_unique<retention::RetentionService>(
        retention::RetentionService::Services{
            m_clock, *m_store, *m_keeper, *m_artifacts,
            [this] { return m_blueprint ? m_blueprint->snapshot().config.retention : blueprint::Retention(); }},
        retention::RetentionService::Settings{});
    m_retention->start();
    return {};
}

Result<void> Master::openBlueprint()
{
    m_appTokens = std::make_unique<blueprint::AppTokens>(
        blueprint::AppTokens::Settings{.caFile = m_config.sourceCaFile}, m_clock);
    m_gitCredentials = std::make_unique<blueprint::GitCredentials>(
        [this](const QString &key) { return m_secrets->value(key, {}); },
        blueprint::GitCredentials::Settings{.caFile = m_config.sourceCaFile, .appTokens = m_appTokens.get()});
    if (m_config.blueprint.url.isEmpty())
        return {};
    m_blueprint = std::make_unique<blueprint::BlueprintService>(blueprintSettings(m_config, *m_directory), m_pipelines,
                                                                *m_gitCredentials, m_clock);
    return m_blueprint->start();
}

Result<void> Master::openEdges()
{
    // The engine must know the RPC address before it launches anything, and RPC must not answer before the engine
    // lives: so the engine is made when the port is known, and recovers last.
    m_engine = std::make_unique<jobs::Engine>(jobs::EngineServices{m_clock, *m_store, *m_logs, *m_executor.executor,
                                                                   *m_keyring, *m_secrets, *m_sources, m_pipelines},
                                              engineSettings(m_config));
    m_cron = std::make_unique<triggers::CronService>(*m_engine, *m_store, m_clock, triggers::CronService::Settings{});
    followPipelines();
    m_rpcBackend = std::make_unique<EngineRpcBackend>(*m_engine);
    m_httpBackend = std::make_unique<EngineHttpBackend>(*m_engine, *m_artifacts, *m_store, m_executor.health.get());

    m_rpc = std::make_unique<rpc::RpcServer>(rpc::RpcServices{*m_rpcBackend, *m_artifacts, *m_keyring, m_clock},
                                             rpcSettings(m_config));
    connect(m_rpc.get(), &rpc::RpcServer::drained, this, &Master::drained);
    const auto rpcPort = m_rpc->start();
    if (!rpcPort)
        return std::unexpected(rpcPort.error());
    m_endpoints[u"rpc"_s] = url(m_config.rpcAddress.host, *rpcPort);
    m_engine->setRpcUrl(coordinatorRpcUrl(m_config, m_endpoints[u"rpc"_s]));
    if (auto opened = openEgress(); !opened)
        return opened;

    m_http = std::make_unique<http::HttpServer>(
        http::HttpServices{
            m_clock, *m_store, m_pipelines, *m_httpBackend, *m_gate, m_metrics,
            [directory = m_directory->logs()](const JobId &job) { return logs::LogReader::open(directory, job); },
            m_blueprint.get(), m_egress.get(), [this](const QString &pipeline) { return m_cron->triggersOf(pipeline); },
            [this](QObject *context, std::move_only_function<void(Result<QJsonObject>)> done) {
                m_retention->plan(context, [done = std::move(done)](Result<retention::RetentionPlan> plan) mutable {
                    done(plan.transform([](const retention::RetentionPlan &each) { return toJson(each); }));
                });
            },
            m_secrets.get()},
        httpLimits(m_config));
    connectEngine();
    watchQuotas();
    showRpcIn(m_metrics, *m_rpc);
    showStoreIn(m_metrics, this, *m_store);
    if (auto started = m_http->start(); !started)
        return started;
    const QList<std::pair<QString, config::ListenAddress>> ports{{u"http"_s, m_config.httpAddress},
                                                                 {u"websocket"_s, m_config.webSocketAddress}};
    for (const auto &[name, address] : ports) {
        const auto port = m_http->bind(QHostAddress(address.host), address.port);
        if (!port)
            return std::unexpected(port.error());
        m_endpoints[name] = url(address.host, *port);
    }
    return {};
}

Result<void> Master::openEgress()
{
    auto made = makeEgress({.config = m_config,
                            .clock = m_clock,
                            .store = *m_store,
                            .client = m_executor.client.get(),
                            .guard = m_executor.guard,
                            .localFlows = m_directory->egressFlows(),
                            .rpcUrl = coordinatorRpcUrl(m_config, m_endpoints[u"rpc"_s])});
    if (!made)
        return std::unexpected(made.error());
    m_egress = std::move(*made);
    showEgressIn(m_metrics, *m_egress);
    actOnViolations(*m_egress, *m_engine, *m_store);
    noteLevels(*m_egress, *m_engine, *m_store);
    if (m_blueprint)
        followBlueprint(*m_egress, *m_blueprint);
    followDirectory();
    m_egress->start();
    return {};
}

Result<QList<kubernetes::GuardingPolicy>> Master::guardsOfJobs(const QString &pipeline) const
{
    if (!m_egress)
        return fail(ErrorCode::Unavailable, u"the egress policies are not known yet"_s);
    // A directory without config.json is pipelines only: no lists, hence no policies.
    return m_blueprint || m_pipelines.directorySnapshot() ? guardsOf(*m_egress, pipeline)
                                                          : Result<QList<kubernetes::GuardingPolicy>>();
}

void Master::connectEngine()
{
    connect(m_egress.get(), &egress::EgressService::levelChanged, m_http.get(), &http::HttpServer::egressChanged);
    connect(m_engine.get(), &jobs::Engine::jobChanged, m_http.get(), &http::HttpServer::jobChanged);
    connect(m_engine.get(), &jobs::Engine::stepChanged, m_http.get(), &http::HttpServer::stepChanged);
    connect(m_logs.get(), &logs::LogService::grown, m_http.get(), &http::HttpServer::countLog);
    if (m_blueprint) {
        connect(m_blueprint.get(), &blueprint::BlueprintService::statusChanged, m_http.get(),
                [this] { m_http->blueprintChanged(m_blueprint->status()); });
        connect(m_blueprint.get(), &blueprint::BlueprintService::applied, m_cron.get(), [this] { followPipelines(); });
    }
    const auto changed = m_http->logObserver(); // runs on the io thread, maybe just when the server goes
    connect(m_logs.get(), &logs::LogService::grown, m_http.get(), changed, Qt::DirectConnection);
    connect(m_logs.get(), &logs::LogService::sealed, m_http.get(), changed, Qt::DirectConnection);
}

// Of jobs that ended while their log could not be closed, or just before the end of the master before.
void Master::sealLeftLogs()
{
    m_logs->sealLeft([this](const JobId &id) {
        const auto job = m_store->job(id);
        return job && isFinal(job->state);
    });
}

void Master::watchQuotas()
{
    m_quota = std::make_unique<quota::QuotaWatch>(quotaSettings(m_config, *m_directory));
    connect(m_logs.get(), &logs::LogService::stored, m_quota.get(), &quota::QuotaWatch::noteLog, Qt::DirectConnection);
    connect(m_logs.get(), &logs::LogService::sealed, m_quota.get(), &quota::QuotaWatch::forgetLog,
            Qt::DirectConnection);
    connect(m_quota.get(), &quota::QuotaWatch::exceeded, m_engine.get(),
            [this](const JobId &job, const QString &reason) {
                m_engine->reportViolation(job, reason, jobs::Violation::Fatal);
            });
}

// Without any configuration there is nothing to follow: an empty one would forget what every schedule has run.
void Master::followPipelines()
{
    if (m_blueprint && !m_blueprint->active())
        return;
    m_engine->readLimits();
    m_cron->follow(m_pipelines.documents());
}

// A directory with a config.json is a whole Blueprint, only that nobody commits to it.
void Master::followDirectory()
{
    if (m_blueprint)
        return;
    if (const auto &whole = m_pipelines.directorySnapshot()) {
        m_gitCredentials->set(whole->config.gitAuthentication);
        m_egress->setConfiguration(*whole, {});
        return;
    }
    // Pipelines alone: their own lists hold where this machine's guard can see to it; no policies are made of them.
    if (!m_executor.guard)
        return;
    blueprint::Snapshot pipelines;
    for (const blueprint::PipelineDocument &document : m_pipelines.documents())
        pipelines.pipelines.insert(document.pipeline.name, document);
    m_egress->setConfiguration(pipelines, {});
}

Result<void> Master::loadDocuments(const config::Config &config)
{
    auto secrets = m_secretsFile->read();
    if (!secrets)
        return std::unexpected(secrets.error());
    const bool isNews = !config.blueprintDirectory.isEmpty() || !m_pipelines.isKnown();
    if (m_config.blueprint.url.isEmpty() && isNews) { // else the repository's are in force
        if (auto loaded = m_pipelines.load(config.blueprintDirectory); !loaded)
            return loaded;
    }
    m_secretsFile->use(std::move(*secrets)); // last, so that a bad file of either kind changes nothing
    return {};
}

Result<void> Master::writeEndpoints() const
{
    QJsonObject object{{u"pid"_s, QCoreApplication::applicationPid()}};
    for (auto it = m_endpoints.begin(); it != m_endpoints.end(); ++it)
        object.insert(it.key(), it.value());
    QSaveFile file(m_directory->endpoints());
    const bool written =
        file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(object).toJson()) > 0 && file.commit();
    if (!written)
        return fail(ErrorCode::Io, u"write %1: %2"_s.arg(m_directory->endpoints(), file.errorString()));
    return {};
}

void Master::reload()
{
    const auto config = m_source.read();
    const auto loaded = config ? loadDocuments(*config) : Result<void>(std::unexpected(config.error()));
    if (!loaded) {
        qCCritical(masterLog).noquote() << u"reload refused error=\"%1\""_s.arg(loaded.error().message);
        return;
    }
    followPipelines();
    followDirectory();
    if (m_blueprint)
        m_blueprint->sync(this, [](const Result<blueprint::BlueprintStatus> &) {});
    const QStringList later = config::changesThatNeedRestart(m_config, *config);
    m_config.logLevel = config->logLevel;
    m_config.logFormat = config->logFormat;
    applyLogging(m_config);
    if (!later.isEmpty())
        qCWarning(masterLog).noquote() << u"reload: only a restart changes keys=\"%1\""_s.arg(later.join(u", "_s));
    qCInfo(masterLog).noquote() << u"reloaded pipelines=%1"_s.arg(m_pipelines.all().size());
}

void Master::drain()
{
    if (std::exchange(m_draining, true))
        return;
    qCInfo(masterLog).noquote() << "draining";
    m_cron->stop();
    m_engine->drain();
    m_http->drain();
    m_rpc->drain(drainPatience);
}

} // namespace danube::app
